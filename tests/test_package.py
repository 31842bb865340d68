"""Importing the library costs nothing: no heavy library, no file written, and it is quick."""

import inspect
import json
import subprocess
import sys
import tomllib
from dataclasses import is_dataclass
from pathlib import Path
from typing import Any, get_args, get_type_hints

import numpy
import pandas
import pytest

import trova_widgets
import trova_widgets.errors

#: What annotations name that are only evaluated for checking.
LOCAL = {"pd": pandas, "np": numpy}


def _in_a_fresh_process(code: str, folder: Path) -> str:
    done = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout


def test_importing_loads_neither_torch_nor_obspy_and_writes_nothing(tmp_path: Path) -> None:
    code = "import sys, json, trova_widgets; print(json.dumps(sorted(sys.modules)))"
    loaded = set(json.loads(_in_a_fresh_process(code, tmp_path)))
    assert not {"torch", "obspy", "numpy", "pandas", "duckdb", "bqplot", "ipyvolume"} & loaded
    assert list(tmp_path.iterdir()) == []


def test_looking_at_a_workspace_loads_neither_torch_nor_obspy(tmp_path: Path) -> None:
    code = (
        "import sys, json; from trova_widgets import Workspace; w = Workspace.create('study'); w.records(); "
        "w.experiments(); w.close(); print(json.dumps(sorted(sys.modules)))"
    )
    assert not {"torch", "obspy"} & set(json.loads(_in_a_fresh_process(code, tmp_path)))


def test_the_server_of_the_pages_builds_no_grammar_of_addresses(tmp_path: Path) -> None:
    code = (
        "import sys, json; from unittest.mock import patch; from trova_widgets.pages.gate import __main__ as gate\n"
        "with patch('traitlets.config.Application.launch_instance'): gate.main()\n"
        "print(json.dumps(sorted(sys.modules)))"
    )
    loaded = set(json.loads(_in_a_fresh_process(code, tmp_path)))
    assert "voila.app" in loaded and "lark" not in loaded


def test_every_public_name_is_there_and_is_loaded_on_demand() -> None:
    assert trova_widgets.__all__ == sorted(set(trova_widgets.__all__)) == dir(trova_widgets)
    for name in trova_widgets.__all__:
        assert getattr(trova_widgets, name).__module__.startswith("trova_widgets.")
    with pytest.raises(AttributeError, match="no public name 'Workspce'"):
        trova_widgets.Workspce  # noqa: B018


def test_whatever_a_method_of_the_workspace_takes_or_gives_back_has_a_public_name() -> None:
    """What its hints name, the fields of these, and what they return."""
    needed: set[type] = set()
    for name, member in inspect.getmembers(trova_widgets.Workspace):
        if not name.startswith("_"):
            function = member.fget if isinstance(member, property) else inspect.unwrap(member)
            needed |= _classes(*get_type_hints(function, None, LOCAL).values())
    todo = set(needed)
    while todo:
        one = todo.pop()
        found = _classes(*get_type_hints(one, None, LOCAL).values()) if is_dataclass(one) else set()
        todo |= found - needed
        needed |= found
    assert len(needed) > 20
    assert sorted(one.__name__ for one in needed if one.__name__ not in trova_widgets.__all__) == []


def test_every_error_has_a_public_name() -> None:
    errors = [one for one in vars(trova_widgets.errors).values() if isinstance(one, type)]
    assert {one.__name__ for one in errors} <= set(trova_widgets.__all__)


def test_what_is_public_is_documented() -> None:
    for name in trova_widgets.__all__:
        public = getattr(trova_widgets, name)
        assert inspect.getdoc(public)
        members = vars(public).items() if isinstance(public, type) else ()
        for member, value in members:
            if not member.startswith("_") and (inspect.isfunction(value) or isinstance(value, property | classmethod)):
                assert inspect.getdoc(getattr(public, member)), f"{name}.{member}"


def test_fingerprints_is_the_function_even_after_the_engine_was_imported() -> None:
    import trova_widgets.fingerprinting

    assert trova_widgets.fingerprinting.fingerprints is trova_widgets.fingerprints
    assert callable(trova_widgets.fingerprints)


def test_the_version_is_told_alike_everywhere() -> None:
    root = Path(__file__).resolve().parents[1]
    version = trova_widgets.__version__
    citation = (root / "CITATION.cff").read_text(encoding="utf-8").splitlines()
    assert f"version: {version}" in citation
    (released,) = (line.removeprefix("date-released: ") for line in citation if line.startswith("date-released: "))
    assert f"## {version} - {released}" in (root / "CHANGELOG.md").read_text(encoding="utf-8").splitlines()
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == version


def _classes(*hints: Any) -> set[type]:
    """Return the classes of this library in some annotations."""
    found = {one for one in hints if isinstance(one, type) and one.__module__.startswith("trova_widgets.")}
    for hint in hints:
        found |= _classes(*hint) if isinstance(hint, list) else _classes(*get_args(hint))
    return found
