"""Watching a run from another process: a bar with the time left, until the run ends."""

import time
from typing import NoReturn

from tqdm.auto import tqdm

from trova_widgets.errors import PlanError
from trova_widgets.experiments import RunStatus
from trova_widgets.workspace.running import RunFolder

_INTERVAL_S = 0.2


def watch(runs: RunFolder, experiment: str) -> None:
    """Show how far a run is until it ends.

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
            _show(bar, status)
            try:
                time.sleep(_INTERVAL_S)
            except KeyboardInterrupt:
                interrupted = True
                runs.ask_to_stop(experiment)
                bar.set_description(f"{experiment}: stopping after the trials in flight")
        # the last trials may have ended since the last look
        if status is not None:
            _show(bar, status)
    runs.reap(experiment)
    if interrupted:
        raise KeyboardInterrupt
    if status is None or status.state not in {"finished", "stopped"}:
        words = runs.last_words(experiment)
        raise PlanError(
            f"The runner of {experiment} broke off; run it again to do what is missing. Its last words: {words}"
        )


def watch_search(searches: RunFolder, runs: RunFolder, name: str) -> None:
    """Show how far a search is until it ends: a line for each decision, and a bar for the experiment under way.

    An interruption asks it to stop, and is raised when it has.

    Raises
    ------
    PlanError
        When its process ended without saying that it was done.
    """
    interrupted, told = False, ""
    with tqdm(desc=name, unit="trial", delay=2, dynamic_ncols=True) as bar:
        while True:
            status = searches.status(name)
            if status is not None and status.message and status.message != told:
                told = status.message
                bar.write(told)
            if status is None or not status.is_alive:
                break
            experiment = told.partition(":")[0]
            within = runs.status(experiment) if experiment else None
            if within is not None and not interrupted:
                # drawn with the next trial: a log would get a line for every look
                bar.set_description(experiment, refresh=False)
                _show(bar, within)
            try:
                time.sleep(_INTERVAL_S)
            except KeyboardInterrupt:
                interrupted = True
                searches.ask_to_stop(name)
                if within is not None and within.is_alive:
                    runs.ask_to_stop(experiment)
                bar.set_description(f"{name}: stopping after the trials in flight")
    searches.reap(name)
    if interrupted:
        raise KeyboardInterrupt
    if status is None or status.state not in {"finished", "stopped"}:
        raise PlanError(
            f"The search {name} broke off; seek again to go on. Its last words: {searches.last_words(name)}"
        )


def _show(bar: "tqdm[NoReturn]", status: RunStatus) -> None:
    ended = status.done + status.failed
    if (ended, status.total) != (bar.n, bar.total):
        bar.total = status.total
        bar.update(ended - bar.n)
