"""The whole chain by the command line alone: from an archive of files and a catalogue to a class for a file."""

import csv
from pathlib import Path

import pandas as pd
import pytest

from tests.synthetic_archive import make_archive
from trova_widgets.cli import main
from trova_widgets.fingerprinting import recipe_named

AXES = [
    "convolution2dLayer_2_filterSize=[2 : 2 : 4]",
    "convolution2dLayer_2_numFilters=[4:4:8]",
    "averagePooling2dLayer_6_poolSize=2, 4",
]
COUNT = 110
CLASSES = ["earthquake", "mine_blast", "quarry_blast"]


def test_from_an_archive_to_a_class(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    archive = make_archive(tmp_path / "archive", COUNT, seed=5)
    folder = str(tmp_path / "study")
    here = ["-w", folder]

    def trova(*words: str) -> str:
        assert main(list(words)) == 0, capsys.readouterr().err
        return capsys.readouterr().out

    trova("init", folder)
    given = ["--catalog", str(archive.catalog), "--stations", str(archive.stations)]
    report = trova("import", str(archive.folder), *given, *here)
    assert f"{COUNT} records of {len(archive.events)} new events taken in" in report
    assert "2 left out:" in report and all(path.name in report for path in archive.unreadable)
    trova("records", "--export", str(tmp_path / "records.csv"), *here)
    records = pd.read_csv(tmp_path / "records.csv")
    assert records.groupby("event_id")["event_class"].first().to_dict() == archive.events
    assert records[["station_latitude", "station_longitude", "onset_s"]].notna().all(axis=None)

    variants = COUNT * len(recipe_named("signed").variants)
    assert f"{COUNT} records fingerprinted ({variants} variants)" in trova("fingerprint", *here)
    assert "none of them on two sides" in trova("dataset", "all", "--folds", "2", *here)
    trova("network", "base", *here)
    assert "8 cells, 8 can be built" in trova(
        "plan", "first", "--network", "base", "--dataset", "all", "--epochs", "1", *AXES, *here
    )
    trova("run", "first", *here)
    exported = tmp_path / "cells.csv"
    trova("results", "--export", str(exported), *here)
    with exported.open() as stream:
        rows = list(csv.DictReader(stream))
    # every cell is trained on the first fold, and those that may be the best on the second
    assert len(rows) == 16
    assert {row["state"] for row in rows if row["fold"] == "0"} == {"finished"}
    finished = [row for row in rows if row["state"] == "finished"]
    assert all(0 <= float(row["quality"]) <= 1 for row in finished)

    # an event that the study has never seen
    new = make_archive(tmp_path / "new", 5, seed=6)
    waveform = min(new.folder.glob("*/*.mseed"))
    answer = tmp_path / "classes.csv"
    trova("classify", str(waveform), "--network", "base", "--export", str(answer), *here)
    named = pd.read_csv(answer)
    assert len(named) >= 3 and named["record_id"].isna().all()
    assert named[CLASSES].sum(axis=1).round(5).eq(1).all()
    assert named["event_class"].tolist() == named[CLASSES].idxmax(axis=1).tolist()
