import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.experiments.examples import FILTER_2, FILTERS_2, POOL_6, trials_of
from trova_widgets.errors import PlanError
from trova_widgets.experiments import PRECISION, Plan, TrainingSettings, cells, resolved_precision, space_of, trials
from trova_widgets.fingerprinting import FingerprintRecipe

GOLDEN = Path(__file__).resolve().parents[1] / "workspace" / "golden"
DROPOUT_5, STRIDE_6 = "dropoutLayer_5_probability", "averagePooling2dLayer_6_Stride"
DECAY, KEEP, HIGHPASS, EPOCHS = (
    "training.weight_decay",
    "fingerprint.keep",
    "fingerprint.highpass",
    "training.epochs",
)
ARTICLE = {
    1: (["convolution2dLayer_2_filterSize=[1 : 1 : 8]", "convolution2dLayer_2_numFilters=[8 : 8 : 64]",
         "averagePooling2dLayer_6_poolSize=[1 : 1 : 6]"], 384),
    2: (["dropoutLayer_5_probability=[0.1 : 0.2 : 0.9]", "dropoutLayer_10_probability=[0.1 : 0.2 : 0.9]",
         "convolution2dLayer_7_numFilters=[8 : 8 : 64]"], 200),
    3: (["convolution2dLayer_2_Padding=[0 : 1 : 3]", "convolution2dLayer_7_Padding=[0 : 1 : 3]",
         "convolution2dLayer_7_filterSize=[1 : 1 : 8]"], 128),
    4: (["convolution2dLayer_2_numFilters=[6 : 2 : 10]", "convolution2dLayer_7_numFilters=[52 : 2 : 58]",
         "dropoutLayer_5_probability=[0.2 : 0.1 : 0.5]"], 48),
}  # fmt: skip


def plan_of(axes, **others):
    return Plan.make(**{"network_type": "CNN", "dataset_id": "d", "axes": axes, **others})


def identities(*plans):
    return [{trial.trial_id for trial in trials_of(plan)} for plan in plans]


@pytest.mark.parametrize(("axes", "count"), ARTICLE.values(), ids=ARTICLE)
def test_the_experiments_of_the_article(axes, count):
    plan = plan_of(axes)
    grid = cells(plan)
    assert plan.cell_count == len(grid) == count
    assert all(cell.buildable for cell in grid)
    assert len(trials_of(plan)) == count


def test_settings_of_every_kind_are_axes_of_one_plan():
    plan = plan_of([f"{FILTER_2}=2, 3", f"{DECAY}=0, 0.1", f"{KEEP}=200, 400", f"{HIGHPASS}=on, off", "seed=3, 4"])
    every = trials_of(plan)
    assert (plan.shape, plan.cell_count, plan.trial_count) == ((2, 2, 2, 2, 2), 32, 32)
    assert len({trial.trial_id for trial in every}) == 32
    last = next(trial for trial in every if trial.cell == 31)
    assert last.axis_values == {FILTER_2: 3, DECAY: 0.1, KEEP: 400, HIGHPASS: "off", "seed": 4}
    assert last.axis_values.items() <= last.settings.items()
    assert last.settings.keys() == plan.space.keys()
    assert (last.seed, last.group("training")["weight_decay"]) == (4, 0.1)
    # each group of a trial makes what it is of
    for trial in every:
        assert TrainingSettings.from_dict(trial.group("training")).weight_decay == trial.settings[DECAY]
        assert FingerprintRecipe.from_dict(trial.group("fingerprint")).highpass == trial.settings[HIGHPASS]


@pytest.mark.parametrize(
    "axes",
    [ARTICLE[2][0], {DECAY: "0, 0.1", HIGHPASS: "on, off"}, {"seed": "1:3", POOL_6: [2]}, {POOL_6: [2]}],
)
def test_a_plan_survives_json(axes):
    plan = plan_of(axes, values={FILTERS_2: 4}, fixed={FILTER_2: 3, EPOCHS: 3}, recipe=FingerprintRecipe(keep=300))
    again = Plan.from_dict(json.loads(json.dumps(plan.to_dict())))
    assert again == plan
    assert identities(again) == identities(plan)
    assert plan_of({POOL_6: [2]}).to_dict()["axes"] == [f"{POOL_6}=[2]"]


