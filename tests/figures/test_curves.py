"""The curves of an evaluation have axes to be drawn on, whatever was told."""

import numpy as np
import pytest

from trova_widgets.figures.curves import placement_curves
from trova_widgets.figures.screen.curves import curve_chart


@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_a_curve_of_one_share_has_an_axis(share: float) -> None:
    shifts, told = np.arange(-2.0, 3.0), np.full(5, share)
    drawn = placement_curves(shifts, told, told, told)
    assert drawn.up[0] < drawn.up[1] == 1.0
    assert "nan" not in curve_chart(drawn)
