import json
from dataclasses import FrozenInstanceError, fields, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fingerprinting.making import RECIPES
from trova_widgets.errors import RecipeError
from trova_widgets.fingerprinting import FingerprintRecipe, cutoff_grid_hz, shifted_cutoffs
from trova_widgets.space import group_of

recipes = st.builds(
    FingerprintRecipe,
    size=st.sampled_from([32, 64, 128]),
    wavelet=st.sampled_from(["morlet", "morse"]),
    amplitude=st.sampled_from(["snr", "log", "linear"]),
    haar=st.sampled_from(["standard", "nonstandard"]),
    selection=st.sampled_from(["largest", "threshold", "mad"]),
    signs=st.sampled_from(["one", "signed"]),
    highpass=st.sampled_from(["on", "off"]),
    keep=st.integers(1, 1024),
    morlet_width=st.floats(3, 15),
    threshold=st.floats(0, 1),
)


@given(recipes)
def test_a_recipe_comes_back_from_json_with_its_identity(recipe):
    again = FingerprintRecipe.from_dict(json.loads(json.dumps(recipe.to_dict())))
    assert again == recipe
    assert again.identity == recipe.identity


@given(recipes, recipes)
def test_recipes_are_equal_as_their_identities_are(one, other):
    assert (one == other) == (one.identity == other.identity)


def test_statistics_make_another_recipe_and_none_leave_it_as_it_was():
    bare = FingerprintRecipe(selection="mad")
    fitted = [replace(bare, statistics=digit * 20) for digit in "ab"]
    assert len({recipe.identity for recipe in (bare, *fitted)}) == 3
    assert "statistics" not in bare.to_dict() and fitted[0].to_dict()["statistics"] == "a" * 20
    assert [recipe.is_fitted for recipe in (FingerprintRecipe(), bare, fitted[0])] == [True, False, True]
    # what is stored under these names stays theirs
    assert FingerprintRecipe().identity == "484e946ecb4e00b2bfd7"
    assert bare.identity == "1e34c1eb3327ebcf3315"


def test_a_record_that_is_not_filtered_is_one_variant_of_another_recipe():
    plain, bare = FingerprintRecipe(), FingerprintRecipe(highpass="off")
    assert (plain.variants, bare.variants) == ((-2, -1, 0, 1, 2), (0,))
    assert plain.identity != bare.identity and plain.plane_identity != bare.plane_identity
    # every recipe of an older version is filtered, and did not say so
    assert "highpass" not in plain.to_dict() and bare.to_dict()["highpass"] == "off"
    assert FingerprintRecipe.from_dict({"keep": 300}).highpass == "on"


@given(recipes)
def test_a_recipe_is_a_group_of_settings_of_an_experiment(recipe):
    values = recipe.values()
    assert list(values) == [setting.name for setting in FingerprintRecipe.settings()]
    assert FingerprintRecipe.from_dict(group_of(values, "fingerprint")) == recipe


@given(recipes, recipes)
def test_recipes_that_make_the_same_planes_share_statistics(one, other):
    chosen = ("selection", "keep", "threshold", "signs")
    alike = replace(one, **{name: getattr(other, name) for name in chosen} | {"keep": min(one.keep, other.keep)})
    assert alike.plane_identity == one.plane_identity
    making = ("size", "wavelet", "amplitude", "haar", "morlet_width", "highpass")
    differ = any(getattr(one, name) != getattr(other, name) for name in making)
    assert (one.plane_identity != other.plane_identity) == differ


def test_numbers_of_any_type_make_the_same_recipe():
    one = FingerprintRecipe(keep=np.int64(300), window_s=80, threshold=np.float32(0.5))
    other = FingerprintRecipe(keep=300.0, window_s=80.0, threshold=0.5)
    assert one == other
    assert one.identity == other.identity


def test_a_recipe_cannot_be_changed():
    with pytest.raises(FrozenInstanceError):
        FingerprintRecipe().keep = 3


@pytest.mark.parametrize("recipe", RECIPES.values(), ids=RECIPES.keys())
def test_frequencies_rise_over_the_range(recipe):
    frequencies = recipe.frequencies_hz
    assert frequencies.shape == (recipe.size * recipe.scales_per_row,)
    assert (np.diff(frequencies) > 0).all()
    assert frequencies[[0, -1]] == pytest.approx([recipe.frequency_from_hz, recipe.frequency_to_hz])