def test_a_plan_is_kept_as_the_article_writes_it():
    assert plan_of(ARTICLE[2][0]).to_dict()["axes"] == ARTICLE[2][0]


def test_what_a_plan_stands_on_stays_when_defaults_change():
    """A kept plan says every setting of training and recipe; only a setting that came later takes its default."""
    kept = plan_of({POOL_6: [2]}).to_dict()
    assert {setting.name for setting in (*TrainingSettings.settings(), *FingerprintRecipe.settings())} <= set(
        kept["base"]
    )
    later = Plan.from_dict({**kept, "base": {**kept["base"], EPOCHS: 40, "training.forgotten": 1}})
    assert later.value_of(EPOCHS) == 40
    assert "training.forgotten" not in later.settings


def test_a_grown_plan_keeps_the_identities_of_its_trials():
    small, grown = identities(
        plan_of({FILTER_2: "1:3", POOL_6: "1:2"}), plan_of({FILTER_2: "1:5", POOL_6: "1:3"}, seeds=2)
    )
    assert small < grown
    assert len(grown) == 30


def test_a_trial_is_what_is_computed_not_how_it_was_written():
    [trial] = identities(plan_of({POOL_6: [3]}))
    assert (
        identities(
            plan_of({FILTER_2: [3]}, fixed={POOL_6: 3}),
            plan_of({FILTER_2: [3]}, values={POOL_6: 3.0, STRIDE_6: 3}),
            plan_of({POOL_6: [3]}, fixed={"seed": 0}),
            plan_of({POOL_6: [3]}, fixed=TrainingSettings().values() | {PRECISION: resolved_precision("auto")}),
            plan_of({KEEP: [FingerprintRecipe().keep]}, fixed={POOL_6: 3}),
            plan_of({"seed": [0]}, fixed={POOL_6: 3}),
        )
        == [trial] * 6
    )


@pytest.mark.parametrize(
    "change",
    [
        {"fixed": {EPOCHS: 9}},
        {"fixed": {KEEP: 9}},
        {"fixed": {HIGHPASS: "off"}},
        {"fixed": {"seed": 7}},
        {"fixed": {DROPOUT_5: 0.3}},
        {"recipe": FingerprintRecipe(keep=9)},
        {"values": {DROPOUT_5: 0.3}},
        {"seeds": [7]},
        {"dataset_id": "other"},
        {"architecture": "three-cycle"},
    ],
    ids=str,
)
def test_whatever_changes_the_result_changes_the_identity(change):
    [trial], [other] = identities(plan_of({POOL_6: [3]}), plan_of({POOL_6: [3]}, **change))
    assert trial != other


def test_a_seed_is_an_axis_fixed_or_counted():
    counted, along, fixed = (
        plan_of({POOL_6: [2]}, seeds=3),
        plan_of({"seed": "0:2"}, fixed={POOL_6: 2}),
        plan_of({POOL_6: [2]}, fixed={"seed": 2}),
    )
    assert (counted.seeds, along.seeds, fixed.seeds) == ((0, 1, 2), (0,), (2,))
    assert "seed" not in fixed.fixed
    assert [plan.value_of("seed") for plan in (counted, along, fixed)] == [None, None, 2]
    assert fixed.differences(plan_of({POOL_6: [2]})) == ["seed is 2, not 0"]
    assert fixed.differences(counted) == []
    every, same, one = identities(counted, along, fixed)
    assert every == same > one
    assert [trial.seed for trial in trials_of(along)] == [0, 2, 1]


