"""Experiments: plans and their trials, data sets without leaks, the sweep that runs them, and what is best.

Importing this package loads no torch: a worker loads it with its first trial, after its threads are capped.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from trova_widgets.experiments.arrays import DatasetArrays, told_together
from trova_widgets.experiments.budget import Budget
from trova_widgets.experiments.cells import Cell, cells, shortened, trials
from trova_widgets.experiments.choice import Best, Evidence, Outcomes, best_cell
from trova_widgets.experiments.cluster import connected
from trova_widgets.experiments.cost import OPERATIONS_PER_S, trained_count, trial_cost
from trova_widgets.experiments.groups import recipe_key
from trova_widgets.experiments.journal import Journal
from trova_widgets.experiments.plan import EPOCHS, PRECISION, Plan, resolved_precision, space_of
from trova_widgets.experiments.pool import WorkerDiedError, WorkerPool
from trova_widgets.experiments.settings import TrainingSettings
from trova_widgets.experiments.sink import ResultSink
from trova_widgets.experiments.splits import (
    DEVELOPMENT,
    FOLDS,
    HOLDOUT_SHARE,
    OPTIMAL_VARIANT,
    SHARES,
    choose_variants,
    deal_folds,
    make_members,
    split_by_event,
    told_by,
)
from trova_widgets.experiments.status import RunStatus, read_status, write_status
from trova_widgets.experiments.strategy import Proposal, next_parameters, propose_next, propose_refinement
from trova_widgets.experiments.sweep import SweepSummary, run_sweep

if TYPE_CHECKING:
    from trova_widgets.experiments.inference import predict_probabilities
    from trova_widgets.experiments.training import train_trial

__all__ = [
    "DEVELOPMENT",
    "EPOCHS",
    "FOLDS",
    "HOLDOUT_SHARE",
    "OPERATIONS_PER_S",
    "OPTIMAL_VARIANT",
    "PRECISION",
    "SHARES",
    "Best",
    "Budget",
    "Cell",
    "DatasetArrays",
    "Evidence",
    "Journal",
    "Outcomes",
    "Plan",
    "Proposal",
    "ResultSink",
    "RunStatus",
    "SweepSummary",
    "TrainingSettings",
    "WorkerDiedError",
    "WorkerPool",
    "best_cell",
    "cells",
    "choose_variants",
    "connected",
    "deal_folds",
    "make_members",
    "next_parameters",
    "predict_probabilities",
    "propose_next",
    "propose_refinement",
    "read_status",
    "recipe_key",
    "resolved_precision",
    "run_sweep",
    "shortened",
    "space_of",
    "split_by_event",
    "told_by",
    "told_together",
    "train_trial",
    "trained_count",
    "trial_cost",
    "trials",
    "write_status",
]


_WITH_TORCH = {"predict_probabilities": "inference", "train_trial": "training"}


def __getattr__(name: str) -> Any:
    if name in _WITH_TORCH:
        return getattr(import_module(f"trova_widgets.experiments.{_WITH_TORCH[name]}"), name)
    raise AttributeError(f"trova_widgets.experiments has no public name {name!r}")
