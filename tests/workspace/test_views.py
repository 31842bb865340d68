"""The views of results: in a notebook by one line, as files without a browser, as one page that asks no network."""

import json
import re
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from tests.models.study import Study
from trova_widgets import Workspace
from trova_widgets.cli import main
from trova_widgets.errors import PlanError, StoreError
from trova_widgets.space import Setting
from trova_widgets.workspace.result_reading import lay_out
from trova_widgets.workspace.results import ExperimentResults
from trova_widgets.workspace.views import OF_A_CELL, VIEWS

POOL = "averagePooling2dLayer_6_poolSize"


@pytest.fixture(scope="module")
def found(study: Workspace) -> ExperimentResults:
    return study.results("first")


def words(svg: str) -> str:
    return " ".join(re.findall(r"<text[^>]*>([^<]*)</text>", svg))


def data_of(page: str) -> dict:
    return json.loads(re.search(r'<script type="application/json" id="trova-data">(.*?)</script>', page)[1])


@pytest.mark.parametrize("name", VIEWS)
def test_each_view_is_one_line_and_has_its_key_and_its_table(found: ExperimentResults, name: str) -> None:
    view = getattr(found, name)()
    assert view.key and isinstance(view.table, pd.DataFrame) and len(view.table)
    said = words(view.svg)
    assert view.title.split(":")[0] in said and view.key.split(".")[0][:30] in said
    shown = view._repr_mimebundle_()
    assert ("text/html" if name == "cube" else "image/svg+xml") in shown and view.title in shown["text/plain"]


def test_the_table_of_a_view_has_what_is_drawn(found: ExperimentResults) -> None:
    table = found.images().table
    assert table[POOL].tolist() == [4, 8] and np.array_equal(table["quality"], found.grid.mean)
    low, high = found.intervals
    assert np.array_equal(table["quality_low"], low) and np.array_equal(table["quality_high"], high)
    assert np.array_equal(found.confusion({POOL: 8}).table, found.counts_at((1,)))
    assert found.learning((0,)).table["trial_id"].isin(found.trials_of((0,))["trial_id"]).all()
    assert found.diagram({"poolSize": 8}).table.loc[6, "varied"] == "poolSize 8"


def test_a_cell_is_named_as_one_likes(found: ExperimentResults) -> None:
    assert found.place_of(None) == found.best.place
    assert found.place_of({"poolSize (6)": 4}) == found.place_of({POOL: 4}) == found.place_of([0]) == (0,)
    with pytest.raises(PlanError, match="does not take the value 5 in first; it has 4, 8"):
        found.confusion({"poolSize": 5})
    with pytest.raises(PlanError, match="numFilters does not vary in first"):
        found.images(axes=["numFilters"])
    with pytest.raises(PlanError, match="no place in a grid of 2"):
        found.diagram([2])
    with pytest.raises(PlanError, match="quality and gradient"):
        found.cube("loss")  # type: ignore[arg-type]


def test_a_view_is_saved_by_the_end_of_its_name(found: ExperimentResults, tmp_path: Path) -> None:
    starts = {"svg": b"<?xml", "png": b"\x89PNG", "pdf": b"%PDF", "html": b"<!doctype html>"}
    for kind, start in starts.items():
        assert found.cube().save(tmp_path / f"cube.{kind}", 60).read_bytes().startswith(start)
    with pytest.raises(StoreError, match=r"let its name end in .svg, .png or .pdf"):
        found.images().save(tmp_path / "images.html")
    with pytest.raises(StoreError, match="name another file"):
        found.images().save(tmp_path / "nowhere" / "images.svg")
    with pytest.raises(StoreError, match=r"first.html for instance"):
        found.save(tmp_path / "first.csv")


def test_the_page_holds_all_numbers_and_asks_nobody(found: ExperimentResults, tmp_path: Path) -> None:
    page = found.save(tmp_path / "first.html").read_text()
    assert "default-src 'none'" in page and not re.search(r"(src|href)=.?https?:", page)
    data = data_of(page)
    assert data["quality"] == pytest.approx(found.grid.mean.ravel().tolist(), abs=1e-5)
    assert data["confusion"] == [found.counts_at((place,)).astype(int).ravel().tolist() for place in range(2)]
    assert data["best"] == found.best.place[0] and len(data["trials"]) == 2
    assert found.sentence.split(".")[0] in page and POOL in page
    assert re.search(r"All \d\d settings that do not vary", page)
    assert "srcdoc" in found._repr_html_() and repr(found).startswith("first: ")


@pytest.mark.parametrize("by", ["record", "event"])
def test_the_page_has_how_sure_each_share_of_a_matrix_is(study: Workspace, by: str) -> None:
    found = study.results("first", "accuracy", by)  # type: ignore[arg-type]
    for place, told in enumerate(data_of(found.html)["sure"]):
        intervals = found.classified((place,)).matrix.intervals
        assert [told[0::2], told[1::2]] == [
            [
                None if np.isnan(end) else int(f"{100 * end:.0f}")
                for name in ("row_shares", "sensitivity", "specificity", "positive_value", "negative_value", "accuracy")
                for end in np.ravel(intervals[name][side])
            ]
            for side in (0, 1)
        ]


