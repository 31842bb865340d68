import os
from collections import Counter

import numpy as np
import pytest

from tests.records.making import START, counts, mseed, trace, written
from trova_widgets.errors import RecordError
from trova_widgets.identity import identity_of_bytes
from trova_widgets.records import AlreadyThere, NewRecord, Rejection, read_records, read_waveforms
from trova_widgets.records.files.obspy_plugins import obspy_module

CATALOG = (
    "event_id,time,latitude,longitude,depth_km,event_type\n"
    "near,2021-05-04T12:00:15Z,67.6,33.7,0,quarry blast\n"
    "far,2021-05-04T12:00:18Z,60.0,33.7,0,earthquake\n"
    "late,2021-05-04T18:00:00Z,67.6,33.7,0,mining explosion\n"
)


@pytest.fixture
def archive(tmp_path):
    """Two stations in folders, notes, a duplicate, a hidden file, and a catalogue beside them."""
    folder = tmp_path / "archive"
    (folder / "2021" / "IM").mkdir(parents=True)
    (folder / "2021" / "IM" / "APA.mseed").write_bytes(mseed(trace(channel="BHZ"), trace(channel="BHN")))
    (folder / "2021" / "IM" / "LVZ.mseed").write_bytes(mseed(trace(counts(seed=2), station="LVZ")))
    (folder / "copy.mseed").write_bytes((folder / "2021" / "IM" / "LVZ.mseed").read_bytes())
    (folder / "notes.md").write_text("# Notes\n")
    (folder / ".hidden").write_bytes(b"x")
    (folder / "catalog.csv").write_text(CATALOG)
    return folder


def _taken(items) -> list[NewRecord]:
    return [item for item in items if isinstance(item, NewRecord)]


def test_a_folder_is_taken_in_whole_and_in_order(archive):
    seen = []
    items = list(
        read_records([archive], catalog=archive / "catalog.csv", progress=lambda count, path: seen.append(path.name))
    )
    assert [type(item) for item in items] == [NewRecord, Rejection, NewRecord, NewRecord, AlreadyThere]
    assert items[1].path.name == "notes.md"
    assert "is plain text, in none of the waveform formats" in items[1].reason
    assert seen == ["catalog.csv", "copy.mseed", "notes.md", ".hidden", "APA.mseed", "LVZ.mseed"]
    assert [item.trace_index for item in _taken(items)] == [0, 0, 1]
    for item in _taken(items):
        assert item.file_hash == identity_of_bytes(item.content) == identity_of_bytes(item.source_path.read_bytes())
        assert np.array_equal(read_waveforms(item.content)[item.trace_index].samples, item.waveform.samples)


def test_a_second_import_adds_nothing(archive):
    known = {item.file_hash for item in _taken(read_records([archive]))}
    again = list(read_records([archive], known_files=known))
    assert not _taken(again)
    assert sum(isinstance(item, AlreadyThere) for item in again) == 3


def test_without_a_catalogue_records_have_no_event(archive):
    for item in _taken(read_records(archive)):
        assert item.event is None
        assert item.event_class is None
        assert item.parameters["onset_s"] == pytest.approx(20, abs=0.3)


def test_a_given_class_makes_an_event_of_each_file(archive):
    items = _taken(read_records(archive / "2021", event_class="mine_blast"))
    assert {item.event_class for item in items} == {"mine_blast"}
    assert {item.event.event_id for item in items} == {f"file-{item.file_hash}" for item in items}
    assert {item.event.origin_time_ns for item in items} == {None}


def test_without_places_the_last_origin_before_the_onset_wins(archive):
    items = _taken(read_records(archive, catalog=archive / "catalog.csv"))
    assert {item.event.event_id for item in items} == {"far"}


def test_with_places_the_travel_time_decides(tmp_path):
    # 30 km from "near" and 850 km from "far": at the onset only the first can have arrived
    header = {"sac": {"stla": 67.6, "stlo": 33.0}}
    path = tmp_path / "APA.sac"
    path.write_bytes(written("SAC", trace(counts().astype(np.float32), **header), folder=tmp_path))
    (tmp_path / "catalog.csv").write_text(CATALOG)
    (item,) = _taken(read_records(path, catalog=tmp_path / "catalog.csv"))
    assert item.event.event_id == "near"
    assert item.event_class == "quarry_blast"
    assert item.parameters["station_latitude"] == pytest.approx(67.6)


def test_a_table_of_files_counts_more_than_time(archive):
    table = archive / "files.csv"
    table.write_text("file,event_id,event_type\n2021/IM/APA.mseed,e1,mining explosion\nLVZ.mseed,e2,unheard of\n")
    found = {item.source_path.name: item for item in _taken(read_records(archive / "2021", catalog=table))}
    assert (found["APA.mseed"].event.event_id, found["APA.mseed"].event_class) == ("e1", "mine_blast")
    assert (found["LVZ.mseed"].event.event_id, found["LVZ.mseed"].event_class) == ("e2", None)


def test_a_mapping_of_types_can_be_given(archive):
    items = _taken(read_records(archive, catalog=archive / "catalog.csv", class_mapping={"earthquake": "tectonic"}))
    assert {item.event_class for item in items} == {"tectonic"}


