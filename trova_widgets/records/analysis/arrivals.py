"""The events of a record: those of a catalogue whose waves can be in it, or those that are found in it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from trova_widgets.durations import duration
from trova_widgets.errors import RecordError
from trova_widgets.records.analysis.detection import detect_events
from trova_widgets.records.analysis.quality import Measurement
from trova_widgets.records.archives.excerpts import LONGEST_RECORD_S
from trova_widgets.records.events import SeismicEvent
from trova_widgets.records.files.channels import Channel
from trova_widgets.records.matching import LONGEST_LEAD_S, EventFinder, arrival_window
from trova_widgets.records.waveform import NANOSECONDS, Waveform

SEVERAL_EVENTS_S = 300.0
"""A longer record may show several events: they are looked for."""

# with an onset so near to its begin, a record begins in the midst of an event for all that it tells
_UNDER_WAY_S = 3.0


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """An event in a record.

    Attributes
    ----------
    onset_s : float or None
        After the first sample [s]; None where the record alone does not tell.
    event : SeismicEvent or None
        The event of a catalogue.
    problem : str
        Why it cannot be told from the record; empty where it can.
    """

    onset_s: float | None = None
    event: SeismicEvent | None = None
    problem: str = ""


def arrivals_of(waveform: Waveform, catalogue: Iterable[SeismicEvent] | None = None) -> Sequence[Arrival]:
    """Return the events of a record.

    Of a catalogue, those whose first wave can be in the record, with the likeliest onset. Without one, a record of up
    to `SEVERAL_EVENTS_S` is of one event, and a longer one of those that `detection.detect_events` finds.

    Parameters
    ----------
    waveform : Waveform
        The record.
    catalogue : iterable of SeismicEvent, optional
        Where the events are.

    Returns
    -------
    sequence of Arrival
        By their onsets; at least one.

    Raises
    ------
    RecordError
        When a catalogue has no event that can be in the record, or no event is found in a long one.

    Examples
    --------
    >>> import numpy as np
    >>> ground = np.random.default_rng(1).normal(size=60_000)
    >>> ground[20_000:21_000] *= 20
    >>> (found,) = arrivals_of(Waveform(start_time_ns=0, sampling_rate_hz=50.0, samples=ground))
    >>> round(found.onset_s)
    400
    """
    if catalogue is not None:
        return _catalogued(waveform, catalogue)
    if waveform.duration_s <= SEVERAL_EVENTS_S:
        return [Arrival(onset_s=Measurement(waveform).onset_s())]
    onsets_s = detect_events(waveform)
    if not onsets_s and waveform.duration_s <= LONGEST_RECORD_S:
        # a record of one event that rises too slowly for a trigger
        onset_s = Measurement(waveform).onset_s()
        onsets_s = () if onset_s is None else (onset_s,)
    if not onsets_s:
        raise RecordError(
            f"No event stands out of the noise in the {duration(waveform.duration_s)} of the record; if there is one, "
            "say with a catalogue when."
        )
    return [
        Arrival(onset_s=onset_s)
        if onset_s >= _UNDER_WAY_S
        else Arrival(
            onset_s=onset_s,
            problem="An event is under way when the record begins, and its onset lies before; give the file before "
            "it joined to this one.",
        )
        for onset_s in onsets_s
    ]


def _catalogued(waveform: Waveform, catalogue: Iterable[SeismicEvent]) -> list[Arrival]:
    channel, finder = Channel(waveform=waveform), EventFinder(list(catalogue))
    earliest_ns = waveform.start_time_ns - round(LONGEST_LEAD_S * NANOSECONDS)
    near = finder.events_between(earliest_ns, waveform.end_time_ns)
    events = [event for event in near if finder.fits(channel, event)]
    if not events:
        raise RecordError(
            "The catalogue has no event whose first wave can be in the record; give one of that time, or none to have "
            "the events looked for."
        )
    measurement = Measurement(waveform)
    onsets_s = [measurement.onset_s(arrival_window(channel, event)) for event in events]
    return [Arrival(onset_s=onset_s, event=event) for onset_s, event in zip(onsets_s, events, strict=True)]
