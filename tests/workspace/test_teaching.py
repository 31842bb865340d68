"""The teaching set in a workspace: any number of events, none of them twice, the same ones as files."""

import os
import time
from pathlib import Path

import pytest

from tests.workspace.conftest import TEACHING, silently
from trova_widgets import WorkerPool, Workspace
from trova_widgets.cli import main
from trova_widgets.errors import RecordError

EVENTS = 193  # three more than travel with Trova
SEED = 5


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A workspace that has got the first six events, then the first part and three more."""
    with Workspace.create(tmp_path_factory.mktemp("teaching") / "study") as workspace:
        first = workspace.import_teaching_set(6, progress=silently)
        assert (first.events, first.already_there) == (6, 0)
        more = workspace.import_teaching_set(EVENTS, progress=silently)
        assert (more.events, more.already_there) == (EVENTS - 6, 6)
        assert (more.files.total, more.files.used, more.files.told) == (EVENTS, EVENTS, 0)
        yield workspace


def test_what_is_there_is_not_taken_in_again(grown: Workspace) -> None:
    before = grown.records()
    again = grown.import_teaching_set(EVENTS, progress=silently)
    assert (again.records, again.events, again.already_there) == (0, 0, EVENTS)
    assert grown.records().equals(before)


def test_the_first_part_is_the_one_that_travels_with_trova(grown: Workspace, tmp_path: Path) -> None:
    with Workspace.create(tmp_path / "study") as other:
        other.import_records(
            [TEACHING], catalog=TEACHING / "catalog.xml", stations=TEACHING / "stations.xml", progress=silently
        )
        # as a workspace of an earlier version has it: nothing of it is made or taken again
        assert other.import_teaching_set(190, progress=silently).already_there == 190
        columns = ["record_id", "event_id", "event_class", "station_latitude", "onset_s", "snr_db"]
        theirs = other.records()[columns].set_index("record_id").sort_index()
        ours = grown.records()[columns].set_index("record_id").sort_index()
        assert len(theirs) == 716
        assert ours.loc[theirs.index].equals(theirs)
        events = ["event_id", "origin_time", "latitude", "longitude", "depth_km", "magnitude", "event_type"]
        theirs, ours = (each.events()[events].set_index("event_id") for each in (other, grown))
        assert ours.loc[theirs.index].equals(theirs)


def test_a_lost_file_is_made_again(grown: Workspace) -> None:
    event_id = "xt0192"
    name = grown.records().set_index("event_id").loc[event_id, "file_name"].iloc[0]
    lost = grown.path / "waveforms" / name
    content = lost.read_bytes()
    lost.unlink()
    assert grown.import_teaching_set(EVENTS, progress=silently).records == 0
    assert lost.read_bytes() == content


def test_another_seed_stands_beside_it(grown: Workspace) -> None:
    report = grown.import_teaching_set(3, seed=SEED, progress=silently)
    assert (report.events, report.remarks, report.rejections) == (3, (), ())
    assert {"xt5-0001", "xt5-0003", "xt0001", "xt0193"} <= set(grown.events()["event_id"])


def test_processes_that_are_there_read_it_and_are_left(tmp_path: Path) -> None:
    with WorkerPool(1) as pool, Workspace.create(tmp_path / "study") as workspace:
        process, spent_s = pool.submit(os.getpid).result(), pool.submit(time.process_time).result()
        assert workspace.import_teaching_set(2, seed=SEED, pool=pool, progress=silently).events == 2
        assert pool.submit(os.getpid).result() == process
        assert pool.submit(time.process_time).result() > spent_s + 0.02


def test_a_set_that_cannot_be_made_is_refused(grown: Workspace) -> None:
    with pytest.raises(RecordError, match="ask for 1 to"):
        grown.import_teaching_set(0, progress=silently)


def test_the_command_line_writes_what_it_takes_in(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    study, folder = tmp_path / "study", tmp_path / "set"
    assert main(["init", str(study)]) == 0
    assert main(["teaching", "--events", "4", "--seed", str(SEED), "--folder", str(folder)]) == 0
    command = capsys.readouterr().out.strip().rpartition(": trova ")[2].split()
    assert main([*command, "-w", str(study)]) == 0
    with Workspace.open(study) as workspace:
        assert workspace.counts()["events"] == 4
        before = workspace.records()
    assert main(["teaching", "--events", "4", "--seed", str(SEED), "-w", str(study)]) == 0
    assert "4 there already" in capsys.readouterr().out
    with Workspace.open(study) as workspace:
        assert workspace.records().equals(before)
