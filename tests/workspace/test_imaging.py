"""Fingerprints of many records at once: the same bits, on all cores, whatever is missing, killed or refused."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.fingerprinting.plain import plain_cutoff
from tests.workspace.conftest import TEACHING
from trova_widgets import FingerprintRecipe, WorkerPool, Workspace
from trova_widgets.errors import PlanError
from trova_widgets.fingerprinting import fingerprint, shifted_cutoffs, unpack
from trova_widgets.store import measured_value
from trova_widgets.workspace import imaging, record_groups

RECIPE = FingerprintRecipe()
FILES = sorted((TEACHING / "waveforms").glob("*.mseed"))


def silently(items, label, total=None):
    return items


def taught(folder: Path, files: list[Path]) -> Workspace:
    """Make a workspace with records and no fingerprints."""
    workspace = Workspace.create(folder, recipe="article")
    workspace.import_records(files, catalog=TEACHING / "catalog.xml", progress=silently)
    return workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """A workspace of twelve events, some forty records, without fingerprints."""
    with taught(tmp_path / "study", FILES[:12]) as workspace:
        yield workspace


def kept(workspace: Workspace) -> pd.DataFrame:
    return workspace._store.fingerprints().sort_values("fingerprint_id", ignore_index=True)


def test_the_bits_are_those_of_one_record_at_a_time(tmp_path: Path) -> None:
    """Every fourth event of the teaching set: cut-offs as numpy's own median finds them, five fingerprints of each."""
    with taught(tmp_path / "study", FILES[::4]) as workspace:
        report = workspace.compute_fingerprints(workers=3, progress=silently)
        records, fingerprints = workspace.records(), kept(workspace).set_index(["record_id", "variant"])
        assert report.computed == len(records) > 150 and not report.refused
        for _, row in records.iterrows():
            samples = workspace.waveform(row["record_id"]).samples
            found = plain_cutoff(samples, row["sampling_rate_hz"], RECIPE, measured_value(row, "onset_s"))
            assert (row["cutoff_hz"], row["cutoff_confidence"]) == (found.cutoff_hz, found.confidence)
            for variant, cutoff_hz in zip(RECIPE.variants, shifted_cutoffs(found.cutoff_hz), strict=True):
                alone = fingerprint(
                    samples,
                    row["sampling_rate_hz"],
                    RECIPE,
                    onset_s=measured_value(row, "onset_s"),
                    cutoff_hz=float(cutoff_hz),
                )
                one = fingerprints.loc[(row["record_id"], variant)]
                np.testing.assert_array_equal(unpack(one["bits"]), alone)
                assert one["cutoff_hz"] == cutoff_hz


