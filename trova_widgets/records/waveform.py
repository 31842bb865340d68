"""One channel's seismogram, as plain numbers."""

import re
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from trova_widgets.errors import RecordError
from trova_widgets.records.events import is_storable

NANOSECONDS = 1_000_000_000


_LONGEST_CODE = 20


def plain_code(code: object) -> str:
    """Return a code of a network, station, location or channel with nothing but letters, digits, dots and dashes.

    Examples
    --------
    >>> plain_code("<b>../KBS")
    'b..KBS'
    """
    return re.sub(r"[^A-Za-z0-9.\-]", "", str(code))[:_LONGEST_CODE]


@dataclass(frozen=True, kw_only=True, eq=False)
class Waveform:
    """The samples of one channel over one stretch of time.

    Attributes
    ----------
    network, station, location, channel : str
        The channel's codes, empty where the file names none.
    start_time_ns : int
        Time of the first sample, nanoseconds since 1970 UTC.
    sampling_rate_hz : float
        Samples a second.
    samples : ndarray of float64, shape (n,)
        Counts or physical units, as the file has them; finite, gaps filled.
    gap_count : int
        How many gaps were filled by a straight line.
    gap_s : float
        Seconds that the filled gaps cover together.
    overlap_s : float
        Seconds that the file holds more than once; the earlier piece was kept.
    clock_jitter_s : float
        How far the clock of a piece strays from the regular grid of all, seconds.
    notes : tuple of str
        What ObsPy remarked while it read the file.

    Raises
    ------
    RecordError
        When there are no samples, a sample is not finite, the sampling rate is not a positive number, or the time is
        beyond the years 1678 to 2261.

    Examples
    --------
    >>> record = Waveform(station="APA", start_time_ns=0, sampling_rate_hz=100.0, samples=np.zeros(500))
    >>> record.duration_s
    5.0
    """

    network: str = ""
    station: str = ""
    location: str = ""
    channel: str = ""
    start_time_ns: int
    sampling_rate_hz: float
    samples: NDArray[np.float64] = field(repr=False)
    gap_count: int = 0
    gap_s: float = 0.0
    overlap_s: float = 0.0
    clock_jitter_s: float = 0.0
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not (np.isfinite(self.sampling_rate_hz) and self.sampling_rate_hz > 0):
            raise RecordError(
                f"The channel {self.seed_id} has the sampling rate {self.sampling_rate_hz} Hz, expected a "
                f"positive number; correct the header of the file."
            )
        if self.samples.ndim != 1 or len(self.samples) == 0:
            raise RecordError(f"The channel {self.seed_id} holds no samples; export it again from its source.")
        if not np.isfinite(self.samples).all():
            raise RecordError(
                f"The channel {self.seed_id} holds samples that are not finite numbers; replace them by a gap "
                f"and export the file again."
            )

        if not (is_storable(self.start_time_ns) and is_storable(self.end_time_ns)):
            raise RecordError(
                f"The channel {self.seed_id} begins in a year beyond 1678 to 2261; correct the year in the header of "
                f"the file."
            )

    @property
    def seed_id(self) -> str:
        """The codes joined by dots, for instance ``"IM.APA..BHZ"``."""
        return ".".join((self.network, self.station, self.location, self.channel))

    @property
    def duration_s(self) -> float:
        """Seconds that the samples cover."""
        return len(self.samples) / self.sampling_rate_hz

    @property
    def end_time_ns(self) -> int:
        """Time just after the last sample, nanoseconds since 1970 UTC."""
        return self.start_time_ns + round(self.duration_s * NANOSECONDS)
