"""The records of a study: a table to filter and sort, one of them in detail, its event's class, and importing more."""

from contextlib import suppress
from pathlib import Path
from typing import Any

import pandas as pd
from traitlets import Dict, Int, List, Unicode, observe

from trova_widgets.models.application import ApplicationModel
from trova_widgets.models.background import in_background
from trova_widgets.models.event_map import EventMapModel
from trova_widgets.models.page import PageModel
from trova_widgets.models.seismogram import SeismogramModel
from trova_widgets.models.words import class_title, moment, quantity
from trova_widgets.records import EVENT_CLASSES, Waveform

_ROWS = 10
_TIME, _ALL = "origin_time", ""
_MEASURED = ("snr_db", "dominant_frequency_hz", "cutoff_hz", "duration_s")
_SORTABLE = (_TIME, "event_class", "station", "magnitude", *_MEASURED)


class RecordsModel(PageModel):
    """The state and the actions of the records page.

    Attributes
    ----------
    rows : list of dict
        The records on the open page of the table, values as text.
    total, page_number, page_count : int
        How many records pass the filters, and which page of them is open (from 1).
    event_class, station, words, least_snr : str
        The filters; an empty text lets everything through.
    sort_by : str
        A column, with ``-`` before it for falling order.
    classes, stations : list
        What can be filtered by, and which classes an analyst can give.
    selected : str
        The record that is shown below.
    details : dict
        What is known of it: ``title``, ``facts`` (pairs of texts), ``event_id``, ``event_class``, ``labels``.
    report : str
        What the last import did.
    """

    slug = "records"

    rows = List(Dict())
    total = Int(0)
    all_records = Int(0)
    page_number = Int(1)
    page_count = Int(1)
    event_class = Unicode("")
    station = Unicode("")
    words = Unicode("")
    least_snr = Unicode("")
    sort_by = Unicode(f"-{_TIME}")
    classes = List(Dict())
    stations = List(Unicode())
    selected = Unicode("")
    details = Dict()
    report = Unicode("")

    def __init__(self, application: ApplicationModel) -> None:
        self.seismogram = SeismogramModel()
        self.map = EventMapModel()
        self._records = pd.DataFrame()
        super().__init__(application)
        self.map.observe(self._pick_event, "selected")
        application.observe(lambda _: self._follow_address(), ["page", "subject"])
        self._follow_address()

    def refresh(self) -> None:
        """Read the records and events again."""
        in_background(self._read, self._show, self.application.tell)

    def sort(self, column: str) -> None:
        """Sort by a column; once more, and the order turns."""
        if column in _SORTABLE:
            self.sort_by = f"-{column}" if self.sort_by == column else column

    def select(self, record_id: str) -> None:
        """Show a record in detail."""
        if record_id == self.selected or self._records.empty:
            return
        found = self._records[self._records["record_id"] == record_id]
        if found.empty:
            self.application.tell(f"No record {record_id} is in this workspace.")
            return
        row = found.iloc[0]
        self.selected = record_id
        if self.application.page == self.slug:
            self.application.subject = record_id
        event_id = row["event_id"] if isinstance(row["event_id"], str) else ""
        self.map.selected = event_id

        def show(waveform: Waveform) -> None:
            title = f"{waveform.network}.{waveform.station}.{waveform.location}.{waveform.channel}"
            self.seismogram.show(waveform.samples, waveform.sampling_rate_hz, title, row.get("onset_s"))

        in_background(lambda: self.workspace.waveform(record_id), show, self._say_problem)
        self._tell_details(row, event_id)

    def relabel(self, event_class: str) -> None:
        """Say, as an analyst, which class the event of the shown record is of; what was said before is kept."""
        event_id = self.details.get("event_id")
        if event_id and event_class and event_class != self.details.get("event_class"):
            self.do(
                "Keeping the label",
                lambda: self.workspace.label(event_id, event_class, comment="on the records page"),
                lambda _: self._relabelled(event_id, event_class),
            )

    def import_files(self, paths: list[Path], catalog: Path | None, event_class: str) -> None:
        """Take in uploaded files, with a catalogue or one class for all of them."""
        self.report = ""
        self.do(
            "Importing",
            lambda: self.workspace.import_records(
                paths, catalog=catalog, event_class=event_class or None, progress=self.watched
            ),
            self._imported,
        )

    @observe("event_class", "station", "words", "least_snr", "sort_by")
    def _filter(self, _: Any = None) -> None:
        self.page_number = 1
        self._tabulate()

    @observe("page_number")
    def _tabulate(self, _: Any = None) -> None:
        if self._records.empty:
            self.rows, self.total, self.page_count = [], 0, 1
            return
        found = self._records[self._mask()]
        column = self.sort_by.removeprefix("-")
        found = found.sort_values(column, ascending=not self.sort_by.startswith("-"), kind="stable", na_position="last")
        self.total = len(found)
        self.page_count = max(1, -(-len(found) // _ROWS))
        start = _ROWS * (min(self.page_number, self.page_count) - 1)
        self.rows = [_row(row) for _, row in found.iloc[start : start + _ROWS].iterrows()]

    def _mask(self) -> "pd.Series[bool]":
        frame = self._records
        mask = pd.Series(True, index=frame.index)
        if self.event_class:
            mask &= frame["event_class"].fillna("none") == self.event_class
        if self.station:
            mask &= frame["station"] == self.station
        if self.words.strip():
            mask &= frame["searched"].str.contains(self.words.strip().lower(), regex=False)
        with suppress(ValueError):  # an empty field, or a number that is still being typed
            mask &= frame["snr_db"] >= float(self.least_snr)
        return mask

    def _read(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        records, events = self.workspace.records(), self.workspace.events()
        about = events[["event_id", "origin_time", "latitude", "longitude", "depth_km", "magnitude", "magnitude_type"]]
        frame = records.merge(about, on="event_id", how="left")
        for name in _MEASURED:
            if name not in frame:
                frame[name] = float("nan")
        frame[_TIME] = frame[_TIME].fillna(frame["start_time"])
        named = frame[["network", "station", "channel", "event_id"]].fillna("").astype(str)
        frame["searched"] = named["network"].str.cat(named.iloc[:, 1:], sep=" ").str.lower()
        return frame, events

    def _show(self, found: tuple[pd.DataFrame, pd.DataFrame]) -> None:
        self._records, events = found
        present = set(self._records["event_class"].dropna())
        known = sorted({*present, *EVENT_CLASSES.values()})
        self.classes = [{"value": slug, "title": class_title(slug), "present": slug in present} for slug in known]
        self.stations = sorted(self._records["station"].unique())
        self.all_records = len(self._records)
        self.map.show(events)
        self._tabulate()
        self.read = True
        self._follow_address()
        if not self.selected and self.rows:
            self.select(self.rows[0]["record_id"])

    def _tell_details(self, row: pd.Series, event_id: str) -> None:
        facts = [
            ("Event", event_id.rpartition("/")[2] or "not in the catalogue"),
            ("Origin", moment(row[_TIME])),
            (
                "Place",
                f"{quantity(row['latitude'], '°', 2)} N, {quantity(row['longitude'], '°', 2)} E" if event_id else "",
            ),
            ("Depth", quantity(row["depth_km"], "km")),
            ("Magnitude", f"{quantity(row['magnitude'])} {row['magnitude_type'] or ''}" if event_id else ""),
            ("Sampling", quantity(row["sampling_rate_hz"], "Hz", 0)),
            ("Signal to noise", quantity(row["snr_db"], "dB")),
            ("Strongest at", quantity(row["dominant_frequency_hz"], "Hz")),
            ("Cut-off", quantity(row["cutoff_hz"], "Hz", 2)),
        ]
        slug = row["event_class"] if isinstance(row["event_class"], str) else ""
        self.details = {
            "title": f"{row['network']}.{row['station']} {row['channel']}",
            "facts": [list(fact) for fact in facts if fact[1]],
            "event_id": event_id,
            "event_class": slug,
            "labels": [],
        }
        if event_id:
            in_background(lambda: self.workspace.labels(event_id), self._show_labels, self._say_problem)

    def _show_labels(self, labels: pd.DataFrame) -> None:
        said = [
            f"{class_title(row.event_class)}, {row.author}, {moment(row.made_at)}"
            for row in labels.itertuples(index=False)
        ]
        self.details = {**self.details, "labels": said[::-1]}

    def _relabelled(self, event_id: str, event_class: str) -> None:
        self.application.tell(f"{event_id.rpartition('/')[2]} is now a {class_title(event_class).lower()}.")
        self.details = {**self.details, "event_class": event_class}
        in_background(lambda: self.workspace.labels(event_id), self._show_labels, self._say_problem)
        self.application.refresh()

    def _imported(self, report: object) -> None:
        self.report = str(report)
        self.application.refresh()

    def _pick_event(self, _: Any = None) -> None:
        if self._records.empty or not self.map.selected:
            return
        shown = self._records.loc[self._records["record_id"] == self.selected, "event_id"]
        if list(shown) != [self.map.selected]:
            self.select(str(self._records.loc[self._records["event_id"] == self.map.selected, "record_id"].iloc[0]))

    def _follow_address(self) -> None:
        if self.application.page == self.slug and self.application.subject:
            self.select(self.application.subject)

    def _say_problem(self, sentence: str) -> None:
        self.problem = sentence


def _row(row: pd.Series) -> dict[str, Any]:
    return {
        "record_id": row["record_id"],
        "event_class": row["event_class"] if isinstance(row["event_class"], str) else "",
        "class_title": class_title(row["event_class"]),
        "origin_time": moment(row[_TIME]),
        "station": f"{row['network']}.{row['station']}",
        "channel": row["channel"],
        "magnitude": quantity(row["magnitude"]),
        "snr_db": quantity(row["snr_db"]),
        "dominant_frequency_hz": quantity(row["dominant_frequency_hz"]),
        "cutoff_hz": quantity(row["cutoff_hz"], digits=2),
        "duration_s": quantity(row["duration_s"], digits=0),
    }
