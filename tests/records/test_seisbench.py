"""Data sets of SeisBench: what SeisBench reads of them (golden, see `make_seisbench_golden`), and hostile ones."""

import json
from collections import defaultdict
from pathlib import Path

import h5py
import numpy as np
import pandas
import pytest

from trova_widgets.records import AlreadyThere, NewRecord, Rejection, read_records
from trova_widgets.records.archives.seisbench import SeisBenchPart
from trova_widgets.records.archives.sources import sources

GOLDEN = Path(__file__).parent / "golden" / "seisbench"


def _expected(name: str) -> list[tuple[np.ndarray, dict]]:
    with np.load(GOLDEN / "expected.npz") as found:
        count = sum(key.startswith(f"{name}/") for key in found) // 2
        return [
            (found[f"{name}/{index}/samples"], json.loads(str(found[f"{name}/{index}/metadata"])))
            for index in range(count)
        ]


@pytest.mark.parametrize("name", ["whole", "chunked"])
def test_samples_times_and_events_are_those_that_seisbench_reads(name):
    traces = defaultdict(dict)
    for item in read_records(GOLDEN / name):
        assert isinstance(item, NewRecord), item
        traces[item.waveform.station][item.waveform.channel[-1]] = item
    expected = _expected(name)
    assert len(traces) == len(expected)
    for samples, row in expected:
        found = traces[row["station_code"]]
        for letter, component in zip("ZNE", samples, strict=True):
            item = found[letter]
            assert np.array_equal(item.waveform.samples, component)
            assert item.waveform.seed_id == ".".join(
                (
                    row["station_network_code"],
                    row["station_code"],
                    row["station_location_code"] if isinstance(row["station_location_code"], str) else "",
                    row["trace_channel"] + letter,
                )
            )
            assert item.waveform.start_time_ns == pandas.Timestamp(row["trace_start_time"]).as_unit("ns").value
            assert item.waveform.sampling_rate_hz == row["trace_sampling_rate_hz"]
            assert item.event.event_id == row["source_id"]
            assert item.event.event_type == row["source_type"]
            assert item.event.origin_time_ns == pandas.Timestamp(row["source_origin_time"]).as_unit("ns").value
            assert (item.event.latitude, item.event.magnitude) == (row["source_latitude_deg"], row["source_magnitude"])
            assert item.parameters["seisbench_split"] == ["train", "dev", "test"].index(row["split"])
            assert item.parameters["station_latitude"] == row["station_latitude_deg"]
    classes = {item.event_class for found in traces.values() for item in found.values()}
    assert classes - {None} == {"earthquake", "quarry_blast", "explosion"}


def test_a_second_import_adds_nothing_and_either_file_names_the_set():
    known = {item.file_hash for item in read_records(GOLDEN / "whole")}
    assert len(known) == 8
    assert {type(item) for item in read_records(GOLDEN / "whole", known_files=known)} == {AlreadyThere}
    both = [GOLDEN / "whole" / "metadata.csv", GOLDEN / "whole" / "waveforms.hdf5"]
    assert {item.file_hash for item in read_records(both)} == known
    (part,) = sources(both)
    assert isinstance(part, SeisBenchPart)
    assert (part.first, part.count) == (0, 8)


def make_set(folder: Path, rows: list[dict], fill) -> Path:
    """Write a data set by hand; `fill` puts what it likes into the open file."""
    folder.mkdir(exist_ok=True)
    known = {"trace_start_time": "2021-05-04T12:00:00Z", "trace_sampling_rate_hz": "100", "trace_channel": "HH"}
    pandas.DataFrame([known | row for row in rows]).to_csv(folder / "metadata.csv", index=False)
    with h5py.File(folder / "waveforms.hdf5", "w") as file:
        fill(file)
    return folder


def sound(file: h5py.File) -> None:
    file["data/a"] = np.random.default_rng(1).normal(size=(3, 2000)).astype(np.float32)
    file["data_format/component_order"] = "ZNE"
    file["data_format/dimension_order"] = "CW"


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"trace_name": "b"}, "which is not in the waveforms"),
        ({"trace_name": "../data_format/component_order"}, "which is not in the waveforms"),
        ({"trace_name": "a$0:2:1:1,:"}, "names the part"),
        ({"trace_name": "a$7,:9999"}, "cannot be read"),
        ({"trace_name": "a$__import__('os')"}, "names the part"),
        ({"trace_name": "a", "trace_sampling_rate_hz": "-1"}, "has no sampling rate above 0"),
        ({"trace_name": "a", "trace_start_time": "noon"}, "has 'noon' as time"),
        ({"trace_name": "a", "trace_start_time": ""}, "has no trace_start_time"),
        ({"trace_name": "a", "trace_component_order": "Z"}, "has 3 components and the order 'Z'"),
        ({"trace_name": "a$:,:0"}, "no samples"),
        ({"trace_name": ""}, "which is not in the waveforms"),
    ],
)
def test_a_row_that_does_not_fit_is_named_and_the_others_are_taken(tmp_path, row, words):
    items = list(read_records(make_set(tmp_path / "set", [row, {"trace_name": "a"}], sound)))
    (rejected,) = [item for item in items if isinstance(item, Rejection)]
    assert rejected.reason.startswith("Line 2 of the metadata")
    assert words in f"{rejected.reason} {rejected.way_out}"
    assert sum(isinstance(item, NewRecord) for item in items) == 3


