"""Naming the class of new records, or of records of the study, with a network that was trained here."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
from traitlets import Dict, List, Unicode

from trova_widgets.errors import RecordError
from trova_widgets.models.application import ApplicationModel
from trova_widgets.models.background import LatestOnlyQueue
from trova_widgets.models.formatting import class_title, moment
from trova_widgets.models.page import PageModel
from trova_widgets.store import RecordFilter
from trova_widgets.workspace.classification import class_columns

#: Answers with the best trial of the latest experiment.
BEST = "the latest experiment's best"


class Answer(NamedTuple):
    """What was said."""

    table: pd.DataFrame
    """Of each event of the records."""
    record: pd.Series | None = None
    """The record of the study that was asked about."""
    reasons: pd.DataFrame | None = None
    """What in it speaks for each class."""


class ClassifyModel(PageModel):
    """The state and the actions of the page on which records are classified.

    Attributes
    ----------
    networks : list of str
        Which networks can answer, the latest experiment's best first.
    network : str
        Which one does.
    classes : list of dict
        What the answers are about: ``slug``, ``title``.
    rows : list of dict
        A row an event of a record: ``file``, ``record``, ``onset`` (of the event's first wave; where that is not known,
        of the record), ``event_class``, ``title``, ``shares`` (per cent, in the order of the classes), ``remark``,
        ``note``.
    said_by_analyst : str
        The class that the study has for the record that was asked about.
    reasons : list of str
        A sentence for each class, the likeliest first: what in that record speaks for it.
    """

    slug = "classify"

    networks = List(Unicode())
    network = Unicode(BEST)
    classes = List(Dict())
    rows = List(Dict())
    subject = Unicode("")
    said_by_analyst = Unicode("")
    reasons = List(Unicode())

    def __init__(self, application: ApplicationModel) -> None:
        self._asking = LatestOnlyQueue()
        super().__init__(application)
        application.observe(lambda _: self._follow_address(), ["page", "subject"])
        self._follow_address()

    def refresh(self) -> None:
        """Read again which networks were tried in an experiment."""
        self._reading.submit(self._read, self._show, self.application.notify)

    def classify_files(self, paths: list[Path]) -> None:
        """Classify every record in some files."""
        self._ask(lambda network: Answer(self.workspace.classify(paths, network=network)))

    def classify_record(self, record_id: str) -> None:
        """Classify a record of the study."""

        def work(network: str | None) -> Answer:
            rows = self.workspace.record_page(RecordFilter(record_ids=[record_id]), count=1).rows
            if rows.empty:
                raise RecordError(f"No record {record_id} is in this workspace; pick one on the page Records.")
            row = rows.iloc[0]
            table = self.workspace.classify([self.workspace.path / "waveforms" / row["file_name"]], network=network)
            table = table[table["record_id"] == record_id]
            is_answered = (table["note"] == "").any()
            return Answer(table, row, self.workspace.explain(record_id, network) if is_answered else None)

        self._ask(work)

    def _ask(self, work: Callable[[str | None], Answer]) -> None:
        network = None if self.network == BEST else self.network
        self.rows, self.subject, self.said_by_analyst, self.reasons = [], "", "", []
        self.do("Classifying", lambda: work(network), self._answer, self._asking)

    def _answer(self, answer: Answer) -> None:
        table, row, reasons = answer
        if reasons is not None:
            self.reasons = [
                f"For {class_title(said.event_class).lower()} speaks {said.reason}."
                for said in reasons.itertuples(index=False)
            ]
        if row is not None:
            self.subject = f"{row['network']}.{row['station']} {row['channel']}, {moment(row['start_time'])}"
            self.said_by_analyst = class_title(row["event_class"])
        slugs = class_columns(table)
        self.classes = [{"slug": slug, "title": class_title(slug)} for slug in slugs]
        self.rows = [_row(row, slugs) for row in table.to_dict("records")]

    def _read(self) -> list[str]:
        networks = self.workspace.networks().set_index("network_id")["name"]
        tried = self.workspace.experiments()["network_id"].unique()
        return [name for network_id, name in networks.items() if network_id in tried]

    def _show(self, names: list[str]) -> None:
        self.networks = [BEST, *names] if names else []
        self.read = True

    def _follow_address(self) -> None:
        if self.application.page == self.slug and self.application.subject:
            self.classify_record(self.application.subject)


def _row(row: dict[str, Any], slugs: list[str]) -> dict[str, Any]:
    known = not row["note"]
    channel = ".".join(str(row[name]) for name in ("network", "station", "channel") if isinstance(row[name], str))
    return {
        "file": Path(row["file"]).name,
        "record": channel,
        "onset": moment(row["start_time"] if pd.isna(row["onset_time"]) else row["onset_time"]),
        "event_class": row["event_class"] if known else "",
        "title": class_title(row["event_class"]) if known else "",
        "shares": [round(100 * float(row[slug]), 1) for slug in slugs] if known else [],
        "remark": row["remark"],
        "note": row["note"],
    }
