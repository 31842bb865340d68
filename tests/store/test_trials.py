"""Trials: attempts are counted, what has finished stays, what is planned is told."""

import json
import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.store.samples import experiment, failure, fill, label, trial
from trova_widgets.errors import SettingError, StoreError
from trova_widgets.store import Store
from trova_widgets.store.trials import _numbered


def planned(count: int, first_cell: int = 0) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "trial_id": [f"t{i}" for i in range(count)],
            "cell": range(first_cell, first_cell + count),
            "seed": 7,
            "fold": pd.array([None] * count, dtype="Int64"),
            "values_json": [json.dumps({"convolution2dLayer_2_filterSize": i}) for i in range(count)],
        }
    )


def test_a_trial_comes_back_as_it_was(store: Store) -> None:
    given_row = trial(curve={"loss": [1.0, math.nan, 0.5]}, predictions={"r'0": [0.1, 0.9], "ü": [[1, 2], None]})
    assert store.add_trials([given_row]) == 1
    found = store.trial("t0")
    assert found.attempt == 1
    assert found.predictions == given_row.predictions
    assert found.confusion == given_row.confusion
    assert found.curve["loss"][0::2] == [1.0, 0.5] and math.isnan(found.curve["loss"][1])
    with pytest.raises(StoreError, match="'t1' has no result"):
        store.trial("t1")


def test_what_has_finished_is_never_changed(store: Store) -> None:
    assert store.add_trials([failure("t0", 1), failure("t0", 2), trial("t0", 3), trial("t0", 4, quality=0.1)]) == 3
    assert store.add_trials([trial("t0", 5, quality=0.1), failure("t0", 6), failure("t1", 7)]) == 1
    assert store.add_trials([failure("t1", 7)]) == 0, "a journal that is read again"
    found = store.trial("t0")
    assert (found.attempt, found.quality, found.state, found.error) == (3, 0.9, "finished", None)
    assert store.finished(["t0", "t1", "t2"]) == {"t0"}


def test_planned_trials_have_their_latest_attempt(store: Store) -> None:
    fill(store)
    assert store.link_trials("x0", planned(4)) == 4
    ended = trial("t0", 2, scores={"validation": 0.9, "holdout": 0.8})
    store.add_trials([failure("t0", 1), ended, failure("t1", 3), trial("elsewhere")])
    found = store.trials("x0")
    assert found["state"].tolist() == ["finished", "failed", "planned", "planned"]
    assert found["attempt"].tolist()[:2] == [2, 1] and found["attempt"].isna().sum() == 2
    assert found.loc[0, "error"] is None or pd.isna(found.loc[0, "error"]), "not that of an earlier attempt"
    assert found.loc[1, "error"] == "It did not converge."
    assert found.loc[0, "holdout"] == 0.8 and math.isnan(found.loc[1, "holdout"])
    assert found["values"].tolist()[3] == {"convolution2dLayer_2_filterSize": 3}
    assert str(found["finished_at"].dtype) == "datetime64[ns, UTC]"
    store.add_experiment(experiment("x1", "experiment 2", created_at_ns=5))
    totals = store.experiment_totals().set_index("name")
    counts = totals[["trial_count", "finished_count", "failed_count"]]
    assert counts.to_numpy().tolist() == [[4, 1, 1], [0, 0, 0]]
    assert totals.loc["experiment 1", "seconds"] == 1.5
    assert math.isnan(totals.loc["experiment 2", "seconds"])
    assert len(store.trials("another")) == 0


def test_a_plan_that_grows_counts_its_cells_anew(store: Store) -> None:
    fill(store)
    store.link_trials("x0", planned(2))
    assert store.link_trials("x0", planned(3, first_cell=10)) == 1
    found = store.planned("x0")
    assert found["cell"].tolist() == [10, 11, 12]
    assert found["values"].tolist()[0] == {"convolution2dLayer_2_filterSize": 0}
    with pytest.raises(StoreError, match="no experiment 'x9'"):
        store.link_trials("x9", planned(1))
    with pytest.raises(StoreError, match="Malformed JSON"):
        store.link_trials("x0", planned(1).assign(values_json="{"))
    with pytest.raises(StoreError, match="'values_json' is missing"):
        store.link_trials("x0", planned(1).drop(columns="values_json"))
    assert len(store.planned("x0")) == 3


def test_an_experiment_changes_its_plan(store: Store) -> None:
    fill(store)
    assert store.experiment("experiment 1") == store.experiment("x0") == experiment()
    store.update_experiment("x0", {"axes": {}})
    assert store.experiment("x0") == experiment(plan={"axes": {}})
    assert store.experiments()["plan"].tolist() == [{"axes": {}}]
    with pytest.raises(StoreError, match="no experiment named 'x9'; there are experiment 1"):
        store.update_experiment("x9", {})
    with pytest.raises(StoreError, match="another experiment"):
        store.add_experiment(experiment("x1"))
    with pytest.raises(StoreError, match="network 'n9', which is not there"):
        store.add_experiment(experiment("x1", "second", network_id="n9"))


def test_a_failure_needs_a_reason() -> None:
    with pytest.raises(SettingError, match="without an error"):
        trial(state="failed")
    with pytest.raises(SettingError, match="'running'"):
        trial(state="running")


ENDED = st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 5), st.booleans()))


@given(st.lists(ENDED))
def test_attempts_are_numbered_and_end_with_success(batches: list[list[tuple[str, int, bool]]]) -> None:
    kept: list[tuple[str, int, str, int]] = []
    for batch in batches:
        rows = [trial(t, at) if good else failure(t, at) for t, at, good in batch]
        known = [(t, state, at) for t, _, state, at in kept]
        kept += [(row.trial_id, row.attempt, row.state, row.finished_at_ns) for row in _numbered(rows, known)]
    for trial_id in "abc":
        attempts = [row for row in kept if row[0] == trial_id]
        assert [number for _, number, _, _ in attempts] == list(range(1, len(attempts) + 1))
        assert all(state == "failed" for _, _, state, _ in attempts[:-1])
        assert len({at for *_, at in attempts}) == len(attempts)


def test_the_mark_of_an_experiment_changes_with_its_own_trials_alone(store: Store) -> None:
    fill(store)
    store.add_experiment(experiment(experiment_id="x1", name="another"))
    store.link_trials("x0", planned(2))
    name = store.experiments().set_index("experiment_id").loc["x0", "name"]
    before = store.experiment_mark(name)
    store.link_trials("x1", planned(5, first_cell=3).assign(trial_id=[f"o{i}" for i in range(5)]))
    store.add_trials([trial("o1")])
    assert store.experiment_mark(name) == before, "of another one"
    store.add_trials([failure("t0", 1)])
    failed = store.experiment_mark(name)
    store.add_trials([trial("t0", 2)])
    finished = store.experiment_mark(name)
    assert len({before, failed, finished}) == 3
    store.annotate("t0", "a remark", "me")
    store.add_labels([label(event_class="mine_blast")])
    assert store.experiment_mark(name) == finished, "of what is said of trials and events"
    assert store.experiment_mark("nobody's") == ()
