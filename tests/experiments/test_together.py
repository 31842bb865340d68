"""Trials side by side: is each what it is alone?"""

import logging

import numpy as np
import pytest
import torch

from trova_widgets.errors import PlanError
from trova_widgets.experiments import DatasetArrays, Plan, cells, train_trial, trials
from trova_widgets.experiments.together import device_named, groups_of, train_together
from trova_widgets.experiments.worker import train_group_from_file
from trova_widgets.networks.fused import FusedNetwork
from trova_widgets.networks.stacked import StackedNetworks

SIZE, CPU = 32, torch.device("cpu")
COUNTS = {"training": 90, "test": 15, "validation": 30, "holdout": 15}


@pytest.fixture(scope="module")
def fingerprints():
    """Return fingerprints with a bar upright, a bar across, or none, in a sky of points."""
    generator = np.random.default_rng(0)
    count = sum(COUNTS.values())
    labels = np.arange(count) % 3
    images = generator.random((count, SIZE, SIZE)) < 0.04
    for image, label, (row, column) in zip(images, labels, generator.integers(0, SIZE - 8, (count, 2)), strict=True):
        if label == 0:
            image[row : row + 8, column] = True
        if label == 1:
            image[row, column : column + 8] = True
    return DatasetArrays(
        bits=np.packbits(images.reshape(count, -1), axis=1),
        members=np.arange(count),
        variants=np.zeros(count, dtype=np.int64),
        labels=labels,
        splits=np.repeat(list(COUNTS), list(COUNTS.values())),
        classes=("earthquake", "mine_blast", "quarry_blast"),
        size=SIZE,
    )


def made(axes, seeds=1, **fixed):
    """Return the trials of small networks."""
    plan = Plan.make(
        network_type="CNN",
        dataset_id="example",
        axes=axes,
        values={"convolution2dLayer_2_numFilters": 3, "convolution2dLayer_7_numFilters": 4},
        fixed={
            "training.epochs": 1,
            "training.batch_size": 8,
            "training.precision": "float32",
            "training.augmentation": "all",
            "fingerprint.size": SIZE,
            **{name.replace("__", "."): value for name, value in fixed.items()},
        },
        seeds=seeds,
    )
    return trials(plan, cells(plan))


SIXTEEN = {"dropoutLayer_5_probability": "0.1, 0.5", "training.learning_rate": "0.001, 0.01"}


def test_a_result_does_not_depend_on_the_group(fingerprints):
    asked = made(SIXTEEN, seeds=4)
    alone = {trial.trial_id: train_trial(trial, fingerprints) for trial in asked}
    for at_once in (1, 3, 16):
        found = list(train_together(asked, fingerprints, CPU, at_once))
        assert [result.trial_id for result in found] == [trial.trial_id for trial in asked]
        for result in found:
            expected = alone[result.trial_id]
            assert result.state == "finished", result.error
            assert result.loss == pytest.approx(expected.loss, abs=1e-5)
            for name, numbers in expected.curve.items():
                # both are rounded to five digits
                assert result.curve[name] == pytest.approx(numbers, abs=1.1e-5), name
            assert result.predictions["predicted"] == expected.predictions["predicted"]


def test_batches_are_those_of_each_alone(fingerprints, monkeypatch):
    asked = made(SIXTEEN, seeds=2)
    alone, together = [], []
    _record(monkeypatch, FusedNetwork, "forward", lambda network, images: network.training and alone.append(images))
    for trial in asked:
        train_trial(trial, fingerprints)

    def keep(_, images, present, *rest):
        together.append([own[there > 0] for own, there in zip(images, present, strict=True)])

    _record(monkeypatch, StackedNetworks, "logits", keep)
    list(train_together(asked, fingerprints, CPU, len(asked)))
    steps = len(together)
    assert len(alone) == steps * len(asked)
    for at in range(len(asked)):
        for mine, theirs in zip(together, alone[at * steps : (at + 1) * steps], strict=True):
            assert torch.equal(mine[at], theirs[:, 0])


