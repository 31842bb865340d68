"""A Vue template whose data are the traits of its models: what pages and the panels on them have in common."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any, ClassVar, Generic, NamedTuple, TypeVar

from traitlets import Bool, Bytes, Dict, Enum, Float, HasTraits, Int, List, TraitType, Unicode, link

from trova_widgets.models.shown import ShownModel
from trova_widgets.widgets.template import Template

Model = TypeVar("Model", bound=HasTraits)

#: Kinds of traits that a browser understands; what is of another kind stays in the kernel.
_SENT = (Bool, Bytes, Dict, Enum, Float, Int, List, Unicode)


class Part(NamedTuple):
    """A model of which a view shows some traits, those of the names that it has."""

    model: Any
    names: tuple[str, ...]


class View(Template, Generic[Model]):
    """What shows models: it has their traits, declared there alone, and each follows its model's, both ways.

    Its handlers (``vue_...``, called by the template) each call one method of a model. Every template knows
    ``read_only``, a sentence where nothing can be kept.

    Parameters
    ----------
    model : HasTraits or Part
        The state and the actions. All its traits are shown that a browser understands, but for `hidden`; of a `Part`,
        those that it names.
    *more : HasTraits or Part
        Further models; where names are shared, the last one has them.
    **widgets
        Traits of the view alone, for instance figures that stand in it.
    """

    #: Traits of the models that other views show, and this one would send in vain.
    hidden: ClassVar[frozenset[str]] = frozenset()

    read_only = Unicode("").tag(sync=True)

    def __init__(self, model: Model | Part, *more: HasTraits | Part, **widgets: Any) -> None:
        parts = [part if isinstance(part, Part) else Part(part, self._shown_of(part)) for part in (model, *more)]
        owners = {name: part.model for part in parts for name in part.names if part.model.has_trait(name)}
        own = set(self.trait_names())
        self.add_traits(**{name: _synced(owner, name) for name, owner in owners.items() if name not in own})
        super().__init__(**{name: getattr(owner, name) for name, owner in owners.items()}, **widgets)
        self.model: Model = parts[0].model
        for name, owner in owners.items():
            link((owner, name), (self, name))
        for owner in {id(owner): owner for owner in owners.values()}.values():
            if isinstance(owner, ShownModel):
                owner.shown_by(self.hold_sync)

    def _shown_of(self, model: HasTraits) -> tuple[str, ...]:
        traits = model.traits().items()
        return tuple(name for name, trait in traits if isinstance(trait, _SENT) and name not in self.hidden)

    def take(self, seen: Mapping[str, Any] | None) -> None:
        """Take over what stood in the fields when a button was clicked.

        A browser tells a click at once, but holds back what was typed just before it as long as the kernel is busy.

        Parameters
        ----------
        seen : dict, optional
            Names of traits and what they were.
        """
        fields = self.trait_names(sync=True)
        for name, value in (seen or {}).items():
            if name in fields:
                self.set_trait(name, value)


def _synced(model: HasTraits, name: str) -> "TraitType[Any, Any]":
    """Return a trait like a model's, for a view."""
    return deepcopy(model.traits()[name]).tag(sync=True)
