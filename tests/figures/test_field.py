import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from trova_widgets.figures.field import Field, field_of, short_name, window


def field(shape: tuple[int, ...] = (3, 4, 2), seed: int = 0) -> Field:
    """Return a field without holes in which every number is another one."""
    numbers = np.random.default_rng(seed).permutation(int(np.prod(shape))) / np.prod(shape)
    places = np.indices(shape).reshape(len(shape), -1).T
    values = {f"layer_{axis}_p{axis}": list(range(1, count + 1)) for axis, count in enumerate(shape)}
    return field_of(values, places, numbers, ["finished"] * len(numbers))


def test_seeds_become_mean_deviation_and_count() -> None:
    made = field_of({"a": [1, 2]}, [[0], [0], [1]], [0.4, 0.6, 0.9], ["finished"] * 3)
    assert made.mean.tolist() == pytest.approx([0.5, 0.9])
    assert made.deviation[0] == pytest.approx(np.std([0.4, 0.6], ddof=1))
    assert np.isnan(made.deviation[1])
    assert made.count.tolist() == [2, 1]


def test_a_combination_without_result_is_a_hole_with_a_reason() -> None:
    nan = float("nan")
    made = field_of(
        {"a": [1, 2, 3]},
        [[0], [1], [1]],
        [0.4, nan, nan],
        ["finished", "failed", "planned"],
        without_trials="impossible",
    )
    assert made.holes.tolist() == [False, True, True]
    assert made.state.tolist() == ["finished", "failed", "impossible"]


def test_a_plane_has_its_axes_in_the_order_that_was_asked() -> None:
    made = field()
    assert np.array_equal(made.plane(made.mean, (2, 0), (0, 1, 0)), made.mean[:, 1, :].T)


@given(some.floats(0.01, 1), some.integers(0, 20))
def test_the_top_is_better_than_the_rest(share: float, seed: int) -> None:
    made = field(seed=seed)
    best = made.top(share)
    assert best.sum() == max(int(np.ceil(share * made.mean.size)), 1)
    assert best.all() or made.mean[best].min() > made.mean[~best].max()


@given(some.integers(1, 60), some.integers(1, 30), some.data())
def test_a_window_holds_its_centre_and_stays_inside(count: int, limit: int, data: some.DataObject) -> None:
    centre = data.draw(some.integers(0, count - 1))
    places = window(count, limit, centre)
    assert centre in places
    assert len(places) == min(count, limit)
    assert places[0] >= 0
    assert places[-1] < count


def test_a_name_keeps_the_position_of_its_layer() -> None:
    assert short_name("dropoutLayer_10_probability") == "probability (10)"
    assert short_name("network") == "network"
