"""Fixtures for the whole house."""

from pathlib import Path

import pytest
from hypothesis import settings

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
