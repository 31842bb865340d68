"""What `trova_widgets/README.md` says of adding a layer kind, a network type and a setting, done from outside.

Nothing of the library is edited: the file that one would add lies in a folder of its own, and the settings that one
would declare are those of a subclass. What is added can be planned, trained, read again and proposed as what is there.
"""

from concurrent.futures import Future
from dataclasses import dataclass
from importlib import import_module

import pytest

from tests.experiments.examples import SIZE, FileSink, by_recipe, example_arrays, trials_of
from tests.workspace.golden.make import opened
from trova_widgets import Workspace
from trova_widgets.experiments import (
    Plan,
    TrainingSettings,
    cells,
    plan,
    predict_probabilities,
    propose_next,
    recipe_key,
    run_sweep,
    train_trial,
    training,
)
from trova_widgets.fingerprinting import FingerprintRecipe
from trova_widgets.networks import architecture, check, network_types, summary, types
from trova_widgets.space import declared, group_of

# one file in trova_widgets/networks/types: the network type, and the layer kind that it needs, with its settings
SHALLOW = '''
"""A network without convolutions that lets each row be loud or quiet, and is here to be added."""

from math import prod

from trova_widgets.networks.catalogue import Architecture, NetworkType
from trova_widgets.networks.kinds import Classification, FullyConnected, ImageInput, Softmax
from trova_widgets.networks.layers import LayerKind
from trova_widgets.space import Setting


class Tanh(LayerKind):
    """A curve that flattens what is large."""

    name = "tanhLayer"
    title = "Hyperbolic tangent"
    parameters = (
        Setting(
            name="gain", default=1.0, kind="real", minimum=0, maximum=100, meaning="steepness at 0",
            constraint="real, 0 to 100", reconnaissance="0.5, 1, 2",
        ),
        Setting(name="form", default="tanh", kind="enumerated", choices=("tanh", "clip"), meaning="which curve",
                constraint="tanh or clip"),
    )

    def warnings(self, configuration):
        if configuration.real("gain") == 0:
            yield "gain 0 lets nothing through"

    def text(self, configuration):
        return f"gain {configuration.real('gain'):g}"

    def module(self, configuration):
        import torch

        class Curve(torch.nn.Module):
            def forward(self, maps):
                scaled = configuration.real("gain") * maps
                return scaled.tanh() if configuration.values["form"] == "tanh" else scaled.clamp(-1, 1)

        return Curve()


NETWORK_TYPE = NetworkType(
    name="Shallow",
    title="Shallow network",
    description="Every pixel joined to every class, by way of a curve.",
    architectures=(
        Architecture(
            network_type="Shallow",
            name="one-curve",
            title="One curve",
            layers=(ImageInput().at(1), Tanh().at(2, gain=2.0), FullyConnected().at(3), Softmax().at(4),
                    Classification().at(5)),
        ),
    ),
)
'''
# of the schedules only the constant one leaves a momentum as it is
DESCENT = {"training__optimizer": "sgd", "training__schedule": "constant"}
GAIN, FORM = "tanhLayer_2_gain", "tanhLayer_2_form"


class Inline:
    """An executor that does everything at once, in this process, which alone knows what was added."""

    def submit(self, fn, /, *args):
        future = Future()
        future.set_result(fn(*args))
        return future


@pytest.fixture
def shallow(tmp_path, monkeypatch):
    """A network type in a folder outside of the library."""
    folder = tmp_path / "more_types"
    folder.mkdir()
    (folder / "shallow.py").write_text(SHALLOW)
    monkeypatch.setattr(types, "__path__", [*types.__path__, str(folder)])
    caches = (network_types, plan.space_of)
    for cache in caches:
        cache.cache_clear()
    yield
    monkeypatch.undo()
    for cache in caches:
        cache.cache_clear()


@pytest.fixture
def momentum(monkeypatch):
    """A setting of the training: declared in one place, read in one place."""

    @dataclass(frozen=True, kw_only=True)
    class WithMomentum(TrainingSettings):
        momentum: float = declared(
            0.9, "how long a step goes on", minimum=0, maximum=0.99, reconnaissance="0, 0.5, 0.9", implied=0.9
        )

    usual = training.optimizer_of

    def optimizer(parameters, settings):
        made = usual(parameters, settings)
        for group in made.param_groups:
            group["momentum"] = settings.momentum
        return made

    for module in (plan, training):
        monkeypatch.setattr(module, "TrainingSettings", WithMomentum)
    monkeypatch.setattr(training, "optimizer_of", optimizer)
    plan.space_of.cache_clear()
    yield
    monkeypatch.undo()
    plan.space_of.cache_clear()


def planned(axes, network_type="Shallow", **fixed):
    held = {"fingerprint.size": SIZE, "training.epochs": 2, **{name.replace("__", "."): fixed[name] for name in fixed}}
    return Plan.make(network_type=network_type, dataset_id="example", axes=axes, fixed=held)


