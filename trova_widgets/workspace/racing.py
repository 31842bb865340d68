"""A race in a workspace: which trials come next, told from what the store has, so that a killed run decides alike."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd

from trova_widgets.errors import PlanError
from trova_widgets.experiments.choice import Losses, Race, RaceRules, RandomNumbers, paired_losses, race
from trova_widgets.reports import Report
from trova_widgets.space import Trial, Value, short_name
from trova_widgets.store import ExperimentRow, Store
from trova_widgets.workspace.evidence import ToldRecords

#: A race needs two trials of a cell, to know how much of a difference is luck.
_FEWEST_REPEATS = 2


class Racer:
    """Decides which trials of an experiment come next.

    Parameters
    ----------
    store : Store
        Where results arrive.
    row : ExperimentRow
        The experiment.
    trials : sequence of Trial
        All that are planned, in the order in which they should run.
    rules : RaceRules
        When a cell is dropped, and when the race ends.

    Attributes
    ----------
    stands : Race or None
        Where the race stood when it was asked last what comes next.

    Raises
    ------
    PlanError
        When no cell has two trials.
    """

    def __init__(self, store: Store, row: ExperimentRow, trials: Sequence[Trial], rules: RaceRules) -> None:
        self._store, self._row, self.rules = store, row, rules
        self._dataset = store.dataset(row.dataset_id)
        self.cells = np.array(sorted({trial.cell for trial in trials}))
        self._folds = sorted({_fold(trial) for trial in trials})
        # where the seed is an axis, each cell has one of its own
        seeds: dict[int, list[int]] = {}
        for trial in trials:
            seeds.setdefault(trial.cell, []).append(trial.seed)
        ranks = {cell: sorted(set(own)) for cell, own in seeds.items()}
        if len(self._folds) * max(map(len, ranks.values())) < _FEWEST_REPEATS:
            raise PlanError(
                f"Each cell of {row.name} has one trial alone, so there is nothing to race over; plan it on a data set "
                "with folds, or with more seeds."
            )
        cells = {int(cell): place for place, cell in enumerate(self.cells)}
        self._trials = {
            (cells[trial.cell], self._folds.index(_fold(trial)), ranks[trial.cell].index(trial.seed)): trial
            for trial in trials
        }
        self._order = {trial.trial_id: place for place, trial in enumerate(trials)}
        self._numbers: RandomNumbers | None = None
        self.stands: Race | None = None

    def keep_end(self) -> None:
        """Keep how the race has ended with the experiment."""
        if self.stands is not None and self.stands.reason is not None:
            kept = KeptRace(rules=self.rules, ended=self.stands.sentence(), planned=len(self._trials))
            self._store.keep_race(self._row.name, kept.to_dict())

    def look(self, failed: Collection[str] = ()) -> Race:
        """Return where the race stands.

        Parameters
        ----------
        failed : collection of str
            Trials that are not waited for.
        """
        losses = self.losses()
        if self._numbers is None:
            self._numbers = RandomNumbers.of(losses, self.rules.draws, self.rules.seed)
        gone = np.zeros_like(losses.measured)
        for place, trial in self._trials.items():
            gone[place] = trial.trial_id in failed
        return race(losses, self.rules, failed=gone, numbers=self._numbers)

    def losses(self) -> Losses:
        """Return what was measured so far; all planned trials have their place in it."""
        planned = self._store.trials(self._row.experiment_id)
        # a plan that grew counts its cells anew, and so do its trials
        cell_of = {trial.trial_id: trial.cell for trial in self._trials.values()}
        planned = planned[planned["trial_id"].isin(cell_of)]
        table = planned.assign(cell=planned["trial_id"].map(cell_of))
        told = ToldRecords(self._store, self._dataset, table)
        outcomes, _ = told.outcomes(cells=self.cells, folds=self._folds)
        return paired_losses(outcomes)

    def coming(self, failed: Collection[str]) -> tuple[list[Trial], list[Trial]]:
        """Return the trials that come next, and those that may come after them.

        Parameters
        ----------
        failed : collection of str
            Trials that have failed in this run, which are not waited for.
        """
        found = self.stands = self.look(failed)
        following = sorted(
            (self._trials[training] for training in found.next), key=lambda trial: self._order[trial.trial_id]
        )
        here = {trial.trial_id for trial in following}
        running = {int(self.cells[place]) for place in found.running} if found.reason is None else set()
        later = [trial for trial in self._trials.values() if trial.cell in running and trial.trial_id not in here]
        there = self._store.finished([trial.trial_id for trial in later])
        return following, [trial for trial in later if trial.trial_id not in there]


@dataclass(frozen=True, kw_only=True, repr=False)
class RaceReport(Report):
    """Where a race stands.

    Attributes
    ----------
    experiment : str
        Its name.
    race : Race
        Its looks and rules; cells are numbered by the rows of ``cells``.
    cells : DataFrame
        A row a cell that races: ``cell`` (its number in the grid), a column a varied setting, ``repeats`` (trials that
        it has), ``dropped_after`` (repeats; <NA> for one that may still be the best), ``rival`` (the number of the cell
        that showed it best), ``difference`` (by how much the rival's quality was higher), ``p`` (the chance of that,
        were the cell the best).
    """

    experiment: str
    race: Race
    cells: pd.DataFrame

    def __str__(self) -> str:
        gone = self.cells.dropna(subset="dropped_after")
        table = f"\n{gone.to_string(index=False)}" if len(gone) else ""
        return f"{self.race.sentence()}{table}"


def race_report(racer: Racer, experiment: str, axes: Mapping[str, Sequence[Value]]) -> RaceReport:
    """Return where a race stands, with what has become of each cell.

    Parameters
    ----------
    racer : Racer
        The race.
    experiment : str
        Its name.
    axes : mapping of str to sequence
        The varied settings with their values.
    """
    losses, found = racer.losses(), racer.look()
    shape = tuple(len(values) for values in axes.values())
    places = np.unravel_index(racer.cells, shape) if shape else ()
    columns: dict[str, Any] = {"cell": racer.cells}
    for (name, values), at in zip(axes.items(), places, strict=True):
        columns[short_name(name)] = [values[place] for place in at]
    columns["repeats"] = losses.repeats.sum(axis=1)
    table = pd.DataFrame(columns)
    drops = [found.drops.get(place) for place in range(len(table))]
    table["dropped_after"] = pd.array([None if each is None else each[0].repeat for each in drops], dtype="Int64")
    table["rival"] = pd.array([None if each is None else racer.cells[each[1].rival] for each in drops], dtype="Int64")
    table["difference"] = [np.nan if each is None else each[1].difference for each in drops]
    table["p"] = [np.nan if each is None else each[1].p for each in drops]
    return RaceReport(experiment=experiment, race=found, cells=table)


@dataclass(frozen=True, kw_only=True)
class KeptRace:
    """What the store keeps of a race: by which rules cells race, and how the race has ended.

    Attributes
    ----------
    rules : RaceRules
        The rules.
    ended : str
        How it has ended, in words; empty as long as it has not.
    planned : int
        How many trials were planned then: where there are more, it goes on.
    """

    rules: RaceRules
    ended: str = ""
    planned: int = 0

    @classmethod
    def of(cls, kept: Mapping[str, Any] | None) -> "KeptRace | None":
        """Return what the store keeps, or None where cells have never raced."""
        return None if kept is None else cls(**{**kept, "rules": RaceRules(**kept["rules"])})

    def to_dict(self) -> dict[str, Any]:
        """Return a JSON value."""
        return asdict(self)


def ended_race(kept: Mapping[str, Any] | None, planned: int) -> str:
    """Return how a race over so many planned trials has ended, in words; empty where it has not."""
    found = KeptRace.of(kept)
    return found.ended if found is not None and found.planned == planned else ""


def can_race(trials: Sequence[Trial]) -> bool:
    """Tell whether there are several cells, and several trials of each."""
    cells = {trial.cell for trial in trials}
    return len(cells) > 1 and len(trials) >= _FEWEST_REPEATS * len(cells)


def _fold(trial: Trial) -> int:
    return 0 if trial.fold is None else trial.fold
