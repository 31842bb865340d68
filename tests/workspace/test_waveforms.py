"""The folder of waveform files: whole or not there, and what a process that died was writing is told from the rest."""

from pathlib import Path

import pytest

from tests.workspace.conftest import TEACHING
from trova_widgets.errors import RecordError
from trova_widgets.processes import this_process
from trova_widgets.workspace import waveforms
from trova_widgets.workspace.waveforms import WaveformFolder

CONTENT = next(iter(sorted((TEACHING / "waveforms").glob("*.mseed")))).read_bytes()
NAME = "ab/abcd.mseed"


def test_what_processes_that_died_were_writing_goes_and_nothing_else(tmp_path: Path) -> None:
    this = this_process()
    assert this.began is not None
    names = {
        f"{this.pid}-{this.began}-mine.mseed": True,
        f"{this.pid}-{this.began - 100}-of-one-that-had-my-number.mseed": False,
        f"{this.pid}-0123.mseed": True,  # an older program noted the number alone
        "999999999-1.5-dead.mseed": False,
        "nobody.mseed": False,
    }
    for name in names:
        (tmp_path / ".partial").mkdir(exist_ok=True)
        (tmp_path / ".partial" / name).touch()
    WaveformFolder(tmp_path).forget_partials()
    assert {path.name for path in (tmp_path / ".partial").iterdir()} == {name for name, stays in names.items() if stays}


@pytest.mark.parametrize("at_once", [True, False])
def test_files_are_kept_whole_wherever_the_system_waits_for_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at_once: bool
) -> None:
    monkeypatch.setattr(waveforms, "_WRITES_OUT_AT_ONCE", at_once)
    folder = WaveformFolder(tmp_path / "waveforms")
    folder.keep(NAME, CONTENT)
    folder.settle()
    assert dict(folder.files()) == {NAME: tmp_path / "waveforms" / NAME}
    assert (tmp_path / "waveforms" / NAME).read_bytes() == CONTENT


def test_channels_of_a_file_come_with_those_that_are_not_there(tmp_path: Path) -> None:
    folder = WaveformFolder(tmp_path)
    folder.keep(NAME, CONTENT)
    first, none = folder.waveforms(NAME, [0, 99])
    assert not isinstance(first, RecordError) and (first.samples == folder.waveform(NAME, 0).samples).all()
    assert isinstance(none, RecordError) and "has no channel number 99" in str(none)
    lost = list(folder.waveforms("ff/ffff.mseed", [0, 1]))
    assert len(lost) == 2 and all("is missing from" in str(error) for error in lost)