def test_no_identity_stands_for_two_arithmetics():
    """Wherever a precision is said, trials are known by the arithmetic that it is on this machine."""
    here = resolved_precision("auto")
    fixed, usual, asked = (plan_of({POOL_6: [2]}, fixed=held) for held in ({PRECISION: "auto"}, {}, {PRECISION: here}))
    assert {plan.value_of(PRECISION) for plan in (fixed, usual, asked)} == {here}
    assert len({frozenset(each) for each in identities(fixed, usual, asked)}) == 1
    along = plan_of({PRECISION: ["auto"]}, fixed={POOL_6: 2})
    assert along.axes == {PRECISION: (here,)}
    assert identities(along) == identities(usual)
    with pytest.raises(PlanError, match="each once"):
        plan_of({PRECISION: ["auto", here]})


def test_differences_name_what_does_not_vary():
    first = plan_of({POOL_6: "2, 3"}, fixed={EPOCHS: 5})
    assert first.differences(plan_of({POOL_6: "2:5"}, fixed={EPOCHS: 5}, seeds=3)) == []
    assert first.differences(plan_of({POOL_6: "2, 3"}, fixed={EPOCHS: 8, KEEP: 200}, values={FILTER_2: 5})) == [
        f"{FILTER_2} is 3, not 5",
        f"{EPOCHS} is 5, not 8",
        f"{KEEP} is 400, not 200",
    ]


def test_a_follower_whose_leader_varies_is_no_difference():
    """The Stride of a pooling is its poolSize: a longer axis, or one that begins elsewhere, sets nothing anew."""
    plan = plan_of({POOL_6: "2, 3"})
    assert plan.value_of(STRIDE_6) is None
    assert plan.differences(plan_of({POOL_6: "1:4"})) == []
    held, other = (plan_of({FILTER_2: "2, 3"}, fixed={POOL_6: size}) for size in (2, 3))
    assert held.value_of(STRIDE_6) == 2
    assert held.differences(other) == [f"{POOL_6} is 2, not 3"]
    own = plan_of({POOL_6: "2, 3"}, fixed={STRIDE_6: 1})
    assert plan.differences(own) == [f"{STRIDE_6} follows {POOL_6}, and is not 1"]
    assert own.differences(plan) == [f"{STRIDE_6} is 1, and does not follow {POOL_6}"]


def test_a_precision_of_an_older_version_is_no_difference():
    kept = plan_of({POOL_6: [2]}).to_dict()
    older = Plan.from_dict({**kept, "base": {**kept["base"], PRECISION: "auto"}})
    assert older.differences(plan_of({POOL_6: [2]})) == []


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"axes": {POOL_6: "1:3"}, "fixed": {POOL_6: 2}}, "varied and fixed"),
        ({"axes": {EPOCHS: "1:3"}, "fixed": {EPOCHS: 2}}, "varied and fixed"),
        ({"axes": {"nonsense": "1:3"}}, "There is no setting 'nonsense' in an experiment over the two-cycle CNN"),
        ({"axes": {"training.weightdecay": "0, 1"}}, "nearest .*training.weight_decay"),
        ({"axes": {POOL_6: "0:3"}}, "cannot be 0"),
        ({"axes": {HIGHPASS: "on, maybe"}}, "cannot be 'maybe'; choose one of on, off"),
        ({"axes": {"fingerprint.statistics": "a, b"}}, "is an identity, and cannot be set"),
        ({"axes": {POOL_6: "1:3"}, "fixed": {"nonsense": 1}}, "no setting 'nonsense'"),
        ({"axes": {POOL_6: "1:3"}, "fixed": {EPOCHS: 0}}, "cannot be 0"),
        ({"axes": {POOL_6: "1:3"}, "values": {FILTER_2: 2.5}}, "whole number"),
        ({"axes": {POOL_6: "1:3"}, "seeds": 0}, "seeds"),
        ({"axes": {POOL_6: "1:3"}, "seeds": [1, 1]}, "seeds"),
        ({"axes": {POOL_6: "1:3"}, "seeds": [-1]}, "seed cannot be -1"),
        ({"axes": {"seed": "1:3"}, "seeds": 2}, "varies along an axis already"),
        ({"axes": [POOL_6]}, "not a setting with its values"),
    ],
    ids=str,
)
def test_what_is_wrong_with_a_plan_is_said(wrong, says):
    with pytest.raises(PlanError, match=says):
        plan_of(**wrong)


