"""The table of event types and their classes on the page, to look at and to change."""

from typing import Any

import traitlets
from ipywidgets import widget_serialization
from traitlets import Dict

from trova_widgets.models.event_types import EventTypesModel
from trova_widgets.widgets.event_classes import MARKS
from trova_widgets.widgets.task_status import TaskStatus
from trova_widgets.widgets.view import View


class EventTypeEditor(View[EventTypesModel]):
    """The table and a line to change it with, bound to its model.

    Parameters
    ----------
    model : EventTypesModel
        Its state.
    """

    template_file = (__file__, "event_type_editor.vue")

    marks = Dict().tag(sync=True)
    status = traitlets.Any().tag(sync=True, **widget_serialization)

    def __init__(self, model: EventTypesModel) -> None:
        super().__init__(
            model,
            marks=MARKS,
            status=TaskStatus(model),
        )

    def vue_change(self, row: list[Any]) -> None:
        """Give a type a class: its name, and the class or nothing."""
        event_type, event_class = row
        self.model.change(event_type or "", event_class or "")
