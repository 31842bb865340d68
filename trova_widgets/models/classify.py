"""Naming the class of new records, or of records of the study, with a network that was trained here."""

from base64 import b64encode
from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd
from traitlets import Dict, Int, List, Unicode, observe

from trova_widgets.errors import PlanError, RecordError
from trova_widgets.models.answer import AnswerModel
from trova_widgets.models.answer_words import Asked, all_stations, channel_of, is_answered, line
from trova_widgets.models.application import ApplicationModel
from trova_widgets.models.background import LatestOnlyQueue
from trova_widgets.models.formatting import class_title, moment
from trova_widgets.models.page import PageModel
from trova_widgets.models.rates import typed_rates
from trova_widgets.store import RecordFilter
from trova_widgets.workspace.classification import class_columns

if TYPE_CHECKING:
    from trova_widgets.workspace import Workspace

Rates = Mapping[str, float] | None
#: Answers with the best trial of the latest experiment.
BEST = "the latest experiment's best"
#: What answers can be taken away as.
KINDS = (".xml", ".csv", ".jsonl")
#: What the page knows of an answer beside what was said.
_OURS = ("place", "known_class")


class Answers(NamedTuple):
    """What was said."""

    table: pd.DataFrame
    """Of each event of the records; ``place`` counts the answers about a file, ``known_class`` is the study's."""
    together: Mapping[str, str]
    """What all records of an event say, where there are several, by the event."""
    subject: str = ""
    """The record of the study that was asked about, as a person reads it."""
    record_id: str = ""
    """Its identity."""
    catalog: Path | None = None
    """Where the events are."""


class ClassifyModel(PageModel):
    """The state and the actions of the page on which records are classified.

    Attributes
    ----------
    answer : AnswerModel
        The answer that is looked into.
    networks : list of str
        Which networks can answer, the latest experiment's best first.
    network : str
        Which one does.
    classes : list of dict
        What the answers are about: ``slug``, ``title``.
    rates : dict of str to str
        How often each class comes where the person is, per cent, as it was typed; nothing: as in the training.
    rows : list of dict
        A row an event of a record, as of `line`.
    chosen : int
        The row that is looked into; -1 where there is none.
    together : str
        What all records of its event say together, where there are several.
    subject : str
        The record of the study that was asked about.
    answers_file : dict
        The file that was made last: its ``name`` and its ``content`` (base 64).
    """

    slug = "classify"

    networks = List(Unicode())
    network = Unicode(BEST)
    classes = List(Dict())
    rates = Dict()
    rows = List(Dict())
    chosen = Int(-1)
    together = Unicode("")
    subject = Unicode("")
    answers_file = Dict()

    def __init__(self, application: ApplicationModel) -> None:
        self.answer = AnswerModel(application)
        self._answers = Answers(pd.DataFrame(), {})
        self._asking = LatestOnlyQueue()
        self._asked: Callable[[str | None, Rates], Answers] | None = None
        super().__init__(application)
        application.observe(lambda _: self._follow_address(), ["page", "subject"])
        self._follow_address()

    def refresh(self) -> None:
        """Read again which networks were tried in an experiment."""
        self._reading.submit(self._read, self._show, self.application.notify)

    def classify_files(self, paths: list[Path], catalog: Path | None = None) -> None:
        """Classify every record in some files.

        Parameters
        ----------
        paths : list of Path
            The files.
        catalog : Path, optional
            Where the events are; they are looked for in long records, if left out.
        """
        if self.application.page == self.slug:
            # a record that was asked about before is not what is seen
            self.application.subject = ""

        def work(network: str | None, rates: Rates) -> Answers:
            found = _placed(self.workspace.classify(paths, network=network, catalog=catalog, rates=rates))
            return _answers(self.workspace, found)._replace(catalog=catalog)

        self._ask(work)

    def classify_record(self, record_id: str) -> None:
        """Classify a record of the study, and beside it those of the same event."""
        self._ask(lambda network, rates: _of_record(self.workspace, record_id, network, rates))

    def classify_again(self) -> None:
        """Ask once more what was asked last, as another network or other rates of classes may say otherwise."""
        if self._asked is not None:
            self._ask(self._asked)

    def choose(self, place: int) -> None:
        """Look into one of the answers."""
        if not 0 <= place < len(self.rows) or place == self.chosen:
            return
        row = self._answers.table.iloc[place].to_dict()
        self.together = self._answers.together.get(row["event_id"], "")
        self.chosen = place
        if not is_answered(row):
            self.answer.clear()
            return
        self.answer.show(
            Asked(
                path=Path(row["file"]),
                place=int(row["place"]),
                trial_id=row["trial_id"],
                event_class=row["event_class"],
                title=f"{channel_of(row)}, {moment(row['start_time'])}",
                catalog=self._answers.catalog,
            )
        )

    def save(self, kind: str) -> None:
        """Make a file of all answers, and hand it over in `answers_file`.

        Parameters
        ----------
        kind : {".xml", ".csv", ".jsonl"}
            QuakeML with types, picks and comments; a table; or a line of JSON for each answer.
        """
        table = self._answers.table
        if kind not in KINDS or table.empty:
            return

        def show(content: bytes) -> None:
            self.answers_file = {"name": f"answers{kind}", "content": b64encode(content).decode()}

        self.answers_file = {}
        self.do("Writing the answers", lambda: _file_of(self.workspace, table, kind), show)

    @observe("network")
    def _forget_rates(self, _: object) -> None:
        # another network may tell other classes apart
        self.rates = {}

    def _ask(self, work: "Callable[[str | None, Rates], Answers]") -> None:
        network = None if self.network == BEST else self.network
        try:
            rates = typed_rates(self.rates)
        except PlanError as error:
            self.problem = str(error)
            return
        self._asked = work
        with self.hold_trait_notifications():
            self.rows, self.chosen, self.subject, self.together = [], -1, "", ""
        self.answer.clear()
        self.do("Classifying", lambda: work(network, rates), self._take, self._asking)

    def _take(self, answers: Answers) -> None:
        self._answers, table = answers, answers.table
        slugs = class_columns(table.drop(columns=list(_OURS)))
        with self.hold_trait_notifications():
            self.subject = answers.subject
            self.classes = [{"slug": slug, "title": class_title(slug)} for slug in slugs]
            self.rows = [line(row, slugs) for row in table.to_dict("records")]
        asked = (table["record_id"] == answers.record_id) if answers.record_id else (table["note"] == "")
        self.choose(int(asked.to_numpy().argmax()) if len(table) else -1)

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


