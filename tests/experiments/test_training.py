import random
from dataclasses import replace

import numpy as np
import pytest
import torch

from tests.experiments.examples import COUNTS, FILTERS_2, FILTERS_7, SIZE, example_plan
from trova_widgets.experiments import (
    DatasetArrays,
    Plan,
    TrainingSettings,
    predict_probabilities,
    train_trial,
    trial_specs,
)
from trova_widgets.networks import summary


@pytest.fixture(scope="module")
def plan():
    return example_plan({FILTERS_2: [8], FILTERS_7: [16]}, epochs=20, learning_rate=0.01)


@pytest.fixture(scope="module")
def spec(plan):
    return trial_specs(plan, SIZE)[0]


@pytest.fixture(scope="module")
def result(spec, arrays):
    return train_trial(spec, arrays)


def test_a_network_learns_what_can_be_told_apart(result):
    assert result.state == "finished", result.error
    assert result.quality > 0.8
    assert result.curve["training_loss"][-1] < result.curve["training_loss"][0]


def test_the_figures_of_a_trial_fit_together(result, arrays, plan):
    confusion = np.array(result.confusion)
    assert confusion.sum(axis=1).tolist() == [10, 10, 10]
    assert np.trace(confusion) / confusion.sum() == result.quality == result.scores["validation"]
    assert set(result.scores) == set(COUNTS)
    assert all(len(numbers) == 20 for numbers in result.curve.values())
    assert set(result.curve) == {"training_loss", "training_accuracy", "test_loss", "test_accuracy"}
    assert result.curve["test_accuracy"][-1] == pytest.approx(result.scores["test"], abs=1e-5)
    assert result.parameter_count == sum(layer.parameter_count for layer in summary(plan.model, result.values, SIZE))
    assert result.seconds > 0
    assert set(result.versions) == {"trova", "python", "torch", "numpy", "precision"}


def test_predictions_tell_of_every_record_that_was_not_trained_on(result, arrays):
    predicted = result.predictions
    assert sorted(predicted["position"]) == np.flatnonzero(arrays.splits != "training").tolist()
    assert all(1 / 3 <= probability <= 1 for probability in predicted["probability"])
    right = arrays.labels[predicted["position"]] == predicted["predicted"]
    assert right[arrays.splits[predicted["position"]] == "holdout"].mean() == result.scores["holdout"]


def test_the_same_trial_gives_the_same_result(spec, arrays, result):
    again = train_trial(spec, arrays)
    assert (again.quality, again.loss, again.curve, again.predictions) == (
        result.quality,
        result.loss,
        result.curve,
        result.predictions,
    )
    assert again.weights == result.weights


def test_another_seed_gives_another_network(spec, arrays, result):
    assert train_trial(replace(spec, seed=1), arrays).weights != result.weights


def test_a_trial_leaves_the_callers_random_numbers_alone(spec, arrays):
    random.seed(5)
    torch.manual_seed(5)
    threads = torch.get_num_threads()
    short = replace(spec, training=replace(spec.training, epochs=1))
    before = (random.getstate(), torch.random.get_rng_state().tolist())
    train_trial(short, arrays)
    assert (random.getstate(), torch.random.get_rng_state().tolist()) == before
    assert torch.get_num_threads() == threads


def test_a_stored_network_classifies_as_its_trial_did(result, arrays, plan):
    at = result.predictions["position"]
    probabilities = predict_probabilities(plan, result.values, result.weights, arrays.images()[at], 3)
    assert probabilities.argmax(axis=1).tolist() == result.predictions["predicted"]
    assert np.allclose(probabilities.max(axis=1), result.predictions["probability"], atol=1e-4)


@pytest.mark.parametrize(
    "settings",
    [
        {"optimizer": "sgd", "schedule": "constant"},
        {"optimizer": "adam", "schedule": "cosine", "precision": "float32"},
        {"precision": "bfloat16"},
        {"batch_size": 1000},
        {"batch_size": 89},
    ],
)
def test_every_setting_trains(spec, arrays, settings):
    trained = train_trial(replace(spec, training=replace(spec.training, epochs=1, **settings)), arrays)
    assert trained.state == "finished", trained.error
    assert trained.versions["precision"] == settings.get("precision", trained.versions["precision"])


def test_a_multilayer_perceptron_trains_too(arrays):
    plan = Plan.make(
        network_type="MLP",
        dataset_id="example",
        axes={"fullyConnectedLayer_2_outputSize": [8]},
        training=TrainingSettings(epochs=1),
    )
    assert train_trial(trial_specs(plan, SIZE)[0], arrays).state == "finished"


def test_a_data_set_without_a_test_split_will_do(spec, arrays):
    fewer = arrays.splits != "test"
    without = DatasetArrays(
        bits=arrays.bits[fewer],
        labels=arrays.labels[fewer],
        splits=arrays.splits[fewer],
        classes=arrays.classes,
        size=SIZE,
    )
    trained = train_trial(replace(spec, training=replace(spec.training, epochs=1)), without)
    assert set(trained.curve) == {"training_loss", "training_accuracy"}
    assert set(trained.scores) == {"training", "validation", "holdout"}


def test_a_trial_that_diverges_is_a_failed_trial(spec, arrays):
    wild = replace(spec.training, optimizer="sgd", schedule="constant", learning_rate=1e30)
    failed = train_trial(replace(spec, training=wild), arrays)
    assert failed.state == "failed"
    assert "no longer a number" in failed.error
    assert "learning rate below" in failed.error
    assert failed.quality is None
    assert failed.weights == b""


def test_a_trial_that_cannot_be_built_is_a_failed_trial(spec, arrays):
    failed = train_trial(replace(spec, values={**spec.values, "averagePooling2dLayer_6_poolSize": 60}), arrays)
    assert failed.state == "failed"
    assert "does not fit" in failed.error
