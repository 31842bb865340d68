"""The teaching notebooks run from top to bottom, and are as short and as clean as they are meant to be."""

import ast
import io
import json
import os
import re
from collections.abc import Iterator
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import nbformat
import pytest
from jupyter_client.manager import start_new_kernel

from trova_widgets import TrovaError, Workspace
from trova_widgets.cli import main
from trova_widgets.resources import copy_notebooks, share_folder

NOTEBOOKS = sorted(share_folder("notebooks").glob("[0-9]*.ipynb"))
CODE_LINES_AT_MOST = 45


@pytest.fixture(scope="module")
def copies(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with copies of the notebooks; the first one that needs the demonstration makes it there for all."""
    folder = tmp_path_factory.mktemp("notebooks")
    copy_notebooks(folder)
    with redirect_stdout(io.StringIO()):
        Workspace.demo(folder / "trova-demo").close()
    return folder


def run(path: Path, folder: Path) -> Iterator[dict[str, Any]]:
    """Run the cells of a notebook in a kernel that works in a folder, and yield what each of them says.

    A client that waits, and not `nbclient`: that one answers for the widgets of `interact`, and then waits in vain for
    its own request, once in fifteen runs on a busy machine.
    """
    manager, client = start_new_kernel(kernel_name="python3", startup_timeout=300, cwd=str(folder))
    try:
        for cell in nbformat.read(path, as_version=4).cells:
            if cell.cell_type == "code":
                said: list[dict[str, Any]] = []
                reply = client.execute_interactive(cell.source, timeout=300, allow_stdin=False, output_hook=said.append)
                assert reply["content"]["status"] == "ok", reply["content"]
                yield from said
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
# Jupyter's own words about how it talks to a kernel on this machine
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::RuntimeWarning", "ignore::ResourceWarning")
def test_a_notebook_runs_from_top_to_bottom(path: Path, copies: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = str(Path(__file__).resolve().parents[1])
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([root, os.environ.get("PYTHONPATH", "")]))
    said = list(run(copies / path.name, copies))
    assert {"execute_result", "display_data"} & {message["msg_type"] for message in said}
    warned = [text for message in said if "Warning" in (text := message["content"].get("text", ""))]
    assert not warned


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_short_clean_and_has_a_title(path: Path) -> None:
    cells = json.loads(path.read_text())["cells"]
    code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    assert "".join(cells[0]["source"]).startswith("# ")
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in cells if "outputs" in cell)
    assert sum(len(text.splitlines()) for text in code) <= CODE_LINES_AT_MOST
    nodes = [node for text in code for node in ast.walk(ast.parse(text.rstrip(";\n")))]
    assert not [node for node in nodes if isinstance(node, ast.FunctionDef | ast.For | ast.While)]


def test_each_of_the_articles_figures_has_its_number() -> None:
    (path,) = [path for path in NOTEBOOKS if path.stem.endswith("the-articles-figures")]
    cells = json.loads(path.read_text())["cells"]
    heads = ["".join(cell["source"]).splitlines()[0] for cell in cells if cell["cell_type"] == "markdown"]
    said = " ".join(head for head in heads if head.startswith("## Figure"))
    assert re.findall(r"\d+", said) == [str(number) for number in range(3, 11)]


# what bqplot says when it is imported first of all
@pytest.mark.filterwarnings("ignore:metadata:DeprecationWarning")
def test_a_slider_tells_the_story_of_a_record(copies: Path) -> None:
    from trova_widgets.widgets import lessons

    with Workspace.open(copies / "trova-demo") as study:
        record = study.records()["record_id"][0]
        stories = [lessons.story(study, record, cutoff_hz, 200) for cutoff_hz in (1.0, 4.0)]
        figures = [story.children[0] for story in stories] + [
            one for story in stories for one in story.children[1].children
        ]
    assert all(axis.label for figure in figures for axis in figure.axes)
    points = stories[0].children[1].children[1].marks[0]
    assert points.color.sum() == 200


@pytest.mark.filterwarnings("ignore:metadata:DeprecationWarning")
def test_what_an_experiment_found_is_shown_by_the_views_of_the_page_and_a_click_picks(copies: Path) -> None:
    from trova_widgets.widgets import lessons

    with Workspace.open(copies / "trova-demo") as study:
        found = lessons.Results(study, "experiment-1")
        legend, sheets = found.images().children
        points, matrix = found.tradeoff(), found.confusion()
        best = study.best("experiment-1").trial_id
        assert found.model.trial_id == best
        assert len(legend.legends) == 1 and len(sheets.groups[0]["panels"]) == 3
        assert points.groups[0]["panels"][0]["svg"].count("data-at") >= 72
        before = matrix.matrix
        assert sum(cell["count"] for row in before["rows"] for cell in row["cells"]) == before["total"]
        points.vue_pick("0,0,0")
        assert found.model.trial_id != best and matrix.matrix != before


def test_the_notebooks_are_copied_and_none_is_overwritten(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "mine"
    assert main(["notebooks", str(folder)]) == 0
    assert f"jupyter lab {folder}" in capsys.readouterr().out
    assert sorted(path.name for path in folder.iterdir()) == [path.name for path in NOTEBOOKS]
    (folder / NOTEBOOKS[0].name).write_text("mine")
    assert copy_notebooks(folder) == ()
    assert (folder / NOTEBOOKS[0].name).read_text() == "mine"


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(TrovaError, match="name another folder"):
        copy_notebooks(tmp_path / "file" / "notebooks")
