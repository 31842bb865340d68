"""Labels that are in doubt: the queue, and beside it the event that is looked at and what an analyst says of it."""

from typing import Any

import traitlets
from ipywidgets import widget_serialization
from traitlets import Dict, dlink

from trova_widgets.models.doubts import DoubtsModel
from trova_widgets.models.handles import HandlesModel
from trova_widgets.widgets.event_classes import MARKS
from trova_widgets.widgets.event_map import EventMap
from trova_widgets.widgets.results_pictures import ShownPictures
from trova_widgets.widgets.seismogram import Seismogram
from trova_widgets.widgets.task_status import TaskStatus
from trova_widgets.widgets.view import View


class DoubtedLabels(View[DoubtsModel]):
    """The queue and its event, bound to their model.

    Parameters
    ----------
    model : DoubtsModel
        Their state.
    datasets : HandlesModel
        It shows a new version of the data set beside the one before.
    """

    template_file = (__file__, "doubted_labels.vue")
    hidden = frozenset({"hours", "busy", "progress", "problem"})

    marks = Dict().tag(sync=True)
    status = traitlets.Any().tag(sync=True, **widget_serialization)
    seismogram = traitlets.Any().tag(sync=True, **widget_serialization)
    event_map = traitlets.Any().tag(sync=True, **widget_serialization)
    hours = traitlets.Any().tag(sync=True, **widget_serialization)

    def __init__(self, model: DoubtsModel, datasets: HandlesModel) -> None:
        seismogram = Seismogram(model.seismogram, 170)
        dlink((model, "record_id"), (seismogram, "selected"))
        seismogram.observe(lambda change: model.pick_record(change["new"]), "selected")
        super().__init__(
            model,
            marks=MARKS,
            status=TaskStatus(model),
            seismogram=seismogram,
            event_map=EventMap(model.map),
            hours=ShownPictures(model, "hours"),
        )
        self._datasets = datasets
        model.observe(lambda _: self.vue_compare(), "versions")

    def vue_choose(self, event_id: str) -> None:
        """Look at an event."""
        self.model.choose(event_id)

    def vue_step(self, by: int) -> None:
        """Go on in the queue, or back."""
        self.model.step(by)

    def vue_pick_record(self, record_id: str) -> None:
        """Show which records are most like one of the event's."""
        self.model.pick_record(record_id)

    def vue_confirm(self, event_id: str) -> None:
        """Say that the label of an event is right."""
        self.model.confirm(event_id)

    def vue_relabel(self, label: list[str]) -> None:
        """Give an event a class: the class, and the event."""
        self.model.relabel(*label)

    def vue_renew(self, _: Any = None) -> None:
        """Make a new version of the data set."""
        self.model.renew()

    def vue_compare(self, _: Any = None) -> None:
        """Show the new version of the data set beside the one before."""
        if self.model.versions:
            self._datasets.compare(list(self.model.versions))

    def vue_open(self, place: list[str]) -> None:
        """Go to another page, and there to a record."""
        self.model.application.open(*place)
