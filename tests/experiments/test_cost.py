import subprocess
import sys

import pytest

from tests.experiments.examples import FILTERS_2, POOL_6, example_plan
from trova_widgets.experiments import trial_cost, trial_specs


def test_larger_networks_and_more_epochs_cost_more():
    costs = [trial_cost(spec) for spec in trial_specs(example_plan({FILTERS_2: [8, 64]}))]
    assert costs[0] < costs[1]
    small, large = (trial_specs(example_plan({POOL_6: [2]}, epochs=epochs))[0] for epochs in (1, 10))
    assert trial_cost(large) == pytest.approx(10 * trial_cost(small))


def test_looking_at_experiments_loads_no_torch():
    code = "import sys, trova_widgets.experiments as e; e.Plan, e.run_sweep; print('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"
