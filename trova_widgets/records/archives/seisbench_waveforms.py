"""The samples of a SeisBench data set: traces out of the arrays of an HDF5 file.

An HDF5 file may point to others, by path: only arrays that lie in the file itself are read.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from trova_widgets.errors import RecordError
from trova_widgets.records.catalogues.layout import printable
from trova_widgets.records.catalogues.moments import time_ns
from trova_widgets.records.events import SeismicEvent
from trova_widgets.records.files.guards import LARGEST_FILE
from trova_widgets.records.files.miniseed import Written, codable, write_miniseed
from trova_widgets.records.files.obspy_plugins import obspy_module

if TYPE_CHECKING:
    import h5py

SPLITS = {"train": 0.0, "dev": 1.0, "test": 2.0}
"""How the column ``split`` is kept: as the parameter ``seisbench_split`` of the record."""

_INDEX = re.compile(r"-?\d{1,12}|(-?\d{1,12})?:(-?\d{1,12})?")
_LONGEST_ORDER = 12


@dataclass(frozen=True, kw_only=True)
class SeisBenchTrace:
    """One trace of a data set.

    Attributes
    ----------
    event : SeismicEvent or None
        What the metadata say of its source.
    written : Written
        The trace as miniSEED.
    latitude, longitude : float or None
        The station's place in degrees.
    split : float or None
        From `SPLITS`.
    """

    event: SeismicEvent | None
    written: Written
    latitude: float | None
    longitude: float | None
    split: float | None


class SeisBenchWaveforms:
    """The waveforms of a data set, open; a context manager.

    Parameters
    ----------
    path : Path
        The HDF5 file.

    Raises
    ------
    RecordError
        When it is no HDF5 file, or has no group ``data`` of its own.
    """

    def __init__(self, path: Path) -> None:
        import h5py

        try:
            self._file = h5py.File(path, "r")
        except OSError as error:
            raise RecordError(
                f"{path.name} cannot be read as HDF5 ({' '.join(str(error).split())[:200]}); fetch it again."
            ) from error
        try:
            self._format = self._read_format()
        except BaseException:
            self._file.close()
            raise

    def __enter__(self) -> "SeisBenchWaveforms":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def trace(self, row: Mapping[str, str], event: SeismicEvent | None) -> SeisBenchTrace:
        """Read one trace.

        Parameters
        ----------
        row : mapping of str to str
            Its row of the metadata.
        event : SeismicEvent or None
            What the row says of its source.

        Returns
        -------
        SeisBenchTrace
            With a channel a component.

        Raises
        ------
        RecordError
            When the metadata do not fit the waveforms, or the array lies outside of the file.
        """
        start_ns = time_ns(row.get("trace_start_time", ""))
        if start_ns is None:
            raise RecordError("has no trace_start_time; add when the trace begins.")
        sampling_rate_hz = self._sampling_rate_hz(row)
        order = row.get("trace_component_order") or self._format.get("component_order", "")
        samples = self._samples(row["trace_name"])
        if len(samples) > len(order) and len(samples) > 1:
            raise RecordError(
                f"has {len(samples)} components and the order {order!r}; add trace_component_order, ZNE for instance."
            )
        obspy = obspy_module("obspy")
        header = {
            "network": row.get("station_network_code", ""),
            "station": row.get("station_code", ""),
            "location": row.get("station_location_code", ""),
            "sampling_rate": sampling_rate_hz,
            "starttime": obspy.UTCDateTime(ns=start_ns),
        }
        band = row.get("trace_channel", "")
        traces = [
            # a whole code, HHZ, instead of its first letters stands for all components
            obspy.Trace(codable(component), header | {"channel": f"{band[:2]}{letter}"})
            for letter, component in zip(order.ljust(1), samples, strict=False)
        ]
        return SeisBenchTrace(
            event=event,
            written=write_miniseed(traces),
            latitude=_degrees(row.get("station_latitude_deg", ""), 90),
            longitude=_degrees(row.get("station_longitude_deg", ""), 360),
            split=SPLITS.get(row.get("split", "")),
        )

    def _read_format(self) -> dict[str, str]:
        """Return the texts of the group ``data_format``: the orders of dimensions and of components, the rate."""
        import h5py

        if not isinstance(self._file.get("data", getlink=True), h5py.HardLink):
            raise RecordError(
                "The HDF5 file has no group data of its own, where SeisBench keeps its traces; fetch the file again."
            )
        if "data_format" not in self._file:
            return {}
        found = {}
        for name in ("dimension_order", "component_order", "sampling_rate"):
            if name in self._own("data_format"):
                given = self._own("data_format", name)
                value = given[()] if isinstance(given, h5py.Dataset) and given.shape == () else ""
                found[name] = value.decode(errors="replace") if isinstance(value, bytes) else str(value)
        return {name: printable(text)[:_LONGEST_ORDER] for name, text in found.items()}

    def _sampling_rate_hz(self, row: Mapping[str, str]) -> float:
        """Look where SeisBench does: the trace's rate, its interval, the rate of the whole set."""
        interval = row.get("trace_dt_s", "")
        text = row.get("trace_sampling_rate_hz") or self._format.get("sampling_rate", "")
        try:
            rate = 1 / float(interval) if interval and not row.get("trace_sampling_rate_hz") else float(text)
        except (ValueError, ZeroDivisionError):
            rate = 0.0
        if not 0 < rate < 1e6:
            raise RecordError("has no sampling rate above 0 and below 1 MHz; add trace_sampling_rate_hz.")
        return rate

    def _samples(self, trace_name: str) -> NDArray[Any]:
        """Return the samples of a trace, shape (components, n)."""
        import h5py

        block, _, location = trace_name.partition("$")
        array = self._own("data", *block.strip("/").split("/"))
        if not isinstance(array, h5py.Dataset):
            raise RecordError(f"names {block[:40]!r}, which is no array; fetch the file again.")
        where = _location(location, array.ndim)
        if not array.size or array.dtype.kind not in "iuf":
            raise RecordError(f"names {block[:40]!r}, which holds no numbers; fetch the data set again.")
        # a part of a packed array is unpacked with its whole chunk
        largest = np.prod(array.chunks or (1,), dtype=float) * array.dtype.itemsize
        if largest > LARGEST_FILE or _size(where, array.shape) * array.dtype.itemsize > LARGEST_FILE:
            raise RecordError(f"names {block[:40]!r}, whose part is larger than 256 MiB; cut it into shorter traces.")
        try:
            samples = array[where]
        except (OSError, ValueError, IndexError, TypeError) as error:
            reason = " ".join(str(error).split())[:120]
            raise RecordError(f"names {trace_name[:60]!r}, which cannot be read ({reason}); fetch it again.") from error
        if samples.ndim not in (1, 2) or not samples.size:
            raise RecordError(
                f"names a part of the shape {samples.shape} with {samples.size or 'no'} samples, expected components "
                f"and samples; correct the part."
            )
        if samples.ndim == 2 and self._format.get("dimension_order", "CW") == "WC":
            samples = samples.T
        return np.atleast_2d(samples)

    def _own(self, *names: str) -> "h5py.Dataset":
        """Return what lies in the file under a path of names, refusing every link that leads elsewhere."""
        import h5py

        node = self._file
        for name in names:
            try:
                link = node.get(name, getlink=True) if isinstance(node, h5py.Group) else None
            except (KeyError, ValueError, RuntimeError, OSError):
                link = None
            if not isinstance(link, h5py.HardLink):
                raise RecordError(
                    f"names {'/'.join(names)[:60]!r}, which is not in the waveforms themselves; fetch the file again."
                )
            node = node[name]
        if isinstance(node, h5py.Dataset) and (node.is_virtual or node.external):
            raise RecordError(
                f"names {'/'.join(names)[:60]!r}, whose samples lie in another file; write them into the waveforms."
            )
        return node


def _location(text: str, dimensions: int) -> tuple[int | slice, ...]:
    """Read ``3,:3,:6000`` as an index."""
    parts = text.replace(" ", "").split(",") if text else []
    if len(parts) > dimensions or not all(_INDEX.fullmatch(part) for part in parts):
        raise RecordError(f"names the part {text[:40]!r} of an array, expected one as in 3,:3,:6000; correct it.")
    return tuple(_slice(part) if ":" in part else int(part) for part in parts)


def _slice(part: str) -> slice:
    begin, _, end = part.partition(":")
    return slice(int(begin) if begin else None, int(end) if end else None)


def _size(where: tuple[int | slice, ...], shape: tuple[int, ...]) -> float:
    lengths = [
        len(range(*part.indices(length))) if isinstance(part, slice) else 1
        for part, length in zip(where, shape, strict=False)
    ]
    return float(np.prod([*lengths, *shape[len(where) :]], dtype=float))


def _degrees(text: str, largest: float) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if abs(value) <= largest else None
