"""Fixtures for the whole house."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from trova_widgets import Workspace

# a busy machine is no error; what is true stays true when it takes longer
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


@pytest.fixture(scope="session")
def pnw_folder() -> Path:
    """The shared real records of the Pacific Northwest; tests that need them are skipped where they are not there."""
    folder = Path(__file__).resolve().parents[1] / ".." / "shared" / "data" / "pnw"
    if not folder.is_dir():
        pytest.skip("the shared records of the Pacific Northwest are not there")
    return folder.resolve()


@pytest.fixture(scope="session")
def filled_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a workspace of thirty records, to be copied."""
    from tests.models.filled import fill

    folder = tmp_path_factory.mktemp("filled") / "kola"
    fill(folder)
    return folder


@pytest.fixture
def filled_study(filled_folder: Path, tmp_path: Path) -> Iterator["Workspace"]:
    """A real workspace of thirty records, one's own."""
    from trova_widgets import Workspace

    folder = shutil.copytree(filled_folder, tmp_path / "kola")
    with Workspace.open(folder) as workspace:
        yield workspace
