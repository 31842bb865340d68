"""Files that come into a folder are answered once they are whole, and again when they change."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

import pytest

from trova_widgets import Workspace
from trova_widgets.workspace.incoming import settled_files


def handed_on(folder: Path, *between: Callable[[], object], new_only: bool = False) -> list[str]:
    """Return what is handed on while these things happen between the looks, and nothing does in the last two."""
    steps: Iterator[Callable[[], object]] = iter([*between, lambda: None, lambda: None])

    class Enough(Exception):
        pass

    def wait(_: float) -> None:
        step = next(steps, None)
        if step is None:
            raise Enough
        step()

    found = []
    with pytest.raises(Enough):
        for path in settled_files(folder, new_only=new_only, wait=wait):
            found.append(path.relative_to(folder).as_posix())
    return found


def write(path: Path, content: str, time_s: int = 1) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(content)
    os.utime(path, (time_s, time_s))


def test_a_file_is_waited_for_until_it_no_longer_grows_and_told_again_when_it_changes(tmp_path: Path) -> None:
    write(tmp_path / "old", "a")
    for name in (".hidden", "copy.part", "saved~", ".git/inside", "empty"):
        write(tmp_path / name, "" if name == "empty" else "x")
    grows = tmp_path / "deep" / "grows"
    happens = [
        lambda: write(grows, "a"),
        lambda: write(grows, "aa"),
        lambda: None,
        lambda: write(grows, "bb", time_s=2),
        lambda: (tmp_path / "old").unlink(),
        lambda: write(tmp_path / "old", "a"),
    ]
    assert handed_on(tmp_path, *happens) == ["old", "deep/grows", "deep/grows", "old"]


def test_what_is_there_already_may_be_left_out_until_it_changes(tmp_path: Path) -> None:
    write(tmp_path / "one", "a")
    write(tmp_path / "two", "a")
    assert handed_on(tmp_path, lambda: write(tmp_path / "two", "b", time_s=2), new_only=True) == ["two"]


def test_a_folder_is_watched_by_the_command_until_it_is_interrupted(study: Workspace, tmp_path: Path) -> None:
    known = sorted((study.path / "waveforms").rglob("*.mseed"))[:2]
    shutil.copy(known[0], tmp_path / "first.mseed")
    command = [sys.executable, "-m", "trova_widgets.cli", "classify", "--watch", str(tmp_path), "--json"]
    watching = subprocess.Popen(
        [*command, "--interval", "0.05", "-w", str(study.path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )

    def answer_of(name: str) -> dict[str, object]:
        """Wait for the first line about a file, which may have several records."""
        assert watching.stdout is not None
        return next(line for line in map(json.loads, watching.stdout) if Path(line["file"]).name == name)

    try:
        first = answer_of("first.mseed")
        (tmp_path / "bad.mseed").write_text("no seismogram at all")
        bad = answer_of("bad.mseed")
        shutil.copy(known[1], tmp_path / "second.mseed")
        second = answer_of("second.mseed")
        watching.send_signal(signal.SIGINT)
        _, said = watching.communicate(timeout=60)
    finally:
        watching.kill()
    assert first["event_class"] and bad["note"] and second["event_class"]
    assert watching.returncode == 0 and said.splitlines()[-1].startswith("3 files were answered")


def test_answers_of_a_folder_are_those_of_its_files(study: Workspace, tmp_path: Path) -> None:
    known = sorted((study.path / "waveforms").rglob("*.mseed"))[0]
    shutil.copy(known, tmp_path / "first.mseed")
    (table,) = islice(study.classify_folder(tmp_path, interval_s=0.001), 1)
    assert table.equals(study.classify(tmp_path / "first.mseed"))
