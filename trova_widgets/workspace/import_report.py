"""What an import did: what went in, what did not and why, and what is to be known of the rest, to the last file."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from trova_widgets.records import Rejection, printable
from trova_widgets.records.remarks import Remark
from trova_widgets.reports import Report

if TYPE_CHECKING:
    import pandas as pd

# files, events and rows that a report names of those that are alike; `ImportReport.items` has them all
_NAMED = 5
# kinds of things that it names at most
_KINDS = 40


@dataclass(frozen=True, kw_only=True)
class Counted:
    """How many things there were, and what became of them.

    Attributes
    ----------
    total : int
        All of them.
    used : int
        Those that are in the workspace now, or were before.
    told : int
        Those that are not, each of which the report names or counts with a reason.
    """

    total: int = 0
    used: int = 0
    told: int = 0

    def __add__(self, other: "Counted") -> "Counted":
        return Counted(total=self.total + other.total, used=self.used + other.used, told=self.told + other.told)


@dataclass(frozen=True, kw_only=True, repr=False)
class ImportReport(Report):
    """What an import did, and what it left out and why.

    Attributes
    ----------
    records, events : int
        How many were new.
    already_there : int
        Files whose content the workspace had before.
    rejections : tuple of Rejection
        What was left out: the path, the reason and the way out.
    remarks : tuple of Remark
        What is to be known of what was taken in.
    classes : dict of str to int
        New records of each event class; records of an event without class stand under ``"without a class"``, those
        without an event under ``"without an event"``.
    types_without_class : dict of str to int
        New records of each event type that makes no class.
    files : Counted
        The files: those that are records now or were before, and those that are none. Hidden files, catalogues and
        parts of other files are told.
    asides : dict of str to int
        Files that are no records of their own, by what they are.
    catalogue_events : Counted
        The events of the catalogue: those that a record shows, and those that none shows or that cannot be read.
    unshown : tuple of str
        The identities of the events that no record shows.
    untimed : tuple of str
        Those among them that have no origin time, which no seismogram can show.
    kept : int
        How many of these are kept without a record: files that come later are matched with them.
    file_rows : Counted
        The rows of a table that tie a file to an event: those whose file came, and those whose file did not.
    unmet : tuple of str
        The files that such rows name and that did not come.
    matched : int
        Records that were there and have another event now.
    relabelled : int
        Events that were there and have another class now.
    revised : int
        Events that were there and have other values now.
    seconds : float
        How long it took.
    """

    records: int = 0
    events: int = 0
    already_there: int = 0
    rejections: tuple[Rejection, ...] = ()
    remarks: tuple[Remark, ...] = ()
    classes: Mapping[str, int] = field(default_factory=dict)
    types_without_class: Mapping[str, int] = field(default_factory=dict)
    files: Counted = Counted()
    asides: Mapping[str, int] = field(default_factory=dict)
    catalogue_events: Counted = Counted()
    unshown: tuple[str, ...] = ()
    untimed: tuple[str, ...] = ()
    kept: int = 0
    file_rows: Counted = Counted()
    unmet: tuple[str, ...] = ()
    matched: int = 0
    relabelled: int = 0
    revised: int = 0
    seconds: float = 0.0

    @classmethod
    def of(cls, reports: Iterable["ImportReport"], seconds: float) -> "ImportReport":
        """Return several imports as one that took so long."""
        every = list(reports)

        def counted(name: str) -> dict[str, int]:
            return dict(sum((Counter(getattr(report, name)) for report in every), Counter()))

        def together(name: str) -> Counted:
            return sum((getattr(report, name) for report in every), Counted())

        return cls(
            records=sum(report.records for report in every),
            events=sum(report.events for report in every),
            already_there=sum(report.already_there for report in every),
            rejections=tuple(item for report in every for item in report.rejections),
            remarks=tuple(item for report in every for item in report.remarks),
            classes=counted("classes"),
            types_without_class=counted("types_without_class"),
            files=together("files"),
            asides=counted("asides"),
            catalogue_events=together("catalogue_events"),
            unshown=tuple(name for report in every for name in report.unshown),
            untimed=tuple(name for report in every for name in report.untimed),
            kept=sum(report.kept for report in every),
            file_rows=together("file_rows"),
            unmet=tuple(name for report in every for name in report.unmet),
            matched=sum(report.matched for report in every),
            relabelled=sum(report.relabelled for report in every),
            revised=sum(report.revised for report in every),
            seconds=seconds,
        )

    def items(self) -> "pd.DataFrame":
        """Return a row for each thing that was left out or is worth a word.

        Returns
        -------
        DataFrame
            Columns ``what`` (``"left out"``, ``"remark"``, ``"event without a record"``, ``"row without its file"``),
            ``subject``, ``reason``, ``way_out``.
        """
        import pandas as pd

        rows = [("left out", printable(item.path), item.reason, item.way_out) for item in self.rejections]
        rows += [("remark", item.subject, item.kind, item.way_out) for item in self.remarks]
        timed, untimed = self._without_record()
        rows += [("event without a record", name, _NO_RECORD, self._way_out) for name in timed]
        rows += [("event without a record", name, _NO_TIME, _NO_TIME_WAY_OUT) for name in untimed]
        rows += [("row without its file", name, _NO_FILE, _NO_FILE_WAY_OUT) for name in self.unmet]
        return pd.DataFrame(rows, columns=["what", "subject", "reason", "way_out"])

    def __str__(self) -> str:
        return "\n".join(self._lines())

    def _without_record(self) -> tuple[list[str], list[str]]:
        """Return the events that no record shows: those that have a time, and those that have none."""
        none = set(self.untimed)
        return [name for name in self.unshown if name not in none], list(self.untimed)

    @property
    def _way_out(self) -> str:
        return _KEPT_WAY_OUT if self.kept else _NO_RECORD_WAY_OUT

    def _lines(self) -> Iterator[str]:
        yield f"{self.records} records of {self.events} new events taken in, in {self.seconds:.1f} s."
        yield from (f"  {name:<18}{count:6d}" for name, count in sorted(self.classes.items()))
        if self.files.total:
            yield (
                f"{self.files.total} files: {self.files.used - self.already_there} taken in, {self.already_there} "
                f"there already, {self.files.told} not taken in."
            )
        elif self.already_there:
            yield f"{self.already_there} files were there already."
        if self.catalogue_events.total:
            yield (
                f"{self.catalogue_events.total} events of the catalogue: {self.catalogue_events.used} have records, "
                f"{self.catalogue_events.told} have none."
            )
        changes = {"records have another event": self.matched, "events another class": self.relabelled}
        changes |= {"events other values": self.revised}
        if any(changes.values()):
            what = ", ".join(f"{count} {name}" for name, count in changes.items() if count)
            yield f"Of what was there, {what}; what was said before stays in the history."
        if self.types_without_class:
            yield _alike(
                [f"{printable(name)} ({count})" for name, count in sorted(self.types_without_class.items())],
                "event types make no class",
                "Give them one: trova classes 'TYPE=CLASS'",
            )
        without_event = self.classes.get(WITHOUT_EVENT, 0)
        if without_event:
            yield (
                f"{without_event} records have no event: none of a catalogue fits, and their files name none. Attach a "
                f"catalogue of their time: trova events --catalog FILE"
            )
        timed, untimed = self._without_record()
        if timed:
            yield _alike(timed, f"events of the catalogue have no record: {_NO_RECORD}", self._way_out)
        if untimed:
            yield _alike(untimed, f"events of the catalogue have no record: {_NO_TIME}", _NO_TIME_WAY_OUT)
        if self.unmet:
            yield _alike(
                self.unmet, f"rows of the table tie events to files that are not here: {_NO_FILE}", _NO_FILE_WAY_OUT
            )
        if self.asides:
            what = ", ".join(f"{count} {name}" for name, count in sorted(self.asides.items()))
            yield f"{sum(self.asides.values())} files are no records of their own: {what}."
        if self.rejections:
            yield f"{len(self.rejections)} left out:"
            kinds = Counter(item.reason for item in self.rejections).most_common()
            for reason, count in kinds[:_KINDS]:
                alike = [item for item in self.rejections if item.reason == reason]
                names = ", ".join(dict.fromkeys(printable(Path(item.path).name) for item in alike[:_NAMED]))
                more = f" and {count - _NAMED} more" if count > _NAMED else ""
                yield f"  {names}{more}: {printable(reason)} {printable(alike[0].way_out)}"
            yield from _rest(len(kinds), sum(count for _, count in kinds[_KINDS:]))
        if self.remarks:
            yield f"{len(self.remarks)} remarks on what was taken in:"
            kinds = Counter(item.kind for item in self.remarks).most_common()
            for kind, count in kinds[:_KINDS]:
                same = [item for item in self.remarks if item.kind == kind]
                names = "; ".join(dict.fromkeys(printable(item.subject) for item in same[:_NAMED]))
                more = f" and {count - _NAMED} more" if count > _NAMED else ""
                yield f"  {count} x {printable(kind)}: {names}{more}. {printable(same[0].way_out)}"
            yield from _rest(len(kinds), sum(count for _, count in kinds[_KINDS:]))


WITHOUT_EVENT = "without an event"
WITHOUT_CLASS = "without a class"
"""How `ImportReport.classes` calls records that have none."""

_NO_RECORD = "no seismogram of their time and place was among the files"
_NO_RECORD_WAY_OUT = (
    "Take in the files that show them, fetch them (trova fetch), or correct their times; trova events --catalog FILE "
    "keeps them for files that come later."
)
_KEPT_WAY_OUT = (
    "They are kept, and files that come later are matched with them; or fetch them (trova fetch), or correct their "
    "times."
)
_NO_TIME = "they have no origin time, and no row ties one of the files to them"
_NO_TIME_WAY_OUT = "Give their times, or name their files in a column 'file', then attach the catalogue again."
_NO_FILE = "no file of that name and place was among those given"
_NO_FILE_WAY_OUT = (
    "Take in these files with this table (trova import FILES --catalog TABLE), or correct their names in it."
)


def _alike(names: Sequence[str], what: str, way_out: str) -> str:
    shown = ", ".join(printable(name)[:80] for name in names[:_NAMED])
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return f"{len(names)} {what}: {shown}{more}. {way_out}"


def _rest(kinds: int, count: int) -> Iterator[str]:
    if count:
        yield f"  and {count} of {kinds - _KINDS} more kinds; --report FILE.csv writes all of them."
