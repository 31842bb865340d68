"""Streams and files that the tests of records make for themselves."""

import io
import warnings
from pathlib import Path

import numpy as np

from trova_widgets.records.files.obspy_plugins import obspy_module

START = "2021-05-04T12:00:00"
RATE_HZ = 100.0


def counts(seconds: float = 40.0, onset_s: float = 20.0, seed: int = 1) -> np.ndarray:
    """Noise, then a decaying burst at 6 Hz: int32."""
    generator = np.random.default_rng(seed)
    times = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    burst = np.where(times > onset_s, np.exp(-(times - onset_s) / 5) * np.sin(2 * np.pi * 6 * times), 0)
    return (100 * generator.normal(size=len(times)) + 8000 * burst).astype(np.int32)


def trace(samples: np.ndarray | None = None, start: str = START, **header: object):
    obspy = obspy_module("obspy")
    values = {"network": "IM", "station": "APA", "channel": "BHZ", "sampling_rate": RATE_HZ} | header
    data = counts() if samples is None else samples
    return obspy.Trace(data=data.copy(), header=values | {"starttime": obspy.UTCDateTime(start)})


def written(format_name: str, *traces, folder: Path, **options: object) -> bytes:
    """The bytes of a file that ObsPy writes."""
    stream = obspy_module("obspy").Stream([item.copy() for item in traces])
    path = folder / "written"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        stream.write(str(path), format=format_name, **options)
    return path.read_bytes()


def mseed(*traces) -> bytes:
    target = io.BytesIO()
    obspy_module("obspy").Stream([item.copy() for item in traces]).write(target, format="MSEED")
    return target.getvalue()
