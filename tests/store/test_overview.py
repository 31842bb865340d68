"""Records as a whole: counted by bounds, their stations and the latest events, told by the database alone."""

import math

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.store.samples import event, label, parameter, record
from trova_widgets.errors import StoreError
from trova_widgets.geometry import distance_km
from trova_widgets.store import Bound, RecordFilter, Store

HOUR = 3_600_000_000_000
PLACES = {"r0": (67.5, 33.4), "r1": (-10.0, 179.0), "r2": (math.nan, 30.0)}


@pytest.fixture
def filled(store: Store) -> Store:
    """Three events, of which one has no place and one no label; stations with and without a place."""
    store.add_events(
        [
            event("e0", origin_time_ns=5 * HOUR, latitude=67.0, longitude=33.0),
            event("e1", origin_time_ns=HOUR, latitude=-12.0, longitude=-179.0, magnitude=None),
            event("e2", origin_time_ns=9 * HOUR, latitude=None, longitude=None),
        ]
    )
    store.add_labels([label("e0", "earthquake"), label("e0", "quarry_blast", made_at_ns=2)])
    stations = ["RATT", "APA", "RATT", "LVZ"]
    events = ["e0", "e1", "e1", None]
    store.add_records([record(f"r{i}", events[i], station=stations[i], start_time_ns=i * HOUR) for i in range(4)])
    store.add_parameters([parameter(f"r{i}", "snr_db", snr) for i, snr in enumerate([3.0, 9.0, math.nan])])
    for name, (latitude, longitude) in PLACES.items():
        store.add_parameters(
            [parameter(name, "station_latitude", latitude), parameter(name, "station_longitude", longitude)]
        )
    return store


def test_records_are_counted_by_bounds(filled: Store) -> None:
    bounds = {
        "weak": Bound(quantity="snr_db", sign="<", value=9.0),
        "not weak": Bound(quantity="snr_db", sign=">=", value=9.0),
        "silent": Bound(quantity="snr_db", sign="missing"),
        "never measured": Bound(quantity="gap_count", sign=">"),
        "never measured, missing": Bound(quantity="gap_count", sign="missing"),
        "large": Bound(quantity="magnitude", sign=">", value=1.0),
        "far": Bound(quantity="distance_km", sign=">", value=100.0),
    }
    assert list(filled.count_records(bounds).values()) == [1, 1, 2, 0, 4, 1, 1]
    assert filled.count_records({}) == {}


def test_events_and_records_are_counted_by_class(filled: Store) -> None:
    filled.add_records([record("r9", "e2", station="RATT", start_time_ns=9 * HOUR)])
    filled.add_labels([label("e1", "mine_blast")])
    counts = filled.class_counts()
    assert counts.to_dict("list") == {
        "event_class": ["mine_blast", "quarry_blast", ""],
        "event_count": [1, 1, 1],
        "record_count": [2, 1, 2],
    }


def test_an_empty_store_has_no_classes(store: Store) -> None:
    assert store.class_counts().empty


def test_the_distance_is_that_of_the_figures(filled: Store) -> None:
    page = filled.record_page(sort_by="distance_km", descending=False)
    assert page.rows["record_id"].tolist() == ["r0", "r1", "r2", "r3"]
    for name, (to_latitude, to_longitude) in {"r0": (67.0, 33.0), "r1": (-12.0, -179.0)}.items():
        latitude, longitude = PLACES[name]
        far = float(distance_km(longitude, latitude, to_longitude, to_latitude))
        for reach, is_within in ((far * (1 + 1e-9), True), (far * (1 - 1e-9), False)):
            bound = Bound(quantity="distance_km", sign="<=", value=reach)
            found = filled.record_page(RecordFilter(record_ids=[name], all_of=[bound]))
            assert found.total == is_within


def test_opposite_ends_of_the_earth_have_a_distance(store: Store) -> None:
    places = [
        (latitude, longitude) for latitude in (-90.0, -67.3, 0.0, 12.1, 90.0) for longitude in (-180.0, -3.7, 90.0)
    ]
    store.add_events([event(f"e{k}", latitude=-where[0], longitude=where[1] + 180) for k, where in enumerate(places)])
    store.add_records([record(f"r{k}", f"e{k}") for k in range(len(places))])
    for name, axis in (("station_latitude", 0), ("station_longitude", 1)):
        store.add_parameters([parameter(f"r{k}", name, where[axis]) for k, where in enumerate(places)])
    half_way_round = {"far": Bound(quantity="distance_km", sign=">", value=20_015.0)}
    assert store.count_records(half_way_round) == {"far": len(places)}


