"""A copy for reading: it says who has the database, and refuses before it touches a file or asks anybody."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.store.processes import another_process, hold
from trova_widgets import Workspace
from trova_widgets.errors import StoreError, TrovaWarning
from trova_widgets.fingerprinting import FingerprintRecipe
from trova_widgets.models.application import ApplicationModel
from trova_widgets.records import Region
from trova_widgets.store import connection


@pytest.fixture
def copy(filled_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Workspace, int]]:
    """A copy of a workspace that another process has, and the number of that process."""
    folder = shutil.copytree(filled_folder, tmp_path / "kola")
    with another_process(hold, folder) as holder:
        monkeypatch.setattr(connection, "_EXTENSIONS", ("nowhere",))
        with pytest.warns(TrovaWarning, match="read from a copy"):
            workspace = Workspace.open(folder)
        with workspace:
            yield workspace, holder.pid


def test_it_says_who_has_the_database_and_shows_what_was_there(copy: tuple[Workspace, int]) -> None:
    workspace, pid = copy
    assert (workspace.read_only, workspace.holder) == (True, f"process {pid}")
    assert workspace.record_page().total == 30
    said = ApplicationModel(workspace).read_only
    assert said.startswith(f"Read only: process {pid} has the database")
    assert said.endswith(f"End process {pid}, then load the page again.")


def test_what_writes_is_refused_before_anything_is_done(copy: tuple[Workspace, int], tmp_path: Path) -> None:
    workspace, _ = copy
    before = {path: path.stat().st_mtime_ns for path in workspace.path.rglob("*") if path.suffix in (".csv", ".mseed")}
    file = tmp_path / "new.mseed"
    file.write_bytes(b"not even looked at")
    # nobody listens there: an answer at all shows that nobody was asked
    centre, region = "http://127.0.0.1:9", Region(begin="2021-05-01", end="2021-06-01")
    for act in (
        lambda: workspace.import_records(file),
        lambda: workspace.fetch_records(centre, region=region),
        lambda: workspace.set_event_type_classes({"rock burst": "rock_burst"}),
        lambda: workspace.label("smi:trova/event4", "earthquake"),
        lambda: workspace.set_parameter("r4", "cutoff_hz", 2.0),
        lambda: workspace.compute_fingerprints(),
        lambda: workspace.fit_recipe(FingerprintRecipe(selection="mad")),
        lambda: workspace.start("experiment-1"),
        lambda: workspace.run_here("experiment-1"),
        lambda: workspace.import_results(tmp_path),
        lambda: workspace.repair(),
        lambda: workspace.create_network("wide"),
        lambda: workspace.annotate("r4", "a remark"),
    ):
        with pytest.raises(StoreError, match=r"read-only copy.*end that process, then open"):
            act()
    after = {path: path.stat().st_mtime_ns for path in workspace.path.rglob("*") if path.suffix in (".csv", ".mseed")}
    assert after == before


def test_a_workspace_of_ones_own_is_no_copy(filled_study: Workspace) -> None:
    assert (filled_study.read_only, filled_study.holder) == (False, "")
    assert ApplicationModel(filled_study).read_only == ""
