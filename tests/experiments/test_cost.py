import subprocess
import sys

import pytest

from tests.experiments.examples import FILTERS_2, POOL_6, example_trials
from trova_widgets.experiments import trial_cost


def test_larger_networks_larger_fingerprints_and_more_epochs_cost_more():
    light, heavy = (trial_cost(trial) for trial in example_trials({FILTERS_2: [8, 64]}))
    assert light < heavy
    small, large = (trial_cost(trial) for trial in example_trials({"fingerprint.size": [32, 64]}))
    assert small < large
    short, long = (trial_cost(trial) for trial in example_trials({"training.epochs": [1, 10]}))
    assert long == pytest.approx(10 * short)
    assert short == trial_cost(example_trials({POOL_6: [2]})[0])


def test_looking_at_experiments_loads_no_torch():
    code = "import sys, trova_widgets.experiments as e; e.Plan, e.run_sweep; print('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"