def _of_record(workspace: "Workspace", record_id: str, network: str | None, rates: Rates) -> Answers:
    rows = workspace.record_page(RecordFilter(record_ids=[record_id]), count=1).rows
    if rows.empty:
        raise RecordError(f"No record {record_id} is in this workspace; pick one on the page Records.")
    row = rows.iloc[0]
    if isinstance(row["event_id"], str):
        of_event = workspace.record_page(RecordFilter(event_id=row["event_id"]), count=None).rows
        # a station's other components tell what a network was not trained on
        rows = of_event[of_event["channel"].str[-1] == row["channel"][-1]]
    files = {name: workspace.path / "waveforms" / name for name in [row["file_name"], *rows["file_name"]]}
    # the record itself has to be there; of the other stations, those that are
    paths = [path for name, path in files.items() if name == row["file_name"] or path.is_file()]
    table = _placed(workspace.classify(paths, network=network, rates=rates))
    table = table[table["record_id"].isin([record_id, *rows["record_id"]])].reset_index(drop=True)
    subject = f"{row['network']}.{row['station']} {row['channel']}, {moment(row['start_time'])}"
    return _answers(workspace, table)._replace(subject=subject, record_id=record_id)


def _placed(table: pd.DataFrame) -> pd.DataFrame:
    """Return answers with the place of each among those about its file."""
    return table.assign(place=table.groupby("file").cumcount())


def _answers(workspace: "Workspace", table: pd.DataFrame) -> Answers:
    """Return answers with the class that the event of a record has in the study."""
    names = [name for name in table["record_id"].unique() if name]
    known = workspace.record_page(RecordFilter(record_ids=names), count=None).rows if names else pd.DataFrame()
    classes = dict(zip(known["record_id"], known["event_class"].fillna(""), strict=True)) if len(known) else {}
    table = table.assign(known_class=[classes.get(own, "") for own in table["record_id"]])
    verdicts = workspace.answers_by_event(table.drop(columns=list(_OURS))).to_dict("records")
    return Answers(table, {str(verdict["event_id"]): all_stations(verdict) for verdict in verdicts})


def _file_of(workspace: "Workspace", table: pd.DataFrame, kind: str) -> bytes:
    # where the files lie on the server is nobody's business
    answers = table.drop(columns=list(_OURS)).assign(file=[Path(path).name for path in table["file"]])
    if kind == ".csv":
        return str(answers.to_csv(index=False)).encode()
    if kind == ".jsonl":
        return str(answers.to_json(orient="records", lines=True, date_format="iso", date_unit="ns")).encode()
    with TemporaryDirectory(prefix="trova-") as folder:
        path = Path(folder) / "answers.xml"
        workspace.write_answers(answers, path)
        return path.read_bytes()
