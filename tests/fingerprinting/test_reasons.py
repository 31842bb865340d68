"""Where in time and frequency lies what points of a fingerprint say."""

import numpy as np
import pytest

from trova_widgets.errors import RecipeError
from trova_widgets.fingerprinting import FingerprintRecipe, haar, inverse_haar, relief, strongest_reason

SIGNED = FingerprintRecipe(signs="signed", size=32, keep=60)
ONE = FingerprintRecipe(size=32, keep=60)


def bright_patch() -> np.ndarray:
    """A picture with one bright patch on dim ground."""
    image = np.full((32, 32), 0.1)
    image[4:8, 16:20] = 1.0
    return image


@pytest.mark.parametrize("recipe", [ONE, SIGNED], ids=["one bit", "signed"])
def test_the_sum_stays_and_what_is_said_lies_where_the_energy_is(recipe: FingerprintRecipe):
    image = bright_patch()
    plane = haar(image)
    # every coefficient says what it adds to the picture
    said = plane * plane
    signs = np.sign(plane.round(9)).astype(int)
    picture = relief(said, signs if recipe is SIGNED else np.abs(signs), image, recipe)
    assert picture.sum() == pytest.approx(said.sum())
    assert picture[4:8, 16:20].mean() > 8 * picture.mean()
    reason = strongest_reason(picture, recipe)
    assert reason.time_from_s <= -16 + 16 * 3 and reason.time_to_s >= -16 + 20 * 3


def test_a_point_lights_the_half_of_its_patch_that_makes_it():
    image, said = np.ones((64, 64)), np.zeros((64, 64))
    said[5, 9] = 2.0
    function = inverse_haar((said > 0).astype(float))
    image[function < -1e-9] = 3.0
    lit = relief(said, (said > 0).astype(int), image)
    assert ((lit > 0) == (function < -1e-9)).all() and lit.sum() == pytest.approx(2)
    # decibels below the strongest tell the same
    assert np.allclose(relief(said, (said > 0).astype(int), image - 3.0), lit)


@pytest.mark.parametrize("kind", ["standard", "nonstandard"])
def test_each_point_goes_back_through_its_own_haar_function(kind):
    """On a picture that is brighter where the function is positive, by as much as it can be told."""
    recipe = FingerprintRecipe(size=32, keep=60, haar=kind)
    rng = np.random.default_rng(4)
    for row, column in rng.integers(0, 32, (60, 2)).tolist():
        said = np.zeros((32, 32))
        said[row, column] = 1.0
        function = inverse_haar(said, kind).round(9)
        lit = relief(said, (said > 0).astype(int), 2.0 + np.sign(function), recipe)
        assert ((lit > 0) == (function > 0)).all()


def test_a_sign_says_which_half_where_the_energy_alone_would_not():
    """A coefficient may be less than its median and positive all the same."""
    image, said, points = np.ones((32, 32)), np.zeros((32, 32)), np.zeros((32, 32), dtype=int)
    image[:, :16] = 3.0
    said[0, 1], points[0, 1] = 1.0, -1
    assert relief(said, points, image, SIGNED)[:, 16:].sum() == pytest.approx(1)
    assert relief(said, np.abs(points), image, ONE)[:, :16].sum() == pytest.approx(1)


def test_what_a_lack_of_energy_says_is_spread_over_its_patch():
    image, said, points = np.zeros((32, 32)), np.zeros((32, 32)), np.zeros((32, 32), dtype=int)
    said[0, 0], points[0, 0] = 1.0, -1
    assert relief(said, points, image, SIGNED) == pytest.approx(np.full((32, 32), 1 / 1024))


def test_nothing_that_speaks_has_no_reason_and_other_shapes_are_refused():
    assert strongest_reason(np.zeros((64, 64))) is None
    with pytest.raises(RecipeError, match="size"):
        relief(np.zeros((32, 32)), np.zeros((32, 32)), np.zeros((32, 32)))
