"""Watching a run from another process: a bar with the time left, until the run ends."""

import time

from tqdm.auto import tqdm

from trova_widgets.errors import PlanError
from trova_widgets.experiments import RunStatus
from trova_widgets.workspace.running import RunFolder

_INTERVAL_S = 0.2


def watch(runs: RunFolder, experiment: str) -> RunStatus:
    """Show how far a run is until it ends, and return its last status.

    An interruption (Ctrl-C, or a notebook's stop button) asks the run to stop, and is raised when it has.

    Raises
    ------
    PlanError
        When the runner's process ended without saying that it was done.
    """
    interrupted = False
    with tqdm(desc=experiment, unit="trial", delay=2, dynamic_ncols=True) as bar:
        while True:
            status = runs.status(experiment)
            if status is None or not status.is_alive:
                break
            ended = status.done + status.failed
            if (ended, status.total) != (bar.n, bar.total):
                bar.total = status.total
                bar.update(ended - bar.n)
            try:
                time.sleep(_INTERVAL_S)
            except KeyboardInterrupt:
                interrupted = True
                runs.ask_to_stop(experiment)
                bar.set_description(f"{experiment}: stopping after the trials in flight")
    runs.reap(experiment)
    if interrupted:
        raise KeyboardInterrupt
    if status is None or status.state not in {"finished", "stopped"}:
        words = runs.last_words(experiment)
        raise PlanError(
            f"The runner of {experiment} broke off; run it again to do what is missing. Its last words: {words}"
        )
    return status
