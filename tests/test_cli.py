"""What the command line prints."""

import os
from pathlib import Path

import pandas as pd
import pytest

from trova_widgets.cli import main
from trova_widgets.cli.common import show
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
    assert capsys.readouterr().out.endswith("take some in with: trova import\n")


def test_no_page_is_served_on_a_folder_that_is_no_workspace(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", "--no-browser", "--port", "0", "-w", str(tmp_path)]) == 1
    assert "is no workspace" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("records --export nowhere/table.csv", "name another file"),
        ("network x name=y", "'name' is no layer parameter; use --type"),
        ("network x dropoutLayer_5_probability=0.1 dropoutLayer_5_probability=0.2", "given twice"),
        ("network x =y", "'=y' sets nothing; write it as name=value."),
        ("network x convolution2dLayer_2_numFilter=3", "the nearest are convolution2dLayer_2_numFilters"),
        ("plan p --network n --dataset d a_1_b=1,2 a_1_b=3,4", "a_1_b is given twice"),
        ("serve --port 99999", "no port 99999"),
        ("fingerprint --set windows_s=3", "the nearest are window_s"),
        ("status first", "no experiment named 'first'; there is none yet"),
        ("import . --event-class Blast", "'Blast', expected lower-case letters"),
        ("classify pyproject.toml --network none", "There is no file pyproject.toml"),
        ("init .", "is a workspace already"),
    ],
)
def test_a_mistake_is_answered_by_a_sentence(
    words: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["init"]) == 0
    assert main(words.split()) == 1
    sentence = capsys.readouterr().err
    assert sentence.startswith("trova: ") and said in sentence and sentence.count("\n") == 1


def test_a_folder_that_is_no_workspace_is_told_with_the_command_that_makes_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["records", "-w", str(tmp_path)]) == 1
    assert f"make one with: trova init {tmp_path}" in capsys.readouterr().err


def test_what_has_no_name_may_stand_behind_the_options(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init", str(tmp_path / "study")]) == 0
    values = ["fullyConnectedLayer_2_outputSize=1024", "dropoutLayer_4_probability=0.1"]
    assert main(["network", "-w", str(tmp_path / "study"), "wide", "--type", "MLP", *values]) == 0
    capsys.readouterr()
    assert main(["show", "network", "wide", "-w", str(tmp_path / "study")]) == 0
    shown = capsys.readouterr().out
    assert "1024" in shown and "0.1" in shown


def test_the_formats_that_are_read_can_be_listed(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["import", "--formats"])
    said = capsys.readouterr().out
    assert ended.value.code == 0 and "miniSEED" in said and "Catalogues: QuakeML" in said


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


def test_what_is_about_a_catalogue_wants_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    study = str(tmp_path / "study")
    main(["init", study])
    for words, said in (
        (["events", "--columns", "origin_time=T"], "--columns is about a catalogue, and none is given"),
        (["events", "--report", "x.csv"], "--report is about a catalogue, and none is given"),
        (["import", str(tmp_path), "--columns", "origin_time=T"], "are those of a catalogue, and none is given"),
        (["import", str(tmp_path), "--report", str(tmp_path / "no" / "x.csv")], "there is no folder"),
        (["import", os.devnull], "is a pipe or a device"),
        (["classify", str(tmp_path)], "is a folder; name the files in it"),
    ):
        assert main([*words, "-w", study]) == 1
        assert said in capsys.readouterr().err, words