BAD = [
    ({"size": 48}, r"fingerprint.size cannot be 48; choose one of 32, 64, 128\."),
    ({"wavelet": "haar"}, r"fingerprint.wavelet cannot be 'haar'; choose one of morlet, morse\."),
    ({"highpass": "maybe"}, r"fingerprint.highpass cannot be 'maybe'; choose one of on, off\."),
    ({"highpass": True}, r"fingerprint.highpass cannot be True; choose one of on, off\."),
    ({"keep": 0}, r"fingerprint.keep cannot be 0; choose a whole number from 1 to 16384\."),
    ({"keep": 4097}, r"fingerprint.keep is 4097, but a fingerprint of side 64 has 4096 coefficients; keep fewer, or"),
    ({"keep": 2.5}, r"fingerprint.keep is a whole number, but 2.5 was given; choose a whole number from 1 to 16384\."),
    ({"threshold": 1.5}, r"fingerprint.threshold cannot be 1.5; choose a real number from 0 to 1\."),
    ({"window_s": "long"}, r"fingerprint.window_s is a number, but 'long' was given; choose a real number from 1 to"),
    ({"window_s": np.nan}, r"fingerprint.window_s is a number, but nan was given"),
    ({"window_s": 0.5}, r"fingerprint.window_s cannot be 0.5; choose a real number from 1 to 86400 s\."),
    ({"frequency_from_hz": 16.0}, "the first must be less than the second"),
    ({"cutoff_from_hz": 9.0}, "the first must be less than the second"),
    ({"window_reference": "start", "window_start_s": -1.0}, "begins 1 s before the start of the record"),
    ({"window_start_s": 1.0}, "does not hold the onset"),
    ({"window_start_s": -97.0}, "does not hold the onset"),
    ({"frequency_from_hz": 0.01}, "longer than the window of"),
    ({"morlet_width": 2.0}, r"fingerprint.morlet_width cannot be 2.0; choose a real number from 3 to 30\."),
    ({"statistics": "0" * 20}, "which the selection \"mad\" alone reads, but selects 'largest'"),
    ({"selection": "mad", "statistics": "../outside"}, "named by 20 hexadecimal digits"),
    ({"selection": "mad", "statistics": 7}, r"fingerprint.statistics cannot be 7; it is a text\."),
    ({"selection": "mad", "statistics": None}, r"fingerprint.statistics cannot be None; it is a text\."),
]


@pytest.mark.parametrize(("values", "sentence"), BAD, ids=[str(values) for values, _ in BAD])
def test_what_is_not_allowed_is_refused_in_a_sentence(values, sentence):
    base = FingerprintRecipe(window_start_s=-16.0, window_s=96.0)
    with pytest.raises(RecipeError, match=sentence):
        replace(base, **values)


def test_unknown_parameters_are_refused_by_name():
    with pytest.raises(RecipeError, match=r"There is no setting fingerprint\.bits; "):
        FingerprintRecipe.from_dict({"bits": 3})


def test_every_parameter_is_described():
    described = FingerprintRecipe.__doc__
    for field in fields(FingerprintRecipe):
        assert field.name in described


def test_variants_may_take_another_onset() -> None:
    still, moving = FingerprintRecipe(highpass="off"), FingerprintRecipe(highpass="off", onset_step_s=2.0)
    assert still.variants == (0,) and moving.variants == (-2, -1, 0, 1, 2)
    assert moving.onset_shifts_s.tolist() == [-4, -2, 0, 2, 4]
    assert "onset_step_s" not in still.to_dict() and moving.to_dict()["onset_step_s"] == 2.0


def test_a_record_has_as_many_variants_as_its_recipe_says() -> None:
    usual, wide = FingerprintRecipe(), FingerprintRecipe(variant_steps=4, cutoff_step_octaves=0.125)
    assert len(usual.variants) == 5 and "variant_steps" not in usual.to_dict()
    assert wide.variants == tuple(range(-4, 5))
    assert shifted_cutoffs(1.0, wide)[[0, 4, 8]] == pytest.approx([0.5**0.5, 1.0, 2.0**0.5])
    # the highest stays below the highest frequency
    assert shifted_cutoffs(float(cutoff_grid_hz(wide)[-1]), wide)[-1] <= wide.frequency_to_hz
    with pytest.raises(RecipeError, match="variant_steps"):
        FingerprintRecipe(variant_steps=0)
