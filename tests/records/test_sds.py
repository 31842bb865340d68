"""An archive in the SeisComP data structure: records of events as ObsPy's client of such archives cuts them."""

import numpy as np
import pytest

from tests.records.making import mseed, trace
from trova_widgets.records import AlreadyThere, NewRecord, Rejection, read_records
from trova_widgets.records.files.obspy_plugins import obspy_module

RATE_HZ = 20.0
# the third one is of 2021-01-01, the fourth's day has no file
EVENTS = {
    "midnight": "2020-12-31T23:59:30",
    "noon": "2020-12-31T12:00:00",
    "after": "2021-01-01T00:00:20",
    "evening": "2021-01-01T23:58:30",
}


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    """Two days of two channels, the second of which is missing on the first day."""
    root = tmp_path_factory.mktemp("sds")
    samples = np.random.default_rng(5).integers(-500, 500, size=2 * round(86_400 * RATE_HZ)).astype(np.int32)
    days = (("2020", "366", "2020-12-31T00:00:00", 0), ("2021", "001", "2021-01-01T00:00:00", 1))
    for channel in ("BHZ", "BHN"):
        for year, day, start, half in days:
            if (channel, half) == ("BHN", 0):
                continue
            folder = root / year / "IM" / "APA" / f"{channel}.D"
            folder.mkdir(parents=True)
            part = np.array_split(samples, 2)[half]
            one = trace(part, start=start, channel=channel, sampling_rate=RATE_HZ)
            (folder / f"IM.APA..{channel}.D.{year}.{day}").write_bytes(mseed(one))
    catalog = root / "catalog.csv"
    catalog.write_text("event_id,time\n" + "".join(f"{name},{time}\n" for name, time in EVENTS.items()))
    return root


def test_records_across_midnight_are_those_of_obspys_client(archive):
    client = obspy_module("obspy.clients.filesystem.sds").Client(str(archive))
    taken = [item for item in read_records(archive, catalog=archive / "catalog.csv") if isinstance(item, NewRecord)]
    found = {(item.event.event_id, item.waveform.channel): item.waveform for item in taken}
    assert len(found) == len(taken)
    assert found.keys() == {(name, "BHZ") for name in EVENTS} | {
        (name, "BHN") for name in ("midnight", "after", "evening")
    }
    for (name, channel), waveform in found.items():
        origin = obspy_module("obspy").UTCDateTime(EVENTS[name])
        (expected,) = client.get_waveforms("IM", "APA", "", channel, origin - 50, origin + 150).merge()
        assert np.array_equal(waveform.samples, expected.data)
        assert waveform.start_time_ns == expected.stats.starttime.ns
    assert found["midnight", "BHZ"].duration_s == pytest.approx(200, abs=0.1)
    # the day before is missing: from midnight on
    assert found["midnight", "BHN"].duration_s == pytest.approx(120, abs=0.1)
    assert found["evening", "BHZ"].duration_s == pytest.approx(140, abs=0.1)


def test_the_same_archive_again_adds_nothing(archive):
    first = {item.file_hash for item in read_records(archive, catalog=archive / "catalog.csv")}
    again = list(read_records(archive, catalog=archive / "catalog.csv", known_files=first))
    assert {type(item) for item in again} == {AlreadyThere}


def test_a_damaged_neighbour_shortens_the_record_and_is_told(archive, tmp_path):
    day, next_day = (
        archive / year / "IM" / "APA" / "BHZ.D" / f"IM.APA..BHZ.D.{year}.{day}"
        for year, day in (("2020", "366"), ("2021", "001"))
    )
    for path, content in ((day, day.read_bytes()), (next_day, b"\0" * 4096)):
        target = tmp_path / path.relative_to(archive)
        target.parent.mkdir(parents=True)
        target.write_bytes(content)
    items = list(read_records(tmp_path, catalog=archive / "catalog.csv"))
    durations = {item.event.event_id: item.waveform.duration_s for item in items if isinstance(item, NewRecord)}
    assert durations == {"noon": pytest.approx(200, abs=0.1), "midnight": pytest.approx(80, abs=0.1)}
    (rejected,) = [item for item in items if isinstance(item, Rejection)]
    assert rejected.path.name == next_day.name
