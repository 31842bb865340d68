"""What an experiment may cost: shares that are fair, and grids that fit them."""

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from trova_widgets.experiments.seeking import fair_share, fitted

AMOUNTS = st.floats(0.1, 1e6)


@given(AMOUNTS, st.lists(AMOUNTS, min_size=1, max_size=8))
def test_nobody_gets_more_than_it_wants_and_all_together_get_what_there_is(left: float, wanted: list[float]) -> None:
    given_to = [fair_share(left, [each, *wanted[:at], *wanted[at + 1 :]]) for at, each in enumerate(wanted)]
    assert all(share <= each * (1 + 1e-9) for share, each in zip(given_to, wanted, strict=True))
    assert np.isclose(sum(given_to), min(left, sum(wanted)), rtol=1e-6)
    # who wants more gets no less
    ordered = sorted(zip(wanted, given_to, strict=True))
    assert all(first <= second * (1 + 1e-9) for (_, first), (_, second) in pairwise(ordered))


@given(
    st.lists(st.integers(2, 9), min_size=1, max_size=3),
    st.integers(1, 4),
    st.floats(0.5, 3000),
    st.randoms(use_true_random=False),
)
def test_a_grid_is_made_to_fit_and_holds_the_value_so_far(shape, seeds, share, random) -> None:
    axes = {f"s{at}": tuple(range(10, 10 + count)) for at, count in enumerate(shape)}
    present = {name: random.choice(values) for name, values in axes.items()}
    costs = np.array([random.uniform(0.1, 2) for _ in range(int(np.prod(shape)))]).reshape(shape)
    made = fitted(axes, costs, seeds, share, present)
    assert made.fits == (made.cost <= share)
    assert all(present[name] in made.axes[name] and set(made.axes[name]) <= set(axes[name]) for name in axes)
    assert all(len(values) >= 2 for values in made.axes.values())
    if not made.fits:
        assert made.seeds == 1 and all(len(values) == 2 for values in made.axes.values())
    if seeds * costs.sum() <= share:
        assert made.axes == axes and made.seeds == seeds
    assert made.told.startswith("Made coarser to fit") == (made.axes != axes or made.seeds != seeds)
    kept = np.ix_(*[[axes[name].index(value) for value in made.axes[name]] for name in axes])
    assert np.isclose(made.cost, made.seeds * costs[kept].sum())


def test_seeds_go_first_and_steps_stay_even() -> None:
    axes = {"size": tuple(range(1, 9)), "filters": tuple(range(8, 65, 8)), "word": ("a", "b", "c")}
    made = fitted(axes, np.ones((8, 8, 3)), 3, 200.0, {"size": 3, "filters": 8, "word": "a"})
    assert (made.seeds, made.cost) == (1, 192.0)
    coarser = fitted(axes, np.ones((8, 8, 3)), 1, 50.0, {"size": 3, "filters": 8, "word": "a"})
    assert coarser.axes == {"size": (1, 3, 5, 7), "filters": (8, 24, 40, 56), "word": ("a", "b", "c")}
    assert coarser.told == "Made coarser to fit the budget: size [1 : 2 : 7], filters [8 : 16 : 56]."
