"""Hostile inputs: each is refused or taken in with a clear word, and none crashes the import, executes or escapes."""

import os
import re
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas
import pytest

from tests.hostile import contents, names, texts
from tests.hostile.making import Given, sound
from trova_widgets import Workspace
from trova_widgets.cli import main
from trova_widgets.errors import TrovaError
from trova_widgets.records.catalogues.sheets import marked_frame

FAMILIES = (
    contents.pickles,
    contents.noise,
    contents.truncated,
    contents.mislabelled,
    contents.huge_counts,
    names.names,
    names.paths,
    texts.bombs,
    texts.texts,
    texts.tables,
    texts.archives,
)
INPUTS = [hostile for family in FAMILIES for hostile in family()]

#: How long any one of them may keep an import busy on a slow machine that has other things to do, s.
PATIENCE_S = 120
KEPT = re.compile(r"[0-9a-f]{2}/[0-9a-f]{20}(\.[a-z0-9]{1,10})?")
CODE = re.compile(r"[A-Za-z0-9.\-]{0,20}")


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """One workspace that all of them are taken into."""
    with Workspace.create(tmp_path_factory.mktemp("house") / "study") as workspace:
        yield workspace


def test_there_are_two_hundred_of_them_and_each_is_another_one():
    assert len(INPUTS) >= 200
    assert len({hostile.name for hostile in INPUTS}) == len(INPUTS)


@pytest.mark.parametrize("number", range(len(INPUTS)), ids=[hostile.name for hostile in INPUTS])
def test_it_is_refused_or_taken_in_clearly(number: int, study: Workspace, tmp_path: Path):
    hostile = INPUTS[number]
    archive, sprung = tmp_path / "archive", tmp_path / "sprung"
    archive.mkdir()
    (archive / "zz-sound.mseed").write_bytes(sound(5000 + number))
    given = hostile.write(archive, sprung) or Given()
    around = _seen(tmp_path)
    known = set(study.records()["record_id"])

    started = time.monotonic()
    try:
        report = study.import_records(list(given.paths) or archive, catalog=given.catalog, stations=given.stations)
    except TrovaError as error:
        # a catalogue or an inventory is refused as a whole: nothing can be matched without it
        assert given.catalog or given.stations, error
        assert len(str(error)) > 40 and str(error).endswith(".")
        report = study.import_records(archive / "zz-sound.mseed")
    assert time.monotonic() - started < PATIENCE_S

    assert not sprung.exists()
    assert _seen(tmp_path) == around
    records = study.records()
    new = records[~records["record_id"].isin(known)]
    assert f"S{5000 + number:04d}" in set(new["station"]), report
    for rejection in report.rejections:
        assert rejection.reason.endswith(".") and rejection.way_out.endswith("."), rejection
        assert rejection.path.name
    rejected = {rejection.path for rejection in report.rejections}
    # the samples of a pair of files go with their headers
    silent = {path for path in _files(archive) - rejected if path.suffix != ".w"}
    silent -= {given.catalog, given.stations, archive / "zz-sound.mseed"}
    assert not silent or len(new) > 1, silent
    assert all(line.isprintable() for line in str(report).split("\n")), report
    str(report).encode()
    for row in new.itertuples():
        assert KEPT.fullmatch(row.file_name)
        assert all(CODE.fullmatch(code) for code in (row.network, row.station, row.location, row.channel))
        assert np.isfinite(study.waveform(row.record_id).samples).all()


def _seen(folder: Path) -> set[tuple[str, int]]:
    """Everything around the archive, with the times of the last changes."""
    found = set()
    for name, folders, files in os.walk(folder):
        for entry in (*folders, *files):
            path = os.path.join(name, entry)  # noqa: PTH118 - a name may be no text
            found.add((path, os.lstat(path).st_mtime_ns))
    return found


def _files(archive: Path) -> set[Path]:
    """What the archive holds on its first floor, and is no folder."""
    return {path for path in archive.iterdir() if not path.is_dir()}


def test_what_came_in_is_only_text_everywhere(study: Workspace, tmp_path: Path, capsys):
    """After all of them: the folder holds what it should, and no table has a formula in it."""
    inside = {path.relative_to(study.path / "waveforms").as_posix() for path in _all_files(study.path / "waveforms")}
    assert {name for name in inside if not KEPT.fullmatch(name)} == set()
    records = study.records()
    assert inside == set(records["file_name"])
    frame = study.events()
    assert (frame["event_id"].str.startswith("=")).any()
    for table in (records, frame, study.labels()):
        exported = tmp_path / "table.csv"
        marked_frame(table).to_csv(exported, index=False)
        for column in pandas.read_csv(exported, dtype=str, na_filter=False).items():
            assert not any(value.startswith(("=", "+", "@", "\t")) for value in column[1]), column[0]
    study.close()
    assert main(["events", "-w", str(study.path)]) == 0
    assert main(["events", "-w", str(study.path), "--export", str(tmp_path / "events.csv")]) == 0
    assert "\n=" not in (tmp_path / "events.csv").read_text()
    assert "\x1b" not in capsys.readouterr().out


def _all_files(folder: Path) -> set[Path]:
    return {path for path in folder.rglob("*") if path.is_file()}
