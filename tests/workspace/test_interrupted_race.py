"""A raced experiment whose runner, worker and owner are killed ends as one that nobody has harmed."""

import os
import random
import shutil
import time
from pathlib import Path

from tests.workspace.racing import EXPERIMENT, Killer, found, planned, run_to_the_end
from trova_widgets import Workspace

#: How many are killed; ``python -m tests.benchmarks.raced_kills`` kills fifty.
KILLS = int(os.environ.get("TROVA_KILLS", "3"))


def test_it_ends_with_the_same_trials_drops_and_choice(tmp_path: Path) -> None:
    planned(tmp_path / "planned")
    whole, killed = (shutil.copytree(tmp_path / "planned", tmp_path / name) for name in ("whole", "killed"))
    started = time.monotonic()
    assert run_to_the_end(whole) == 1
    killer = Killer(random.Random(1), time.monotonic() - started, KILLS)
    run_to_the_end(killed, killer)
    expected = found(whole)
    assert any(look.drops for look in expected["looks"]) and "planned" in expected["states"].values()
    assert found(killed) == expected
    with Workspace.open(killed) as workspace:
        assert workspace.status(EXPERIMENT).state == "finished"
