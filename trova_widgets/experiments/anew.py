"""A trial trained anew on other parts of its data set than its folds, to see what it tells of what is left out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import as_completed
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from trova_widgets.experiments.arrays import DatasetArrays
from trova_widgets.experiments.pool import WorkerDiedError, WorkerPool
from trova_widgets.experiments.worker import train_dealt_from_file
from trova_widgets.processes import usable_cores
from trova_widgets.space import FOLD, Trial, TrialResult

Deal = tuple[NDArray[np.int64], NDArray[np.int64]]
"""Which members of the data set are learnt from, and which are told."""


def train_anew(
    trial: Trial, arrays: DatasetArrays, deals: Sequence[Deal], workers: int | None = None
) -> Iterator[tuple[int, TrialResult]]:
    """Train a trial once for each deal, in worker processes, and yield the results as they come.

    Nothing is kept: neither weights, nor the trial under its identity, which stands for its own fold.

    Parameters
    ----------
    trial : Trial
        Its settings count, its fold does not.
    arrays : DatasetArrays
        The data set in the fingerprints of its recipe.
    deals : sequence of Deal
        What each training learns from and tells.
    workers : int, optional
        Processes; one a core, if left out.

    Yields
    ------
    (int, TrialResult)
        Which deal, and what came of it; a worker that dies is a failed result, as in a sweep.
    """
    settings = {name: value for name, value in trial.settings.items() if name != FOLD.name}
    bare = replace(trial, settings=settings)
    with TemporaryDirectory(prefix="trova-") as folder:
        path = Path(folder) / "arrays.npz"
        arrays.save(path)
        pool = WorkerPool(min(workers or usable_cores(), len(deals)))
        try:
            running = {
                pool.submit(train_dealt_from_file, bare, str(path), learnt, told): place
                for place, (learnt, told) in enumerate(deals)
            }
            for future in as_completed(running):
                try:
                    yield running[future], future.result()
                except WorkerDiedError as error:
                    yield running[future], TrialResult.failure(bare, str(error))
        finally:
            # after an interruption nobody waits for the rest
            pool.shutdown(wait=False)
