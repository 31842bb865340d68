"""Tables of results for other tools: everything is in them, the three kinds say the same, and text stays text."""

import io
import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import polars
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workspace.golden.make import opened
from trova_widgets import Workspace
from trova_widgets.cli import main
from trova_widgets.errors import PlanError, StoreError
from trova_widgets.experiments import DEVELOPMENT
from trova_widgets.space import TrialResult
from trova_widgets.store.connection import Connection
from trova_widgets.workspace.result_tables import ResultTables
from trova_widgets.workspace.table_files import csv_bytes, xlsx_bytes

POOL = "averagePooling2dLayer_6_poolSize"
FOLDS = 3
FORMULAS = ('=HYPERLINK("http://127.0.0.1:1")', "+1+1", "-2+3", "@SUM(A1:A9)", "\t=1+1", "'=1+1", " =1")
NUMBER = re.compile(r"-[0-9.]+(e-?[0-9]+)?")
STARTS = ("=", "+", "-", "@", "\t")


@pytest.fixture(scope="module")
def folder(study: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study with two experiments: ``first`` on one split, ``folds`` on three folds."""
    folder = tmp_path_factory.mktemp("folds") / "study"
    shutil.copytree(study.path, folder, ignore=shutil.ignore_patterns("clients", "owner.json"))
    with Workspace.open(folder) as workspace:
        workspace.build_dataset("folded", folds=FOLDS)
        workspace.plan("folds", network="base", dataset="folded", axes={POOL: "4, 8"}, epochs=1)
        workspace.run_here("folds", race=False)
    return folder


@pytest.fixture(scope="module")
def folded(folder: Path) -> Iterator[Workspace]:
    with Workspace.open(folder) as workspace:
        yield workspace


@pytest.fixture(scope="module")
def hostile(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """A study from elsewhere whose names are formulas, with an experiment of failed and planned trials."""
    copy = tmp_path_factory.mktemp("hostile") / "study"
    shutil.copytree(folder, copy, ignore=shutil.ignore_patterns("clients", "owner.json"))
    with Workspace.open(copy) as workspace:
        workspace.plan("second", network="base", dataset="folded", axes={POOL: "4, 8"}, seeds=3, epochs=2)
        trials = workspace.trials("second")
        settings_of = workspace.trial(workspace.trials("folds")["trial_id"].iloc[0]).result.settings
        workspace._store.add_trials(
            [
                TrialResult(
                    trial_id=trial_id, state="failed", settings=settings_of, finished_at_ns=1 + number, error=text
                )
                for number, (trial_id, text) in enumerate(zip(trials["trial_id"], FORMULAS, strict=False))
            ]
        )

        def rename(connection: Connection) -> None:
            for table, name in zip(("experiment", "dataset", "network"), FORMULAS, strict=False):
                connection.execute(f"UPDATE {table} SET name = ? WHERE name IN ('second', 'folded', 'base')", [name])
            connection.execute("UPDATE dataset SET classes = ? WHERE name = ?", [json.dumps(FORMULAS[:3]), FORMULAS[1]])
            for old, new in zip(("earthquake", "mine_blast", "quarry_blast"), FORMULAS, strict=False):
                connection.execute("UPDATE dataset_member SET event_class = ? WHERE event_class = ?", [new, old])

        workspace._store._database.write("test", rename)
        yield workspace


def sheet_of(content: bytes, name: str) -> pd.DataFrame:
    """Read a sheet as another tool does; all cells of text are texts, none a formula."""
    rows = list(openpyxl.load_workbook(io.BytesIO(content))[name].iter_rows())
    assert not any(cell.data_type == "f" for row in rows for cell in row)
    head, *body = [[cell.value for cell in row] for row in rows]
    return pd.DataFrame(body, columns=head)


def parquet_of(content: bytes) -> pd.DataFrame:
    return pd.DataFrame(polars.read_parquet(content).to_dict(as_series=False))


def same(found: pd.DataFrame, expected: pd.DataFrame) -> bool:
    """Tell whether a table that came back has the same columns, numbers, truths and texts."""
    assert list(found.columns) == list(expected.columns)
    for name in expected:
        mine, theirs = expected[name], found[name]
        assert theirs.isna().tolist() == mine.isna().tolist(), name
        mine, theirs = mine.dropna(), theirs.dropna()
        if mine.dtype.kind == "M":
            apart = pd.to_datetime(theirs, utc=True).dt.as_unit("ns") - mine.dt.as_unit("ns")
            assert (apart.abs() <= pd.Timedelta("1ms")).all(), name
        elif mine.dtype.kind == "f":
            assert np.allclose(theirs.astype(float), mine, rtol=1e-12), name
        else:
            assert theirs.tolist() == mine.tolist(), name
    return True


@pytest.mark.parametrize(("experiment", "dataset"), [("first", "small"), ("folds", "folded")])
def test_every_setting_figure_interval_and_origin_is_in_it(folded: Workspace, experiment: str, dataset: str) -> None:
    found = folded.results(experiment)
    trials = found.tables.trials
    assert set(trials["trial_id"]) == set(found.table["trial_id"])
    plan = folded.experiment_plan(experiment)
    assert set(plan.space) <= set(trials)
    for _, mine in trials[trials["state"] == "finished"].iterrows():
        kept = folded.trial(mine["trial_id"]).result
        assert {name: mine[name] for name in kept.settings} == dict(kept.settings)
        assert (mine["quality"], mine["loss"], mine["seconds"]) == (kept.quality, kept.loss, kept.seconds)
        assert mine["holdout"] == kept.scores["holdout"] and mine["training_accuracy"] == kept.scores["training"]
        counts = mine[[name for name in trials if name.startswith("confusion.")]]
        assert counts.tolist() == np.ravel(kept.confusion).tolist()
        assert mine["finished_at"].value == kept.finished_at_ns
        assert mine["version_torch"] == kept.versions["torch"] and mine["version_device"] == kept.versions["device"]
        assert (mine["experiment"], mine["dataset"], mine["network"]) == (experiment, dataset, "base")
    best = trials[trials["cell_taken"].fillna(False).astype(bool)]
    assert set(best[POOL]) == {found.best.cell[POOL]}
    assert (best["cell_repeats"] == found.best.repeats).all() and (best["cell_quality"] == found.best.quality).all()


def test_the_figures_of_a_cell_are_those_of_the_results(folded: Workspace) -> None:
    found = folded.results("folds")
    cells = found.tables.cells.set_index("cell").sort_index()
    low, high = found.intervals
    assert np.array_equal(cells["cell_quality"], found.grid.mean.ravel())
    assert np.array_equal(cells["cell_quality_low"], low.ravel()) and np.array_equal(cells["cell_quality_high"], high)
    assert (cells["cell_quality_low"] <= cells["cell_quality"]).all()
    assert cells["cell_in_confidence_set"].tolist() == found.indistinct.ravel().tolist()
    assert np.allclose(cells["cell_accuracy"], cells["cell_quality"])
    members = folded._store.dataset_members(folded._store.dataset("folded").dataset_id)
    told = int((members["split"] == DEVELOPMENT).sum())
    matrix = cells[[name for name in cells if name.startswith("cell_confusion.")]]
    assert (cells["cell_repeats"] == FOLDS).all()
    assert (matrix.sum(axis=1) == told).all(), "each record is told once by every cell"


@pytest.mark.parametrize("experiment", ["first", "folds"])
def test_the_three_kinds_say_the_same(folded: Workspace, experiment: str) -> None:
    tables = folded.results(experiment).tables
    assert same(sheet_of(tables.to_bytes(".xlsx"), "trials"), tables.trials)
    assert same(sheet_of(tables.to_bytes(".xlsx"), "cells"), tables.cells)
    assert same(parquet_of(tables.to_bytes(".parquet")), tables.trials)
    read = pd.read_csv(io.BytesIO(tables.to_bytes(".csv")), parse_dates=["finished_at", "planned_at"])
    # an empty text and no text look alike there
    texts = [name for name in tables.trials if tables.trials[name].dtype == "string"]
    read[texts] = read[texts].astype(object).fillna("")
    assert same(read, tables.trials.assign(**{name: tables.trials[name].fillna("") for name in texts}))


@pytest.mark.parametrize("experiment", ["first", "folds"])
def test_each_column_is_explained(folded: Workspace, experiment: str) -> None:
    tables = folded.results(experiment).tables
    explained = tables.columns.set_index("column")
    assert set(explained.index) == {*tables.trials, *tables.cells}
    assert explained["meaning"].str.endswith(".").all()
    assert explained["unit"]["seconds"] == "s" and explained["unit"]["fingerprint.window_s"] == "s"
    notes = polars.read_parquet_metadata(io.BytesIO(tables.to_bytes(".parquet")))
    assert notes["cell_quality"] == explained["meaning"]["cell_quality"]


def test_formulas_in_names_and_errors_stay_texts(hostile: Workspace) -> None:
    tables = hostile.results(FORMULAS[0]).tables
    failed = tables.trials[tables.trials["state"] == "failed"].sort_values("finished_at")
    assert failed["error"].tolist() == list(FORMULAS)
    assert set(tables.trials["dataset"]) == {FORMULAS[1]} and set(tables.trials["network"]) == {FORMULAS[2]}
    assert f"confusion.{FORMULAS[0]}.{FORMULAS[1]}" in tables.trials
    for name in ("trials", "cells", "columns"):
        assert same(sheet_of(tables.to_bytes(".xlsx"), name), tables[name])
        assert same(parquet_of(tables.to_bytes(".parquet", name)), tables[name])
        for column in pd.read_csv(io.BytesIO(tables.to_bytes(".csv", name)), dtype=str, na_filter=False).items():
            begun = [text for text in (column[0], *column[1]) if text.startswith(STARTS)]
            assert all(NUMBER.fullmatch(text) for text in begun), column[0]
    assert tables.trials["cell_quality"].isna().all() and tables.trials["cell_taken"].isna().all()
    assert not tables.trials[[POOL, "training.epochs", "fold", "seed"]].isna().any(axis=None)


def test_names_that_are_formulas_in_figures(hostile: Workspace) -> None:
    tables = hostile.results("folds").tables
    assert f"cell_confusion.{FORMULAS[0]}.{FORMULAS[1]}" in tables.cells
    assert same(sheet_of(tables.to_bytes(".xlsx"), "cells"), tables.cells)


@settings(max_examples=30)
@given(st.lists(st.text(st.characters(exclude_categories=("Cc", "Cs"), exclude_characters="￾￿")), min_size=1))
def test_any_text_comes_back_from_a_sheet_as_a_text(texts: list[str]) -> None:
    frame = pd.DataFrame({"text": pd.array([*texts, *FORMULAS], dtype="string"), "=1": 1.5})
    sheet = sheet_of(xlsx_bytes({"trials": frame}), "trials")
    assert sheet["text"].fillna("").tolist() == frame["text"].tolist()
    assert list(sheet) == ["text", "=1"] and set(sheet["=1"]) == {1.5}


def test_a_text_or_a_table_that_no_sheet_holds() -> None:
    sheet = sheet_of(xlsx_bytes({"trials": pd.DataFrame({"text": ["a" * 40_000]})}), "trials")
    assert sheet["text"][0] == "a" * 32_766 + "…"
    with pytest.raises(StoreError, match="16384; write it as CSV or Parquet"):
        xlsx_bytes({"trials": pd.DataFrame(np.zeros((1, 16_385)))})


def test_the_command_writes_all_three_and_explains(
    folded: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "study"
    shutil.copytree(folded.path, folder, ignore=shutil.ignore_patterns("clients", "owner.json"))
    here = ["-w", str(folder)]
    for kind in ("csv", "parquet", "xlsx"):
        assert main(["results", "folds", "--export", str(tmp_path / f"trials.{kind}"), *here]) == 0
        assert "6 rows written to" in capsys.readouterr().out
    frame = pd.read_csv(tmp_path / "trials.csv")
    assert frame["cell_quality"].is_monotonic_decreasing and len(frame) == 6
    assert main(["results", "folds", "--table", "cells", "--export", str(tmp_path / "cells.csv"), *here]) == 0
    assert len(pd.read_csv(tmp_path / "cells.csv")) == 2
    capsys.readouterr()
    assert main(["results", "folds", "--table", "cells", *here]) == 0
    assert "cell_quality_low" in capsys.readouterr().out
    assert main(["results", "folds", "--table", "columns", *here]) == 0
    assert "seconds [s]: How long it took." in capsys.readouterr().out
    assert main(["results", "folds", "--export", str(tmp_path / "trials.ods"), *here]) != 0
    assert "let its name end in .csv, .parquet, .xlsx" in capsys.readouterr().err
    assert main(["results", "folds", "--export", str(tmp_path / "nowhere" / "trials.csv"), *here]) != 0
    assert "name another file" in capsys.readouterr().err


def test_what_an_older_version_found_has_its_tables(tmp_path: Path) -> None:
    with Workspace.open(opened(tmp_path)) as workspace:
        for experiment in workspace.experiments()["name"]:
            tables = workspace.results(experiment).tables
            trials = tables.trials[tables.trials["state"] == "finished"]
            assert len(trials) and not trials[["quality", "cell_quality_low", "training.epochs"]].isna().any(axis=None)
            assert trials["version_trova"].notna().all() and trials["fold"].isna().all()
            assert trials["cell_taken"].any() and same(sheet_of(tables.to_bytes(".xlsx"), "trials"), tables.trials)


def test_an_empty_table_has_its_columns() -> None:
    nothing = pd.DataFrame({"trial_id": pd.array([], dtype="string")})
    tables = ResultTables(trials=nothing, cells=nothing, columns=pd.DataFrame(columns=["column", "unit", "meaning"]))
    assert csv_bytes(tables.trials).decode().strip() == "trial_id"
    assert list(sheet_of(tables.to_bytes(".xlsx"), "trials")) == ["trial_id"]


def test_results_of_no_workspace_have_no_tables(folded: Workspace) -> None:
    with pytest.raises(PlanError, match="come from no workspace"):
        replace(folded.results("first"), read_tables=None).export("x.csv")
