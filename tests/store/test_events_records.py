"""Events, labels, records and parameters: appended, never overwritten."""

import math

import pytest

from tests.store.samples import event, label, parameter, record
from trova_widgets.errors import StoreError
from trova_widgets.store import Store


def test_events_are_added_once(store: Store) -> None:
    assert store.add_events([event("e0"), event("e1", origin_time_ns=None, depth_km=None, magnitude=None)]) == 2
    assert store.add_events([event("e0", magnitude=9.0), event("e2"), event("e2")]) == 1
    store.add_records([record("r0", "e0"), record("r1", "e0"), record("r2", None)])
    found = store.events().set_index("event_id")
    assert found.loc["e0", "magnitude"] == 1.7
    assert found["record_count"].to_dict() == {"e0": 2, "e1": 0, "e2": 0}
    assert math.isnan(found.loc["e1", "depth_km"])
    assert found["origin_time"].isna().sum() == 1


def test_the_latest_label_counts_and_none_is_lost(store: Store) -> None:
    store.add_events([event("e0"), event("e1")])
    store.add_records([record("r0", "e0")])
    store.add_labels([label("e0", "quarry_blast", made_at_ns=20)])
    assert store.add_labels([label("e0", "earthquake", made_at_ns=10), label("e0", "quarry_blast", made_at_ns=20)]) == 1
    assert store.labels("e0")["event_class"].tolist() == ["earthquake", "quarry_blast"]
    assert store.events().set_index("event_id").loc["e0", "event_class"] == "quarry_blast"
    assert store.records()["event_class"].tolist() == ["quarry_blast"]
    store.add_labels([label("e0", "earthquake", made_at_ns=30)])
    assert store.records()["event_class"].tolist() == ["earthquake"]
    assert len(store.labels()) == 3


def test_what_refers_to_nothing_is_refused_whole(store: Store) -> None:
    store.add_events([event("e0")])
    gone = "'nowhere', which is not there"
    with pytest.raises(StoreError, match=gone):
        store.add_labels([label("e0"), label("nowhere")])
    with pytest.raises(StoreError, match=gone):
        store.add_records([record("r0", "e0"), record("r1", "nowhere")])
    with pytest.raises(StoreError, match=gone):
        store.add_parameters([parameter("nowhere")])
    assert len(store.labels()) == len(store.records()) == 0


def test_a_value_out_of_range_is_refused_and_the_store_goes_on(store: Store) -> None:
    with pytest.raises(StoreError, match="latitude"):
        store.add_events([event("e0"), event("e1", latitude=91.0)])
    assert len(store.events()) == 0
    assert store.add_events([event("e0")]) == 1


def test_a_value_that_is_there_is_not_added_twice(store: Store) -> None:
    store.add_records([record("r0", None)])
    assert store.add_parameters([parameter("r0"), parameter("r0"), parameter("r0", made_at_ns=2)]) == 2
    assert store.add_parameters([parameter("r0", value=7.0), parameter("r0", made_at_ns=3)]) == 1
    assert store.parameters("r0")["value"].tolist() == [30.0, 30.0, 30.0], "the first one stays"


def test_what_comes_with_a_new_record_is_what_counts(store: Store) -> None:
    first = [parameter("r0", "onset_s", 30.0), parameter("r0", "snr_db", math.nan), parameter("r1", "gap_s", 2.0)]
    records = [record("r0", None), record("r1", None)]
    assert store.add_record_batch([], [], records, first) == (0, 2)
    assert store.add_record_batch([], [], records, [parameter("r0", "onset_s", 99.0)]) == (0, 0)
    assert store.add_record_batch([], [], [record("r2", None)], [parameter("r2", "clipped_share", 0.5)]) == (0, 1)
    assert store.stale_values() == []
    found = store.records().set_index("record_id")
    assert found.loc["r0", "onset_s"] == 30.0 and math.isnan(found.loc["r0", "snr_db"])
    assert found.loc[["r1", "r2"], ["gap_s", "clipped_share"]].fillna(-1.0).values.tolist() == [
        [2.0, -1.0],
        [-1.0, 0.5],
    ]


def test_parameters_become_columns(store: Store) -> None:
    store.add_records([record("r0", None), record("r1", None, start_time_ns=1_700_000_000_000_000_000)])
    assert "onset_s" not in store.records()
    store.add_parameters(
        [
            parameter("r0", "onset_s", 30.0, made_at_ns=5),
            parameter("r0", "onset_s", 31.0, source="analyst", author="ann", made_at_ns=2),
            parameter("r0", "onset_s", 32.0, made_at_ns=9),
            parameter("r0", "snr_db", 3.0, made_at_ns=1),
            parameter("r0", "snr_db", 4.0, made_at_ns=2),
            parameter("r1", "snr_db", math.nan),
        ]
    )
    found = store.records()
    assert found.columns.tolist()[-2:] == ["onset_s", "snr_db"]
    assert found["onset_s"].tolist()[0] == 31.0, "an analyst's counts before a later found one"
    assert found["snr_db"].tolist()[0] == 4.0, "the latest counts"
    assert found[["onset_s", "snr_db"]].iloc[1].isna().all()
    assert store.parameters("r0")["value"].tolist() == [3.0, 31.0, 4.0, 30.0, 32.0]


@pytest.mark.parametrize("name", ["station", "event_class", "Onset", "a b", 'x"; DROP TABLE event; --', ""])
def test_a_parameter_that_could_not_be_a_column_is_refused(store: Store, name: str) -> None:
    store.add_records([record("r0", None)])
    with pytest.raises(StoreError, match="cannot name a parameter"):
        store.add_parameters([parameter("r0", name)])
