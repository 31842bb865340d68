"""A race in a workspace: which trials come next, told from what the store has, so that a killed run decides alike."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from trova_widgets.errors import PlanError
from trova_widgets.experiments.choice import Race, RaceRules, RandomNumbers, race
from trova_widgets.reports import Report
from trova_widgets.space import Trial, Value
from trova_widgets.store import ExperimentRow, Store
from trova_widgets.workspace.kept_race import KeptRace
from trova_widgets.workspace.repeats import Repeats, cells_told

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
    trials : sequence of Trial
        All that may come.
    stands : Race or None
        Where the race stood when it was asked last what comes next.

    Raises
    ------
    PlanError
        When no cell has two trials.
    """

    def __init__(self, store: Store, row: ExperimentRow, trials: Sequence[Trial], rules: RaceRules) -> None:
        self._store, self._row, self.rules, self.trials = store, row, rules, trials
        self.repeats = Repeats(store, row, trials)
        if self.repeats.most < _FEWEST_REPEATS:
            raise PlanError(
                f"Each cell of {row.name} has one trial alone, so there is nothing to race over; plan it on a data set "
                "with folds, or with more seeds."
            )
        self._numbers: RandomNumbers | None = None
        self.stands: Race | None = None

    def keep_end(self) -> None:
        """Keep how the race has ended with the experiment."""
        if self.stands is not None and self.stands.reason is not None:
            kept = KeptRace(rules=self.rules, ended=self.stands.sentence(), planned=len(self.trials))
            self._store.keep_race(self._row.name, kept.to_dict())

    def look(self, failed: Collection[str] = ()) -> Race:
        """Return where the race stands.

        Parameters
        ----------
        failed : collection of str
            Trials that are not waited for.
        """
        losses = self.repeats.losses()
        if self._numbers is None:
            self._numbers = RandomNumbers.of(losses, self.rules.draws, self.rules.seed)
        return race(losses, self.rules, failed=self.repeats.among(failed), numbers=self._numbers)

    def failed(self) -> set[str]:
        """Return the trials that were tried and have never finished."""
        return self._store.failed([trial.trial_id for trial in self.trials])

    def coming(self, failed: Collection[str]) -> tuple[list[Trial], list[Trial]]:
        """Return the trials that come next, and those that may come after them.

        Parameters
        ----------
        failed : collection of str
            Trials that have failed in this run, which are not waited for.
        """
        found = self.stands = self.look(failed)
        places, cells = self.repeats.places, self.repeats.cells
        following = self.repeats.in_order(places[training] for training in found.next)
        here = {trial.trial_id for trial in following}
        running = {int(cells[place]) for place in found.running} if found.reason is None else set()
        later = [trial for trial in places.values() if trial.cell in running and trial.trial_id not in here]
        return following, self.repeats.missing(later)


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
    # what has failed is not waited for by the run either
    losses, found, cells = racer.repeats.losses(), racer.look(racer.failed()), racer.repeats.cells
    table = cells_told(cells, axes)
    table["repeats"] = losses.repeats.sum(axis=1)
    dropped = found.drops
    drops = [dropped.get(place) for place in range(len(table))]
    table["dropped_after"] = pd.array([None if each is None else each[0].repeat for each in drops], dtype="Int64")
    table["rival"] = pd.array([None if each is None else cells[each[1].rival] for each in drops], dtype="Int64")
    table["difference"] = [np.nan if each is None else each[1].difference for each in drops]
    table["p"] = [np.nan if each is None else each[1].p for each in drops]
    return RaceReport(experiment=experiment, race=found, cells=table)


def can_race(trials: Sequence[Trial]) -> bool:
    """Tell whether there are several cells, and several trials of each."""
    cells = {trial.cell for trial in trials}
    return len(cells) > 1 and len(trials) >= _FEWEST_REPEATS * len(cells)
