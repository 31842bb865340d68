"""Experiments: plans and their trials, data sets without leaks, the sweep that runs them, and what is best.

Importing this package loads no torch: a worker loads it with its first trial, after its threads are capped.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from trova_widgets.experiments.arrays import DatasetArrays
from trova_widgets.experiments.cells import Cell, TrialSpec, cells, trial_specs
from trova_widgets.experiments.cost import trial_cost
from trova_widgets.experiments.journal import Journal
from trova_widgets.experiments.objectives import QualityGrid, gradient, influence, largest_step, quality_grid
from trova_widgets.experiments.plan import Plan
from trova_widgets.experiments.pool import WorkerDiedError, WorkerPool
from trova_widgets.experiments.results import ResultSink, TrialResult
from trova_widgets.experiments.selection import best_trial, wilson_interval
from trova_widgets.experiments.settings import TrainingSettings
from trova_widgets.experiments.splits import SHARES, choose_variants, make_members, split_by_event
from trova_widgets.experiments.status import RunStatus, is_alive, read_status, write_status
from trova_widgets.experiments.strategy import Proposal, next_parameters, propose_next, propose_refinement
from trova_widgets.experiments.sweep import SweepSummary, run_sweep, usable_cores

if TYPE_CHECKING:
    from trova_widgets.experiments.inference import predict_probabilities
    from trova_widgets.experiments.training import train_trial

__all__ = [
    "SHARES",
    "Cell",
    "DatasetArrays",
    "Journal",
    "Plan",
    "Proposal",
    "QualityGrid",
    "ResultSink",
    "RunStatus",
    "SweepSummary",
    "TrainingSettings",
    "TrialResult",
    "TrialSpec",
    "WorkerDiedError",
    "WorkerPool",
    "best_trial",
    "cells",
    "choose_variants",
    "gradient",
    "influence",
    "is_alive",
    "largest_step",
    "make_members",
    "next_parameters",
    "predict_probabilities",
    "propose_next",
    "propose_refinement",
    "quality_grid",
    "read_status",
    "run_sweep",
    "split_by_event",
    "train_trial",
    "trial_cost",
    "trial_specs",
    "usable_cores",
    "wilson_interval",
    "write_status",
]


_WITH_TORCH = {"predict_probabilities": "inference", "train_trial": "training"}


def __getattr__(name: str) -> Any:
    if name in _WITH_TORCH:
        return getattr(import_module(f"trova_widgets.experiments.{_WITH_TORCH[name]}"), name)
    raise AttributeError(f"trova_widgets.experiments has no public name {name!r}")
