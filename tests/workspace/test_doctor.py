"""What is wrong with a workspace is told, and mended without deleting anything that was stored."""

import os
import shutil
import time
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest

from tests.benchmarks.archives import make_archive
from tests.workspace.golden.make import opened
from tests.workspace.interrupting import contents
from trova_widgets import Workspace
from trova_widgets.cli import main
from trova_widgets.networks import weights_problem
from trova_widgets.space import TrialResult
from trova_widgets.workspace.doctor import CheckReport


def silently(items, label, total=None):
    return items


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("archive")
    make_archive(folder, 20)
    return folder


@pytest.fixture
def sound(archive: Path, tmp_path: Path) -> Workspace:
    with Workspace.create(tmp_path / "study", recipe="article") as workspace:
        workspace.import_records(archive, catalog=archive / "catalog.xml", progress=silently)
        yield workspace


def found(report: CheckReport) -> Counter[str]:
    return Counter(finding.kind for finding in report.findings)


def file_of(workspace: Workspace, place: int) -> Path:
    return workspace.path / "waveforms" / workspace.records()["file_name"][place]


def age(path: Path) -> None:
    an_hour_ago = time.time() - 3600
    os.utime(path, (an_hour_ago, an_hour_ago))


def test_a_sound_workspace_is_called_sound(sound: Workspace) -> None:
    for report in (sound.check(progress=silently), sound.repair(progress=silently)):
        assert report.is_sound and report.findings == ()
        assert report.files == 20 and "All is well" in str(report)
    assert not (sound.path / "quarantine").exists()


def test_files_without_rows_are_moved_and_kept(sound: Workspace) -> None:
    stray, fresh, partial = (
        sound.path / "waveforms" / name for name in ("ff/ff00.mseed", "ff/ff01.mseed", ".partial/1-x")
    )
    for path in (stray, fresh, partial):
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"bytes of " + path.name.encode())
    age(stray)
    age(partial)
    report = sound.check(progress=silently)
    assert found(report) == {"waveform file without a record": 1, "waveform file that was never finished": 1}
    assert not report.is_sound and stray.exists() and "trova doctor --repair" in str(report)
    repaired = sound.repair(progress=silently)
    assert repaired.is_sound and not stray.exists() and not partial.exists()
    assert fresh.exists(), "an import may be about to write its row"
    assert (repaired.quarantine / "waveforms" / "ff" / "ff00.mseed").read_bytes() == b"bytes of ff00.mseed"
    assert sound.check(progress=silently).findings == ()


def test_lost_and_damaged_files_come_back_with_their_archive(sound: Workspace, archive: Path) -> None:
    before = contents(sound.path)
    lost, damaged = file_of(sound, 3), file_of(sound, 7)
    lost.unlink()
    content = damaged.read_bytes()
    damaged.write_bytes(content[:2000] + bytes([content[2000] ^ 1]) + content[2001:])
    report = sound.check(progress=silently)
    assert found(report) == {"record whose waveform file is missing": 1, "waveform file whose content has changed": 1}
    repaired = sound.repair(progress=silently)
    assert not repaired.is_sound, "nobody can make up what a file held"
    assert "Import its archive again" in str(repaired)
    again = sound.import_records(archive, catalog=archive / "catalog.xml", progress=silently)
    assert (again.records, again.events) == (0, 0)
    assert sound.check(progress=silently).findings == ()
    assert contents(sound.path) == before


def test_rows_that_refer_to_nothing_are_set_aside(sound: Workspace) -> None:
    rows = sound._store._database.run
    event = sound.events()["event_id"][0]
    record = sound.records()["record_id"][15]
    measured = len(sound._store.parameters(record))
    rows(lambda c: c.execute("DELETE FROM event WHERE event_id = ?", [event]))
    rows(lambda c: c.execute("DELETE FROM record WHERE record_id = ?", [record]))
    report = sound.check(progress=silently)
    assert found(report) == {
        "row of record that refers to no event": 10,
        "row of label that refers to no event": 1,
        "row of parameter that refers to no record": measured,
        "row of measured that refers to no record": 1,
    }
    repaired = sound.repair(progress=silently)
    assert repaired.is_sound
    assert len(sound.records()) == 19 and sound.records()["event_id"].isna().sum() == 10
    kept = {path.stem: pd.read_csv(path, dtype=str) for path in repaired.quarantine.glob("*.csv")}
    assert set(kept["record-without-event"]["event_id"]) == {event}
    assert len(kept["parameter-without-record"]) == measured
    assert sound.check(progress=silently).findings == ()


