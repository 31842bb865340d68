"""An experiment trained on a local Dask cluster, from the command line and from a notebook."""

import pytest

from tests.workspace.conftest import EVENTS, TEACHING
from trova_widgets import Workspace
from trova_widgets.cli import main
from trova_widgets.errors import PlanError

FILTERS, POOL = "convolution2dLayer_2_numFilters", "averagePooling2dLayer_6_poolSize"

distributed = pytest.importorskip("distributed")


@pytest.fixture(scope="module")
def address():
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=":0") as cluster:
        yield cluster.scheduler_address


@pytest.fixture
def study(tmp_path):
    files = sorted((TEACHING / "waveforms").glob("*.mseed"))[:EVENTS]
    with Workspace.create(tmp_path / "study", recipe="article") as workspace:
        workspace.import_records(files, catalog=TEACHING / "catalog.xml")
        workspace.build_dataset("folded", folds=2)
        workspace.create_network("base", convolution2dLayer_2_numFilters=2, convolution2dLayer_7_numFilters=2)
        workspace.plan("here", network="base", dataset="folded", axes={FILTERS: "1, 2", POOL: "2, 8"}, epochs=1)
    return tmp_path / "study"


def test_a_cluster_trains_what_is_trained_here(study, address, capsys):
    assert main(["run", "here", "--all", "--dask", address, "-w", str(study)]) == 0
    assert "finished, 8 of 8 trials" in capsys.readouterr().out
    with Workspace.open(study) as workspace:
        there = workspace.results("here").table.set_index("trial_id")
        assert "2 workers joined, 2 train now." in workspace._runs.last_words("here")
        # nothing is left to do for whoever else
        with distributed.Client(address, set_as_default=False) as client:
            workspace.plan("grown", network="base", dataset="folded", axes={FILTERS: "1, 2, 3", POOL: "2, 8"}, epochs=1)
            status = workspace.run("grown", race=False, executor=client.get_executor())
        assert (status.state, status.done, status.total) == ("finished", 12, 12)
        both = workspace.results("grown").table.set_index("trial_id")
        assert set(there.index) < set(both.index)
        assert both.loc[there.index, "quality"].equals(there["quality"])


def test_a_cluster_or_an_executor(study):
    with Workspace.open(study) as workspace, pytest.raises(PlanError, match="leave out one"):
        workspace.run_here("here", dask="tcp://127.0.0.1:9", executor=object())
