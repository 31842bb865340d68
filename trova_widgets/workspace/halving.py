"""A halving of epochs in a workspace: all cells for a few epochs, the better part for more, told from the store."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from trova_widgets.experiments import EPOCHS
from trova_widgets.experiments.choice import Halving, HalvingRules, Rung, halve, on_equal_terms
from trova_widgets.reports import Report
from trova_widgets.space import Trial, Value
from trova_widgets.store import ExperimentRow, Store
from trova_widgets.workspace.kept_race import KeptRace
from trova_widgets.workspace.repeats import Repeats, cells_told


class Halver:
    """Decides which trials of an experiment come next, some of them with fewer epochs than planned.

    A trial of fewer epochs is another trial, with an identity of its own: it decides which cells go on, and is never
    counted among the experiment's own. It is trained from the beginning, since the step size follows the epochs.

    Parameters
    ----------
    store : Store
        Where results arrive.
    row : ExperimentRow
        The experiment.
    trials : sequence of Trial
        All that are planned, in the order in which they should run.
    rules : HalvingRules
        By which steps.
    shortened : callable
        Returns the trials with other epochs, in the same order.

    Attributes
    ----------
    trials : sequence of Trial
        All that may come, of fewer epochs too.
    stands : Halving or None
        Where it stood when it was asked last what comes next.
    """

    def __init__(
        self,
        store: Store,
        row: ExperimentRow,
        trials: Sequence[Trial],
        rules: HalvingRules,
        shortened: Callable[[int], Sequence[Trial]],
    ) -> None:
        self._store, self._row, self._planned, self.rules = store, row, len(trials), rules
        self.plan = _rungs_of(trials, rules)
        # the last rung is what is planned
        rungs = [*(shortened(rung.epochs) for rung in self.plan[:-1]), trials]
        self._rungs = [Repeats(store, row, each) for each in rungs]
        self.trials = [trial for rung in self._rungs for trial in rung.in_order(rung.places.values())]
        self.stands: Halving | None = None

    @property
    def cells(self) -> NDArray[np.int64]:
        """The numbers of the cells in their grid, in ascending order."""
        return self._rungs[0].cells

    def keep_end(self) -> None:
        """Keep how it has ended with the experiment."""
        if self.stands is not None and self.stands.done:
            kept = KeptRace(rules=self.rules, ended=self.stands.sentence(), planned=self._planned)
            self._store.keep_race(self._row.name, kept.to_dict())

    def look(self, failed: Collection[str] = ()) -> Halving:
        """Return where it stands.

        Parameters
        ----------
        failed : collection of str
            Trials that are not waited for.
        """
        quality = np.full((len(self.plan), len(self.cells)), np.nan)
        found = halve(self.plan, quality)
        # a rung is looked at when the one before it is measured: its cells are not known sooner
        for place, rung in enumerate(self._rungs):
            if found.rung == place:
                quality[place] = _quality(rung, failed)
                found = halve(self.plan, quality)
        return found

    def failed(self) -> set[str]:
        """Return the trials that were tried and have never finished."""
        return self._store.failed([trial.trial_id for trial in self.trials])

    def coming(self, failed: Collection[str]) -> tuple[list[Trial], list[Trial]]:
        """Return the trials that come next, and such as may come after them: as many, whichever cells it will be.

        Parameters
        ----------
        failed : collection of str
            Trials that have failed in this run, which are not waited for.
        """
        found = self.stands = self.look(failed)
        following = [
            trial
            for trial in self._rungs[found.rung].missing(self._of_cells(found.rung, found.next))
            if trial.trial_id not in failed
        ]
        later = [
            trial
            for place in range(found.rung + 1, len(self.plan))
            for trial in self._rungs[place].missing(self._of_cells(place, found.cells[: self.plan[place].cells]))
        ]
        return following, later

    def _of_cells(self, rung: int, cells: NDArray[np.int64]) -> list[Trial]:
        repeats = self._rungs[rung]
        wanted = set(cells.tolist())
        return repeats.in_order(trial for place, trial in repeats.places.items() if place[0] in wanted)


def why_not_halved(experiment: str, trials: Sequence[Trial], rules: HalvingRules) -> str:
    """Tell why nothing is saved by halving the epochs of an experiment; nothing where something is."""
    lengths = _epochs_of(trials)
    if len(lengths) > 1:
        return (
            f"The epochs of {experiment} vary themselves, so they cannot be halved; let its cells race, or train "
            "everything."
        )
    if len(_rungs_of(trials, rules)) < 2:
        return (
            f"Halving saves nothing in {experiment}: it takes several cells, and {rules.factor * rules.least_epochs} "
            f"epochs or more where these have {max(lengths)}. Let its cells race, or train everything."
        )
    return ""


def _epochs_of(trials: Sequence[Trial]) -> set[int]:
    return {int(trial.settings[EPOCHS]) for trial in trials}


def _rungs_of(trials: Sequence[Trial], rules: HalvingRules) -> tuple[Rung, ...]:
    """Return the steps of a halving; one of all cells where nothing can be saved, or the epochs vary."""
    lengths, cells = _epochs_of(trials), len({trial.cell for trial in trials})
    if len(lengths) > 1:
        return rules.rungs(cells, max(lengths))[-1:]
    return rules.rungs(cells, max(lengths))


def _quality(rung: Repeats, failed: Collection[str]) -> NDArray[np.float64]:
    """Return the quality of the cells whose trials have all ended; minus infinity where all have failed."""
    losses = rung.losses()
    planned, gone = rung.among({trial.trial_id for trial in rung.places.values()}), rung.among(failed)
    ended = ~(planned & ~losses.measured & ~gone).any(axis=(1, 2))
    quality = np.nan_to_num(on_equal_terms(losses), nan=-np.inf)
    return np.where(ended, quality, np.nan)


@dataclass(frozen=True, kw_only=True, repr=False)
class HalvingReport(Report):
    """Where a halving of epochs stands.

    Attributes
    ----------
    experiment : str
        Its name.
    halving : Halving
        Its steps; cells are numbered by the rows of ``cells``.
    cells : DataFrame
        A row a cell: ``cell`` (its number in the grid), a column a varied setting, ``epochs`` (that it was trained for,
        or is), ``dropped_after`` (epochs; <NA> for one that was not dropped), ``quality`` (after these), ``place``
        (among the cells of that step), ``needed`` (the quality of the last that went on).
    """

    experiment: str
    halving: Halving
    cells: pd.DataFrame

    def __str__(self) -> str:
        gone = self.cells.dropna(subset="dropped_after").drop(columns="epochs")
        table = f"\n{gone.to_string(index=False)}" if len(gone) else ""
        return f"{self.halving.sentence()}{table}"


def halving_report(halver: Halver, experiment: str, axes: Mapping[str, Sequence[Value]]) -> HalvingReport:
    """Return where a halving stands, with what has become of each cell.

    Parameters
    ----------
    halver : Halver
        The halving.
    experiment : str
        Its name.
    axes : mapping of str to sequence
        The varied settings with their values.
    """
    # what has failed is not waited for by the run either
    found = halver.look(halver.failed())
    table = cells_told(halver.cells, axes)
    dropped = found.drops
    drops = [dropped.get(place) for place in range(len(table))]
    here = found.rungs[found.rung].epochs
    table["epochs"] = [here if each is None else each.epochs for each in drops]
    table["dropped_after"] = pd.array([None if each is None else each.epochs for each in drops], dtype="Int64")
    table["quality"] = [np.nan if each is None else each.quality for each in drops]
    table["place"] = pd.array([None if each is None else each.place for each in drops], dtype="Int64")
    table["needed"] = [np.nan if each is None else each.needed for each in drops]
    return HalvingReport(experiment=experiment, halving=found, cells=table)
