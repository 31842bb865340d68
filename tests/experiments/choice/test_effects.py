"""Effects: what each setting does to the quality, told from what chance does."""

import numpy as np
import pytest

from trova_widgets.experiments.choice import Losses, effects

AXES = {"a": (1, 2, 3, 4), "b": (1, 2, 3), "c": ("on", "off")}
SHAPE = (4, 3, 2)
CELLS = np.arange(24)


def losses_of(rng: np.random.Generator, slope: float, events: int = 200) -> Losses:
    """Cells whose quality grows with ``a`` alone; events differ, and so do trainings."""
    folds = np.arange(events) % 5
    cell = np.zeros(SHAPE) + slope * np.linspace(-1, 1, 4)[:, None, None]
    luck = rng.normal(0, 0.15, (24, 1, 5))[:, :, folds]
    latent = 1.5 + cell.reshape(-1, 1, 1) + rng.normal(0, 0.9, events) + luck + rng.normal(0, 0.6, (24, 1, events))
    wrong = rng.random(latent.shape) > 1 / (1 + np.exp(-2 * latent))
    return Losses(values=wrong.astype(float), folds=folds)


def test_what_does_nothing_is_seldom_told_to_act() -> None:
    told = [
        [each.is_told for each in effects(AXES, CELLS, losses_of(np.random.default_rng(seed), slope=0.0))]
        for seed in range(40)
    ]
    assert np.mean(told) < 0.08


def test_what_acts_is_told_and_measured() -> None:
    for seed in range(5):
        losses = losses_of(np.random.default_rng(seed), slope=0.4)
        acting, *others = effects(AXES, CELLS, losses)
        assert acting.is_told and acting.size_low < acting.size < acting.size_high
        assert all(acting.size > each.size for each in others)
        # a whole grid has plain means
        plain = losses.quality().reshape(SHAPE).mean(axis=(1, 2))
        np.testing.assert_allclose(acting.means, plain, atol=1e-9)
        assert ((acting.low < acting.means) & (acting.means < acting.high)).all()


def test_cells_without_a_result_favour_no_value() -> None:
    losses = losses_of(np.random.default_rng(1), slope=0.4, events=2000)
    whole = effects(AXES, CELLS, losses)
    # the worst value of a lacks half of its cells, those of b's first values
    there = np.delete(CELLS, [0, 1, 2])
    holed = effects(AXES, there, losses.select(cells=there))
    np.testing.assert_allclose(holed[1].means, whole[1].means, atol=0.02)
    plain = losses.quality()
    by_b = [np.mean([plain[cell] for cell in there if (cell // 2) % 3 == at]) for at in range(3)]
    assert abs(by_b[0] - whole[1].means[0]) > abs(holed[1].means[0] - whole[1].means[0])


def test_a_value_without_any_result_is_not_compared() -> None:
    there = CELLS[6:]
    acting, *_ = effects(AXES, there, losses_of(np.random.default_rng(2), slope=0.4).select(cells=there))
    assert np.isnan(acting.means[0]) and np.isfinite(acting.means[1:]).all()
    alone = CELLS[:6]
    single, *_ = effects(AXES, alone, losses_of(np.random.default_rng(2), slope=0.4).select(cells=alone))
    assert np.isnan(single.size) and not single.is_told


def test_networks_that_all_say_the_same_show_no_influence() -> None:
    wrong = np.random.default_rng(0).random((1, 1, 186)) < 0.33
    losses = Losses(values=np.repeat(wrong, 2, axis=0).astype(float), folds=np.arange(186) % 3)
    (found,) = effects({"a": (0.1, 0.5)}, np.arange(2), losses)
    assert (found.size, found.size_low, found.size_high) == (0, 0, 0) and not found.is_told


def test_the_same_losses_give_the_same_answer() -> None:
    losses = losses_of(np.random.default_rng(3), slope=0.1)
    first, second = effects(AXES, CELLS, losses)[0], effects(AXES, CELLS, losses)[0]
    assert (first.size, first.size_low, first.size_high) == (second.size, second.size_low, second.size_high)


@pytest.mark.parametrize("missing", [0, 5])
def test_a_raced_grid_is_compared_on_equal_terms(missing: int) -> None:
    losses = losses_of(np.random.default_rng(4), slope=0.4)
    trained = np.ones_like(losses.measured)
    trained[: 2 * missing, 2:] = False
    acting, *_ = effects(AXES, CELLS, losses.select(trainings=trained))
    assert acting.is_told and np.argmax(acting.means) >= 2