def test_what_was_frozen_is_reported_and_left(tmp_path: Path) -> None:
    """Older data sets froze their fingerprints; newer ones have them computed again when they are wanted."""
    with Workspace.open(opened(tmp_path)) as workspace:
        assert workspace.check(progress=silently).findings == ()
        workspace._store._database.run(lambda c: c.execute("DELETE FROM fingerprint"))
        repaired = workspace.repair(progress=silently)
        assert set(found(repaired)) == {"row of dataset_member that refers to no fingerprint"}
        assert not repaired.is_sound and "restore the other row from a backup" in str(repaired)
        assert len(workspace._store.dataset_members(workspace.datasets()["dataset_id"][0])) > 0


def test_values_and_fingerprints_are_compared_with_what_they_come_from(study: Workspace, tmp_path: Path) -> None:
    shutil.copytree(study.path, tmp_path / "copy", ignore=shutil.ignore_patterns("clients", "owner.json"))
    with Workspace.open(tmp_path / "copy") as workspace:
        before = workspace.records()
        rows = workspace._store._database.run
        rows(lambda c: c.execute("DELETE FROM measured"))
        kept = workspace._store.fingerprints()
        rows(
            lambda c: c.execute(
                """INSERT INTO fingerprint SELECT 'wrong', record_id, recipe_id, variant, cutoff_hz, size, bits
                FROM fingerprint LIMIT 1"""
            )
        )
        repaired = workspace.repair(progress=silently)
        assert found(repaired) == {
            "record whose values are not those of its history": len(before),
            "fingerprint that is not what its identity says": 1,
        }
        assert repaired.is_sound
        pd.testing.assert_frame_equal(workspace.records(), before)
        pd.testing.assert_frame_equal(workspace._store.fingerprints(), kept)
        (row,) = pd.read_csv(repaired.quarantine / "fingerprint-of-another-identity.csv").itertuples(index=False)
        assert row.fingerprint_id == "wrong" and len(bytes.fromhex(row.bits)) == 512


def test_weights_are_those_that_their_trial_wrote(study: Workspace, tmp_path: Path) -> None:
    shutil.copytree(study.path, tmp_path / "copy", ignore=shutil.ignore_patterns("clients", "owner.json"))
    with Workspace.open(tmp_path / "copy") as workspace:
        cut, changed = sorted((workspace.path / "weights").glob("*.safetensors"))[:2]
        whole = changed.read_bytes()
        assert weights_problem(whole, changed.stem) is None
        cut.write_bytes(cut.read_bytes()[:-4])
        changed.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
        stray = workspace.path / "weights" / "nobody.safetensors"
        stray.write_bytes(whole)
        age(stray)
        repaired = workspace.repair(progress=silently)
        assert found(repaired) == {
            "file of weights of which it is no whole safetensors file": 1,
            "file of weights of which its numbers are no longer those that were written": 1,
            "file of weights without a finished trial": 1,
        }
        assert (repaired.quarantine / "weights" / stray.name).read_bytes() == whole


def test_a_killed_runner_s_journal_is_finished(sound: Workspace) -> None:
    (sound.path / ".trova" / "runs").mkdir(parents=True)
    result = TrialResult(trial_id="t0", state="finished", settings={"seed": 1}, finished_at_ns=5, quality=0.9)
    ((_, journal),) = [("first", sound._runs.journal("first"))]
    from trova_widgets.experiments import Journal

    Journal(journal).write(result)
    assert found(sound.check(progress=silently)) == {"unfinished journal of a run": 1}
    assert sound.repair(progress=silently).is_sound
    assert sound._store.trial("t0").quality == 0.9
    assert sound.check(progress=silently).findings == ()


def test_the_command_line_says_it_and_ends_accordingly(sound: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    here = ["-w", str(sound.path)]
    assert main(["doctor", *here]) == 0
    assert "All is well" in capsys.readouterr().out
    file_of(sound, 0).unlink()
    assert main(["doctor", *here]) == 1
    assert "1 x record whose waveform file is missing" in capsys.readouterr().out


def test_a_damaged_database_is_named(archive: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    study = tmp_path / "study"
    with Workspace.create(study, recipe="article") as workspace:
        workspace.import_records(archive, progress=silently)
    database = study / "trova.duckdb"
    content = bytearray(database.read_bytes())
    # every block behind the file's three headers, so that some block of a table is hit
    for place in range(3 * 4096 + 2000, len(content), 262_144):
        content[place] ^= 0xFF
    database.write_bytes(content)
    assert main(["doctor", "-w", str(study)]) == 1
    said = "".join(capsys.readouterr())
    assert "backup" in said and "Traceback" not in said
