"""Records as tables: filtered, sorted and paged by the database as pandas would, and the values that count kept up."""

import math

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.store.samples import event, label, parameter, record
from trova_widgets.errors import StoreError
from trova_widgets.store import RecordFilter, Store
from trova_widgets.store.measured import values_that_count

HOUR = 3_600_000_000_000


@pytest.fixture
def filled(store: Store) -> Store:
    """Two events of two classes, one record without an event, a parameter that one record lacks."""
    store.add_events([event("e0", origin_time_ns=5 * HOUR), event("e1", origin_time_ns=HOUR, magnitude=None)])
    store.add_labels([label("e0", "earthquake"), label("e1", "quarry_blast")])
    stations = ["RATT", "APA", "RATT", "LVZ"]
    events = ["e0", "e0", "e1", None]
    store.add_records([record(f"r{i}", events[i], station=stations[i], start_time_ns=(4 - i) * HOUR) for i in range(4)])
    store.add_parameters([parameter(f"r{i}", "snr_db", snr) for i, snr in enumerate([3.0, 9.0, math.nan])])
    return store


@pytest.mark.parametrize(
    ("where", "found"),
    [
        (RecordFilter(), ["r3", "r2", "r1", "r0"]),
        (RecordFilter(event_class="earthquake"), ["r1", "r0"]),
        (RecordFilter(event_class=""), ["r3"]),
        (RecordFilter(station="RATT", event_id="e1"), ["r2"]),
        (RecordFilter(words=" uw ratt "), ["r2", "r0"]),
        (RecordFilter(words="hhz E1"), ["r2"]),
        (RecordFilter(words="%"), []),
        (RecordFilter(words="'; DROP TABLE record; --"), []),
        (RecordFilter(least={"snr_db": 3.0}), ["r1", "r0"]),
        (RecordFilter(most={"snr_db": 8.9}), ["r0"]),
        (RecordFilter(since_ns=2 * HOUR, until_ns=3 * HOUR), ["r2", "r1"]),
        (RecordFilter(record_ids=["r0", "nowhere"]), ["r0"]),
        (RecordFilter(record_ids=[]), []),
    ],
)
def test_a_filter_lets_through_what_it_says(filled: Store, where: RecordFilter, found: list[str]) -> None:
    assert filled.records(where)["record_id"].tolist() == found
    page = filled.record_page(where, sort_by="start_time", descending=False)
    assert page.rows["record_id"].tolist() == found
    assert page.total == len(found)


def test_a_bound_on_what_was_never_measured_is_refused(filled: Store) -> None:
    with pytest.raises(StoreError, match="No record has a parameter 'snr'; there are snr_db"):
        filled.records(RecordFilter(least={"snr": 1.0}))
    with pytest.raises(StoreError, match="No record has a parameter 'nowhere'"):
        filled.record_page(sort_by="nowhere")


@pytest.mark.parametrize(
    ("sort_by", "order"),
    [
        ("origin_time", ["r2", "r3", "r0", "r1"]),
        ("snr_db", ["r0", "r1", "r2", "r3"]),
        ("station", ["r1", "r3", "r0", "r2"]),
        ("event_class", ["r0", "r1", "r2", "r3"]),
        ("magnitude", ["r0", "r1", "r2", "r3"]),
    ],
)
def test_pages_follow_one_another_in_order(filled: Store, sort_by: str, order: list[str]) -> None:
    pages = [filled.record_page(sort_by=sort_by, descending=False, first=first, count=3) for first in (0, 3, 6)]
    assert [page.rows["record_id"].tolist() for page in pages] == [order[:3], order[3:], []]
    assert {page.total for page in pages} == {4}
    assert [filled.record_place(record_id, sort_by=sort_by, descending=False) for record_id in order] == [0, 1, 2, 3]


def test_what_is_not_known_comes_last_either_way(filled: Store) -> None:
    rows = filled.record_page(sort_by="snr_db", descending=True).rows
    assert rows["record_id"].tolist() == ["r1", "r0", "r2", "r3"]
    assert filled.record_place("r3", sort_by="snr_db") == 3


def test_a_record_that_a_filter_holds_back_has_no_place(filled: Store) -> None:
    assert filled.record_place("r2", RecordFilter(station="RATT"), sort_by="start_time", descending=False) == 0
    assert filled.record_place("r1", RecordFilter(station="RATT"), sort_by="start_time") is None
    assert filled.record_place("nowhere") is None
    with pytest.raises(StoreError, match="No record has a parameter 'nowhere'"):
        filled.record_place("r0", sort_by="nowhere")


def test_a_page_tells_of_the_event(filled: Store) -> None:
    rows = filled.record_page(RecordFilter(event_id="e0")).rows
    assert rows["origin_time"].unique().tolist() == [pd.Timestamp(5 * HOUR, tz="UTC")]
    assert rows["magnitude"].tolist() == [1.7, 1.7]
    assert filled.record_page(RecordFilter(event_class="")).rows["magnitude"].isna().all()


def test_there_is_something_to_choose_from(filled: Store) -> None:
    assert filled.record_choices() == {
        "stations": ["APA", "LVZ", "RATT"],
        "channels": ["HHZ"],
        "event_classes": ["earthquake", "quarry_blast"],
        "parameters": ["snr_db"],
    }
    assert filled.file_hashes() == {"ab" * 10}


NAMES = st.sampled_from(["onset_s", "snr_db", "cutoff_hz"])
MEASURED = st.tuples(
    st.integers(0, 2), NAMES, st.floats(-1e3, 1e3), st.sampled_from(["found", "analyst"]), st.integers(0, 4)
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(MEASURED, max_size=6), max_size=4))
def test_the_values_that_count_follow_their_history(tmp_path_factory, batches) -> None:
    with Store.create(tmp_path_factory.mktemp("history") / "study") as store:
        store.add_records([record(f"r{i}", None) for i in range(3)])
        history: dict[tuple, float] = {}
        for batch in batches:
            store.add_parameters(
                [parameter(f"r{i}", name, value, source=s, made_at_ns=t) for i, name, value, s, t in batch]
            )
            for i, name, value, source, made_at in batch:
                history.setdefault((i, name, source, made_at), value)
        found = store.records()
        for i, name, _, _ in history:
            mine = {(s, t): v for (j, n, s, t), v in history.items() if (j, n) == (i, name)}
            counting = min(mine, key=lambda key: (key[0], -key[1]))
            assert found.set_index("record_id").loc[f"r{i}", name] == mine[counting]
        kept = store._database.rows('SELECT record_id, "values" FROM measured ORDER BY record_id')
        anew = store._database.run(lambda c: c.rows(f"{values_that_count(c)} ORDER BY record_id")) if history else []
        assert [(r, v + [None] * (len(w) - len(v))) for (r, v), (_, w) in zip(kept, anew, strict=True)] == anew


@pytest.mark.parametrize("record_id", ["r0", "r2", "r3", "nowhere"])
def test_one_record_is_as_in_a_page(filled: Store, record_id: str) -> None:
    pd.testing.assert_frame_equal(
        filled.record(record_id), filled.record_page(RecordFilter(record_ids=[record_id])).rows, check_dtype=False
    )
