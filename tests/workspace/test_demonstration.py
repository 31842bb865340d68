from pathlib import Path

from trova_widgets import Workspace
from trova_widgets.workspace.demonstration import EXPERIMENT


def test_the_finished_trials_that_ship_are_those_of_the_set_that_ships(tmp_path: Path):
    with Workspace.demo(tmp_path / "demo") as workspace:
        trials = workspace.trials(EXPERIMENT)
        assert len(trials) == workspace.experiment_plan(EXPERIMENT).trial_count == 72
        assert set(trials["state"]) == {"finished"}
        best = trials.nlargest(1, "quality")["trial_id"].iloc[0]
        assert workspace.confusion(best).to_numpy().sum() > 0
        named = workspace.classify(sorted((workspace.path / "waveforms").rglob("*.mseed"))[:1])
        assert set(named["event_class"]) <= {"earthquake", "quarry_blast", "mine_blast"}
