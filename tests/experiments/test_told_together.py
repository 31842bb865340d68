"""A record that is told by its neighbouring variants as well: which they are, and what they say together."""

import numpy as np
import pytest
import torch

from tests.experiments.test_together import CPU, SIZE, made
from trova_widgets.experiments import DatasetArrays, predict_probabilities, told_by, train_trial
from trova_widgets.experiments.together import train_together
from trova_widgets.networks import architecture
from trova_widgets.space import group_of, unpack_probabilities

VARIANTS = (-2, -1, 0, 1, 2)
CLASSES = ("earthquake", "mine_blast", "quarry_blast")


@pytest.fixture(scope="module")
def arrays():
    """Return thirty records of five variants, a bar that moves from variant to variant, in two splits."""
    generator = np.random.default_rng(3)
    members = np.repeat(np.arange(30), len(VARIANTS))
    labels, variants = members % 3, np.tile(VARIANTS, 30)
    images = generator.random((len(members), SIZE, SIZE)) < 0.05
    for image, label, variant in zip(images, labels, variants, strict=True):
        image[8 + 6 * label, 10 + variant : 20 + variant] = True
    return DatasetArrays(
        bits=np.packbits(images.reshape(len(members), -1), axis=1),
        members=members,
        variants=variants,
        labels=labels,
        splits=np.where(members < 21, "training", "validation"),
        classes=CLASSES,
        size=SIZE,
    )


WAYS = {way: told_by({"training.test_augmentation": way}, VARIANTS) for way in ("none", "neighbours", "all")}


@pytest.mark.parametrize("variants", WAYS.values(), ids=WAYS)
def test_the_variants_of_a_record_are_its_own(arrays, variants):
    measured = arrays.measured("validation")
    found = arrays.variants_of(measured, variants)
    assert found.shape == (9, len(variants))
    assert (arrays.members[found] == arrays.members[measured][:, None]).all()
    assert (arrays.variants[found] == variants).all()


def test_a_neighbour_that_is_not_there_is_stood_for_by_the_record_itself(arrays):
    kept = np.flatnonzero(arrays.variants >= 0)
    fewer = DatasetArrays(
        **{name: getattr(arrays, name)[kept] for name in ("bits", "members", "variants", "labels", "splits")},
        classes=CLASSES,
        size=SIZE,
    )
    assert (fewer.variants[fewer.variants_of(fewer.measured("validation"), WAYS["neighbours"])] == [0, 0, 1]).all()


@pytest.mark.parametrize("several", ["neighbours", "all"])
def test_a_record_gets_the_mean_of_its_variants_logarithms(arrays, several):
    [trial] = made({}, training__test_augmentation=several)
    result = train_trial(trial, arrays)
    assert result.state == "finished", result.error
    told = unpack_probabilities(result.probabilities, len(CLASSES))
    shown = arrays.variants_of(arrays.measured("validation"), WAYS[several])
    each = predict_probabilities(
        architecture("CNN"), group_of(trial.settings, ""), result.weights, arrays.images()[shown.ravel()], len(CLASSES)
    )
    together = np.exp(np.log(each.reshape(*shown.shape, -1)).mean(axis=1))
    assert told == pytest.approx(together / together.sum(axis=1, keepdims=True), abs=1e-3)


def test_it_is_another_trial_than_the_one_of_the_optimal_variant_alone_whose_name_is_the_one_it_had(arrays):
    [plain] = made({})
    [alone] = made({}, training__test_augmentation="none")
    [several] = made({}, training__test_augmentation="neighbours")
    [all_of_them] = made({}, training__test_augmentation="all")
    assert plain.trial_id == alone.trial_id != several.trial_id != all_of_them.trial_id != plain.trial_id
    assert "training.test_augmentation" not in plain.settings or plain.settings["training.test_augmentation"] == "none"


def test_side_by_side_it_is_told_as_alone(arrays):
    asked = made({"training.test_augmentation": "none, neighbours, all", "training.learning_rate": "0.001, 0.01"})
    alone = {trial.trial_id: train_trial(trial, arrays) for trial in asked}
    with torch.random.fork_rng(devices=[]):
        for result in train_together(asked, arrays, CPU):
            assert result.loss == pytest.approx(alone[result.trial_id].loss, abs=1e-5)
    assert len({round(result.loss, 6) for result in alone.values()}) == len(asked)
