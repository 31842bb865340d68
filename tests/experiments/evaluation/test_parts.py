"""Parts that can be left out as a whole: stations, cells of the map, periods."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from trova_widgets.experiments.evaluation import accuracy_lost, figures, map_cells, periods, station_groups

_EVENT = st.tuples(st.floats(-180, 180), st.floats(-80, 80), st.integers(1, 5))


@given(st.lists(_EVENT, min_size=1, max_size=30), st.integers(1, 6))
def test_cells_of_the_map_hold_whole_events_and_do_not_overlap(events, count):
    sizes = [size for *_, size in events]
    east, north = (np.repeat([event[each] for event in events], sizes) for each in (0, 1))
    numbers = np.repeat(np.arange(len(events)), sizes)
    dealt = map_cells(east, north, numbers, count)
    assert 1 <= len(dealt.names) <= count and len(set(dealt.names)) == len(dealt.names)
    assert (np.unique(dealt.of) == np.arange(len(dealt.names))).all()
    places = {}
    for place, part in zip(zip(east, north, strict=True), dealt.of, strict=True):
        assert places.setdefault(place, part) == part


def test_cells_are_of_nearly_equal_counts_and_go_on_across_the_date_line():
    east = np.r_[np.linspace(175, 179.9, 50), np.linspace(-179.9, -175, 50)]
    dealt = map_cells(east, np.zeros(100), np.arange(100), 4)
    assert np.bincount(dealt.of).tolist() == [25] * 4
    # one who did not know of the date line would put the ends of the world together
    assert dealt.of[49] != dealt.of[0] and set(dealt.of[:50]) == {0, 1} and "175.0 to 177.4° E" in dealt.names[0]


def test_periods_are_contiguous_and_named_by_what_tells_them_apart():
    moments = np.datetime64("2020-02-02T00:00") + np.arange(9).astype("timedelta64[h]")
    dealt = periods(moments.astype("datetime64[ns]"), np.arange(9), 3)
    assert dealt.of.tolist() == [0, 0, 0, 1, 1, 1, 2, 2, 2]
    assert dealt.names[0] == "2020-02-02T00:00 to 2020-02-02T02:00"


def test_stations_stay_whole():
    names = [f"s{number % 7}" for number in range(70)] + ["", "s0"]
    dealt = station_groups(names, 3)
    assert dealt.of[70] == -1 and np.bincount(dealt.of[dealt.of >= 0]).min() >= 20
    groups = dict(zip(names, dealt.of, strict=True))
    assert all(groups[name] == part for name, part in zip(names, dealt.of, strict=True))


def test_what_is_lost_is_paired_by_event():
    rng = np.random.default_rng(0)
    events = np.repeat(np.arange(60), 4)
    classes = events % 2
    # whole events are right or wrong, and one record in twenty more is wrong afterwards
    before = (rng.random(60) < 0.6)[events]
    after = before & (rng.random(240) > 0.05)
    lost = accuracy_lost(before, after, classes, events)
    assert np.isclose(lost.value, before.mean() - after.mean())
    assert 0 <= lost.low < lost.value < lost.high < 0.1


def test_figures_at_the_rates_of_the_records_are_those_of_the_records():
    rng = np.random.default_rng(1)
    told, classes, events = rng.dirichlet(np.ones(3), size=(2, 90)), np.arange(90) % 3, np.arange(90)
    plain, rated = figures(told, classes, events), figures(told, classes, events, rates=np.full(3, 1 / 3))
    assert np.isclose(plain.accuracy.value, rated.accuracy.value)
    assert np.allclose([each.value for each in plain.precision], [each.value for each in rated.precision])
    # a class that comes ten times as often is confused ten times as often
    skewed = figures(told, classes, events, rates=np.array([0.8, 0.2, 0.0]))
    recall = np.diag(plain.confusion) / plain.confusion.sum(axis=1)
    assert np.isclose(skewed.accuracy.value, 0.8 * recall[0] + 0.2 * recall[1])
    assert np.isclose(skewed.confusion.sum(), 1) and np.isnan(skewed.recall[2].value)