@pytest.mark.usefixtures("shallow")
def test_a_network_type_with_a_layer_kind_of_its_own_is_in_the_catalogue():
    assert [kind.name for kind in network_types()] == ["CNN", "MLP", "Shallow"]
    model = architecture("Shallow")
    assert list(model.space) == [GAIN, FORM]
    assert model.space[GAIN].default == 2.0
    assert [layer.text for layer in summary(model, {GAIN: 3})][1] == "gain 3"
    told = check(model, {GAIN: 0})
    assert told.buildable
    assert told.warnings == ("Layer 2 (tanhLayer): gain 0 lets nothing through.",)


@pytest.mark.usefixtures("shallow", "momentum")
def test_what_was_added_is_planned_trained_and_read_again(tmp_path):
    asked = planned([f"{GAIN}=0.5, 2", f"{FORM}=tanh, clip", "training.momentum=0, 0.9"], **DESCENT)
    trials, arrays = trials_of(asked), example_arrays()
    assert all(cell.buildable for cell in cells(asked))
    assert Plan.from_dict(asked.to_dict()) == asked
    sink = FileSink(tmp_path / "table.jsonl")
    done = run_sweep(
        trials,
        by_recipe(trials, arrays),
        sink,
        journal=tmp_path / "journal.jsonl",
        weights=tmp_path / "weights",
        executor=Inline(),
    )
    assert (done.done, done.failed) == (8, 0)
    rows = {row["trial_id"]: row for row in sink.rows()}
    # each setting acts
    losses = {tuple(trial.axis_values.values()): rows[trial.trial_id]["loss"] for trial in trials}
    assert len(set(losses.values())) == 8
    # a trained network says again what it said
    row = rows[trials[0].trial_id]
    weights = (tmp_path / "weights" / f"{trials[0].trial_id}.safetensors").read_bytes()
    images = arrays.images()[row["predictions"]["position"]]
    said = predict_probabilities(asked.model, group_of(row["settings"], ""), weights, images, 3)
    assert said.argmax(axis=1).tolist() == row["predictions"]["predicted"]


@pytest.mark.usefixtures("shallow")
def test_the_strategy_goes_on_with_what_was_added():
    proposal = propose_next(planned({"training.weight_decay": "0, 0.1"}), {"training.weight_decay": 0.1})
    assert proposal.axes == {GAIN: (0.5, 1.0, 2.0), FORM: ("tanh", "clip")}


def test_a_setting_that_comes_later_leaves_what_was_trained_before_as_it_is(momentum, monkeypatch):
    """Its ``implied`` value is what all earlier trials had: they are known again, and are trained as they were."""
    [now] = trials_of(planned({"training.momentum": [0.9]}, "MLP", **DESCENT))
    [other] = trials_of(planned({"training.momentum": [0.5]}, "MLP", **DESCENT))
    arrays = example_arrays()
    trained, differently = (train_trial(trial, arrays) for trial in (now, other))
    assert trained.loss != differently.loss
    # an older plan, which does not name the setting, takes its usual value
    kept = planned({"training.momentum": [0.9]}, "MLP", **DESCENT).to_dict()
    del kept["base"]["training.momentum"]
    older = Plan.from_dict({**kept, "axes": ["seed=0"]})
    assert [trial.trial_id for trial in trials_of(older)] == [now.trial_id]
    monkeypatch.undo()
    plan.space_of.cache_clear()
    [before] = trials_of(planned({"seed": [0]}, "MLP", **DESCENT))
    assert "training.momentum" not in before.settings
    assert before.trial_id == now.trial_id != other.trial_id
    assert recipe_key(before) == recipe_key(now)
    assert train_trial(before, arrays).weights == trained.weights


def test_a_setting_of_the_recipe_is_declared_in_one_place(monkeypatch):
    @dataclass(frozen=True, kw_only=True)
    class Louder(FingerprintRecipe):
        gain: float = declared(1.0, "what the samples are multiplied by", minimum=0, implied=1.0)

    [before] = trials_of(planned({"seed": [0]}, "MLP"))
    for module in (plan, import_module("trova_widgets.experiments.cells")):
        monkeypatch.setattr(module, "FingerprintRecipe", Louder)
    plan.space_of.cache_clear()
    try:
        [same, other] = trials_of(planned({"fingerprint.gain": [1, 2]}, "MLP"))
    finally:
        monkeypatch.undo()
        plan.space_of.cache_clear()
    assert before.trial_id == same.trial_id != other.trial_id
    assert Louder().identity == FingerprintRecipe().identity != Louder(gain=2).identity


@pytest.mark.usefixtures("shallow")
def test_a_workspace_of_an_older_version_takes_what_was_added(tmp_path):
    with Workspace.open(opened(tmp_path)) as workspace:
        assert "Shallow" in set(workspace._store.catalogue()["network_types"]["name"])
        workspace.create_network("row by row", network_type="Shallow", **{GAIN: 3})
        report = workspace.plan(
            "added",
            network="row by row",
            dataset="small",
            axes=[f"{GAIN}=1, 3", "training.weight_decay=0, 0.1"],
            epochs=1,
        )
        assert (report.cells, report.buildable, report.missing) == (4, 4, 4)
        asked = workspace.experiment_plan("added")
        assert (asked.value_of(GAIN), asked.value_of(FORM)) == (None, "tanh")
