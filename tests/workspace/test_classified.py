"""Which records stand in a cell of the confusion matrix: those that its trials told so, and no others."""

import numpy as np
import pandas as pd
import pytest

from tests.workspace.conftest import EVENTS, TEACHING
from trova_widgets import Workspace
from trova_widgets.cli import main
from trova_widgets.errors import PlanError
from trova_widgets.experiments.choice import OBJECTIVES
from trova_widgets.workspace.classified import classified, missed_shares

POOL = "averagePooling2dLayer_6_poolSize"


@pytest.fixture(scope="module")
def folded(tmp_path_factory):
    """Two cells on three folds with two seeds, all trained."""
    files = sorted((TEACHING / "waveforms").glob("*.mseed"))[:EVENTS]
    with Workspace.create(tmp_path_factory.mktemp("folded"), recipe="article") as workspace:
        workspace.import_records(files, catalog=TEACHING / "catalog.xml")
        workspace.compute_fingerprints()
        workspace.build_dataset("folded", folds=3)
        workspace.create_network("base", convolution2dLayer_2_numFilters=2, convolution2dLayer_7_numFilters=2)
        workspace.plan("all", network="base", dataset="folded", axes={POOL: "2, 8"}, seeds=2, epochs=2)
        workspace.run_here("all", race=False)
        yield workspace


def stored(workspace, results, place):
    """What the trials of a cell are kept to have told of the records that quality is measured on."""
    measured = set(results.told.measured()["record_id"])
    said = pd.concat([workspace.trial(trial).predictions for trial in results.trials_of(place)["trial_id"]])
    return said[said["record_id"].isin(measured)]


@pytest.mark.parametrize("place", [(0,), (1,)])
def test_each_cell_of_the_matrix_has_exactly_its_records(folded, place) -> None:
    results = folded.results("all")
    told, said = results.classified(place), stored(folded, results, place)
    np.testing.assert_array_equal(told.counts, results.counts_at(place))
    for row, true in enumerate(results.classes):
        for column, predicted in enumerate(results.classes):
            listed = told.records(true, predicted)
            expected = said[(said["event_class"] == true) & (said["predicted"] == predicted)]
            assert listed["times"].sum() == told.counts[row, column] == len(expected)
            assert told.times(true, predicted) == (len(listed), len(expected))
            assert dict(zip(listed["record_id"], listed["times"], strict=True)) == dict(
                expected["record_id"].value_counts()
            )
    assert (told.records()["predicted"] != told.records()["event_class"]).all()
    assert told.records()["times"].sum() == told.matrix.wrong
    assert told.times() == (len(told.records()), told.matrix.wrong)


def test_one_trial_has_its_own_fold_and_seed(folded) -> None:
    results = folded.results("all")
    for trial_id in results.trials_of((1,))["trial_id"]:
        told = results.classified((1,), trial_id)
        np.testing.assert_array_equal(told.counts, folded.trial(trial_id).confusion.to_numpy())
    with pytest.raises(PlanError, match="No trial nowhere of the cell"):
        classified(results, (1,), "nowhere")
    with pytest.raises(PlanError, match="no class 'erthquake'"):
        told.records("erthquake")


@pytest.mark.parametrize("objective", [OBJECTIVES[0], OBJECTIVES[1]])
def test_by_event_each_event_is_told_once_a_seed(folded, objective) -> None:
    results = folded.results("all", objective, by="event")
    told = results.classified((0,))
    np.testing.assert_array_equal(told.counts, results.counts_at((0,)))
    assert told.records()["event_id"].is_unique or told.records().groupby("event_id")["predicted"].nunique().min() > 1


def test_each_share_lies_in_its_interval(folded) -> None:
    matrix = folded.results("all").classified().matrix
    for name, (low, high) in matrix.intervals.items():
        share = np.asarray(getattr(matrix, name))
        known = np.isfinite(share)
        assert ((low <= share) & (share <= high))[known].all(), name
        assert (high - low)[known].min() > 0, "also nought and one are not sure"


def test_a_split_without_folds_has_its_matrix_too(study) -> None:
    results = study.results("first")
    for place in ((0,), (1,)):
        (trial_id,) = results.trials_of(place)["trial_id"]
        expected = study.trial(trial_id).confusion.to_numpy()
        np.testing.assert_array_equal(study.results("first").classified(place).counts, expected)
        np.testing.assert_array_equal(results.counts_at(place), expected)


def test_cells_that_tell_a_record_wrong(folded) -> None:
    results = folded.results("all")
    record = results.classified((0,)).records()["record_id"].iloc[0]
    shares = missed_shares(results, record)
    for place in ((0,), (1,)):
        said = stored(folded, results, place).query("record_id == @record")
        assert shares[place] == pytest.approx((said["predicted"] != said["event_class"]).mean())
    held = folded._store.dataset_members(folded._store.dataset("folded").dataset_id).query("split == 'holdout'")
    with pytest.raises(PlanError, match="No quality in all is measured on the record"):
        missed_shares(results, held["record_id"].iloc[0])


def test_the_command_lists_them(folded, capsys, tmp_path) -> None:
    results = folded.results("all")
    true, predicted = results.classes[0], results.classes[-1]
    file = tmp_path / "taken.csv"
    given = ["results", "all", "--taken", true, predicted, "--cell", "poolSize=8", "-w", str(folded.path)]
    assert main([*given, "--export", str(file)]) == 0
    expected = results.classified((1,)).records(true, predicted)
    assert pd.read_csv(file)["record_id"].tolist() == expected["record_id"].tolist()
