"""Seismograms written as miniSEED, for what no file of the archive holds as it is: excerpts, pairs of files, arrays."""

import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trova_widgets.errors import RecordError
from trova_widgets.records.files.obspy_plugins import obspy_module, remarks
from trova_widgets.records.waveform import Waveform, plain_code

# beyond it a float64 no longer tells neighbouring integers apart
_EXACT = 2**53


Codes = tuple[str, str, str, str]
_NAMES = ("network", "station", "location", "channel")


@dataclass(frozen=True, kw_only=True)
class Written:
    """Seismograms written as miniSEED.

    Attributes
    ----------
    content : bytes
        The file.
    codes : dict of (str, str, str, str) to (str, str, str, str)
        Codes of network, station, location and channel as the file has them, and as they were, where miniSEED has not
        room enough for them.
    problems : tuple of str
        A sentence for each trace that was left out, text for instance.
    """

    content: bytes = field(repr=False)
    codes: Mapping[Codes, Codes]
    problems: tuple[str, ...] = ()

    def whole(self, waveform: Waveform) -> Waveform:
        """Return a waveform of the file with its codes as they were."""
        cut = (waveform.network, waveform.station, waveform.location, waveform.channel)
        network, station, location, channel = self.codes.get(cut, cut)
        return replace(waveform, network=network, station=station, location=location, channel=channel)


def write_miniseed(traces: Iterable[Any]) -> Written:
    """Write traces as miniSEED, bit for bit the same whenever the same are written.

    Parameters
    ----------
    traces : iterable of obspy.Trace
        Of any kind of numbers; miniSEED keeps integers of 32 bits and floating-point numbers of 32 and 64.

    Returns
    -------
    Written
        The file, and what had to be cut.

    Raises
    ------
    RecordError
        When miniSEED has no coding for any of the samples, or a header is none of its.
    """
    stream = obspy_module("obspy").Stream()
    codes: dict[Codes, Codes] = {}
    problems: list[str] = []
    for trace in traces:
        were = _codes_of(trace)
        try:
            samples = codable(trace.data)
        except RecordError as error:
            problems.append(f"The channel {'.'.join(were)} is left out: {str(error)[:1].lower()}{str(error)[1:]}")
            continue
        written = trace.copy()
        written.data = samples
        cut = _short(were, codes)
        codes[cut] = were
        written.stats.update(dict(zip(_NAMES, cut, strict=True)))
        stream.append(written)
    if problems and not len(stream):
        raise RecordError(problems[0])
    target = io.BytesIO()
    try:
        with remarks():
            stream.write(target, format="MSEED")
    except Exception as error:
        # the writer complains in its own words of codes, times and rates
        raise RecordError(
            f"The seismogram cannot be written as miniSEED: {' '.join(str(error).split())[:200]}; "
            f"convert it to miniSEED where it comes from."
        ) from error
    return Written(
        content=target.getvalue(),
        codes={cut: were for cut, were in codes.items() if cut != were},
        problems=tuple(problems),
    )


def _short(were: Codes, taken: Mapping[Codes, Codes]) -> Codes:
    """Return codes that miniSEED has room for, with a number where two channels would else become one."""
    network, station, location, channel = were[0][:2], were[1][:5], were[2][:2], were[3][:3]
    cut = (network, station, location, channel)
    number = 1
    while taken.get(cut, were) != were:
        number += 1
        cut = (network, f"{station[: 5 - len(str(number))]}{number}", location, channel)
    return cut


def _codes_of(trace: Any) -> Codes:
    network, station, location, channel = (plain_code(trace.stats[name]) for name in _NAMES)
    return network, station, location, channel


def codable(samples: NDArray[Any]) -> NDArray[Any]:
    """Return the same numbers in a type that miniSEED has a coding for.

    Raises
    ------
    RecordError
        When none keeps them exactly.

    Examples
    --------
    >>> codable(np.array([1, -2], dtype=">i8")).dtype, codable(np.ones(2, dtype=np.float16)).dtype
    (dtype('int32'), dtype('float32'))
    """
    plain = np.ascontiguousarray(samples)
    if plain.dtype.kind in "iu":
        if not plain.size or (plain.min() >= -(2**31) and plain.max() < 2**31):
            return plain.astype(np.int32)
        if plain.min() >= -_EXACT and plain.max() <= _EXACT:
            return plain.astype(np.float64)
    elif plain.dtype.kind == "f" and plain.dtype.itemsize <= 8:
        return plain.astype(np.float32 if plain.dtype.itemsize <= 4 else np.float64)
    raise RecordError(
        f"The samples are of the type {plain.dtype}, which miniSEED cannot keep; convert them to 32-bit integers or "
        f"64-bit floating-point numbers."
    )
