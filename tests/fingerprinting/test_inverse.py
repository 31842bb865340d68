import numpy as np
import pytest

from tests.fingerprinting.making import ONSET_S, RATE_HZ, RECIPES, record
from trova_widgets.errors import RecipeError
from trova_widgets.fingerprinting import (
    FingerprintRecipe,
    fingerprint,
    frequency_edges_hz,
    inverse_haar,
    patches,
    rebuild,
    reduce,
    scalogram,
)

recipes = pytest.mark.parametrize("recipe", RECIPES.values(), ids=RECIPES.keys())


def bits_of(row: int, column: int, recipe: FingerprintRecipe) -> np.ndarray:
    """A fingerprint with the one coefficient at a row and a column."""
    bits = np.zeros(recipe.shape, dtype=bool)
    bits[row, 2 * column if recipe.signs == "signed" else column] = True
    return bits


@recipes
def test_a_point_stands_for_the_patch_where_its_haar_function_is(recipe):
    rng = np.random.default_rng(4)
    edges_hz = frequency_edges_hz(recipe)
    bin_s = recipe.window_s / recipe.size
    places = [(0, 0), (0, 1), (1, 0), *rng.integers(0, recipe.size, size=(30, 2))]
    for row, column in places:
        plane = np.zeros((recipe.size, recipe.size))
        plane[row, column] = 1.0
        rows, columns = np.nonzero(np.abs(inverse_haar(plane, recipe.haar)) > 1e-12)
        patch = patches(bits_of(row, column, recipe), recipe, start_s=7.0)[0]
        assert (patch["row"], patch["column"]) == (row, column)
        assert patch["time_from_s"] == pytest.approx(7.0 + columns.min() * bin_s)
        assert patch["time_to_s"] == pytest.approx(7.0 + (columns.max() + 1) * bin_s)
        assert patch["frequency_from_hz"] == pytest.approx(edges_hz[rows.min()])
        assert patch["frequency_to_hz"] == pytest.approx(edges_hz[rows.max() + 1])


@recipes
def test_there_is_a_patch_for_each_point(recipe):
    bits = fingerprint(record(), RATE_HZ, recipe, onset_s=ONSET_S)
    found = patches(bits, recipe)
    assert len(found) == bits.sum()
    assert (found["time_from_s"] < found["time_to_s"]).all()
    assert (found["frequency_from_hz"] < found["frequency_to_hz"]).all()


@recipes
def test_edges_of_the_rows_lie_between_their_frequencies(recipe):
    edges_hz = frequency_edges_hz(recipe)
    assert edges_hz.shape == (recipe.size + 1,)
    rows_hz = recipe.frequencies_hz.reshape(recipe.size, -1)
    assert (edges_hz[:-1] < rows_hz.min(axis=1)).all()
    assert (edges_hz[1:] > rows_hz.max(axis=1)).all()


@pytest.mark.parametrize("haar_kind", ["standard", "nonstandard"])
def test_signed_bits_are_the_haar_plane_of_what_is_rebuilt(haar_kind):
    recipe = FingerprintRecipe(signs="signed", haar=haar_kind)
    bits = fingerprint(record(), RATE_HZ, recipe, onset_s=ONSET_S)
    plane = bits[:, ::2].astype(float) - bits[:, 1::2]
    np.testing.assert_allclose(rebuild(bits, recipe), inverse_haar(plane, haar_kind))


@recipes
def test_what_is_rebuilt_from_the_fingerprint_alone_resembles_the_scalogram(recipe):
    samples = record()
    picture = reduce(scalogram(samples, RATE_HZ, recipe, onset_s=ONSET_S), recipe)
    rebuilt = rebuild(fingerprint(samples, RATE_HZ, recipe, onset_s=ONSET_S), recipe)
    assert rebuilt.shape == picture.shape
    if recipe.signs == "signed":
        assert np.corrcoef(picture.ravel(), rebuilt.ravel())[0, 1] > 0.5
    else:
        # One bit does not tell bright from dark: it shows where the picture changes most.
        change = np.abs(np.diff(picture, axis=1)).mean(axis=0)
        assert rebuilt.sum() == pytest.approx(fingerprint(samples, RATE_HZ, recipe, onset_s=ONSET_S).sum())
        busiest = change.argmax()
        assert rebuilt[:, busiest : busiest + 2].mean() > np.median(rebuilt.mean(axis=0))


@pytest.mark.parametrize("work", [patches, rebuild], ids=lambda work: work.__name__)
def test_bits_of_another_recipe_are_refused(work):
    with pytest.raises(RecipeError, match="pass the recipe it was made with"):
        work(np.zeros((64, 64)), FingerprintRecipe(signs="signed"))
