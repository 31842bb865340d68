"""A workspace on a disk or in a folder that may only be read opens for looking; a full disk is named."""

import contextlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.workspace.archives import record
from trova_widgets.disk import no_room
from trova_widgets.workspace import Workspace


def _as_a_stranger(folder: Path) -> list[str]:
    """Take the right to write in a folder away; return what a command wants before it to have none as root either."""
    for place, _, files in os.walk(folder):
        for path in (Path(place), *(Path(place, name) for name in files)):
            path.chmod(0o555 if path.is_dir() else 0o444)
    if os.getuid() != 0:
        return []
    if shutil.which("setpriv") is None:
        pytest.skip("root may write everywhere, and there is no setpriv to take that right")
    for place, folders, files in os.walk(folder):
        for name in (*folders, *files, "."):
            os.chown(Path(place, name), 65534, 65534)
    rights = "-dac_override,-dac_read_search,-fowner"
    return ["setpriv", f"--bounding-set={rights}", f"--inh-caps={rights}"]


def test_a_folder_that_may_only_be_read_opens_for_looking(tmp_path):
    study = tmp_path / "study"
    record(tmp_path / "data", "a.mseed")
    with Workspace.create(study) as workspace:
        workspace.import_records(tmp_path / "data")
    shutil.rmtree(study / ".trova")
    for folder in (tmp_path, *tmp_path.parents[:2]):
        folder.chmod(0o755)
    before = _as_a_stranger(study)
    script = "import sys; from trova_widgets.cli import main; sys.exit(main(sys.argv[1:]))"

    def trova(*words: str) -> subprocess.CompletedProcess[str]:
        command = [*before, sys.executable, "-c", script, *words, "-w", str(study)]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    looked = trova("records")
    assert looked.returncode == 0 and "APA" in looked.stdout
    assert "may only be read" in looked.stderr and "Traceback" not in looked.stderr
    # what would change it is refused once, and does not speak of a copy that is then not looked at
    for words in (
        ("import", str(tmp_path / "data")),
        ("events", "--catalog", "c.csv"),
        ("classes", "qb=quarry_blast"),
        ("plan", "p", "--network", "n", "--dataset", "d", "convolution2dLayer_2_filterSize=[3]"),
        ("doctor", "--repair"),
    ):
        changed = trova(*words)
        assert changed.returncode == 1 and "Copy it to a folder of your own" in changed.stderr
        assert changed.stderr.count("may only be read") == 1 and "What follows" not in changed.stderr
        assert "another process" not in changed.stderr


@pytest.fixture
def small_disk(tmp_path):
    """A disk of 48 MB, of which a file can take all that is left."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = shutil.which("mount")
    if os.name != "posix" or os.getuid() != 0 or mount is None:
        pytest.skip("only root may mount a small disk")
    if subprocess.run([mount, "-t", "tmpfs", "-o", "size=48m", "tmpfs", str(disk)], check=False).returncode != 0:
        pytest.skip("no disk can be mounted here")
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=True)


def _fill(disk: Path) -> Path:
    """Take all the room there is."""
    path = disk / "filling"
    with path.open("wb", buffering=0) as stream, contextlib.suppress(OSError):
        while stream.write(bytes(2**20)):
            pass
    return path


def _trova(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "import sys; from trova_widgets.cli import main; sys.exit(main(sys.argv[1:]))"]
    return subprocess.run([*command, *words], capture_output=True, text=True, check=False)


def test_on_a_full_disk_every_beginning_says_so_and_can_be_made_again(small_disk, filled_folder, tmp_path):
    study = shutil.copytree(filled_folder, small_disk / "kola")
    record(tmp_path / "data", "a.mseed")
    with Workspace.open(study) as workspace:
        workspace.compute_fingerprints()
        workspace.build_dataset("all", shares={"training": 0.5, "validation": 0.5})
        workspace.create_network("base")
        axes = {"convolution2dLayer_2_filterSize": "[3, 5]"}
        workspace.plan("first", network="base", dataset="all", axes=axes, epochs=1)
    beginnings = [
        ("init", str(small_disk / "new")),
        ("import", str(tmp_path / "data"), "-w", str(study)),
        ("run", "first", "-w", str(study)),
    ]
    filling = _fill(small_disk)
    for words in beginnings:
        done = _trova(*words)
        said = done.stderr.lower()
        assert done.returncode == 1 and "make room" in said, words
        assert "is full" in said or "no space left" in said, words
        assert "without a word" not in said and "backup" not in said, words
    filling.unlink()
    for words in beginnings[:2]:
        assert _trova(*words).returncode == 0, words


def test_a_disk_without_room_is_named(tmp_path, monkeypatch):
    assert no_room(tmp_path) == ""
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=3 * 1024))
    assert no_room(tmp_path) == f"The disk of {tmp_path} is full: 3 KiB are free; make room, then do it again."
    from trova_widgets.store import sharing

    (tmp_path / ".trova").mkdir()
    (tmp_path / ".trova" / "owner.log").touch()
    assert "is full: 3 KiB are free" in sharing._last_words(tmp_path)
