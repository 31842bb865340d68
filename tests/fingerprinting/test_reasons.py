"""Where in time and frequency lies what points of a fingerprint say."""

import numpy as np
import pytest

from trova_widgets.errors import RecipeError
from trova_widgets.fingerprinting import FingerprintRecipe, haar, inverse_haar, relief, strongest_reason

SIGNED = FingerprintRecipe(signs="signed", size=32, keep=60)


def test_the_sum_stays_and_signed_points_lie_where_the_energy_is():
    image = np.zeros((32, 32))
    image[4:8, 16:20] = 1.0
    plane = haar(image)
    points = np.sign(plane.round(9)).astype(int)
    # every coefficient says what it adds to the bright patch
    said = plane * haar(image)
    picture = relief(said, points, SIGNED)
    assert picture.sum() == pytest.approx(said.sum())
    assert np.unravel_index(picture.argmax(), picture.shape)[0] in range(4, 8)
    assert picture[4:8, 16:20].mean() > 8 * picture.mean()
    reason = strongest_reason(picture, SIGNED)
    assert reason.time_from_s <= -16 + 16 * 3 and reason.time_to_s >= -16 + 20 * 3


def test_a_point_without_a_sign_lights_its_whole_patch():
    recipe = FingerprintRecipe()
    said = np.zeros((64, 64))
    said[5, 9] = 2.0
    plane = np.zeros((64, 64))
    plane[5, 9] = 1.0
    lit = relief(said, said.astype(int), recipe)
    assert ((lit > 0) == (np.abs(inverse_haar(plane)) > 1e-9)).all() and lit.sum() == pytest.approx(2)


def test_nothing_that_speaks_has_no_reason_and_other_shapes_are_refused():
    assert strongest_reason(np.zeros((64, 64))) is None
    with pytest.raises(RecipeError, match="size"):
        relief(np.zeros((32, 32)), np.zeros((32, 32)))
