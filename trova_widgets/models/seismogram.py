"""Seismograms on the screen, one or several of an event: only as many points as can be seen, filtered as one likes."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from traitlets import Dict, Float, HasTraits, List, Unicode, observe

from trova_widgets.errors import RecordError
from trova_widgets.records import filtered

Samples = npt.NDArray[np.float64]

#: Pairs of a minimum and a maximum; more than the pixels of a wide screen would not be seen.
_COLUMNS = 1200
_FILTER_ORDER = 4

RAW, CUTOFF = "raw", "cutoff"
#: What can be looked at: a name, or the corners of a filter in Hz, with what a person reads.
PASSBANDS = {
    RAW: "As recorded",
    CUTOFF: "Above the cut-off",
    "0.5-": "Above 0.5 Hz",
    "1-": "Above 1 Hz",
    "2-": "Above 2 Hz",
    "0.5-5": "0.5 to 5 Hz",
    "1-10": "1 to 10 Hz",
    "2-8": "2 to 8 Hz",
}


def envelope(samples: Samples, columns: int = _COLUMNS) -> tuple[npt.NDArray[np.int64], Samples]:
    """Return the points of a line that looks like the samples: the smallest and largest of each column.

    Parameters
    ----------
    samples : array (n,)
        Evenly sampled values.
    columns : int
        How many columns the line is drawn over.

    Returns
    -------
    indices : array (m,), m at most 2 x columns
        Which samples are kept, in order.
    values : array (m,)
        Their values.

    Examples
    --------
    >>> import numpy as np
    >>> indices, values = envelope(np.array([0.0, 5.0, -5.0, 0.0, 1.0, 0.0, 0.0, -1.0]), columns=2)
    >>> indices.tolist(), values.tolist()
    ([1, 2, 4, 7], [5.0, -5.0, 1.0, -1.0])
    """
    count = len(samples)
    if count <= 2 * columns:
        return np.arange(count), samples
    edges = np.linspace(0, count, columns + 1).astype(np.int64)
    width = int(np.diff(edges).max())
    # each column as a row of one table; the last ones repeat their final sample
    table = np.minimum(edges[:-1, None] + np.arange(width), edges[1:, None] - 1)
    values = samples[table]
    rows = np.arange(columns)
    kept = np.stack([table[rows, values.argmin(axis=1)], table[rows, values.argmax(axis=1)]], axis=1)
    indices = np.unique(kept)
    return indices, samples[indices]


@dataclass(frozen=True, kw_only=True, eq=False)
class Trace:
    """One record among those that are shown.

    Attributes
    ----------
    record_id, title, note : str
        Which record it is, and what is written beside it.
    samples : array (n,)
        Counts.
    sampling_rate_hz : float
        Samples a second.
    start_s : float
        Its first sample, s after the zero of the time axis.
    onset_s : float or None
        The event's onset, s after its first sample, where it is known.
    cutoff_hz : float or None
        Its cut-off, where it is known.
    order : int
        Steepness of the filter.
    """

    samples: Samples
    sampling_rate_hz: float
    record_id: str = ""
    title: str = ""
    note: str = ""
    start_s: float = 0.0
    onset_s: float | None = None
    cutoff_hz: float | None = None
    order: int = _FILTER_ORDER

    @property
    def end_s(self) -> float:
        """Its end, s after the zero of the time axis."""
        return self.start_s + len(self.samples) / self.sampling_rate_hz

    def passed(self, passband: str) -> Samples:
        """Return the samples after a filter of `PASSBANDS`.

        Raises
        ------
        RecordError
            When the filter cannot be applied, or asks for a cut-off that is not known.
        """
        if passband == RAW:
            return self.samples
        if passband == CUTOFF:
            if not self.cutoff_hz:
                raise RecordError("The cut-off of this record is not known; compute its fingerprint first.")
            return filtered(self.samples, self.sampling_rate_hz, from_hz=self.cutoff_hz, order=self.order)
        low, _, high = passband.partition("-")
        return filtered(self.samples, self.sampling_rate_hz, from_hz=float(low), to_hz=float(high) if high else None)


class SeismogramModel(HasTraits):
    """Records under each other, and the part of them that is looked at.

    Attributes
    ----------
    lines : list of dict
        What is drawn: ``record_id``, ``title``, ``note``; ``points`` (bytes: float32 pairs of a time after ``from_s``
        in s, and a value); ``base`` and ``reach`` (the line's middle, and how far it swings); ``onset_s`` (after the
        zero of the time axis, or None).
    from_s, to_s : float
        The part that is looked at, s after the zero of the time axis.
    first_s, last_s : float
        All that there is, s.
    passband : str
        One of `PASSBANDS`.
    zero : str
        What the time is counted from.
    """

    lines = List(Dict())
    from_s = Float(0.0)
    to_s = Float(0.0)
    first_s = Float(0.0)
    last_s = Float(0.0)
    passband = Unicode(RAW)
    zero = Unicode("the start of the record")

    def __init__(self, **traits: Any) -> None:
        super().__init__(**traits)
        self._traces: tuple[Trace, ...] = ()
        self._passed: list[Samples] = []
        self._notes: list[str] = []

    def show(self, traces: Sequence[Trace], zero: str = "the start of the record") -> None:
        """Show records from the earliest start to the latest end.

        Parameters
        ----------
        traces : sequence of Trace
            From the top to the bottom.
        zero : str
            What their times are counted from.
        """
        self._traces = tuple(traces)
        self._filter()
        with self.hold_trait_notifications():
            self.zero = zero
            self.first_s = min((trace.start_s for trace in traces), default=0.0)
            self.last_s = max((trace.end_s for trace in traces), default=0.0)
            self.look(self.first_s, self.last_s)

    def set_cutoff(self, cutoff_hz: float, order: int = _FILTER_ORDER) -> None:
        """Try another cut-off on the record that is shown."""
        if self._traces and (self._traces[0].cutoff_hz, self._traces[0].order) != (cutoff_hz, order):
            self._traces = (replace(self._traces[0], cutoff_hz=cutoff_hz, order=order), *self._traces[1:])
            if self.passband == CUTOFF:
                self._filter()
                self.look(self.from_s, self.to_s)

    def look(self, from_s: float, to_s: float) -> None:
        """Look at a part of the records; beyond their ends there is nothing to see."""
        from_s, to_s = max(from_s, self.first_s), min(to_s, self.last_s)
        shortest_s = min((2 / trace.sampling_rate_hz for trace in self._traces), default=0.0)
        if to_s - from_s < shortest_s:
            from_s, to_s = self.first_s, self.last_s
        with self.hold_trait_notifications():
            self.from_s, self.to_s = from_s, to_s
            self.lines = [self._line(place, from_s, to_s) for place in range(len(self._traces))]

    @observe("passband")
    def _refilter(self, _: Any = None) -> None:
        self._filter()
        self.look(self.from_s, self.to_s)

    def _filter(self) -> None:
        self._passed, self._notes = [], []
        for trace in self._traces:
            try:
                samples, note = trace.passed(self.passband), trace.note
            except RecordError as error:
                samples, note = trace.samples, f"as recorded: {error}"
            self._passed.append(np.asarray(samples, dtype=np.float64))
            self._notes.append(note)

    def _line(self, place: int, from_s: float, to_s: float) -> dict[str, Any]:
        trace, samples = self._traces[place], self._passed[place]
        rate_hz = trace.sampling_rate_hz
        first = max(int((from_s - trace.start_s) * rate_hz), 0)
        last = max(int(np.ceil((to_s - trace.start_s) * rate_hz)) + 1, 0)
        indices, values = envelope(samples[first:last])
        points = np.stack([trace.start_s + (indices + first) / rate_hz - from_s, values], axis=1)
        # the record's own scale, whatever part is looked at: a zoom in time leaves the amplitudes where they are
        base = float(np.median(samples)) if samples is trace.samples and len(samples) else 0.0
        reach = float(np.abs(samples - base).max()) if len(samples) else 0.0
        known = trace.onset_s is not None and trace.onset_s == trace.onset_s
        return {
            "record_id": trace.record_id,
            "title": trace.title,
            "note": self._notes[place],
            "points": points.astype("<f4").tobytes(),
            "base": base,
            "reach": reach or 1.0,
            "onset_s": trace.start_s + float(trace.onset_s or 0.0) if known else None,
        }
