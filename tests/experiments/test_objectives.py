import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays_of

from trova_widgets.errors import PlanError
from trova_widgets.experiments import QualityGrid, gradient, influence, largest_step, quality_grid

shapes = arrays_of.array_shapes(min_dims=1, max_dims=4, min_side=2, max_side=5)
slopes = st.lists(st.floats(-100, 100), min_size=4, max_size=4)


def grid_of(mean, words_on=()):
    mean = np.asarray(mean, dtype=float)
    values = tuple(
        tuple(f"w{place}" for place in range(length)) if axis in words_on else tuple(range(length))
        for axis, length in enumerate(mean.shape)
    )
    names = tuple(f"axis{axis}" for axis in range(mean.ndim))
    return QualityGrid(names=names, values=values, mean=mean, std=mean * 0, count=np.ones(mean.shape, dtype=int))


def plane(shape, slopes):
    return sum(slope * place for slope, place in zip(slopes, np.indices(shape), strict=False))


@settings(deadline=None)
@given(shapes, slopes)
def test_the_gradient_of_a_plane_is_its_slope_everywhere(shape, slopes):
    steepness = np.linalg.norm(slopes[: len(shape)])
    assert np.allclose(gradient(grid_of(plane(shape, slopes))), steepness, atol=1e-9)


@settings(deadline=None)
@given(shapes, slopes, st.data())
def test_a_hole_changes_nothing_around_it_on_a_plane(shape, slopes, data):
    mean = np.asarray(plane(shape, slopes), dtype=float)
    hole = tuple(data.draw(st.integers(0, length - 1)) for length in shape)
    mean[hole] = np.nan
    steep = gradient(grid_of(mean))
    assert np.isnan(steep[hole])
    # A node all of whose neighbours along an axis are the hole knows the slope of the other axes alone.
    for place in np.ndindex(shape):
        if place == hole:
            continue
        beside = [
            axis for axis in range(len(shape)) if np.delete(place, axis).tolist() == np.delete(hole, axis).tolist()
        ]
        blind = [axis for axis in beside if (hole[axis], place[axis]) in ((1, 0), (shape[axis] - 2, shape[axis] - 1))]
        known = [slope for axis, slope in enumerate(slopes[: len(shape)]) if axis not in blind]
        expected = np.linalg.norm(known) if known else np.nan
        assert steep[place] == pytest.approx(expected, abs=1e-9, nan_ok=True)


@settings(deadline=None)
@given(arrays_of.arrays(float, shapes, elements=st.floats(0, 1)), st.data())
def test_the_gradient_has_no_direction(mean, data):
    axis = data.draw(st.integers(0, mean.ndim - 1))
    flipped = np.flip(gradient(grid_of(np.flip(mean, axis))), axis)
    assert np.allclose(gradient(grid_of(mean)), flipped)
    assert np.allclose(gradient(grid_of(1 - mean)), gradient(grid_of(mean)))


def test_the_gradient_agrees_with_numpy_inside():
    mean = np.random.default_rng(0).random((5, 6, 4))
    assert np.allclose(gradient(grid_of(mean)), np.sqrt(sum(each**2 for each in np.gradient(mean))))


def test_words_have_no_neighbours():
    assert np.allclose(gradient(grid_of([0.5, 0.9, 0.6], words_on={0})), [0.4, 0.4, 0.3])
    assert np.allclose(gradient(grid_of([0.5, np.nan, 0.6], words_on={0})), [0.1, np.nan, 0.1], equal_nan=True)


def test_where_there_is_nothing_to_compare_with_there_is_no_gradient():
    assert np.isnan(gradient(grid_of([[0.5]]))).all()
    assert np.isnan(gradient(grid_of([0.5, np.nan, 0.7]))).all()
    assert np.allclose(gradient(grid_of([[0.5, 0.7]])), 0.2)


def test_a_lucky_spike_is_seen():
    spike = grid_of([0.5, 0.5, 0.9, 0.5, 0.5])
    assert gradient(spike)[2] == 0
    assert largest_step(spike)[2] == pytest.approx(0.4)
    assert largest_step(grid_of([[0.5, 0.6], [0.9, np.nan]])) == pytest.approx(
        np.array([[0.4, 0.1], [0.4, np.nan]]), nan_ok=True
    )
    assert largest_step(grid_of([0.5, 0.9], words_on={0})) == pytest.approx([0.4, 0.4])


def test_trials_are_laid_on_their_grid():
    rows = [
        {"size": 1, "kind": "a", "seed": 0, "state": "finished", "quality": 0.5},
        {"size": 1, "kind": "a", "seed": 1, "state": "finished", "quality": 0.7},
        {"size": 2, "kind": "b", "seed": 0, "state": "failed", "quality": None},
        {"size": 2, "kind": "a", "seed": 0, "state": "planned", "quality": None},
        {"size": 1, "kind": "b", "seed": 0, "state": "finished", "quality": 0.9},
        {"size": 9, "kind": "b", "seed": 0, "state": "finished", "quality": 0.1},
    ]
    grid = quality_grid(pd.DataFrame(rows), {"size": (1, 2, 3), "kind": ("b", "a")})
    assert grid.shape == (3, 2)
    assert grid.count.tolist() == [[1, 2], [0, 0], [0, 0]]
    assert grid.mean[0] == pytest.approx([0.9, 0.6])
    assert grid.std[0, 1] == pytest.approx(np.std([0.5, 0.7], ddof=1))
    assert np.isnan(grid.std[0, 0])
    assert np.isnan(grid.mean[1:]).all()
    assert [grid.is_enumerated(axis) for axis in (0, 1)] == [False, True]
    assert grid.cell(grid.place({"size": 2, "kind": "a"})) == {"size": 2, "kind": "a"}


def test_names_alone_take_the_values_that_occur():
    trials = pd.DataFrame({"p": [0.3, 0.1, 0.5], "state": "finished", "quality": [1.0, 2.0, 3.0], "loss": 0.2})
    assert quality_grid(trials, ["p"]).values == ((0.1, 0.3, 0.5),)
    assert quality_grid(trials, ["p"], value="loss").mean.tolist() == [0.2, 0.2, 0.2]
    with pytest.raises(PlanError, match="no column q"):
        quality_grid(trials, ["q"])


def test_a_plan_without_axes_has_one_node():
    """As many seeds of one network as one likes, and nothing to compare with."""
    trials = pd.DataFrame({"seed": [0, 1], "state": "finished", "quality": [0.5, 0.7]})
    grid = quality_grid(trials, {})
    assert grid.shape == () and grid.count == 2 and grid.mean == pytest.approx(0.6)
    assert np.isnan(gradient(grid)) and np.isnan(largest_step(grid)) and influence(grid) == {}


def test_no_trial_at_all_is_a_grid_of_holes():
    grid = quality_grid(pd.DataFrame(columns=["p", "state", "quality"]), {"p": (1, 2)})
    assert np.isnan(gradient(grid)).all()
    assert influence(grid) == {"p": 0.0}


def test_the_strongest_parameter_comes_first():
    grid = grid_of(plane((3, 4, 2), [0.1, -0.3, 0.0]))
    assert list(influence(grid)) == ["axis1", "axis0", "axis2"]
    assert influence(grid)["axis1"] == pytest.approx(0.3)
    assert influence(grid_of([0.0, 1.0, 2.0], words_on={0}))["axis0"] == pytest.approx(4 / 3)
