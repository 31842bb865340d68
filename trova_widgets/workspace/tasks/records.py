"""Records and events: looked at, labelled, corrected, remarked on."""

import math
import time
from collections.abc import Mapping

import pandas as pd

from trova_widgets.errors import RecordError
from trova_widgets.names import nearest
from trova_widgets.records import (
    QUALITY_PARAMETERS,
    Waveform,
)
from trova_widgets.store import LabelRow, ParameterRow
from trova_widgets.workspace import importing
from trova_widgets.workspace.changing import changing
from trova_widgets.workspace.naming import checked_class
from trova_widgets.workspace.tasks.importing import ImportTasks

#: What people leave remarks on.
_REMARKED = ("event", "record", "experiment", "trial")


class RecordTasks(ImportTasks):
    """What is done with records and events."""

    def event_type_classes(self) -> pd.DataFrame:
        """Return the class of each event type.

        The table is the file ``event_types.csv`` of the workspace once it was changed, and may be edited there too.

        Returns
        -------
        DataFrame
            Columns ``event_type``, ``event_class`` (empty for none), ``is_usual``, ``event_count`` (in this workspace).

        Raises
        ------
        StoreError
            When the file was edited into something else than the table.
        """
        return self._event_types.frame(self._store.event_types())

    @changing
    def set_event_type_classes(self, classes: Mapping[str, str | None], *, author: str | None = None) -> int:
        """Give event types other classes, and the events of these types with them.

        An event whose class an analyst said, or an import gave to all, keeps it. What was said before stays in the
        history.

        Parameters
        ----------
        classes : mapping of str to str
            Event type to class, ``{"rock burst": "rock_burst"}`` for instance; None for a type that gives no class to
            events that are taken in from now on.
        author : str, optional
            Who says so; `author` of the workspace, if left out.

        Returns
        -------
        int
            How many events got another class.

        Raises
        ------
        StoreError
            When a class is not named with lower-case letters, digits and underscores.
        """
        self._event_types.change(classes)
        return importing.label_by_type(self._store, self._event_types.mapping(), author or self.author)

    def waveform(self, record_id: str) -> Waveform:
        """Read the seismogram of a record."""
        row = self._record(record_id)
        return self._waveforms.waveform(row["file_name"], int(row["trace_index"]))

    @changing
    def label(self, event_id: str, event_class: str, *, author: str | None = None, comment: str = "") -> None:
        """Say which class an event is of; what was said before stays in its history.

        Raises
        ------
        StoreError
            When there is no such event, or the class is not named with lower-case letters, digits and underscores.
        """
        self._must_have(event_id, "event")
        checked_class(event_class, f"The event {event_id}")
        row = LabelRow(
            event_id=event_id,
            event_class=event_class,
            author=author or self.author,
            made_at_ns=time.time_ns(),
            comment=comment,
        )
        self._store.add_labels([row])

    def labels(self, event_id: str | None = None) -> pd.DataFrame:
        """Return who said which class and when, of one event or of all; StoreError when there is no such event."""
        found = self._store.labels(event_id)
        # what has been labelled is there
        if event_id is not None and found.empty:
            self._must_have(event_id, "event")
        return found

    @changing
    def set_parameter(self, record_id: str, name: str, value: float, *, author: str | None = None) -> None:
        """Overrule a parameter of a record; what was found stays in its history.

        Parameters
        ----------
        record_id : str
            The record.
        name : str
            A parameter that Trova finds, such as ``"cutoff_hz"`` or ``"onset_s"``, or that an import brought along.
        value : float
            In the unit that the name ends with; NaN where an analyst says that the record has none.
        author : str, optional
            Who says so; `author` of the workspace, if left out.

        Raises
        ------
        StoreError
            When there is no such record.
        RecordError
            When there is no such parameter, or it cannot have this value.
        """
        self._must_have(record_id, "record")
        known = sorted({*QUALITY_PARAMETERS, "cutoff_hz", *self._store.record_choices()["parameters"]})
        if name not in known:
            raise RecordError(f"A record has no parameter {name!r}; {nearest(name, known)}.")
        if name == "cutoff_hz" and not 0 < value < math.inf:
            raise RecordError(f"The cut-off is {value:g} Hz; give a frequency above 0 Hz.")
        row = ParameterRow(
            record_id=record_id,
            name=name,
            value=float(value),
            source="analyst",
            author=author or self.author,
            made_at_ns=time.time_ns(),
        )
        self._store.add_parameters([row])

    def parameters(self, record_id: str) -> pd.DataFrame:
        """Return the history of what was found in a record and of what analysts set, the oldest first.

        Raises
        ------
        StoreError
            When there is no such record.
        """
        self._must_have(record_id, "record")
        return self._store.parameters(record_id)

    @changing
    def annotate(self, subject: str, text: str, *, author: str | None = None) -> None:
        """Leave a remark on an event, a record, an experiment (by its name) or a trial.

        Raises
        ------
        StoreError
            When there is no such thing.
        RecordError
            When the remark is empty.
        """
        self._must_have(subject, *_REMARKED)
        if not text.strip():
            raise RecordError(f"The remark on {subject} is empty; write what is to be remembered.")
        self._store.annotate(subject, text, author or self.author)

    def annotations(self, subject: str) -> pd.DataFrame:
        """Return the remarks on something, the oldest first; StoreError when there is no such thing."""
        found = self._store.annotations(subject)
        if found.empty:
            self._must_have(subject, *_REMARKED)
        return found
