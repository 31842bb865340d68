"""What the evidence of an experiment comes to, worked out in a process beside the one that shows it.

Of a hundred thousand trials it takes minutes, and more memory than all the rest of a page.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from trova_widgets.experiments import Best, WorkerPool
from trova_widgets.experiments.choice import Effect, Objective, Unit

if TYPE_CHECKING:
    from trova_widgets.workspace.results import ExperimentResults


@dataclass(frozen=True, kw_only=True, eq=False)
class Verdict:
    """How sure the answer of an experiment is.

    Attributes
    ----------
    best, sentence, indistinct, intervals, effects
        As of `ExperimentResults`.
    """

    best: Best
    sentence: str
    indistinct: NDArray[np.bool_]
    intervals: tuple[NDArray[np.float64], NDArray[np.float64]]
    effects: tuple[Effect, ...]

    @classmethod
    def of(cls, results: ExperimentResults) -> Verdict:
        """Work it out, here and now."""
        return cls(**{each.name: getattr(results, each.name) for each in fields(cls)})

    def settle(self, results: ExperimentResults) -> None:
        """Let the same results have it, wherever they were read: they need not work it out themselves."""
        vars(results).update({each.name: getattr(self, each.name) for each in fields(self)})


def verdict_beside(
    folder: Path, experiment: str, objective: Objective, by: Unit, margin: float, *, visitor: bool
) -> Verdict:
    """Have another process read an experiment and work its verdict out; wait for it.

    Parameters
    ----------
    folder : Path
        The workspace, whose database an owner shares.
    experiment, objective, by, margin
        As of ``Workspace.results``.
    visitor : bool
        Whether only a visitor looks.
    """
    with WorkerPool(1) as pool:
        return pool.submit(_worked_out, folder, experiment, objective, by, margin, visitor).result()


def _worked_out(folder: Path, experiment: str, objective: Objective, by: Unit, margin: float, visitor: bool) -> Verdict:
    from trova_widgets.workspace import Workspace

    with Workspace.open(folder, shared=True, visitor=visitor) as workspace:
        return Verdict.of(workspace.results(experiment, objective, by, margin))
