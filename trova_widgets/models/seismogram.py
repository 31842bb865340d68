"""A seismogram on the screen: only as many points as can be seen, whatever part of it is looked at."""

from typing import Any

import numpy as np
import numpy.typing as npt
import traitlets
from traitlets import Float, HasTraits, Unicode

Samples = npt.NDArray[np.float64]

#: Pairs of a minimum and a maximum; more than the pixels of a wide screen would not be seen.
_COLUMNS = 1200


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


class SeismogramModel(HasTraits):
    """A record and the part of it that is looked at.

    Attributes
    ----------
    times_s, values : array
        The points of the line: seconds after the record's start, and counts.
    from_s, to_s : float
        The part that is looked at, s.
    duration_s, onset_s : float
        How long the record is, and where the event begins in it (negative: not known), s.
    title : str
        What record it is.
    """

    times_s = traitlets.Any()
    values = traitlets.Any()
    from_s = Float(0.0)
    to_s = Float(0.0)
    duration_s = Float(0.0)
    onset_s = Float(-1.0)
    title = Unicode("")

    def __init__(self, **traits: Any) -> None:
        super().__init__(times_s=np.zeros(0), values=np.zeros(0), **traits)
        self._samples: Samples = np.zeros(0)
        self._rate_hz = 1.0

    def show(self, samples: Samples, sampling_rate_hz: float, title: str, onset_s: float | None = None) -> None:
        """Show a record from its start to its end.

        Parameters
        ----------
        samples : array (n,)
            Counts.
        sampling_rate_hz : float
            Samples a second.
        title : str
            What record it is.
        onset_s : float, optional
            Where the event begins, s after the start.
        """
        self._samples, self._rate_hz = np.asarray(samples, dtype=np.float64), sampling_rate_hz
        with self.hold_trait_notifications():
            self.title = title
            self.onset_s = -1.0 if onset_s is None or onset_s != onset_s else float(onset_s)
            self.duration_s = len(self._samples) / sampling_rate_hz
            self.look(0.0, self.duration_s)

    def look(self, from_s: float, to_s: float) -> None:
        """Look at a part of the record; beyond its ends there is nothing to see."""
        from_s, to_s = max(from_s, 0.0), min(to_s, self.duration_s)
        if to_s - from_s < 2 / self._rate_hz:
            from_s, to_s = 0.0, self.duration_s
        first, last = int(from_s * self._rate_hz), int(np.ceil(to_s * self._rate_hz)) + 1
        indices, values = envelope(self._samples[first:last])
        with self.hold_trait_notifications():
            self.from_s, self.to_s = from_s, to_s
            self.times_s, self.values = (indices + first) / self._rate_hz, values
