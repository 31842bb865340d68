"""Small archives and catalogues as people have them, for the tests of imports."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from tests.records.making import counts, mseed, trace
from trova_widgets.records.files.obspy_plugins import obspy_module

DAY = "2021-05-04T12:00:00"


def moment(text: str, seconds: float = 0.0):
    """A moment of ObsPy's."""
    return obspy_module("obspy").UTCDateTime(text) + seconds


def record(folder: Path, name: str, start: str = DAY, seed: int = 1, **header: object) -> Path:
    """A file of a minute whose wave arrives 20 s after its begin."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_bytes(mseed(trace(counts(seconds=60, seed=seed), start=start, **header)))
    return path


def table(path: Path, rows: Sequence[Sequence[object]], names: str = "event_id,time,lat,lon,type") -> Path:
    """A catalogue that is a table."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join([names, *(",".join(map(str, row)) for row in rows)]) + "\n", encoding="utf-8")
    return path


def quakeml(path: Path, events: Sequence[dict[str, str]]) -> Path:
    """A catalogue in QuakeML, written by hand so that its words may be any."""
    body = ""
    for event in events:
        doubt = f"<typeCertainty>{event['certainty']}</typeCertainty>" if "certainty" in event else ""
        body += (
            f'<event publicID="{event["id"]}"><type>{event["type"]}</type>{doubt}{event.get("more", "")}'
            f'<origin publicID="{event["id"]}/origin"><time><value>{event["time"]}</value></time>'
            f"<latitude><value>{event.get('lat', '67.6')}</value></latitude>"
            f"<longitude><value>33.4</value></longitude></origin></event>"
        )
    path.write_text(
        '<?xml version="1.0"?><q:quakeml xmlns:q="http://quakeml.org/xmlns/quakeml/1.2" '
        f'xmlns="http://quakeml.org/xmlns/bed/1.2"><eventParameters publicID="smi:local/p">{body}</eventParameters>'
        "</q:quakeml>",
        encoding="utf-8",
    )
    return path


def noise(seconds: float, seed: int = 0, rate_hz: float = 20.0) -> np.ndarray:
    """Counts of nothing but noise, int32."""
    return np.random.default_rng(seed).integers(-500, 500, size=round(seconds * rate_hz)).astype(np.int32)
