import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays_of

from tests.space.making import distinct_grid, grid_of
from trova_widgets.errors import SettingError
from trova_widgets.space import Grid, axis_places

NAN = float("nan")
shapes = arrays_of.array_shapes(min_dims=1, max_dims=4, min_side=2, max_side=5)
numbers = arrays_of.arrays(float, shapes, elements=st.floats(0, 1))
with_holes = arrays_of.arrays(float, shapes, elements=st.floats(0, 1) | st.just(NAN))
slopes = st.lists(st.floats(-100, 100), min_size=4, max_size=4)


def plane(shape, slopes):
    return sum(slope * place for slope, place in zip(slopes, np.indices(shape), strict=False))


def test_seeds_become_mean_deviation_and_count():
    made = Grid.of({"a": [1, 2]}, [[0], [0], [1]], [0.4, 0.6, 0.9])
    assert made.mean.tolist() == pytest.approx([0.5, 0.9])
    assert made.deviation[0] == pytest.approx(np.std([0.4, 0.6], ddof=1))
    assert np.isnan(made.deviation[1])
    assert made.count.tolist() == [2, 1]
    assert made.state.tolist() == ["finished"] * 2


def test_a_combination_without_result_is_a_hole_with_a_reason():
    made = Grid.of(
        {"a": [1, 2, 3, 4]},
        [[0], [1], [1], [2]],
        [0.4, NAN, NAN, NAN],
        ["finished", "failed", "planned", "running"],
        without_trials="impossible",
    )
    assert made.holes.tolist() == [False, True, True, True]
    assert made.state.tolist() == ["finished", "failed", "running", "impossible"]


@given(
    arrays_of.array_shapes(min_dims=1, max_dims=3, max_side=4).flatmap(
        lambda shape: st.tuples(
            st.just(shape),
            st.lists(
                st.tuples(*[st.integers(0, count - 1) for count in shape], st.floats(0, 1) | st.just(NAN)), max_size=30
            ),
        )
    )
)
def test_every_trial_stands_in_its_cell(given):
    shape, trials = given
    axes = {f"a{axis}": range(count) for axis, count in enumerate(shape)}
    made = Grid.of(axes, [place for *place, _ in trials], [number for *_, number in trials])
    for place in np.ndindex(shape):
        of_cell = [number for *at, number in trials if tuple(at) == place]
        known = [number for number in of_cell if np.isfinite(number)]
        assert made.count[place] == len(known)
        assert made.mean[place] == pytest.approx(np.mean(known) if known else NAN, nan_ok=True)
        expected = np.std(known, ddof=1) if len(known) > 1 else NAN
        assert made.deviation[place] == pytest.approx(expected, nan_ok=True, abs=1e-12)
        assert made.state[place] == ("finished" if known else "failed" if of_cell else "missing")


def test_a_plan_without_axes_has_one_cell():
    """As many seeds of one network as one likes, and nothing to compare with."""
    made = Grid.of({}, np.empty((2, 0)), [0.5, 0.7])
    assert (made.shape, int(made.count), made.cell(())) == ((), 2, {})
    assert made.mean == pytest.approx(0.6)
    assert np.isnan(made.gradient)


def test_no_trial_at_all_is_a_grid_of_holes():
    made = Grid.of({"a": [1, 2]}, np.empty((0, 1)), [])
    assert made.state.tolist() == ["missing"] * 2
    assert np.isnan(made.gradient).all() and not made.top(0.5).any()


def test_cells_and_places_are_each_others_inverse():
    made = grid_of(np.zeros((2, 3)), words_on=[1])
    for place in np.ndindex(made.shape):
        assert made.place(made.cell(place)) == place
    assert made.cell((1, 2)) == {"layer_0_p0": 2, "layer_1_p1": "word3"}
    assert [made.is_enumerated(axis) for axis in (0, 1)] == [False, True]


def test_trials_find_their_places_by_their_values():
    axes = {"a": (1, 2, 3), "b": ("on", "off")}
    places = axis_places(axes, [{"b": "off", "a": 3}, {"a": 1, "b": "on"}])
    assert places.tolist() == [[2, 1], [0, 0]]
    assert axis_places(axes, []).shape == (0, 2)
    # the seeds of a plan without axes
    assert axis_places({}, [{}, {}, {}]).shape == (3, 0)
    with pytest.raises(SettingError, match=r"A trial has 9 for a, which is not among the plan's values \(1, 2, 3\)"):
        axis_places(axes, [{"a": 9, "b": "on"}])


@settings(deadline=None)
@given(shapes, slopes)
def test_the_gradient_of_a_plane_is_its_slope_everywhere(shape, slopes):
    steepness = np.linalg.norm(slopes[: len(shape)])
    assert np.allclose(grid_of(plane(shape, slopes)).gradient, steepness, atol=1e-9)


@settings(deadline=None)
@given(shapes, slopes, st.data())
def test_a_hole_changes_nothing_around_it_on_a_plane(shape, slopes, data):
    mean = np.asarray(plane(shape, slopes), dtype=float)
    hole = tuple(data.draw(st.integers(0, length - 1)) for length in shape)
    mean[hole] = NAN
    steep = grid_of(mean).gradient
    assert np.isnan(steep[hole])
    # A cell all of whose neighbours along an axis are the hole knows the slope of the other axes alone.
    for place in np.ndindex(shape):
        if place == hole:
            continue
        beside = [
            axis for axis in range(len(shape)) if np.delete(place, axis).tolist() == np.delete(hole, axis).tolist()
        ]
        blind = [axis for axis in beside if (hole[axis], place[axis]) in ((1, 0), (shape[axis] - 2, shape[axis] - 1))]
        known = [slope for axis, slope in enumerate(slopes[: len(shape)]) if axis not in blind]
        expected = np.linalg.norm(known) if known else NAN
        assert steep[place] == pytest.approx(expected, abs=1e-9, nan_ok=True)


