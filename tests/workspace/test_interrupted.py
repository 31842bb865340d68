"""An import that is killed, or finds the disk full, and is begun again, leaves what one that ran through leaves."""

import os
import random
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.workspace.interrupting import (
    FILES,
    archive_with_a_cut_file,
    contents,
    importing,
    run_to_the_end,
)
from trova_widgets.store import stop_owner
from trova_widgets.workspace import Workspace

#: How many moments are tried; ``python -m tests.benchmarks.kills`` tries fifty.
KILLS = int(os.environ.get("TROVA_KILLS", "4"))
_SMALL_MB, _ROOMY_MB = 5, 200


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return archive_with_a_cut_file(tmp_path_factory.mktemp("archive"))


@pytest.fixture(scope="module")
def whole(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What an import that nothing interrupts leaves, with how long it took under ``seconds``."""
    study = tmp_path_factory.mktemp("whole") / "study"
    Workspace.create(study).close()
    started = time.monotonic()
    assert run_to_the_end(study, archive) == ""
    held = contents(study)
    assert len(held["record"]) == FILES - 1, "the file without its beginning is left out, the one without its end not"
    assert len(held["event"]) == len(held["label"]) == FILES // 10
    return held | {"seconds": time.monotonic() - started}


@pytest.mark.parametrize("workers", [1, 2])
def test_killed_and_begun_again(archive: Path, whole: dict[str, Any], tmp_path: Path, workers: int) -> None:
    moments = random.Random(workers)
    expected = {name: held for name, held in whole.items() if name != "seconds"}
    for number in range(KILLS // 2):
        study = tmp_path / f"study-{number}"
        Workspace.create(study).close()
        with importing(study, archive, workers) as process:
            time.sleep(moments.uniform(0, whole["seconds"]))
            process.kill()
        assert run_to_the_end(study, archive, workers) == ""
        assert contents(study) == expected


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk that is soon full; making one takes the rights of root."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={_SMALL_MB}m", "tmpfs", str(disk)],
        capture_output=True,
        text=True,
        check=False,
    )
    if mounted.returncode != 0:
        pytest.skip(f"no small disk can be mounted here: {mounted.stderr.strip()}")
    yield disk
    subprocess.run(["umount", "--lazy", str(disk)], check=True)


@pytest.mark.parametrize("workers", [1, 2])
def test_a_full_disk(archive: Path, whole: dict[str, Any], small_disk: Path, workers: int) -> None:
    study = small_disk / "study"
    Workspace.create(study).close()
    errors = run_to_the_end(study, archive, workers)
    assert errors.startswith("StoreError")
    assert "No space left" in errors or "disk is full" in errors
    assert "make room" in errors
    assert "Traceback" not in errors
    subprocess.run(["mount", "-o", f"remount,size={_ROOMY_MB}m", str(small_disk)], check=True)
    assert run_to_the_end(study, archive, workers) == ""
    assert contents(study) == {name: held for name, held in whole.items() if name != "seconds"}


def test_a_client_of_the_owner_imports_the_same(archive: Path, whole: dict[str, Any], tmp_path: Path) -> None:
    study = tmp_path / "study"
    with Workspace.create(study) as workspace:
        workspace._store.share()
        workspace.import_records(archive, catalog=archive / "catalog.xml", progress=lambda items, label, total: items)
    stop_owner(study)
    assert contents(study) == {name: held for name, held in whole.items() if name != "seconds"}


def test_a_cut_file_is_told_and_taken_in_when_it_is_whole(archive: Path, whole: dict[str, Any], tmp_path: Path) -> None:
    with Workspace.create(tmp_path / "study") as workspace:
        report = workspace.import_records(archive, catalog=archive / "catalog.xml")
        assert report.records == FILES - 1
        (rejection,) = report.rejections
        assert rejection.path == sorted(archive.rglob("*.mseed"))[70]
        again = workspace.import_records(archive, catalog=archive / "catalog.xml")
        assert (again.records, again.events, again.already_there) == (0, 0, FILES - 1)
        assert again.rejections == report.rejections