def test_the_engine_gets_records_in_groups_and_several_threads_work(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    groups: list[int] = []
    threads = set()
    both = threading.Barrier(2, timeout=60)

    def made(group, **rest):
        groups.append(len(group.rows))
        threads.add(threading.get_ident())
        if len(groups) <= 2:
            both.wait()
        return compute(group, **rest)

    compute = imaging._made
    monkeypatch.setattr(imaging, "_made", made)
    monkeypatch.setattr(record_groups, "_RECORDS", 12)
    report = workspace.compute_fingerprints(workers=2, progress=silently)
    assert sum(groups) == report.computed and max(groups) >= 12
    assert len(threads) == 2 and threading.get_ident() not in threads


def test_processes_that_are_there_compute_the_same_and_are_left(workspace: Workspace, tmp_path: Path) -> None:
    recipe = FingerprintRecipe(selection="mad")
    with WorkerPool(2) as pool, taught(tmp_path / "other", FILES[:12]) as other:
        for each in (workspace, other):
            broken = each.path / "waveforms" / each.records()["file_name"].iloc[0]
            broken.write_bytes(b"not a seismogram any more")
        reports = [
            workspace.compute_fingerprints(recipe, progress=silently),
            other.compute_fingerprints(recipe, pool=pool, progress=silently),
        ]
        assert pool.submit(os.getpid).result() != os.getpid()
        assert reports[0].refused == reports[1].refused != {}
        assert reports[0].computed == reports[1].computed > 30
        assert kept(other).equals(kept(workspace))
        columns = ["record_id", "cutoff_hz", "cutoff_confidence"]
        assert other.records()[columns].equals(workspace.records()[columns])


@pytest.mark.skipif(sys.platform == "win32", reason="a process is killed by a signal")
def test_what_a_process_was_computing_that_died_is_computed_once_more(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(record_groups, "_RECORDS", 4)

    def killing(items, label, total=None):
        for number, item in enumerate(items):
            if number == 2:
                # it has others to compute by now
                os.kill(process, signal.SIGKILL)
            yield item

    with WorkerPool(1) as pool:
        process = pool.submit(os.getpid).result()
        report = workspace.compute_fingerprints(RECIPE, pool=pool, progress=killing)
        assert pool.submit(os.getpid).result() != process
    assert report.computed == len(workspace.records()) and not report.refused
    assert len(kept(workspace)) == 5 * report.computed


def test_what_is_missing_of_some_records_is_computed_and_nothing_else(workspace: Workspace) -> None:
    workspace.use_recipe(RECIPE)
    some = workspace.records()["record_id"].tolist()[5:20]

    def compute(cutoffs_hz: dict[str, float]) -> imaging.FingerprintReport:
        return imaging.compute_fingerprints(
            workspace._store, workspace._waveforms, RECIPE, None, silently, cutoffs_hz=cutoffs_hz
        )

    first = compute(dict.fromkeys(some, np.nan))
    assert (first.computed, first.already_there) == (15, 0)
    assert set(kept(workspace)["record_id"]) == set(some)
    # a data set has frozen another cut-off of theirs than the present one
    frozen = compute(dict.fromkeys(some[:5], 3.0))
    assert (frozen.computed, len(kept(workspace))) == (5, 5 * 20)
    assert compute(dict.fromkeys(some[:5], 3.0)).already_there == 5
    found = workspace.records().set_index("record_id")["cutoff_hz"].dropna()
    assert set(found.index) == set(some) and not (found == 3.0).all(), "what is frozen is not measured"
    whole = workspace.compute_fingerprints(progress=silently)
    assert (whole.computed, whole.already_there) == (len(workspace.records()) - 15, 15)


def test_killed_in_the_middle_it_keeps_what_is_stored_and_does_the_rest(tmp_path: Path) -> None:
    with taught(tmp_path / "study", FILES[:20]) as workspace:
        total = len(workspace.records())
    killed = subprocess.run(
        [sys.executable, "-m", "tests.workspace.test_imaging", str(tmp_path / "study")], check=False, timeout=300
    )
    assert killed.returncode == -signal.SIGKILL
    with Workspace.open(tmp_path / "study") as workspace:
        before = kept(workspace)
        there = before["record_id"].nunique()
        assert 20 <= there < total and len(before) == 5 * there
        report = workspace.compute_fingerprints(progress=silently)
        assert (report.computed, report.already_there) == (total - there, there)
        assert not workspace.check().findings
        after = kept(workspace)
    with taught(tmp_path / "whole", FILES[:20]) as other:
        other.compute_fingerprints(progress=silently)
        pd.testing.assert_frame_equal(after, kept(other))


def test_rows_do_not_wait_long_for_the_store(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a record takes long, a kill loses few of them."""
    monkeypatch.setattr(imaging, "_WAITS_S", 0.0)
    stored: list[int] = []

    def watched(items, label, total=None):
        for item in items:
            yield item
            stored.append(kept(workspace)["record_id"].nunique())

    workspace.compute_fingerprints(progress=watched)
    assert stored == list(range(1, len(workspace.records()) + 1))


def test_a_file_that_is_gone_is_told_of_its_records_alone(workspace: Workspace) -> None:
    records = workspace.records()
    lost = records["file_name"].iloc[0]
    (workspace.path / "waveforms" / lost).unlink()
    report = workspace.compute_fingerprints(progress=silently)
    assert set(report.refused) == set(records.loc[records["file_name"] == lost, "record_id"])
    assert report.computed == len(records) - len(report.refused)
    assert all("is missing from" in reason for reason in report.refused.values())


def test_one_record_that_is_refused_leaves_its_group_whole(workspace: Workspace) -> None:
    records = workspace.records()
    spoilt = records["record_id"].iloc[7]
    # so late that the window holds nothing of the record
    workspace.set_parameter(spoilt, "onset_s", 1e4, author="test")
    report = workspace.compute_fingerprints(progress=silently)
    assert set(report.refused) == {spoilt} and report.computed == len(records) - 1
    assert "The window lasts" in report.refused[spoilt] and "batch" not in report.refused[spoilt]
    assert kept(workspace)["record_id"].nunique() == len(records) - 1


def test_no_more_is_read_than_a_few_groups_ahead(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever takes the outcomes slowly does not fill the memory."""
    monkeypatch.setattr(record_groups, "_RECORDS", 1)
    read: list[str] = []

    def parse(name: str):
        read.append(name)
        return whole_file(name)

    whole_file = workspace._waveforms._read_file
    monkeypatch.setattr(workspace._waveforms, "_read_file", parse)
    rows = workspace.records()
    outcomes = record_groups.each_record(rows, workspace._waveforms, RECIPE, lambda group: group.samples, workers=1)
    first = next(outcomes)
    assert first.item is not None and len(read) <= 1 + record_groups._AHEAD < rows["file_name"].nunique()
    # nobody takes the rest: the threads end
    outcomes.close()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("trova-records")]
    assert len(read) < rows["file_name"].nunique()


def test_someone_must_compute(workspace: Workspace) -> None:
    with pytest.raises(PlanError, match="0 workers cannot run anything"):
        workspace.compute_fingerprints(workers=0)


def main() -> None:
    """Compute fingerprints in small transactions, and be killed in the middle."""
    imaging._BATCH = 20

    def deadly(items, label, total=None):
        for count, item in enumerate(items):
            if count == total // 2:
                assert "torch" not in sys.modules
                os.kill(os.getpid(), signal.SIGKILL)
            yield item

    with Workspace.open(sys.argv[1]) as workspace:
        workspace.compute_fingerprints(progress=deadly)


if __name__ == "__main__":
    main()
