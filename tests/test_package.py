"""Importing the library costs nothing: no heavy library, no file written, and it is quick."""

import json
import subprocess
import sys
from pathlib import Path

import trova_widgets


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


def test_the_public_names_are_there_and_no_others() -> None:
    assert sorted(trova_widgets.__all__) == [
        "FingerprintRecipe",
        "TrovaError",
        "Workspace",
        "application",
        "fingerprint",
        "fingerprints",
    ]
    for name in trova_widgets.__all__:
        assert getattr(trova_widgets, name).__module__.startswith("trova_widgets.")
    assert dir(trova_widgets) == trova_widgets.__all__


def test_fingerprints_is_the_function_even_after_the_engine_was_imported() -> None:
    import trova_widgets.fingerprinting

    assert trova_widgets.fingerprinting.fingerprints is trova_widgets.fingerprints
    assert callable(trova_widgets.fingerprints)
