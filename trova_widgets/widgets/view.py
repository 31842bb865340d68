"""A Vue template whose data are the traits of its models: what pages and the panels on them have in common."""

from collections.abc import Mapping
from typing import Any, Generic, TypeVar

from ipyvuetify.VuetifyTemplate import VuetifyTemplate
from traitlets import HasTraits, Unicode, link

Model = TypeVar("Model", bound=HasTraits)


class View(VuetifyTemplate, Generic[Model]):
    """What shows models: each of its traits follows their trait of the same name, both ways.

    Its handlers (``vue_...``, called by the template) each call one method of a model. Every template knows
    ``read_only``, a sentence where nothing can be kept.

    Parameters
    ----------
    model : HasTraits
        The state and the actions.
    *more : HasTraits
        Further models; where names are shared, the last one has them.
    **widgets
        Traits of the view alone, for instance figures that stand in it.
    """

    read_only = Unicode("").tag(sync=True)

    def __init__(self, model: Model, *more: HasTraits, **widgets: Any) -> None:
        names = self.trait_names(sync=True)
        owners: dict[str, HasTraits] = {}
        everything: list[HasTraits] = [model, *more]
        for owner in everything:
            owners.update((name, owner) for name in names if owner.has_trait(name))
        super().__init__(**{name: getattr(owner, name) for name, owner in owners.items()}, **widgets)
        self.model = model
        for name, owner in owners.items():
            link((owner, name), (self, name))

    def take(self, seen: Mapping[str, Any] | None) -> None:
        """Take over what stood in the fields when a button was clicked.

        A browser tells a click at once, but holds back what was typed just before it as long as the kernel is busy.

        Parameters
        ----------
        seen : dict, optional
            Names of traits and what they were.
        """
        for name, value in (seen or {}).items():
            self.set_trait(name, value)
