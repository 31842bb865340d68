"""Naming the class of new records, or of records of the study, with a network that was trained here."""

from pathlib import Path
from typing import Any

import pandas as pd
from traitlets import Dict, List, Unicode

from trova_widgets.models.application import ApplicationModel
from trova_widgets.models.background import Latest
from trova_widgets.models.page import PageModel
from trova_widgets.models.words import class_title, moment

#: Answers with the best trial of all experiments.
BEST = "the best of all"

_FIXED_COLUMNS = frozenset({"file", "network", "station", "channel", "start_time", "event_class", "note"})


class ClassifyModel(PageModel):
    """The state and the actions of the page on which records are classified.

    Attributes
    ----------
    networks : list of str
        Which networks can answer, the best of all first.
    network : str
        Which one does.
    classes : list of dict
        What the answers are about: ``slug``, ``title``.
    rows : list of dict
        A row a record: ``file``, ``record``, ``start``, ``event_class``, ``title``, ``shares`` (per cent, in the order
        of the classes), ``note``.
    said_by_analyst : str
        The class that the study has for the record that was asked about.
    """

    slug = "classify"

    networks = List(Unicode())
    network = Unicode(BEST)
    classes = List(Dict())
    rows = List(Dict())
    subject = Unicode("")
    said_by_analyst = Unicode("")

    def __init__(self, application: ApplicationModel) -> None:
        self._asking = Latest()
        super().__init__(application)
        application.observe(lambda _: self._follow_address(), ["page", "subject"])
        self._follow_address()

    def refresh(self) -> None:
        """Read again which networks were tried in an experiment."""
        self._reading.ask(self._read, self._show, self.application.tell)

    def classify_files(self, paths: list[Path]) -> None:
        """Classify every record in some files."""
        self.subject = self.said_by_analyst = ""
        self._ask(paths)

    def classify_record(self, record_id: str) -> None:
        """Classify a record of the study."""
        records = self.workspace.records()
        found = records[records["record_id"] == record_id]
        if found.empty:
            self.problem = f"No record {record_id} is in this workspace; pick one on the page Records."
            return
        row = found.iloc[0]
        self.subject = f"{row['network']}.{row['station']} {row['channel']}, {moment(row['start_time'])}"
        self.said_by_analyst = class_title(row["event_class"])
        self._ask([self.workspace.path / "waveforms" / row["file_name"]], row)

    def _ask(self, paths: list[Path], wanted: pd.Series | None = None) -> None:
        network = None if self.network == BEST else self.network

        def work() -> pd.DataFrame:
            table = self.workspace.classify(paths, network=network)
            if wanted is None:
                return table
            same = ["network", "station", "channel", "start_time"]
            return table[(table[same] == wanted[same]).all(axis=1)]

        self.rows, self.problem, self.busy = [], "", "Classifying"
        self._asking.ask(work, self._answer, self._refuse)

    def _refuse(self, sentence: str) -> None:
        self.busy, self.problem = "", sentence

    def _answer(self, table: pd.DataFrame) -> None:
        self.busy = ""
        slugs = [name for name in table.columns if name not in _FIXED_COLUMNS]
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
        "start": moment(row["start_time"]),
        "event_class": row["event_class"] if known else "",
        "title": class_title(row["event_class"]) if known else "",
        "shares": [round(100 * float(row[slug]), 1) for slug in slugs] if known else [],
        "note": row["note"],
    }
