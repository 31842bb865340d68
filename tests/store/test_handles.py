"""Names that change, and what goes with what is deleted."""

import pandas as pd
import pytest

from tests.store.samples import dataset, event, experiment, failure, members, network, record, trial
from trova_widgets.errors import StoreError
from trova_widgets.store import Store


def planned(*trial_ids: str) -> pd.DataFrame:
    """Trials of a plan, a cell each."""
    return pd.DataFrame(
        {
            "trial_id": trial_ids,
            "cell": range(len(trial_ids)),
            "seed": 0,
            "fold": pd.array([None] * len(trial_ids), dtype="Int64"),
            "values_json": [f'{{"a":{place}}}' for place in range(len(trial_ids))],
        }
    )


@pytest.fixture
def two(store: Store) -> Store:
    """Two experiments over one network and one data set, which share the trial t2; t3 was not run."""
    store.add_events([event()])
    store.add_records([record("r0"), record("r1")])
    store.add_dataset(dataset(), members(2))
    store.add_network(network())
    for at, (name, trial_ids) in enumerate((("one", ("t0", "t1", "t2")), ("two", ("t2", "t3")))):
        store.add_experiment(experiment(f"id-{name}", name, created_at_ns=at))
        store.link_trials(f"id-{name}", planned(*trial_ids))
    store.add_trials([trial("t0"), failure("t1"), trial("t1", 11, seconds=2.0), trial("t2")])
    return store


def rows(store: Store, table: str) -> int:
    """How many rows a table has."""
    return int(store._database.rows(f"SELECT count(*) FROM {table}")[0][0])


def test_a_renamed_experiment_keeps_its_trials_and_its_remarks(two: Store) -> None:
    two.annotate("one", "steep", "ann")
    # under its name, as older versions kept it
    two._database.run(lambda c: c.execute("INSERT INTO annotation VALUES ('one', 'flat', 'ann', make_timestamp_ns(1))"))
    two.rename("experiment", "id-one", "first")
    assert two.experiments()["name"].tolist() == ["first", "two"]
    assert two.experiment("first").experiment_id == "id-one"
    assert len(two.trials("id-one")) == 3
    assert two.annotations("first")["text"].tolist() == ["flat", "steep"]
    two.add_experiment(experiment("another", "one"))
    assert two.annotations("one").empty, "the name is another experiment's by now"


@pytest.mark.parametrize(("kind", "identity", "other"), [("network", "n0", "n1"), ("experiment", "id-one", "id-two")])
def test_a_name_that_is_taken_is_refused(two: Store, kind: str, identity: str, other: str) -> None:
    if kind == "network":
        two.add_network(network("n1", "two"))
    with pytest.raises(StoreError, match=f"another {kind} with the name 'two'"):
        two.rename(kind, identity, "two")
    two.rename(kind, other, "two")
    two.rename(kind, identity, "a new one")


def test_trials_that_another_experiment_shares_stay(two: Store) -> None:
    two.annotate("one", "steep", "ann")
    two.annotate("t1", "twice", "ann")
    two.annotate("t2", "shared", "ann")
    going = two.belongings("experiment", "id-one")
    assert (going.experiments, going.trial_ids, going.trials) == (("one",), ("t0", "t1"), 2)
    assert (going.shared, going.remarks, going.seconds) == (1, 2, 3.5)
    two.delete("experiment", "id-one", going)
    assert two.experiments()["name"].tolist() == ["two"]
    assert two.trials("id-two")["state"].tolist() == ["finished", "planned"]
    assert (rows(two, "trial"), rows(two, "planned_trial"), rows(two, "annotation")) == (1, 2, 1)
    assert rows(two, "network") == rows(two, "dataset") == 1
    # asked for twice, as when an owner ends between the deed and its answer
    two.delete("experiment", "id-one", going)


@pytest.mark.parametrize(("kind", "identity"), [("network", "n0"), ("dataset", "d0")])
def test_with_a_network_or_a_data_set_its_experiments_go(two: Store, kind: str, identity: str) -> None:
    going = two.belongings(kind, identity)
    assert (going.experiments, going.trial_ids) == (("one", "two"), ("t0", "t1", "t2", "t3"))
    assert (going.trials, going.shared) == (3, 0)
    two.delete(kind, identity, going)
    for table in (kind, "experiment", "planned_trial", "trial"):
        assert rows(two, table) == 0, table
    assert rows(two, "dataset_member") == (0 if kind == "dataset" else 2)
    assert rows(two, "record") == 2


def test_nothing_goes_where_more_would_go_than_was_said(two: Store) -> None:
    going = two.belongings("experiment", "id-two")
    two.add_trials([trial("t3")])
    with pytest.raises(StoreError, match="Meanwhile something else would go with this experiment"):
        two.delete("experiment", "id-two", going)
    assert (rows(two, "experiment"), rows(two, "trial")) == (2, 5)
    two.delete("experiment", "id-two", two.belongings("experiment", "id-two"))
    assert rows(two, "trial") == 4


def test_a_plan_that_is_replaced_forgets_no_result(two: Store) -> None:
    row = two.experiment("one")
    two.replace_plan(experiment(row.experiment_id, row.name, plan={"axes": {}}), planned("t1", "t9"))
    assert two.experiment("one").plan == {"axes": {}}
    assert two.trials("id-one")["state"].tolist() == ["finished", "planned"]
    assert rows(two, "trial") == 4
    with pytest.raises(StoreError, match="no experiment 'gone' any more"):
        two.replace_plan(experiment("x", "gone"), planned("t1"))