def test_bounds_let_through_and_hold_back(filled: Store) -> None:
    loud, near = Bound(quantity="snr_db", sign=">", value=2.0), Bound(quantity="distance_km", sign="<", value=100.0)
    assert set(filled.records(RecordFilter(all_of=[loud]))["record_id"]) == {"r0", "r1"}
    assert set(filled.records(RecordFilter(all_of=[loud, near]))["record_id"]) == {"r0"}
    assert set(filled.records(RecordFilter(none_of=[loud]))["record_id"]) == {"r2", "r3"}
    assert filled.record_page(RecordFilter(none_of=[loud], all_of=[near])).total == 0


def test_a_page_beyond_the_end_still_tells_how_many_there_are(filled: Store) -> None:
    page = filled.record_page(RecordFilter(station="RATT"), first=10)
    assert (len(page.rows), page.total) == (0, 2)
    assert len(filled.record_page(count=None).rows) == 4


def test_a_station_stands_where_its_latest_record_that_tells_says(filled: Store) -> None:
    stations = filled.stations().set_index("station")
    assert stations["record_count"].to_dict() == {"APA": 1, "LVZ": 1, "RATT": 2}
    assert stations.loc["RATT", ["latitude", "longitude"]].tolist() == [67.5, 33.4]
    assert stations.loc["APA", ["latitude", "longitude"]].tolist() == [-10.0, 179.0]
    assert np.isnan(stations.loc["LVZ", "latitude"])
    assert set(stations["network"]) == {"UW"}


def test_without_records_or_places_there_is_nothing_to_tell(store: Store) -> None:
    assert store.stations().empty
    store.add_records([record("r0", None)])
    assert store.stations()["latitude"].isna().all()
    assert store.placed_events(5).rows.empty
    assert store.count_records({"far": Bound(quantity="distance_km", sign=">")}) == {"far": 0}


def test_the_latest_events_with_a_place_have_their_latest_class(filled: Store) -> None:
    events = filled.placed_events(10)
    assert (events.total, events.unplaced) == (3, 1)
    assert events.rows["event_id"].tolist() == ["e1", "e0"]
    assert events.rows.set_index("event_id")["event_class"].dropna().to_dict() == {"e0": "quarry_blast"}
    assert filled.placed_events(1).rows["event_id"].tolist() == ["e0"]


@pytest.mark.parametrize(
    ("fields", "words"), [({"sign": "= 1 OR 1"}, "expected one of <, <="), ({"sign": "<", "value": math.nan}, "not a")]
)
def test_a_bound_that_means_nothing_is_refused(fields: dict[str, object], words: str) -> None:
    with pytest.raises(StoreError, match=words):
        Bound(quantity="snr_db", **fields)


NUMBERS = st.one_of(st.floats(-5, 5), st.integers(-3, 3).map(float))


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    value=st.one_of(st.none(), st.just(math.nan), NUMBERS),
    sign=st.sampled_from(["<", "<=", ">", ">=", "missing"]),
    bound=NUMBERS,
)
def test_the_database_compares_as_python_does(tmp_path_factory, value, sign, bound) -> None:
    wanted = Bound(quantity="snr_db", sign=sign, value=bound)
    with Store.create(tmp_path_factory.mktemp("bounds") / "study") as store:
        store.add_records([record("r0", None), record("r1", None)])
        store.add_parameters([parameter("r1", "snr_db", 1.0)])
        if value is not None:
            store.add_parameters([parameter("r0", "snr_db", value)])
        for holds, where in ((True, {"all_of": [wanted]}), (False, {"none_of": [wanted]})):
            found = store.record_page(RecordFilter(record_ids=["r0"], **where)).total
            assert found == (wanted.holds(value) == holds)
    plain = {"<": lambda: value < bound, "<=": lambda: value <= bound, ">": lambda: value > bound}
    if value is not None and value == value and sign in plain:
        assert wanted.holds(value) == plain[sign]()
