"""The class of each event type: looked at, changed, and given to the events that are there."""

from typing import Any

import pandas as pd
from traitlets import Dict, List, Unicode

from trova_widgets.models.application import ApplicationModel
from trova_widgets.models.background import InOrderQueue
from trova_widgets.models.changing import changing
from trova_widgets.models.formatting import class_title
from trova_widgets.models.task import TaskModel
from trova_widgets.wording import counted


class EventTypesModel(TaskModel):
    """The table of event types of a workspace.

    Attributes
    ----------
    rows : list of dict
        ``event_type``, ``event_class`` (empty for none), ``class_title``, ``count`` (events of the type that are here),
        ``changed`` (whether it is another class than usual). Types that occur come first, those without a class before
        the others, then what was changed.
    classes : list of str
        Classes that are in use.
    report : str
        What the last change did to the events.
    """

    rows = List(Dict())
    classes = List(Unicode())
    report = Unicode("")

    def __init__(self, application: ApplicationModel) -> None:
        super().__init__(application)
        self._looked_at = False
        self._reading = InOrderQueue()
        self._unreadable = ""
        application.observe(lambda _: self.look() if self._looked_at else None, "revision")

    def look(self) -> None:
        """Read the table: its file may have been edited outside as well."""
        self._looked_at = True
        self._reading.submit(self.workspace.event_type_classes, self._show, self._say_problem)

    @changing
    def change(self, event_type: str, event_class: str) -> None:
        """Give an event type a class, a new one or another one; an empty class takes the row away."""
        event_type, event_class, self.report = event_type.strip(), event_class.strip(), ""
        self.do(
            "Giving events their classes",
            lambda: self.workspace.set_event_type_classes({event_type: event_class or None}),
            lambda count: self._changed(event_type, event_class, count),
        )

    def _changed(self, event_type: str, event_class: str, count: int) -> None:
        events = counted(count, "event")
        self.report = (
            f"{event_type} has the class {class_title(event_class).lower()} now: {events} got another class, and what "
            "was said before is in their history."
            if event_class
            else f"{event_type} gives no class to events that are taken in from now on; events that have one keep it."
        )
        self.look()
        self.application.refresh()

    def _show(self, table: pd.DataFrame) -> None:
        if self.problem == self._unreadable:
            self.problem = ""
        rows: list[dict[str, Any]] = [
            {
                "event_type": row.event_type,
                "event_class": row.event_class,
                "class_title": class_title(row.event_class),
                "count": int(row.event_count),
                "changed": not row.is_usual,
            }
            for row in table.itertuples(index=False)
        ]
        rows.sort(key=lambda row: (not row["count"], bool(row["event_class"]) if row["count"] else not row["changed"]))
        self.rows = rows
        self.classes = sorted({row["event_class"] for row in rows} - {""})

    def _say_problem(self, sentence: str) -> None:
        self.rows, self.problem, self._unreadable = [], sentence, sentence
