"""What a plan comes to before it is started, in words: cells, trials, and how long they take."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from trova_widgets.experiments import EPOCHS, OPERATIONS_PER_S
from trova_widgets.experiments.choice import HalvingRules, Rung, cost_sentence, epochs_saved
from trova_widgets.models.formatting import duration
from trova_widgets.processes import usable_cores
from trova_widgets.space import Value
from trova_widgets.wording import counted

if TYPE_CHECKING:
    from trova_widgets.workspace.planning import PlanReport


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A plan as the form says it.

    Attributes
    ----------
    network, dataset : str
        Names.
    axes, fixed : dict
        Values of the settings that vary, and of those that are fixed.
    seeds : int
        As in `Workspace.plan`.
    epochs : int or None
        Likewise; None where a row of the form says it.
    """

    network: str
    dataset: str
    axes: dict[str, tuple[Value, ...]]
    fixed: dict[str, Value]
    seeds: int
    epochs: int | None

    def arguments(self) -> dict[str, Any]:
        """Return the draft as arguments of `Workspace.plan`."""
        return dict(vars(self))


def forecast(report: "PlanReport", draft: Draft, *, halved: bool) -> dict[str, Any]:
    """Return what is said of a plan: a ``sentence``, its ``details``, and whether it is ``runnable``.

    Parameters
    ----------
    report : PlanReport
        What the plan comes to.
    draft : Draft
        The plan.
    halved : bool
        Whether its epochs are halved, so that it takes less.
    """
    parts = [
        counted(report.cells, "cell"),
        f"{report.buildable:,} can be built" if report.buildable < report.cells else "all can be built",
    ]
    if report.trials != report.buildable:
        parts.append(counted(report.trials, "trial"))
    if report.missing < report.trials:
        parts.append(f"{report.trials - report.missing:,} of them are there already")
    told = draft.axes.get(EPOCHS) or (draft.fixed.get(EPOCHS, draft.epochs or 1),)
    rungs = _rungs(report.buildable, told) if halved and report.trials else ()
    if report.missing:
        usual = report.operations / OPERATIONS_PER_S / usable_cores()
        seconds = usual if report.seconds is None else report.seconds
        if len(rungs) > 1:
            seconds *= 1 - epochs_saved(rungs)
        parts.append(f"about {duration(seconds)}")
    details = [_told_of(rungs)] if rungs else []
    details += [f"Cannot be built: {reason}" for reason in report.refused]
    details += [f"Beyond the constraints, run all the same: {rule}" for rule in report.warnings]
    return {"sentence": ", ".join(parts), "details": details, "runnable": report.trials > 0 and len(rungs) != 1}


def _rungs(cells: int, epochs: Sequence[Value]) -> tuple[Rung, ...]:
    """Return by which steps the epochs of so many cells are halved; one alone where that saves nothing."""
    return HalvingRules().rungs(cells if len(epochs) == 1 else 1, int(max(epochs)))


def _told_of(rungs: tuple[Rung, ...]) -> str:
    if len(rungs) > 1:
        return cost_sentence(rungs)
    rules = HalvingRules()
    return (
        f"Halving the epochs saves nothing here: it takes several cells, and {rules.factor * rules.least_epochs} "
        "epochs or more that do not vary."
    )