def test_the_space_of_an_experiment_has_everything_that_can_vary():
    space = space_of("CNN", "two-cycle")
    groups = [name.partition(".")[0] if "." in name else name.rpartition("_")[0] for name in space]
    assert list(dict.fromkeys(groups)) == [
        "convolution2dLayer_2",
        "dropoutLayer_5",
        "averagePooling2dLayer_6",
        "convolution2dLayer_7",
        "dropoutLayer_10",
        "averagePooling2dLayer_11",
        "training",
        "fingerprint",
        "",
    ]
    assert list(space)[-1] == "seed"
    for setting in space.values():
        assert setting.meaning, setting.name
        # what is proposed to look around with is allowed
        if setting.reconnaissance:
            assert len(space.axes({setting.name: setting.reconnaissance})[setting.name]) > 1


@pytest.mark.parametrize(
    "wrong",
    [{"epochs": 0}, {"epochs": 1.5}, {"batch_size": True}, {"learning_rate": -1.0}, {"learning_rate": float("nan")},
     {"weight_decay": -1.0}, {"optimizer": "lion"}, {"schedule": "triangle"}, {"precision": "float8"},
     {"augmentation": "some"}],
)  # fmt: skip
def test_training_settings_validate_themselves(wrong):
    with pytest.raises(PlanError, match=f"training.{next(iter(wrong))}"):
        TrainingSettings(**wrong)


def test_training_settings_survive_json():
    settings = replace(TrainingSettings(), epochs=3, optimizer="sgd")
    assert TrainingSettings.from_dict(json.loads(json.dumps(settings.to_dict()))) == settings
    with pytest.raises(PlanError, match=r"no setting training.depth"):
        TrainingSettings.from_dict({"depth": 3})


@settings(max_examples=30, deadline=None)
@given(
    st.sets(st.integers(1, 6), min_size=1).map(sorted),
    st.sets(st.sampled_from([0.0, 0.01, 0.1]), min_size=1).map(sorted),
    st.sets(st.integers(0, 50), min_size=1, max_size=3).map(sorted),
)
def test_a_value_is_that_of_every_cell_or_none(pools, decays, seeds):
    plan = plan_of({POOL_6: pools, DECAY: decays}, seeds=seeds)
    grid = cells(plan)
    assert [trial.seed for trial in trials_of(plan)] == [
        seed for seed in seeds for _ in range(sum(cell.buildable for cell in grid))
    ]
    for name in plan.space:
        held = plan.value_of(name)
        if held is not None and name != "seed":
            assert {cell.settings[name] for cell in grid} == {held}


def test_the_trials_of_an_older_version_are_known_again():
    """The plan of the demonstration of version 0.1.0, whose data set stood for its recipe, gives its 72 identities."""
    kept = json.loads((GOLDEN / "demo-0.1.0.json").read_text(encoding="utf-8"))
    told, own_recipe = kept["plan"], FingerprintRecipe()
    base = {
        **told.pop("values"),
        **TrainingSettings.from_dict(told.pop("training")).values(),
        **own_recipe.values(),
    }
    plan = Plan.from_dict({**told, "base": base})
    assert plan.value_of(PRECISION) == "auto"
    known = [trial.trial_id for trial in trials(plan, cells(plan), own_recipe.to_dict())]
    assert sorted(known) == sorted(kept["trial_ids"])
    assert len(set(known)) == 72
    # on a data set that stands for no recipe they are other trials
    assert not {trial.trial_id for trial in trials_of(plan)} & set(known)