@pytest.mark.parametrize("settings", [("sgd", "constant"), ("adam", "cosine"), ("sgd", "one_cycle")])
def test_every_optimizer_moves_as_torchs_does(fingerprints, settings):
    optimizer, schedule = settings
    asked = made(
        {"training.weight_decay": "0, 0.1"},
        training__optimizer=optimizer,
        training__schedule=schedule,
        training__epochs=2,
    )
    for result, trial in zip(train_together(asked, fingerprints, CPU), asked, strict=True):
        expected = train_trial(trial, fingerprints)
        assert result.curve["training_loss"] == pytest.approx(expected.curve["training_loss"], abs=1e-4)


def test_a_worker_trains_a_group_from_a_file(fingerprints, tmp_path):
    fingerprints.save(tmp_path / "data.npz")
    asked = made(SIXTEEN)
    found = train_group_from_file(list(asked), str(tmp_path / "data.npz"), "cpu")
    assert [result.trial_id for result in found] == [trial.trial_id for trial in asked]
    assert {result.versions["device"] for result in found} == {"cpu"}
    assert all(result.weights for result in found)


def test_shapes_are_trained_apart(fingerprints):
    asked = made({"convolution2dLayer_2_filterSize": "2, 3", "training.weight_decay": "0, 0.1"}, seeds=2)
    groups = groups_of(asked, fingerprints)
    assert sorted(map(len, groups)) == [4, 4]
    for group in groups:
        assert len({trial.settings["convolution2dLayer_2_filterSize"] for trial in group}) == 1


def test_a_group_that_does_not_fit_is_halved(fingerprints, monkeypatch, caplog):
    asked = made(SIXTEEN)

    def at_most_two(networks, *_):
        if len(networks.modules) > 2:
            raise torch.OutOfMemoryError("no room")

    _record(monkeypatch, StackedNetworks, "logits", at_most_two)
    with caplog.at_level(logging.WARNING, logger="trova_widgets"):
        found = list(train_together(asked, fingerprints, CPU, at_once=4))
    assert [result.state for result in found] == ["finished"] * 4
    assert [record.getMessage() for record in caplog.records] == [
        "4 trials do not fit the memory of cpu together; half of them are tried."
    ]


def test_one_that_does_not_fit_alone_fails(fingerprints, monkeypatch):
    def never(*_):
        raise torch.OutOfMemoryError("no room")

    _record(monkeypatch, StackedNetworks, "logits", never)
    found = list(train_together(made(SIXTEEN), fingerprints, CPU, at_once=4))
    assert {result.error for result in found} == {"OutOfMemoryError: no room"}


def test_the_memory_of_a_first_step_says_how_many_fit(fingerprints):
    found = list(train_together(made(SIXTEEN), fingerprints, CPU))
    assert [result.state for result in found] == ["finished"] * 4


def test_one_that_diverges_fails_and_the_others_go_on(fingerprints):
    asked = made({"training.learning_rate": "0.01, 10"}, training__optimizer="sgd", training__weight_decay=10)
    asked = [*asked, *made({"training.learning_rate": [0.01]}, training__optimizer="sgd")]
    states = {
        (result.settings["training.learning_rate"], result.settings["training.weight_decay"]): result
        for result in train_together(asked, fingerprints, CPU, at_once=3)
    }
    assert states[0.01, 0.01].state == "finished"
    assert states[10, 10].state == "failed"
    assert "no longer a number" in states[10, 10].error


def test_devices_have_names():
    assert device_named("cpu") == CPU
    assert device_named("auto").type in ("cpu", "cuda")
    for wrong in ("gpu", "cpu:1", "cuda:x", "cuda:99"):
        with pytest.raises(PlanError, match="The device is"):
            device_named(wrong)


def _record(monkeypatch, kind, name, also):
    """Let a method do something else before what it does."""
    before = getattr(kind, name)

    def both(self, *arguments):
        also(self, *arguments)
        return before(self, *arguments)

    monkeypatch.setattr(kind, name, both)
