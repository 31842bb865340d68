"""Hours of one channel in files of their own: an event at an edge is cut once, out of both."""

from pathlib import Path

import numpy as np
import pytest

from tests.records.making import mseed, trace
from tests.workspace.archives import DAY, moment, noise, table
from trova_widgets.records import NewRecord, read_records

RATE_HZ = 20.0
HOUR = round(3600 * RATE_HZ)


def _hours(folder: Path, samples: np.ndarray, names: list[str], gap: int = 0, **header: object) -> None:
    folder.mkdir(exist_ok=True)
    for number, name in enumerate(names):
        part = samples[number * HOUR : (number + 1) * HOUR - gap]
        start = str(moment(DAY, 3600 * number))
        (folder / name).write_bytes(mseed(trace(part, start=start, sampling_rate=RATE_HZ, **header)))


def _cut(folder: Path, tmp_path: Path, *origins_s: float) -> dict[str, list[NewRecord]]:
    rows = [(f"E{origin}", moment(DAY, origin), 67, 33, "earthquake") for origin in origins_s]
    found: dict[str, list[NewRecord]] = {}
    for item in read_records(folder, catalog=table(tmp_path / "c.csv", rows)):
        if isinstance(item, NewRecord):
            found.setdefault(item.event.event_id, []).append(item)
    return found


@pytest.mark.parametrize("names", [["APA_08.mseed", "APA_09.mseed", "APA_10.mseed"], ["h8", "h9", "h10"]])
def test_an_event_at_an_edge_is_cut_out_of_both_files(tmp_path, names):
    samples = noise(3 * 3600, rate_hz=RATE_HZ)
    _hours(tmp_path / "data", samples, names)
    found = _cut(tmp_path / "data", tmp_path, 3590, 3600, 3640, 5000, 7100)
    assert {name: len(items) for name, items in found.items()} == dict.fromkeys(
        ["E3590", "E3600", "E3640", "E5000", "E7100"], 1
    )
    for name, (item,) in found.items():
        first = round((int(name[1:]) - 50) * RATE_HZ)
        assert np.array_equal(item.waveform.samples, samples[first : first + round(200 * RATE_HZ) + 1])
        assert item.waveform.gap_count == 0


def test_an_event_between_two_files_is_cut_once(tmp_path):
    _hours(tmp_path / "data", noise(2 * 3600, rate_hz=RATE_HZ), ["a1", "a2"], gap=round(20 * RATE_HZ))
    ((item,),) = _cut(tmp_path / "data", tmp_path, 3590).values()
    assert item.waveform.gap_s == pytest.approx(20, abs=0.1) and item.waveform.duration_s == pytest.approx(200, abs=0.1)


def test_other_channels_and_other_times_are_not_joined(tmp_path):
    samples = noise(2 * 3600, rate_hz=RATE_HZ)
    _hours(tmp_path / "data", samples, ["a1"])
    _hours(tmp_path / "data", samples, ["a2"], channel="BHN")
    (items,) = _cut(tmp_path / "data", tmp_path, 3590).values()
    assert [item.waveform.channel for item in items] == ["BHZ", "BHN"]
    assert {item.waveform.end_time_ns for item in items} == {moment(DAY, 3600).ns}
