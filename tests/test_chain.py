"""The whole chain on real records, by the command line alone: from an archive to a class for a file."""

import csv
from pathlib import Path

import pandas as pd
import pytest

from trova_widgets.cli import main

AXES = [
    "convolution2dLayer_2_filterSize=[2 : 2 : 4]",
    "convolution2dLayer_2_numFilters=[4:4:8]",
    "averagePooling2dLayer_6_poolSize=2, 4",
]


def test_from_an_archive_to_a_class(pnw_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = str(tmp_path / "study")
    here = ["-w", folder]

    def trova(*words: str) -> str:
        assert main(list(words)) == 0, capsys.readouterr().err
        return capsys.readouterr().out

    trova("init", folder)
    report = trova("import", str(pnw_folder), "--catalog", str(pnw_folder / "catalog.xml"), *here)
    assert "earthquake" in report and "explosion" in report
    trova("records", "--export", str(tmp_path / "records.csv"), *here)
    records = pd.read_csv(tmp_path / "records.csv")
    files = len(list((pnw_folder / "waveforms").glob("*.mseed")))
    assert files == 582
    beside = ["SOURCES.md", "records.csv"]
    assert records["file_name"].nunique() + _left_out(report) == files + len(beside)
    assert records["event_id"].nunique() == 46

    assert "records fingerprinted" in trova("fingerprint", *here)
    assert "none of them on two sides" in trova("dataset", "pnw", *here)
    trova("network", "base", *here)
    assert "8 cells, 8 can be built" in trova(
        "plan", "first", "--network", "base", "--dataset", "pnw", "--epochs", "1", *AXES, *here
    )
    trova("run", "first", *here)
    exported = tmp_path / "cells.csv"
    trova("results", "--export", str(exported), *here)
    with exported.open() as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == 8
    assert {row["state"] for row in rows} == {"finished"}
    assert all(0 <= float(row["quality"]) <= 1 and float(row["gradient"]) >= 0 for row in rows)

    waveform = pnw_folder / "waveforms" / "UO.BUCK..HHZ.20221006T232310.mseed"
    answer = tmp_path / "classes.csv"
    trova("classify", str(waveform), "--network", "base", "--export", str(answer), *here)
    named = pd.read_csv(answer)
    assert set(named["event_class"]) <= {"earthquake", "explosion"}
    assert named[["earthquake", "explosion"]].sum(axis=1).round(5).eq(1).all()


def _left_out(report: str) -> int:
    lines = [line for line in report.splitlines() if line.endswith("left out:")]
    return int(lines[0].split()[0]) if lines else 0
