"""In what state an experiment is: told from what the store has, and from what the runner said and whether it lives."""

from dataclasses import dataclass
from typing import Literal

from trova_widgets.experiments import RunStatus
from trova_widgets.reports import Report

State = Literal["planned", "running", "stopped", "failed", "died", "finished"]


@dataclass(frozen=True, kw_only=True, repr=False)
class ExperimentStatus(Report):
    """In what state an experiment is, and how far it has come.

    Attributes
    ----------
    experiment : str
        Its name.
    state : str
        ``running``: a runner is at work. ``finished``: each trial has had its turn, those that failed (and can be run
        again) included, or a race over them has ended. Otherwise ``stopped``, ``failed`` (with an error, or no trial of
        it could be finished) and ``died`` (without a word) tell how the last run ended; ``planned``: some trials have
        not been run since they were planned.
    done, failed, total : int
        Trials that are finished, those of the others whose latest attempt failed, and all that are planned.
    seconds_left : float or None
        How much longer the runner will take [s]; None while unknown, or where none is at work.
    started_at : float
        When the last run began, in seconds since 1970 UTC; 0 where there was none.
    message : str
        Why the last run failed, what it is about, or how it ended; empty otherwise.
    """

    experiment: str
    state: State
    done: int
    failed: int
    total: int
    seconds_left: float | None = None
    started_at: float = 0.0
    message: str = ""

    @property
    def is_running(self) -> bool:
        """Whether a runner is at work."""
        return self.state == "running"

    @property
    def missing(self) -> int:
        """How many trials have not finished; those that failed can be run again."""
        return self.total - self.done

    def __str__(self) -> str:
        failed = f", {self.failed} failed" if self.failed else ""
        left = f", {self.seconds_left / 60:.0f} min left" if self.seconds_left else ""
        text = f"{self.experiment}: {self.state}, {self.done} of {self.total} trials{failed}{left}."
        return f"{text} {self.message}".rstrip()


def experiment_status(
    experiment: str, total: int, finished: int, failed: int, run: RunStatus | None, raced: str = ""
) -> ExperimentStatus:
    """Return in what state an experiment is.

    Parameters
    ----------
    experiment : str
        Its name.
    total, finished, failed : int
        Trials that the store has as planned, as finished, and as failed at the latest attempt.
    run : RunStatus or None
        What the last runner said; None where there was none.
    raced : str
        How a race over just these trials has ended, in words; empty where there was none, or it has not ended.
    """
    if raced and not (run is not None and run.is_alive):
        return ExperimentStatus(
            experiment=experiment,
            state="finished",
            done=finished,
            failed=failed,
            total=total,
            started_at=0.0 if run is None else run.started_at,
            message=raced,
        )
    if run is None:
        state: State = "finished" if total and finished == total else "planned"
        return ExperimentStatus(experiment=experiment, state=state, done=finished, failed=failed, total=total)
    if run.is_alive and run.total:
        # it counts before the store does
        return ExperimentStatus(
            experiment=experiment,
            state="running",
            done=run.done,
            failed=run.failed,
            total=run.total,
            seconds_left=run.seconds_left,
            started_at=run.started_at,
            message=run.message,
        )
    state = _state(run, total, finished, failed)
    return ExperimentStatus(
        experiment=experiment,
        state=state,
        done=finished,
        failed=failed,
        total=total,
        started_at=run.started_at,
        message=_why(state, run),
    )


def _state(run: RunStatus, total: int, finished: int, failed: int) -> State:
    if run.is_alive:
        return "running"
    if total and finished == total:
        return "finished"
    match run.state:
        case "stopped" | "failed" | "died" as ended:
            return ended
    # the run has tried every trial that there was; more may have been planned since
    if finished + failed < total:
        return "planned"
    return "finished" if finished else "failed"


def _why(state: State, run: RunStatus) -> str:
    if state == "died":
        return "Its process has ended without a word; run it again to do what is missing."
    if state == "stopped":
        return run.message
    if state == "failed":
        return run.message or "None of its trials could be finished; the table of trials says why of each."
    return ""
