from collections.abc import Iterator
from pathlib import Path

import pytest

from trova_widgets import Workspace
from trova_widgets.experiments import SHARES

TEACHING = Path(__file__).resolve().parents[2] / "data" / "teaching"
EVENTS = 60


def silently(items, label, total=None):
    """Watch an import and show nothing."""
    return items


@pytest.fixture(scope="session")
def study(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """A workspace with a part of the teaching set, and a finished experiment of two cells on it."""
    files = sorted((TEACHING / "waveforms").glob("*.mseed"))[:EVENTS]
    with Workspace.create(tmp_path_factory.mktemp("study"), recipe="article") as workspace:
        workspace.import_records(files, catalog=TEACHING / "catalog.xml")
        workspace.compute_fingerprints()
        workspace.build_dataset("small", shares=SHARES)
        workspace.create_network("base", convolution2dLayer_2_numFilters=2, convolution2dLayer_7_numFilters=2)
        workspace.plan(
            "first", network="base", dataset="small", axes={"averagePooling2dLayer_6_poolSize": "4, 8"}, epochs=1
        )
        workspace.run("first")
        yield workspace
