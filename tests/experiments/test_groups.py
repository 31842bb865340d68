import pytest

from trova_widgets.errors import PlanError
from trova_widgets.experiments import Plan, cells, trials
from trova_widgets.experiments.groups import resolved_device, tasks_of
from trova_widgets.processor import has_nvidia_driver


@pytest.fixture(scope="module")
def asked():
    axes = {"convolution2dLayer_2_filterSize": "2, 3", "dropoutLayer_5_probability": "0.1, 0.5"}
    plan = Plan.make(network_type="CNN", dataset_id="d", axes=axes, seeds=40)
    return trials(plan, cells(plan))


def test_a_core_has_a_trial_at_a_time(asked):
    assert tasks_of(asked, "cpu") == [[trial] for trial in asked]


def test_a_graphics_processor_has_those_of_one_shape(asked):
    tasks = tasks_of(asked, "cuda")
    assert sorted(map(len, tasks)) == [16, 16, 64, 64]
    assert {trial.trial_id for task in tasks for trial in task} == {trial.trial_id for trial in asked}
    for task in tasks:
        assert len({trial.settings["convolution2dLayer_2_filterSize"] for trial in task}) == 1
        assert len({trial.settings["dropoutLayer_5_probability"] for trial in task}) == 2


@pytest.mark.skipif(has_nvidia_driver(), reason="there is a graphics processor")
def test_without_a_graphics_processor_it_is_the_processor():
    assert resolved_device("auto") == resolved_device("cpu") == "cpu"
    with pytest.raises(PlanError, match="there is none"):
        resolved_device("cuda:1")
