import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fingerprinting.making import RATE_HZ, record
from trova_widgets.errors import RecipeError
from trova_widgets.fingerprinting import FingerprintRecipe, SelectionStatistics, fingerprints, fit_statistics, select


def plane_of(seed: int, kind: str) -> np.ndarray:
    rng = np.random.default_rng(seed)
    if kind == "ties":
        return rng.integers(-3, 4, size=(32, 32)).astype(float)
    plane = rng.normal(size=(32, 32)) * 10.0 ** rng.uniform(-20, 3, size=(32, 32))
    return np.where(rng.random(size=plane.shape) < 0.3, 0.0, plane) if kind == "sparse" else plane


planes = st.builds(plane_of, st.integers(0, 10**6), st.sampled_from(["ties", "sparse", "wide"]))
keeps = st.integers(1, 1024)


@given(plane=planes, keep=keeps)
def test_the_largest_are_kept_and_ties_go_by_place(plane, keep):
    kept = select(plane, FingerprintRecipe(size=32, keep=keep))
    magnitudes = np.abs(plane).ravel()
    # Ranked in whole steps, so that equal values that differ by rounding alone are ties.
    steps = np.rint(magnitudes * (2**40 / magnitudes.max())) if magnitudes.max() > 0 else magnitudes
    order = np.lexsort((np.arange(steps.size), -steps))[:keep]
    wanted = np.zeros(steps.size, dtype=bool)
    wanted[order] = steps[order] > 0
    np.testing.assert_array_equal(kept.ravel(), wanted)


@given(plane=planes, keep=keeps, threshold=st.floats(0, 1))
def test_a_threshold_keeps_those_above_it_but_no_more_than_allowed(plane, keep, threshold):
    recipe = FingerprintRecipe(size=32, keep=keep, selection="threshold", threshold=threshold)
    kept = select(plane, recipe)
    assert kept.sum() <= keep
    assert (np.abs(plane[kept]) >= threshold * np.abs(plane).max() * (1 - 1e-9)).all()
    # magnitudes are told apart in steps of 2^-40 of the largest
    above = (np.abs(plane) > (threshold + 2**-40) * np.abs(plane).max() * (1 + 1e-9)).sum()
    assert kept.sum() >= min(above, keep)


@given(plane=planes, keep=keeps)
def test_signed_bits_are_the_kept_ones_with_their_signs(plane, keep):
    one = select(plane, FingerprintRecipe(size=32, keep=keep))
    signed = select(plane, FingerprintRecipe(size=32, keep=keep, signs="signed"))
    assert signed.shape == (32, 64)
    positive, negative = signed[:, ::2], signed[:, 1::2]
    np.testing.assert_array_equal(positive, one & (plane > 0))
    np.testing.assert_array_equal(negative, one & (plane < 0))


@given(scale=st.floats(1e-200, 1e200))
def test_rounding_does_not_decide_between_equals(scale):
    plane = np.zeros((32, 32))
    plane[3, :8] = 1.0
    plane[3, 2] -= 1e-15
    plane[3, 6] += 1e-15
    kept = select(plane * scale, FingerprintRecipe(size=32, keep=4))
    assert np.argwhere(kept).tolist() == [[3, 0], [3, 1], [3, 2], [3, 3]]


def test_nothing_is_kept_of_nothing():
    assert not select(np.zeros((64, 64))).any()


def test_several_planes_are_looked_at_each_by_itself():
    stack = np.random.default_rng(1).normal(size=(2, 3, 64, 64)) * np.arange(6).reshape(2, 3, 1, 1)
    kept = select(stack)
    assert kept.shape == stack.shape
    for place in np.ndindex(2, 3):
        np.testing.assert_array_equal(kept[place], select(stack[place]))


def test_mad_keeps_what_deviates_most_from_the_data_set():
    rng = np.random.default_rng(5)
    spread = rng.uniform(0.1, 10, size=(64, 64))
    usual = rng.normal(size=(64, 64))
    statistics = SelectionStatistics.of_planes(usual + spread * rng.normal(size=(200, 64, 64)))
    odd = usual.copy()
    odd[5, 7] -= 50 * spread[5, 7]
    odd[40, 2] += 40 * spread[40, 2]
    recipe = FingerprintRecipe(selection="mad", keep=2, signs="signed")
    bits = select(odd, recipe, statistics)
    assert np.argwhere(bits).tolist() == [[5, 15], [40, 4]]


def test_mad_ignores_what_never_varies():
    stack = np.random.default_rng(6).normal(size=(9, 64, 64))
    stack[:, 0, 0] = 4.0
    statistics = SelectionStatistics.of_planes(stack)
    plane = stack[0].copy()
    plane[0, 0] = 1e9
    assert not select(plane, FingerprintRecipe(selection="mad", keep=4000), statistics)[0, 0]


def test_statistics_of_a_data_set_are_its_median_and_its_mad_and_travel_as_json():
    records = [record(seed) for seed in range(5)]
    recipe = FingerprintRecipe(selection="mad")
    statistics = fit_statistics(records, RATE_HZ, recipe)
    again = SelectionStatistics.from_dict(statistics.to_dict())
    for values in (again.median, again.mad):
        assert values.shape == (64, 64)
    bits = fingerprints(records, RATE_HZ, recipe, statistics=again)
    np.testing.assert_array_equal(bits, fingerprints(records, RATE_HZ, recipe, statistics=statistics))
    assert (bits.sum(axis=(1, 2)) == recipe.keep).all()


def test_mad_wants_statistics_that_fit():
    recipe = FingerprintRecipe(selection="mad")
    with pytest.raises(RecipeError, match="compares with a data set"):
        select(np.ones((64, 64)), recipe)
    small = SelectionStatistics.of_planes(np.random.default_rng(1).normal(size=(3, 32, 32)))
    with pytest.raises(RecipeError, match="does not fit statistics of"):
        select(np.ones((64, 64)), recipe, small)


@pytest.mark.parametrize(
    ("median", "mad"),
    [
        (np.zeros((4, 4)), np.zeros((4, 5))),
        (np.zeros(4), np.zeros(4)),
        (np.full((4, 4), np.nan), np.zeros((4, 4))),
        (np.zeros((4, 4)), np.full((4, 4), -1.0)),
    ],
)
def test_statistics_that_are_none_are_refused(median, mad):
    with pytest.raises(RecipeError, match="fit them with fit_statistics"):
        SelectionStatistics(median=median, mad=mad)


def test_a_plane_of_another_size_is_refused():
    with pytest.raises(RecipeError, match="the recipe's size is 64"):
        select(np.zeros((32, 32)))
