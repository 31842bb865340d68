import random
from dataclasses import replace

import numpy as np
import pytest
import torch

from tests.experiments.examples import COUNTS, FILTERS_2, FILTERS_7, SIZE, example_trials, trials_of
from trova_widgets.experiments import DatasetArrays, Plan, predict_probabilities, train_trial
from trova_widgets.networks import architecture, summary
from trova_widgets.space import group_of

MODEL = architecture("CNN")


@pytest.fixture(scope="module")
def trial():
    [trial] = example_trials({FILTERS_2: [8], FILTERS_7: [16]}, training__epochs=20, training__learning_rate=0.01)
    return trial


@pytest.fixture(scope="module")
def result(trial, arrays):
    return train_trial(trial, arrays)


def altered(trial, **changes):
    """Return a trial with other settings, of one epoch unless it is told."""
    return replace(
        trial,
        settings={
            **trial.settings,
            "training.epochs": 1,
            **{name.replace("__", "."): value for name, value in changes.items()},
        },
    )


def values_of(result):
    return group_of(result.settings, "")


def test_a_network_learns_what_can_be_told_apart(result):
    assert result.state == "finished", result.error
    assert result.quality > 0.8
    assert result.curve["training_loss"][-1] < result.curve["training_loss"][0]


def test_the_figures_of_a_trial_fit_together(result):
    confusion = np.array(result.confusion)
    assert confusion.sum(axis=1).tolist() == [10, 10, 10]
    assert np.trace(confusion) / confusion.sum() == result.quality == result.scores["validation"]
    assert set(result.scores) == set(COUNTS)
    assert all(len(numbers) == 20 for numbers in result.curve.values())
    assert set(result.curve) == {"training_loss", "training_accuracy", "test_loss", "test_accuracy"}
    assert result.curve["test_accuracy"][-1] == pytest.approx(result.scores["test"], abs=1e-5)
    assert result.parameter_count == sum(layer.parameter_count for layer in summary(MODEL, values_of(result), SIZE))
    assert result.seconds > 0
    assert set(result.versions) == {"trova", "python", "torch", "numpy", "precision", "device"}


def test_predictions_tell_of_every_record_that_was_not_trained_on(result, arrays):
    predicted = result.predictions
    assert sorted(predicted["position"]) == np.flatnonzero(arrays.splits != "training").tolist()
    assert all(1 / 3 <= probability <= 1 for probability in predicted["probability"])
    right = arrays.labels[predicted["position"]] == predicted["predicted"]
    assert right[arrays.splits[predicted["position"]] == "holdout"].mean() == result.scores["holdout"]


def test_the_same_trial_gives_the_same_result(trial, arrays, result):
    again = train_trial(trial, arrays)
    assert (again.quality, again.loss, again.curve, again.predictions) == (
        result.quality,
        result.loss,
        result.curve,
        result.predictions,
    )
    assert again.weights == result.weights


def test_another_seed_gives_another_network(trial, arrays, result):
    assert train_trial(altered(trial, seed=1), arrays).weights != train_trial(altered(trial), arrays).weights


def test_a_trial_leaves_the_callers_random_numbers_alone(trial, arrays):
    random.seed(5)
    torch.manual_seed(5)
    threads = torch.get_num_threads()
    before = (random.getstate(), torch.random.get_rng_state().tolist())
    train_trial(altered(trial), arrays)
    assert (random.getstate(), torch.random.get_rng_state().tolist()) == before
    assert torch.get_num_threads() == threads


def test_a_stored_network_classifies_as_its_trial_did(result, arrays):
    at = result.predictions["position"]
    probabilities = predict_probabilities(MODEL, values_of(result), result.weights, arrays.images()[at], 3)
    assert probabilities.argmax(axis=1).tolist() == result.predictions["predicted"]
    assert np.allclose(probabilities.max(axis=1), result.predictions["probability"], atol=1e-4)


@pytest.mark.parametrize(
    "settings",
    [
        {"training__optimizer": "sgd", "training__schedule": "constant"},
        {"training__optimizer": "adam", "training__schedule": "cosine", "training__precision": "float32"},
        {"training__precision": "bfloat16"},
        {"training__batch_size": 1000},
        {"training__batch_size": 89},
    ],
)
def test_every_setting_trains(trial, arrays, settings):
    trained = train_trial(altered(trial, **settings), arrays)
    assert trained.state == "finished", trained.error
    assert trained.settings == altered(trial, **settings).settings
    # what a plan says is an arithmetic, never "auto"
    assert trained.versions["precision"] == trained.settings["training.precision"] in ("float32", "bfloat16")


def test_a_multilayer_perceptron_trains_too(arrays):
    plan = Plan.make(
        network_type="MLP",
        dataset_id="example",
        axes={"fullyConnectedLayer_2_outputSize": [8]},
        fixed={"training.epochs": 1, "fingerprint.size": SIZE},
    )
    assert train_trial(trials_of(plan)[0], arrays).state == "finished"


def test_a_data_set_without_a_test_split_will_do(trial, arrays):
    fewer = arrays.splits != "test"
    without = DatasetArrays(
        bits=arrays.bits[fewer],
        members=arrays.members[fewer],
        variants=arrays.variants[fewer],
        labels=arrays.labels[fewer],
        splits=arrays.splits[fewer],
        classes=arrays.classes,
        size=SIZE,
    )
    trained = train_trial(altered(trial), without)
    assert set(trained.curve) == {"training_loss", "training_accuracy"}
    assert set(trained.scores) == {"training", "validation", "holdout"}


def test_a_trial_that_diverges_is_a_failed_trial(trial, arrays):
    failed = train_trial(
        altered(
            trial,
            training__optimizer="sgd",
            training__schedule="constant",
            training__learning_rate=10.0,
            training__weight_decay=10.0,
            training__epochs=30,
        ),
        arrays,
    )
    assert failed.state == "failed"
    assert "no longer a number" in failed.error
    assert "learning rate below 10" in failed.error
    assert failed.quality is None
    assert failed.weights == b""


def test_a_trial_that_cannot_be_built_is_a_failed_trial(trial, arrays):
    failed = train_trial(altered(trial, averagePooling2dLayer_6_poolSize=60), arrays)
    assert failed.state == "failed"
    assert "does not fit" in failed.error


@pytest.fixture(scope="module")
def varied(arrays):
    """The same data set, with five variants of each record: the image, moved by a column or two."""
    images = arrays.images().astype(bool)
    variants = np.arange(-2, 3)
    moved = np.stack([np.roll(images, step, axis=2) for step in variants], axis=1)
    return DatasetArrays(
        bits=np.packbits(moved.reshape(moved.shape[0] * len(variants), -1), axis=1),
        members=np.repeat(arrays.members, len(variants)),
        variants=np.tile(variants, len(arrays.members)),
        labels=np.repeat(arrays.labels, len(variants)),
        splits=np.repeat(arrays.splits, len(variants)),
        classes=arrays.classes,
        size=arrays.size,
    )


def test_variants_are_trained_on_and_never_measured_on(trial, arrays, varied):
    every, none = (train_trial(altered(trial, training__augmentation=name), varied) for name in ("all", "none"))
    # the optimal variants alone are the data set without variants
    assert none.weights == train_trial(altered(trial), arrays).weights
    assert every.weights != none.weights
    assert every.predictions["position"] == none.predictions["position"]
    assert np.sum(every.confusion) == np.sum(none.confusion) == COUNTS["validation"]