@settings(deadline=None)
@given(with_holes, st.data())
def test_the_gradient_has_no_direction(mean, data):
    axis = data.draw(st.integers(0, mean.ndim - 1))
    gradient = grid_of(mean).gradient
    np.testing.assert_allclose(np.flip(grid_of(np.flip(mean, axis)).gradient, axis), gradient, atol=1e-9)
    np.testing.assert_allclose(grid_of(1 - mean).gradient, gradient, atol=1e-9)
    axes = data.draw(st.permutations(range(mean.ndim)))
    np.testing.assert_allclose(grid_of(mean.transpose(axes)).gradient, gradient.transpose(axes), atol=1e-9)


@settings(deadline=None)
@given(with_holes)
def test_no_neighbour_lies_farther_off_than_the_gradient(mean):
    """What a network loses by one step along any axis is at most the gradient: that is what it is for."""
    gradient = grid_of(mean).gradient
    assert not (gradient < 0).any()
    for place in np.ndindex(mean.shape):
        steps = []
        for axis in range(mean.ndim):
            for step in (-1, 1):
                other = np.array(place)
                other[axis] += step
                if 0 <= other[axis] < mean.shape[axis]:
                    steps.append(abs(mean[tuple(other)] - mean[place]))
        known = [step for step in steps if np.isfinite(step)]
        if not known or np.isnan(mean[place]):
            assert np.isnan(gradient[place])
        else:
            assert max(known) <= gradient[place] + 1e-12
            assert gradient[place] <= max(known) * np.sqrt(mean.ndim) + 1e-12


def test_a_spike_between_two_equal_neighbours_is_not_stable():
    """Half the difference of the neighbours is 0 on it, as on the flat ground beside."""
    spike = [0.5, 0.5, 0.9, 0.5, 0.5]
    halves = np.abs(np.gradient(spike))
    steep = grid_of(spike).gradient
    assert (halves[2], halves[0]) == (0, 0)
    assert steep.tolist() == pytest.approx([0, 0.4, 0.4, 0.4, 0])
    peak = np.full((3, 3, 3), 0.5)
    peak[1, 1, 1] = 0.9
    assert grid_of(peak).gradient[1, 1, 1] == pytest.approx(0.4 * np.sqrt(3))


def test_words_have_no_neighbours():
    def of(*mean):
        return grid_of(mean, words_on=[0]).gradient

    assert of(0.5, 0.9, 0.6) == pytest.approx([0.4, 0.4, 0.3])
    assert of(0.5, NAN, 0.6) == pytest.approx([0.1, NAN, 0.1], nan_ok=True)
    assert np.isnan(of(0.5)).all() and np.isnan(of(0.5, NAN)).all()
    # so their order does not matter, as it does for numbers
    assert of(0.5, 0.6, 0.9)[0] == of(0.5, 0.9, 0.6)[0]
    both = grid_of([[0.5, 0.9], [0.5, 0.5]], words_on=[0]).gradient
    assert both == pytest.approx(np.array([[0.4, np.hypot(0.4, 0.4)], [0, 0.4]]))


@settings(deadline=None)
@given(arrays_of.arrays(float, st.integers(1, 6), elements=st.floats(0, 1) | st.just(NAN)), st.data())
def test_a_word_is_as_steep_as_its_largest_difference(mean, data):
    order = data.draw(st.permutations(range(len(mean))))
    gradient = grid_of(mean, words_on=[0]).gradient
    np.testing.assert_allclose(grid_of(mean[order], words_on=[0]).gradient, gradient[order], atol=1e-9)
    for place, number in enumerate(mean):
        others = np.abs(np.delete(mean, place) - number)
        expected = np.nanmax(others) if np.isfinite(others).any() else NAN
        assert gradient[place] == pytest.approx(expected, nan_ok=True)


def test_where_there_is_nothing_to_compare_with_there_is_no_gradient():
    assert np.isnan(grid_of([[0.5]]).gradient).all()
    assert np.isnan(grid_of([0.5, NAN, 0.7]).gradient).all()
    assert np.allclose(grid_of([[0.5, 0.7]]).gradient, 0.2)


def test_the_gradient_is_an_objective_of_its_own():
    made = distinct_grid()
    steep = made.of_gradient()
    np.testing.assert_array_equal(steep.mean, made.gradient)
    assert (steep.names, steep.values, steep.shape) == (made.names, made.values, made.shape)
    assert np.isnan(steep.deviation).all()


def test_a_plane_has_its_axes_in_the_order_that_was_asked():
    made = distinct_grid()
    assert np.array_equal(made.plane(made.mean, (2, 0), (0, 1, 0)), made.mean[:, 1, :].T)


@given(st.floats(0.01, 1), st.integers(0, 20), st.booleans())
def test_the_top_is_better_than_the_rest(share, seed, lowest):
    made = distinct_grid(seed=seed)
    best = made.top(share, lowest=lowest)
    assert best.sum() == max(int(np.ceil(share * made.mean.size)), 1)
    sign = -1 if lowest else 1
    assert best.all() or (sign * made.mean[best]).min() > (sign * made.mean[~best]).max()


def test_a_hole_is_never_among_the_top():
    assert grid_of([0.5, NAN, 0.7]).top(1.0).tolist() == [True, False, True]