def test_the_headers_of_sac_name_the_event(tmp_path):
    header = {"kevnm": "BLAST 7", "o": 15.0, "evla": 67.6, "evlo": 33.7, "evdp": 0.2, "mag": 1.7, "ievtyp": 72}
    header |= {"nzyear": 2021, "nzjday": 124, "nzhour": 12, "nzmin": 0, "nzsec": 0, "nzmsec": 0, "imagtyp": 54}
    for channel in ("BHZ", "BHN"):
        one = trace(counts().astype(np.float32), channel=channel, sac=header)
        (tmp_path / f"{channel}.sac").write_bytes(written("SAC", one, folder=tmp_path))
    (tmp_path / "written").unlink()
    first, second = _taken(read_records(tmp_path))
    assert first.event == second.event
    assert first.event_class == "quarry_blast"
    assert first.event.origin_time_ns == obspy_module("obspy").UTCDateTime(START).ns + 15 * 10**9
    assert (first.event.magnitude_type, first.event.depth_km) == ("ml", pytest.approx(0.2))


@pytest.mark.parametrize(
    ("samples", "words"),
    [
        (np.full(4000, 2047, dtype=np.int32), "2047 throughout"),
        (counts(seconds=5, onset_s=2), "covers 5.0 s, less than 10"),
    ],
)
def test_dead_and_short_channels_are_rejected_one_by_one(tmp_path, samples, words):
    (tmp_path / "a.mseed").write_bytes(mseed(trace(samples, channel="BHE"), trace(channel="BHZ")))
    rejected, taken = read_records(tmp_path)
    assert words in rejected.reason
    assert rejected.way_out.endswith(".")
    assert (taken.trace_index, taken.waveform.channel) == (1, "BHZ")


def test_a_day_of_an_archive_gives_an_excerpt_of_each_event(tmp_path):
    day = np.random.default_rng(3).integers(-100, 100, size=8 * 3600 * 20).astype(np.int32)
    path = tmp_path / "IM.APA..BHZ.D.2021.124"
    path.write_bytes(mseed(trace(day, sampling_rate=20.0)))
    catalog = tmp_path / "catalog.csv"
    catalog.write_text(CATALOG.replace("far,2021-05-04T12:00:18Z", "far,2021-05-05T12:00:18Z"))
    near, late = _taken(read_records(path, catalog=catalog))
    assert (near.event.event_id, late.event.event_id) == ("near", "late")
    assert late.event_class == "mine_blast"
    assert late.waveform.duration_s == pytest.approx(200, abs=0.1)
    begin = round((late.waveform.start_time_ns - near.waveform.start_time_ns) / 1e9 * 20)
    assert begin > 0
    first = round((late.waveform.start_time_ns - obspy_module("obspy").UTCDateTime(START).ns) / 1e9 * 20)
    assert np.array_equal(late.waveform.samples, day[first : first + len(late.waveform.samples)])
    again = list(read_records(path, catalog=catalog, known_files={near.file_hash, late.file_hash}))
    assert [type(item) for item in again] == [AlreadyThere, AlreadyThere]

    catalog.write_text("event_id,time\nother,2001-01-01T00:00:00Z\n")
    (rejected,) = read_records(path, catalog=catalog)
    assert "8.0 hours in which the catalogue has no event" in rejected.reason
    (whole,) = read_records(path)
    assert len(whole.waveform.samples) == len(day)


def test_pipes_and_links_to_folders_are_passed_over(archive):
    os.mkfifo(archive / "pipe")
    (archive / "loop").symlink_to(archive, target_is_directory=True)
    assert len(_taken(read_records(archive))) == 3


def test_missing_paths_and_catalogues_are_named(tmp_path):
    with pytest.raises(RecordError, match=r"no file or folder .*missing; check the path"):
        list(read_records(tmp_path / "missing"))
    with pytest.raises(RecordError, match=r"catalogue .*missing\.xml cannot be opened"):
        list(read_records(tmp_path, catalog=tmp_path / "missing.xml"))


def test_the_real_records_come_in_with_their_events(pnw_folder):
    items = list(read_records(pnw_folder, catalog=pnw_folder / "records.csv"))
    taken = _taken(items)
    assert len(taken) == 585
    assert Counter(item.event_class for item in taken) == {"earthquake": 493, "explosion": 92}
    assert len({item.event.event_id for item in taken}) == 46
    rejected = sorted(item.path.name for item in items if isinstance(item, Rejection))
    assert rejected == ["SOURCES.md", "UW.VFP..EHZ.20210912T183517.mseed", "catalog.xml"]
    (gapped,) = (item for item in taken if item.waveform.gap_count)
    assert gapped.source_path.name.startswith("UW.PRIN")
    assert gapped.parameters["gap_s"] == pytest.approx(18.1, abs=0.1)
    slow = [item for item in taken if item.waveform.sampling_rate_hz <= 1]
    assert slow
    assert all("onset_s" not in item.parameters for item in slow)

    by_table = {(item.file_hash, item.trace_index): item.event.event_id for item in taken}
    by_time = _taken(read_records(pnw_folder, catalog=pnw_folder / "catalog.xml"))
    wrong = [
        item for item in by_time if item.event and item.event.event_id != by_table[item.file_hash, item.trace_index]
    ]
    missed = [item.source_path.name for item in by_time if item.event is None]
    assert not wrong
    # its thirty seconds end twenty seconds before the origin
    assert missed == ["CC.HIYU..BHZ.20190923T172735.mseed"]