def test_an_event_that_cannot_stand_costs_the_event_and_not_the_trace(tmp_path):
    row = {"trace_name": "a", "source_id": "e1", "source_latitude_deg": "999"}
    items = list(read_records(make_set(tmp_path / "set", [row], sound)))
    assert [item.event for item in items if isinstance(item, NewRecord)] == [None] * 3
    (rejected,) = [item for item in items if isinstance(item, Rejection)]
    assert "latitude 999.0" in rejected.reason


def test_a_long_station_code_survives(tmp_path):
    rows = [{"trace_name": "a", "station_network_code": "X1234", "station_code": "STATION7"}]
    items = list(read_records(make_set(tmp_path / "set", rows, sound)))
    assert {item.waveform.station for item in items} == {"STATION7"}
    assert {item.waveform.network for item in items} == {"X1234"}


SECRET = b"secret of another file " * 1000


def _external_link(file, outside):
    file["data/a"] = h5py.ExternalLink(str(outside / "other.hdf5"), "/data/a")


def _external_group(file, outside):
    file["data"] = h5py.ExternalLink(str(outside / "other.hdf5"), "/data")


def _soft_link(file, outside):
    file["hidden"] = np.ones((3, 2000))
    file["data/a"] = h5py.SoftLink("/hidden")


def _external_storage(file, outside):
    file.create_group("data").create_dataset("a", (3, 2000), "<i4", external=[(str(outside / "secret"), 0, 24_000)])


def _virtual(file, outside):
    layout = h5py.VirtualLayout((3, 2000), "<f8")
    layout[:] = h5py.VirtualSource(str(outside / "other.hdf5"), "data/a", (3, 2000))
    file.create_group("data").create_virtual_dataset("a", layout)


def _bomb(file, outside):
    # 8 GB of zeros that a chunk of a few bytes stands for
    file.create_group("data").create_dataset(
        "a", (3, 2**31 // 3), "<f4", chunks=(1, 2**28), compression="gzip", fillvalue=1
    )


def _texts(file, outside):
    file["data/a"] = np.array([b"=cmd()"] * 50)


def _nothing(file, outside):
    file["other"] = 1


def _group(file, outside):
    file.create_group("data/a/b")


@pytest.mark.parametrize(
    "fill",
    [_external_link, _external_group, _soft_link, _external_storage, _virtual, _bomb, _texts, _nothing, _group],
)
def test_an_array_that_is_not_the_files_own_is_refused(tmp_path, fill):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret").write_bytes(SECRET)
    with h5py.File(outside / "other.hdf5", "w") as other:
        sound(other)
    items = list(read_records(make_set(tmp_path / "set", [{"trace_name": "a"}], lambda file: fill(file, outside))))
    assert [type(item) for item in items] == [Rejection]
    assert items[0].path.name == "waveforms.hdf5"
    assert items[0].way_out.endswith(".")


@pytest.mark.parametrize("cut", [0, 7, 100, 900, 3000, 20_000])
def test_a_waveforms_file_that_is_cut_short_is_refused(tmp_path, cut):
    folder = make_set(tmp_path / "set", [{"trace_name": "a"}], sound)
    content = (folder / "waveforms.hdf5").read_bytes()
    (folder / "waveforms.hdf5").write_bytes(content[:cut])
    assert {type(item) for item in read_records(folder)} == {Rejection}


def test_metadata_without_traces_are_refused(tmp_path):
    folder = make_set(tmp_path / "set", [{"trace_name": "a"}], sound)
    (folder / "metadata.csv").write_text("name,value\na,1\n")
    (rejected,) = read_records(folder)
    assert "no column trace_name" in rejected.reason
    (folder / "metadata.csv").write_bytes(b"\xff\xfe\x00trace_name")
    assert [type(item) for item in read_records(folder)] == [Rejection]


def test_waveforms_without_metadata_are_told_from_other_files(tmp_path):
    folder = make_set(tmp_path / "set", [{"trace_name": "a"}], sound)
    (folder / "metadata.csv").unlink()
    (rejected,) = read_records(folder)
    assert "metadata.csv" in rejected.way_out
