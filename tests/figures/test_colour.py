import numpy as np
import pytest

from trova_widgets.figures.colour import HOLE, VIRIDIS, class_colours, class_shapes, ink_on, round_ticks, scale_of


def test_the_ends_of_the_scale_are_the_ends_of_the_map() -> None:
    scale = scale_of("quality")
    assert scale.hexadecimal([0.0, 1.0, -1.0, 2.0]) == [VIRIDIS[0], VIRIDIS[-1], VIRIDIS[0], VIRIDIS[-1]]


def test_a_hole_has_no_colour_of_the_scale() -> None:
    assert scale_of("gradient", [0.1]).hexadecimal([np.nan]) == [HOLE]


def test_quality_is_fixed_and_the_switch_stretches_it() -> None:
    assert (scale_of("quality", [0.3, 0.8]).low, scale_of("quality", [0.3, 0.8]).high) == (0.0, 1.0)
    stretched = scale_of("quality", [0.3, 0.8, np.nan], stretched=True)
    assert (stretched.low, stretched.high) == (0.3, 0.8)


@pytest.mark.parametrize("numbers", [[], [0.5], [0.5, 0.5], [np.nan]])
def test_a_scale_always_has_a_length(numbers: list[float]) -> None:
    for stretched in (False, True):
        scale = scale_of("gradient", numbers, stretched=stretched)
        assert scale.high > scale.low
        assert len(scale.ticks()) > 0


def test_low_gradient_is_as_bright_as_high_quality() -> None:
    bright = scale_of("gradient", [1.0]).rgb([0.0, 1.0]).sum(axis=1)
    assert bright[0] > bright[1]


def test_ticks_lie_between_the_ends() -> None:
    ticks = round_ticks(0.013, 0.237)
    assert all(0.013 <= tick <= 0.237 for tick in ticks)
    assert len(ticks) >= 3


def test_classes_differ_in_colour_and_in_shape() -> None:
    classes = ["earthquake", "quarry_blast", "mine_blast", "other"]
    assert len(set(class_colours(classes))) == len(set(class_shapes(classes))) == 4


def test_ink_is_readable() -> None:
    assert (ink_on([1, 1, 1]), ink_on([0, 0, 0.3])) == ("#000000", "#ffffff")
