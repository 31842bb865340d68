"""Several networks of one trial, which tell together: who they are, what they say, and that older trials stay."""

import numpy as np
import pytest
import torch

from tests.experiments.test_together import CPU, SIZE, made
from tests.experiments.test_told_together import CLASSES, arrays  # noqa: F401
from trova_widgets.errors import PlanError
from trova_widgets.experiments import predict_probabilities, train_trial, trial_cost
from trova_widgets.experiments.explaining import attributions
from trova_widgets.experiments.outcome import member_seeds
from trova_widgets.experiments.together import train_together
from trova_widgets.networks import architecture, build, load_weights, predict, save_weights
from trova_widgets.networks.ensemble import Ensemble
from trova_widgets.networks.weights import member_count, weights_problem
from trova_widgets.space import group_of, unpack_probabilities

CNN = architecture("CNN")


def said(trial, weights, images):
    return predict_probabilities(CNN, group_of(trial.settings, ""), weights, images, len(CLASSES))


def test_an_ensemble_of_one_is_the_trial_that_was_there_before():
    [plain], [alone], [several] = made({}), made({}, training__members=1), made({}, training__members=3)
    assert plain.trial_id == alone.trial_id != several.trial_id
    assert member_seeds(plain, 1) == [plain.seed]


def test_ensembles_of_two_seeds_have_no_network_in_common():
    first, second = made({}, training__members=5, seeds=[0, 1])
    seeds = member_seeds(first, 5) + member_seeds(second, 5)
    assert len(set(seeds)) == 10 and seeds[0] == first.seed
    assert member_seeds(first, 3) == member_seeds(first, 5)[:3]


def test_an_ensemble_says_the_mean_of_its_members_logarithms(arrays):  # noqa: F811
    [trial] = made({}, training__members=3)
    result = train_trial(trial, arrays)
    assert result.state == "finished", result.error
    assert member_count(result.weights) == 3 and weights_problem(result.weights, trial.trial_id) is None
    images = arrays.images()[arrays.measured("validation")]
    networks = load_weights(Ensemble([build(CNN, trial.group(""), SIZE, 3) for _ in range(3)]), result.weights)
    each = np.stack([predict(network, images) for network in networks])
    assert np.abs(each[0] - each[1]).max() > 1e-3
    together = np.exp(np.log(each).mean(axis=0))
    together /= together.sum(axis=1, keepdims=True)
    assert unpack_probabilities(result.probabilities, len(CLASSES)) == pytest.approx(together, abs=1e-3)
    assert said(trial, result.weights, images) == pytest.approx(together, abs=1e-6)


def test_its_first_member_is_the_network_that_the_seed_trains_alone(arrays):  # noqa: F811
    [alone], [several] = made({}), made({}, training__members=2)
    one, two = train_trial(alone, arrays), train_trial(several, arrays)
    networks = load_weights(Ensemble([build(CNN, several.group(""), SIZE, 3) for _ in range(2)]), two.weights)
    assert save_weights(networks[0], {"trial_id": alone.trial_id}) == one.weights
    assert two.parameter_count == 2 * one.parameter_count
    assert len(two.curve["training_loss"]) == len(one.curve["training_loss"])


def test_side_by_side_it_says_what_it_says_alone(arrays):  # noqa: F811
    asked = made({"training.learning_rate": "0.001, 0.01"}, training__members=2)
    alone = {trial.trial_id: train_trial(trial, arrays) for trial in asked}
    with torch.random.fork_rng(devices=[]):
        # of three networks at once the two of one trial are trained, not one and a half
        results = list(train_together(asked, arrays, CPU, at_once=3))
    assert {result.trial_id for result in results} == set(alone)
    for result in results:
        assert result.loss == pytest.approx(alone[result.trial_id].loss, abs=1e-5)
        assert member_count(result.weights) == 2


def test_what_speaks_for_a_class_is_told_of_all_members_together(arrays):  # noqa: F811
    [trial] = made({}, training__members=2)
    weights = train_trial(trial, arrays).weights
    image = arrays.images()[arrays.measured("validation")][:1]
    values = trial.group("")
    together = attributions(CNN, values, weights, image, 3)
    networks = load_weights(Ensemble([build(CNN, values, SIZE, 3) for _ in range(2)]), weights)
    each = [attributions(CNN, values, save_weights(network), image, 3) for network in networks]
    assert together == pytest.approx(np.mean(each, axis=0), abs=1e-5)


def test_it_costs_as_many_trainings():
    [one], [three] = made({}), made({}, training__members=3)
    assert trial_cost(three) == 3 * trial_cost(one)


def test_an_ensemble_has_a_member():
    with pytest.raises(PlanError, match="members"):
        made({}, training__members=0)
