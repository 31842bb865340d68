import json
from dataclasses import fields
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trova_widgets.errors import SettingError
from trova_widgets.identity import identity_of
from trova_widgets.space import SEED, Setting, Space, Trial, TrialIdentities, TrialResult, group_of

SPACE = Space(
    [
        Setting(name="convolution2dLayer_2_filterSize", default=3, kind="integer"),
        Setting(name="dropoutLayer_5_probability", default=0.2, kind="real"),
        Setting(name="training.epochs", default=15, kind="integer"),
        Setting(name="training.optimizer", default="adamw", kind="enumerated", choices=("adamw", "sgd")),
        Setting(name="training.augmentation", default="levelled", kind="text", implied="levelled"),
        Setting(name="fingerprint.keep", default=400, kind="integer"),
        Setting(name="fingerprint.threshold", default=0.05, kind="real"),
        Setting(name="fingerprint.highpass", default="on", kind="enumerated", choices=("on", "off"), implied="on"),
        SEED,
    ]
)
settings_of_a_trial = st.fixed_dictionaries(
    {
        "convolution2dLayer_2_filterSize": st.integers(1, 4),
        "dropoutLayer_5_probability": st.sampled_from([0.1, 0.2, 0.3]),
        "training.epochs": st.integers(1, 3),
        "training.optimizer": st.sampled_from(["adamw", "sgd"]),
        "training.augmentation": st.sampled_from(["levelled", "all"]),
        "fingerprint.keep": st.sampled_from([200, 400]),
        "fingerprint.threshold": st.floats(0, 1),
        "fingerprint.highpass": st.sampled_from(["on", "off"]),
        "seed": st.integers(0, 2**31),
    }
)
identities = partial(TrialIdentities, SPACE, "CNN", "two-cycle", "0123456789")


def identity_in_full(settings, own_recipe=None):
    """Return the identity as it is defined: that of a nested dictionary, what was implied left out."""
    told = {name: value for name, value in settings.items() if SPACE[name].implied != value}
    recipe = group_of(told, "fingerprint")
    return identity_of(
        {
            "network_type": "CNN",
            "architecture": "two-cycle",
            "dataset_id": "0123456789",
            "values": group_of(told, ""),
            "training": group_of(told, "training"),
            "seed": settings["seed"],
            **({} if recipe == own_recipe else {"fingerprint": recipe}),
        }
    )


@given(st.lists(settings_of_a_trial, min_size=1, max_size=5))
def test_an_identity_is_that_of_what_is_told(every):
    known = identities()
    for settings in [*every, *every]:
        assert known.of(settings) == identity_in_full(settings)


@given(settings_of_a_trial, settings_of_a_trial)
def test_a_recipe_that_the_data_set_stands_for_is_not_told_again(settings, other):
    implied = {name: value for name, value in settings.items() if SPACE[name].implied != value}
    own = group_of(implied, "fingerprint")
    known = identities(own)
    assert known.of(settings) == identity_in_full(settings, own)
    assert known.of(other) == identity_in_full(other, own)
    # with another recipe it is the trial that it would be on any data set
    if {**group_of(settings, "fingerprint")} != group_of(other, "fingerprint"):
        assert known.of(other) == identities().of(other)


@given(settings_of_a_trial, settings_of_a_trial)
def test_identities_are_equal_as_settings_are(one, other):
    known = identities()
    assert (known.of(one) == known.of(other)) == (one == other)
    assert known.of(dict(reversed(one.items()))) == known.of(one)


def test_a_setting_that_comes_later_leaves_identities_as_they_were():
    settings = {**SPACE.defaults}
    later = Space([*SPACE.values(), Setting(name="training.momentum", default=0.9, kind="real", implied=0.0)])
    known = TrialIdentities(later, "CNN", "two-cycle", "0123456789")
    assert known.of({**settings, "training.momentum": 0.0}) == identities().of(settings)
    assert known.of({**settings, "training.momentum": 0.9}) != identities().of(settings)


def test_what_a_trial_is_on_tells_it_from_others():
    settings = {**SPACE.defaults}
    about = ("CNN", "two-cycle", "d")
    others = [("MLP", "two-cycle", "d"), ("CNN", "one-cycle", "d"), ("CNN", "two-cycle", "e")]
    assert len({TrialIdentities(SPACE, *each).of(settings) for each in [about, *others]}) == 4


def test_a_trial_has_its_settings_by_group():
    trial = Trial(
        trial_id="t", cell=0, axis_values={}, network_type="CNN", architecture="two-cycle", dataset_id="d",
        settings={**SPACE.defaults, "seed": 7},
    )  # fmt: skip
    assert trial.seed == 7
    assert trial.group("") == {"convolution2dLayer_2_filterSize": 3, "dropoutLayer_5_probability": 0.2}
    assert trial.group("training") == {"epochs": 15, "optimizer": "adamw", "augmentation": "levelled"}
    assert trial.group("fingerprint") == {"keep": 400, "threshold": 0.05, "highpass": "on"}


FINISHED = TrialResult(
    trial_id="t0",
    state="finished",
    settings={"dropoutLayer_5_probability": 0.1, "training.epochs": 2, "fingerprint.highpass": "on", "seed": 3},
    finished_at_ns=1_700_000_000_000_000_001,
    attempt=2,
    seconds=1.5,
    quality=0.75,
    loss=0.5,
    scores={"training": 1.0, "validation": 0.75},
    confusion=[[3, 1], [0, 4]],
    curve={"training_loss": [0.9, 0.5]},
    predictions={"position": [1, 2], "predicted": [0, 1], "probability": [0.9, 0.8]},
    parameter_count=123,
    versions={"trova": "0.1.0"},
    weights=b"weights",
)
FAILED = TrialResult(trial_id="t1", state="failed", settings={"seed": 0}, finished_at_ns=1, error="No onset.")


@pytest.mark.parametrize("result", [FINISHED, FAILED], ids=["finished", "failed"])
def test_a_result_comes_back_from_json_without_its_weights(result):
    content = json.loads(json.dumps(result.to_dict()))
    assert list(content) == [field.name for field in fields(TrialResult) if field.name != "weights"]
    again = TrialResult.from_dict(content)
    assert again.weights == b""
    assert again.to_dict() == result.to_dict()
    assert again.seed == result.seed


def test_a_line_of_an_older_journal_is_read():
    """Version 0.1.0 wrote the layers' values and the seed apart, and nothing of training and recipe."""
    told = FINISHED.to_dict()
    del told["settings"], told["attempt"]
    older = json.dumps({**told, "values": {"dropoutLayer_5_probability": 0.1}, "seed": 3})
    read = TrialResult.from_dict(json.loads(older))
    assert read.settings == {"dropoutLayer_5_probability": 0.1, "seed": 3}
    assert (read.seed, read.attempt, read.quality) == (3, 0, 0.75)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"state": "running"}, "Trial t1 ended as 'running'; expected 'finished' or 'failed'."),
        ({"error": None}, "Trial t1 failed without an error; say in one sentence what went wrong."),
        ({"error": ""}, "Trial t1 failed without an error; say in one sentence what went wrong."),
    ],
    ids=str,
)
def test_a_result_that_is_none_is_refused(wrong, sentence):
    with pytest.raises(SettingError) as caught:
        TrialResult.from_dict({**FAILED.to_dict(), **wrong})
    assert str(caught.value) == sentence
