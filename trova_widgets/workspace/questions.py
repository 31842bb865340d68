"""What of a file a network is asked about: its channels, of three components the vertical one, and each of its events.

What cannot be asked is told beside the rest, so that one channel or file costs itself alone.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pandas as pd

from trova_widgets.errors import RecordError
from trova_widgets.fingerprinting import FingerprintRecipe
from trova_widgets.identity import identity_of_bytes
from trova_widgets.records import SeismicEvent, Waveform, content_of, sound_waveforms
from trova_widgets.records.analysis.arrivals import SEVERAL_EVENTS_S, Arrival, arrivals_of
from trova_widgets.records.archives.sds import AFTER_ORIGIN_S, BEFORE_ORIGIN_S
from trova_widgets.records.components import Codes, standing_for
from trova_widgets.records.waveform import NANOSECONDS
from trova_widgets.store import RecordFilter, Store, measured_value
from trova_widgets.workspace.reading import record_identity


@dataclass(frozen=True, kw_only=True, eq=False)
class Question:
    """A stretch of a channel that shows one event, or what is said in place of an answer.

    Attributes
    ----------
    path : Path
        The file.
    waveform : Waveform or None
        What is classified: the record, or of a long one what import would cut out. None where nothing can be.
    onset_s : float or None
        After the first sample of the waveform [s]; None where it is not known.
    cutoff_hz : float or None
        Cut-off of the high-pass, where the workspace has it.
    record_id : str
        The record of the workspace that it is, if any.
    event_id : str
        The event of the catalogue, or of the record of the workspace, if any.
    remark : str
        What is to be known of the answer.
    problem : str
        Why there will be none; empty where there may be one.
    """

    path: Path
    waveform: Waveform | None = field(default=None, repr=False)
    onset_s: float | None = None
    cutoff_hz: float | None = None
    record_id: str = ""
    event_id: str = ""
    remark: str = ""
    problem: str = ""

    def row(self) -> dict[str, object]:
        """Return what a table of answers says of it before it is answered."""
        row: dict[str, object] = {
            "file": str(self.path),
            "record_id": self.record_id,
            "event_id": self.event_id,
            "remark": self.remark,
            "note": self.problem,
        }
        if (waveform := self.waveform) is not None:
            row |= {name: getattr(waveform, name) for name in ("network", "station", "channel")}
            row["start_time"] = pd.Timestamp(waveform.start_time_ns, tz="UTC")
            if self.onset_s is not None:
                onset_ns = waveform.start_time_ns + round(self.onset_s * NANOSECONDS)
                row["onset_time"] = pd.Timestamp(onset_ns, tz="UTC")
        return row


def questions_of(
    path: Path, store: Store, recipe: FingerprintRecipe, catalogue: Sequence[SeismicEvent] | None = None
) -> Iterator[Question]:
    """Yield what a network is asked about a file.

    Parameters
    ----------
    path : Path
        A file, of seismograms or not.
    store : Store
        Of a channel that is one of its records, that record's onset and cut-off count, an analyst's too.
    recipe : FingerprintRecipe
        What the network reads: an excerpt of a long record holds its window.
    catalogue : sequence of SeismicEvent, optional
        Where the events of other channels are; they are looked for in long records, if left out.

    Yields
    ------
    Question
        At least one.
    """
    content = b""
    found: list[tuple[int, Waveform]] = []
    problems: Sequence[str] = ()
    try:
        content = content_of(path)
        found, problems = sound_waveforms(content)
    except (RecordError, OSError) as error:
        problems = [str(error)]
    yield from (Question(path=path, problem=problem) for problem in problems)
    kept = _kept(store, content, [place for place, _ in found])
    asked = _asked([waveform for place, waveform in found if place not in kept])
    for place, waveform in found:
        if place in kept:
            yield _of_record(path, waveform, kept[place])
        elif (codes := _codes(waveform)) in asked:
            yield from _of_channel(path, waveform, recipe, catalogue, asked[codes])


def _kept(store: Store, content: bytes, places: Sequence[int]) -> dict[int, pd.Series]:
    """Return what the store has of the channels of a file, by their places."""
    if not places:
        return {}
    file_hash = identity_of_bytes(content)
    names = {record_identity(file_hash, place): place for place in places}
    rows = store.record_page(RecordFilter(record_ids=list(names)), count=None).rows
    return {names[row["record_id"]]: row for _, row in rows.iterrows()}


def _codes(waveform: Waveform) -> Codes:
    return waveform.network, waveform.station, waveform.location, waveform.channel


def _asked(waveforms: Sequence[Waveform]) -> dict[Codes, str]:
    """Return the channels that are asked about, each with a sentence on those of its instrument that are not."""
    others: dict[Codes, list[str]] = {}
    for codes, chosen in standing_for(dict.fromkeys(map(_codes, waveforms))).items():
        others.setdefault((*codes[:3], chosen), []).extend([codes[3]] if codes[3] != chosen else [])
    return {
        asked: f"{asked[3]} answers for its instrument; not asked: {', '.join(names)}." if names else ""
        for asked, names in others.items()
    }


def _of_record(path: Path, waveform: Waveform, kept: pd.Series) -> Question:
    return Question(
        path=path,
        waveform=waveform,
        onset_s=measured_value(kept, "onset_s"),
        cutoff_hz=measured_value(kept, "cutoff_hz"),
        record_id=kept["record_id"],
        event_id=kept["event_id"] if isinstance(kept["event_id"], str) else "",
    )


def _of_channel(
    path: Path,
    waveform: Waveform,
    recipe: FingerprintRecipe,
    catalogue: Sequence[SeismicEvent] | None,
    remark: str,
) -> Iterator[Question]:
    whole = Question(path=path, waveform=waveform, remark=remark)
    try:
        arrivals = arrivals_of(waveform, catalogue)
    except RecordError as error:
        yield replace(whole, problem=str(error))
        return
    for arrival in arrivals:
        yield replace(_excerpt(whole, waveform, arrival, recipe), problem=arrival.problem)


def _excerpt(whole: Question, waveform: Waveform, arrival: Arrival, recipe: FingerprintRecipe) -> Question:
    """Return the question about an event: of a long record, about as much as import would cut out of it."""
    event_id = "" if arrival.event is None else arrival.event.event_id
    if waveform.duration_s <= SEVERAL_EVENTS_S or arrival.onset_s is None:
        return replace(whole, onset_s=arrival.onset_s, event_id=event_id)
    start_s = recipe.window_start_s if recipe.window_reference == "onset" else -BEFORE_ORIGIN_S
    begin_s = arrival.onset_s + min(-BEFORE_ORIGIN_S, start_s)
    end_s = arrival.onset_s + max(AFTER_ORIGIN_S, start_s + recipe.window_s)
    rate = waveform.sampling_rate_hz
    first, last = max(0, round(begin_s * rate)), round(end_s * rate)
    piece = replace(
        waveform,
        samples=waveform.samples[first:last],
        start_time_ns=waveform.start_time_ns + round(first / rate * NANOSECONDS),
    )
    return replace(whole, waveform=piece, onset_s=arrival.onset_s - first / rate, event_id=event_id)