def test_texts_cannot_break_out_of_the_page(found: ExperimentResults) -> None:
    hostile = replace(found, experiment="</script><script>alert(1)</script>", classes=("</script>", "a&b", "<i>"))
    page = hostile.html
    assert "<script>alert" not in page and data_of(page)["classes"] == ["</script>", "a&b", "<i>"]


def made(axes: dict, **more: object) -> ExperimentResults:
    return replace(Study(axes, **more).results("experiment-1"), read=None)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "axes",
    [
        {},
        {"fullyConnectedLayer_2_outputSize": (16, 64)},
        {"fingerprint.keep": (200, 400, 800), "fingerprint.highpass": ("on", "off")},
        {"a_2_n": (1, 2, 3), "b_3_n": (1, 2), "training.weight_decay": (0.0, 0.01), "seed": (1, 2)},
        {"a_2_n": (1, 2), "b_3_n": (1, 2), "c_4_n": (1, 2), "d_5_n": (1, 2), "e_6_n": (1, 2)},
    ],
    ids=lambda axes: f"{len(axes)} axes",
)
def test_views_know_no_names_and_draw_what_is_not_sure(axes: dict) -> None:
    found = made(axes, finished=0.9)
    for name in set(VIEWS) - set(OF_A_CELL):
        view = getattr(found, name)()
        assert len(view.svg) > 1000 and "Ring: cannot be told" not in view.key
    held = list(axes)[4:]
    if held:
        assert "At n (6) = " in found.cube().key
        assert found.images(axes=["e_6_n", "a_2_n"]).title.endswith("over n (6) and n (2)")
        with pytest.raises(PlanError, match="Several settings are called n; name one of a_2_n"):
            found.images(axes=["n"])
        with pytest.raises(PlanError, match="name 4 at most"):
            found.images(axes=list(axes))


def test_the_page_and_print_have_logarithmic_axes() -> None:
    name = "training.learning_rate"
    study = Study({name: (0.001, 0.002, 0.1), "fingerprint.keep": (200, 400)}, finished=1.0)
    study.space = {name: Setting(name=name, default=0.01, kind="real", scale="logarithmic")}
    found = replace(study.results("experiment-1"), read=None)
    assert found.logarithmic == {name}
    for view in ("cube", "lines", "surfaces", "parallel"):
        drawn = getattr(found, view)(axes=["keep", name]) if view == "lines" else getattr(found, view)()
        assert "learning_rate (log)" in words(drawn.svg), view
    rate, keep = data_of(found.cube().to_bytes("html").decode())["axes"]
    assert (rate["title"], rate["along"], keep["along"]) == ("learning_rate", "learning_rate (log)", "keep")
    first, second, third = rate["at"]
    assert (third - second) / (second - first) == pytest.approx(np.log(50) / np.log(2), rel=1e-3)
    assert keep["at"] == [0.25, 0.75]


def test_nothing_finished_is_said(study: Workspace) -> None:
    stored = pd.DataFrame(
        {"trial_id": ["a"], "cell": [0], "fold": [pd.NA], "seed": [0], "values": [{"x": 1}], "quality": [np.nan]}
        | {"state": ["planned"], "holdout": [np.nan], "loss": [np.nan], "seconds": [np.nan]}
        | {"parameter_count": [np.nan], "error": [None]}
    )
    found = lay_out("none", SimpleNamespace(axes={"x": (1, 2)}, folds=(), space={}), stored, 10)  # type: ignore[arg-type]
    assert "No trial has finished yet." in found.cube().key and len(found.images().svg) > 1000
    assert "no trial has finished yet" in found._repr_html_()
    with pytest.raises(PlanError, match="there is nothing to show"):
        _ = found.html


def test_the_commands_draw_and_write(study: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    here = ["-w", str(study.path)]
    assert main(["figure", "first", "cube", str(tmp_path / "cube.svg"), "--of", "gradient", *here]) == 0
    assert "Gradient" in (tmp_path / "cube.svg").read_text()
    assert main(["figure", "first", "confusion", str(tmp_path / "m.png"), "--cell", "poolSize=8", *here]) == 0
    assert main(["figure", "first", "all", str(tmp_path / "all"), *here]) == 0
    assert sorted(path.stem for path in (tmp_path / "all").iterdir()) == sorted(VIEWS)
    assert main(["figure", "first", "influence", str(tmp_path / "i.svg"), "--of", "gradient", *here]) == 1
    assert "takes neither --of nor --axes" in capsys.readouterr().err
    assert main(["results", "first", "--page", str(tmp_path / "first.html"), *here]) == 0
    assert (tmp_path / "first.html").stat().st_size > 10_000


def test_a_notebook_shows_what_is_in_a_workspace(study: Workspace) -> None:
    shown = study._repr_html_()
    assert "first" in shown and "small" in shown and "base" in shown and "records" in shown
    assert "small" in study.dataset("small")._repr_html_() and "base" in study.network("base")._repr_html_()
    assert POOL in study.experiment("first")._repr_html_()
