"""What the command line prints."""

from pathlib import Path

import pandas as pd
import pytest

from trova_widgets.cli import main
from trova_widgets.cli.words import show
from trova_widgets.workspace.datasets import DatasetReport


def table() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "station": ["SYN01", "SYN02"],
            "start_time": pd.to_datetime(["2018-01-02 03:10:14.123456789"] * 2, utc=True),
            "snr_db": [12.345678901, None],
            "cell": pd.array([1, None], dtype="Int64"),
            "error": [None, None],
            "file_hash": ["a" * 64, "b" * 64],
        }
    )


def test_a_table_on_the_screen_is_short(capsys: pytest.CaptureFixture[str]) -> None:
    show(table(), None, ("station", "start_time", "snr_db", "cell", "error"))
    head, first, second, rest = capsys.readouterr().out.splitlines()
    assert head.split() == ["station", "start_time", "snr_db", "cell"]
    assert first.split() == ["SYN01", "2018-01-02", "03:10:14", "12.346", "1"]
    assert second.split() == ["SYN02", "2018-01-02", "03:10:14"]
    assert rest == "... and 1 more columns; --export FILE.csv writes everything."


def test_an_exported_table_has_everything(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    show(table(), tmp_path / "table.csv", ("station",))
    assert list(pd.read_csv(tmp_path / "table.csv").columns) == list(table().columns)
    assert pd.read_csv(tmp_path / "table.csv")["snr_db"][0] == 12.345678901


def test_an_empty_workspace_has_empty_tables(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init", str(tmp_path / "study")]) == 0
    assert main(["records", "-w", str(tmp_path / "study")]) == 0
    assert capsys.readouterr().out.endswith("The table is empty.\n")


def test_no_page_is_served_on_a_folder_that_is_no_workspace(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", "--no-browser", "--port", "0", "-w", str(tmp_path)]) == 1
    assert "is no workspace" in capsys.readouterr().err


def test_a_class_that_hardly_counts_in_a_split_is_named() -> None:
    counts = pd.DataFrame(
        {"training": [312, 2], "test": [56, 6], "validation": [32, 1], "all": [400, 9]},
        index=["earthquake", "explosion"],
    )
    counts.loc["all"] = counts.sum()
    report = DatasetReport(name="all", dataset_id="0", counts=counts, events=counts)
    assert len(report.cautions) == 1
    assert report.cautions[0].startswith("Few: 1 of explosion in validation.")
    assert report.cautions[0] in str(report)
