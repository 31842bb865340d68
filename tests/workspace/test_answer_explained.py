"""An answer about a file that is in no study is explained as one about a record is."""

from pathlib import Path

import numpy as np
import pytest

from tests.records.making import mseed
from tests.workspace.day import hours, loud_events, trace
from trova_widgets import Workspace
from trova_widgets.errors import RecordError, StoreError


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two hours of record with two events, none of which is in the study."""
    events = loud_events()
    path = tmp_path_factory.mktemp("day") / "day.mseed"
    path.write_bytes(mseed(trace(hours({1800.0: events.earthquake, 4800.0: events.blast}))))
    return path


def test_each_event_of_hours_of_record_is_explained_by_its_own_excerpt(study: Workspace, day: Path):
    answers = study.classify([day])
    assert len(answers) == 2
    for place, answer in enumerate(answers.itertuples(index=False)):
        found = study.explain_file(day, place)
        assert found.record_id == "" and found.waveform.start_time_ns == answer.start_time.as_unit("ns").value
        onset_ns = answer.onset_time.as_unit("ns").value - found.waveform.start_time_ns
        assert found.onset_s == pytest.approx(onset_ns / 1e9)
        said = found.classes.set_index("event_class")
        assert set(said.index) == {"earthquake", "mine_blast", "quarry_blast"}
        assert all(picture.shape == (64, 64) and np.isfinite(picture).all() for picture in said["picture"])
    with pytest.raises(RecordError, match="has 2 answers"):
        study.explain_file(day, 2)


def test_a_record_of_the_study_is_explained_alike_by_its_file_and_by_its_name(study: Workspace):
    row = study.records().iloc[0]
    found = study.explain_file(study.path / "waveforms" / row["file_name"], int(row["trace_index"]))
    assert found.record_id == row["record_id"]
    by_name = study.explain(row["record_id"])
    assert found.classes["event_class"].tolist() == by_name["event_class"].tolist()
    np.testing.assert_array_equal(found.classes["picture"][0], by_name["picture"][0])


def test_a_file_that_is_gone_is_not_explained_from_memory(study: Workspace, day: Path, tmp_path: Path):
    copy = tmp_path / "day.mseed"
    copy.write_bytes(day.read_bytes())
    study.explain_file(copy, 1)
    copy.unlink()
    with pytest.raises(RecordError, match="not there any more"):
        study.explain_file(copy, 1)


def test_a_file_that_is_no_seismogram_has_nothing_to_explain(study: Workspace, tmp_path: Path):
    path = tmp_path / "words.mseed"
    path.write_bytes(b"no seismogram at all")
    (note,) = study.classify([path])["note"]
    with pytest.raises(RecordError) as told:
        study.explain_file(path)
    assert str(told.value) == note


def test_the_records_most_like_a_foreign_one_are_those_of_the_same_record_here(study: Workspace):
    row = study.records().iloc[3]
    waveform = study.waveform(row["record_id"])
    here = study.similar(row["record_id"], 5)
    given = {"onset_s": row["onset_s"], "cutoff_hz": row["cutoff_hz"]}
    assert study.similar_to(waveform, **given, count=5, besides=row["record_id"]).equals(here)
    # a foreign one may be equal to one that is here
    itself = study.similar_to(waveform, **given, count=1)
    assert (itself["record_id"][0], itself["similarity"][0]) == (row["record_id"], 1.0)


def test_without_any_fingerprint_nothing_is_similar(study: Workspace, tmp_path: Path):
    waveform = study.waveform(study.records()["record_id"].iloc[0])
    with (
        Workspace.create(tmp_path / "empty", recipe="article") as empty,
        pytest.raises(StoreError, match="compute fingerprints"),
    ):
        empty.similar_to(waveform, onset_s=30.0, cutoff_hz=1.0)
