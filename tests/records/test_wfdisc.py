"""The table of seismograms of a CSS 3.0 database: one wrong line costs itself alone, and long files are cut."""

from pathlib import Path

import numpy as np
import pytest

from tests.records.making import counts
from tests.workspace.archives import DAY, moment, noise, table
from trova_widgets.records import NewRecord, Rejection, read_records


def _line(name: str, samples: np.ndarray, station: str = "APA", start: str = DAY, rate_hz: float = 100.0) -> str:
    begin = moment(start).ns / 1e9
    return (
        f"{station:<6s} {'BHZ':<8s} {begin:17.5f} {1:8d} {-1:8d} {2021124:8d} {begin + len(samples) / rate_hz:17.5f} "
        f"{len(samples):8d} {rate_hz:11.7f} {1.0:16.6f} {1.0:16.6f} {'-':<6s} {'o':1s} {'s4':<2s} {'-':1s} {'.':<64s} "
        f"{name:<32s} {0:10d} {-1:8d} {'-':<17s}"
    )


def _database(folder: Path, *lines: str) -> Path:
    path = folder / "kola.wfdisc"
    path.write_text("\n".join(lines) + "\n")
    return path


def _write(folder: Path, name: str, samples: np.ndarray) -> None:
    (folder / name).write_bytes(samples.astype(">i4").tobytes())


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ("missing", "name the file missing.w, which is not beside them"),
        ("short", "name 4000 samples, but short.w holds 1000; the file is cut short"),
        ("outside", "lies outside of their folder"),
        ("garbage", "has not the columns of CSS 3.0"),
        ("coding", "are written as 'g2', which no reader here knows"),
    ],
)
def test_a_wrong_line_costs_itself_alone(tmp_path, wrong, words):
    folder = tmp_path / "css"
    folder.mkdir()
    samples = counts()
    for name in ("a.w", "c.w"):
        _write(folder, name, samples)
    _write(folder, "short.w", samples[:1000])
    _write(tmp_path, "out.w", samples)
    lines = {
        "missing": _line("missing.w", samples, "LVZ"),
        "short": _line("short.w", samples, "LVZ"),
        "outside": _line("../out.w", samples, "LVZ"),
        "garbage": "not a row of a table",
        "coding": _line("a.w", samples, "LVZ").replace(" s4 ", " g2 "),
    }
    path = _database(folder, _line("a.w", samples), lines[wrong], _line("c.w", samples, "KBS"))
    items = list(read_records(path))
    records = [item for item in items if isinstance(item, NewRecord)]
    assert [item.waveform.station for item in records] == ["APA", "KBS"]
    assert all(np.array_equal(item.waveform.samples, samples) for item in records)
    (rejected,) = [item for item in items if isinstance(item, Rejection)]
    assert words.partition(";")[0] in rejected.reason


def test_a_database_of_continuous_data_is_cut_around_events(tmp_path):
    samples = noise(3 * 3600)
    _write(tmp_path, "day.w", samples)
    path = _database(tmp_path, _line("day.w", samples, rate_hz=20.0))
    rows = [(f"E{n}", moment(DAY, 3600 * n + 600), 67, 33, "earthquake") for n in range(3)]
    items = list(read_records(path, catalog=table(tmp_path / "c.csv", rows)))
    assert [item.event.event_id for item in items if isinstance(item, NewRecord)] == ["E0", "E1", "E2"]
    assert not [item for item in items if isinstance(item, Rejection)]
