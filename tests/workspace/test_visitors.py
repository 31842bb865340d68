"""A visitor's workspace: every method that changes something is refused, and no file of it is touched."""

import inspect
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from trova_widgets import Workspace
from trova_widgets.errors import StoreError
from trova_widgets.store import stop_owner
from trova_widgets.workspace.changing import changes_workspace

CHANGING = sorted(name for name in dir(Workspace) if changes_workspace(getattr(Workspace, name)))


@pytest.fixture(scope="module")
def visited(filled_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """A visitor's workspace."""
    folder = shutil.copytree(filled_folder, tmp_path_factory.mktemp("visited") / "kola")
    with Workspace.open(folder, shared=True, visitor=True) as workspace:
        yield workspace
    stop_owner(folder)


def state(workspace: Workspace) -> dict[str, Any]:
    """Return what a workspace holds: its revision, the rows of its tables, and its files outside the hidden folder."""
    tables = workspace._store._database.rows("SELECT table_name, estimated_size FROM duckdb_tables() ORDER BY ALL")
    files = {
        str(path.relative_to(workspace.path)): path.stat().st_mtime_ns
        for path in workspace.path.rglob("*")
        if path.is_file()
        and not path.name.startswith("trova.duckdb")
        # where clients and the owner find each other, and what went wrong
        and path.parent.name not in {"clients", ".trova"}
    }
    return {"revision": workspace.revision(), "tables": tables, "files": files}


@pytest.mark.parametrize("name", CHANGING)
def test_what_is_marked_is_refused_before_it_begins(visited: Workspace, name: str) -> None:
    before = state(visited)
    method = getattr(visited, name)
    required = [p for p in inspect.signature(method).parameters.values() if p.default is p.empty]
    positional = ["x" for p in required if p.kind is p.POSITIONAL_OR_KEYWORD]
    named = {p.name: "x" for p in required if p.kind is p.KEYWORD_ONLY}
    with pytest.raises(StoreError, match="visitor changes nothing"):
        method(*positional, **named)
    assert state(visited) == before


def test_everything_that_changes_is_marked() -> None:
    said = """plan run start run_here stop import_results use_recipe fit_recipe compute_fingerprints build_dataset
    create_network import_records fetch_records set_event_type_classes label set_parameter annotate repair"""
    assert set(said.split()) <= set(CHANGING)


def test_who_is_admitted_signs_with_the_name_that_was_given(filled_folder: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(filled_folder, tmp_path / "kola")
    with Workspace.open(folder, visitor=True) as workspace:
        event = workspace.events()["event_id"].iloc[0]
        with pytest.raises(StoreError, match="visitor changes nothing"):
            workspace.label(event, "mine_blast")
        workspace.admit("Ada")
        assert not workspace.read_only
        workspace.label(event, "mine_blast")
        assert workspace.labels(event)["author"].iloc[-1] == "Ada"
