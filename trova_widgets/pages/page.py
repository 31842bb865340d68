"""What the pages have in common."""

from typing import Any, TypeVar

import traitlets
from ipywidgets import widget_serialization
from traitlets import HasTraits

from trova_widgets.models.page import PageModel
from trova_widgets.store import Kind
from trova_widgets.widgets.handles import Handles
from trova_widgets.widgets.view import View

Model = TypeVar("Model", bound=PageModel)


class Page(View[Model]):
    """A page, bound to its models: what `View` says, and the way to the other pages."""

    def vue_open(self, place: list[str]) -> None:
        """Go to another page, and there to something, where it is named."""
        self.model.application.open(*place)


class HandledPage(Page[Model]):
    """A page with a table of things that have handles.

    Parameters
    ----------
    model, *more
        As of `View`.
    kind : {"network", "dataset", "experiment"}
        What stands in the table.
    """

    handles = traitlets.Any().tag(sync=True, **widget_serialization)

    def __init__(self, model: Model, *more: HasTraits, kind: Kind, **widgets: Any) -> None:
        super().__init__(model, *more, handles=Handles(model.application, kind), **widgets)

    def vue_ask(self, about: list[str]) -> None:
        """Open the dialog about something: what to do with it, and its name."""
        self.handles.model.ask(*about)

    def vue_compare(self, names: list[str]) -> None:
        """Show some things side by side, or what one is."""
        self.handles.model.compare(names)
