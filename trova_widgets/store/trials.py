"""Trials: appended as they end, and never changed once they have finished."""

import json
import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from trova_widgets.errors import StoreError
from trova_widgets.space import TrialResult
from trova_widgets.store.connection import Connection
from trova_widgets.store.tables import CHOSEN, Table, TableGroup, chosen, columns_of, tidy

if TYPE_CHECKING:
    import pandas as pd

#: Identity, positions in the data set, predicted classes, probabilities.
Told = tuple[str, list[int], list[int] | None, bytes]

# the weights have a file of their own; the state is one of two words
_TRIAL = Table(name="trial", columns={**columns_of(TrialResult, without=["weights"]), "state": "VARCHAR"})
# each planned trial of an experiment with its latest attempt, if there is one
_LATEST = """FROM planned_trial AS planned LEFT JOIN trial USING (trial_id) WHERE planned.experiment_id = ?
    QUALIFY row_number() OVER (PARTITION BY planned.trial_id ORDER BY trial.attempt DESC) = 1"""
# by which the values of a trial are known again, in eight bytes
_KEY = 'hash(planned."values"::VARCHAR)'


class TrialTables(TableGroup):
    """What came out of the trials."""

    def add_trials(self, rows: Sequence[TrialResult]) -> int:
        """Append trials and return how many were kept.

        Parameters
        ----------
        rows : sequence of TrialResult
            Trials that have ended. The attempts at one trial are numbered here, from 1. Once a trial has finished,
            nothing more of it is kept; nor is what is there already, told by the moment of its end.

        Raises
        ------
        StoreError
            When a value cannot be stored; then none of the rows is kept.
        """
        if not rows:
            return 0
        trial_ids = chosen({row.trial_id for row in rows})

        def add(connection: Connection) -> int:
            known = connection.rows(
                f"SELECT trial_id, state, epoch_ns(finished_at) FROM trial WHERE trial_id IN {CHOSEN}",
                [trial_ids],
            )
            return _TRIAL.insert(connection, _TRIAL.rows_of(_numbered(rows, known)))

        return self._database.write("trials", add)

    def trials(self, experiment_id: str) -> "pd.DataFrame":
        """Return the planned trials of an experiment, each with its latest attempt.

        Returns
        -------
        DataFrame
            Columns ``trial_id``, ``cell``, ``fold``, ``seed``, ``values`` (dict, on the axes), ``state``
            (``"planned"``, ``"finished"`` or ``"failed"``), ``attempt``, ``quality``, ``loss``, ``holdout`` (accuracy),
            ``precision``, ``seconds``, ``parameter_count``, ``error``, ``finished_at`` (UTC, ns), by cell, seed and
            fold. What is not known yet is NaN, NA, None or NaT.
        """
        frame = self._database.query(
            f"""SELECT planned.trial_id, planned.cell, planned.fold, planned.seed, {_KEY} AS "values",
                coalesce(trial.state, 'planned') AS state, trial.attempt, trial.quality, trial.loss,
                (trial.scores ->> 'holdout')::DOUBLE AS holdout, trial.versions ->> 'precision' AS "precision",
                trial.seconds, trial.parameter_count, trial.error, trial.finished_at
            {_LATEST} ORDER BY planned.cell, planned.seed, planned.fold""",
            experiment_id,
        )
        counts = {"fold": "Int64", "attempt": "Int64", "parameter_count": "Int64"}
        # the repeats of a cell have the same values, and share them: the texts of a hundred thousand fill the memory
        texts = self._database.rows(
            f'SELECT DISTINCT {_KEY}, planned."values" FROM planned_trial AS planned WHERE planned.experiment_id = ?',
            experiment_id,
        )
        known = {key: json.loads(text) for key, text in texts}
        # what left the plan in between is planned no more
        frame = frame[frame["values"].isin(list(known))].reset_index(drop=True)
        frame["values"] = frame["values"].map(known).astype(object)
        return tidy(frame.astype(counts))

    def trial_details(self, experiment_id: str) -> "pd.DataFrame":
        """Return what the latest attempt at each planned trial of an experiment has left, those that have ended.

        Returns
        -------
        DataFrame
            Columns ``trial_id``, ``attempt``, ``settings``, ``scores`` and ``versions`` (dict), ``confusion`` (list of
            lists), ``finished_at`` (UTC, ns).
        """
        frame = self._database.query(
            f"""SELECT planned.trial_id, trial.attempt, trial.settings, trial.scores, trial.versions, trial.confusion,
                trial.finished_at
            {_LATEST} AND trial.attempt IS NOT NULL ORDER BY planned.trial_id""",
            experiment_id,
        )
        return tidy(frame, "settings", "scores", "versions", "confusion")

    def experiment_mark(self, experiment: str) -> tuple[object, ...]:
        """Return what is the same as long as nothing is that the results of an experiment depend on.

        No row of a trial ever changes, so that equal numbers of them are the same trials; of other experiments, planned
        or run meanwhile, nothing is looked at, nor what is said of trials and events: a data set keeps its labels.
        """
        marks = self._database.rows(
            """SELECT experiment_id, hash(experiment.plan::VARCHAR), hash(experiment.race::VARCHAR),
                count(DISTINCT planned.trial_id), count(trial.trial_id), count(*) FILTER (trial.state = 'finished'),
                (SELECT count(*) FROM change WHERE subject NOT IN ('trials', 'experiments', 'annotations', 'labels'))
            FROM experiment LEFT JOIN planned_trial AS planned USING (experiment_id) LEFT JOIN trial USING (trial_id)
            WHERE experiment.name = ? GROUP BY ALL""",
            experiment,
        )
        return marks[0] if marks else ()

    def experiment_totals(self) -> "pd.DataFrame":
        """Return how far all experiments are, the oldest first.

        Returns
        -------
        DataFrame
            Columns ``name``, ``race`` (dict or None), ``trial_count``, ``finished_count``, ``failed_count`` and
            ``seconds`` (that the finished trials took together; NaN where none has finished).
        """
        totals = self._database.query(
            """WITH latest AS (
                SELECT planned.experiment_id, trial.state, trial.seconds
                FROM planned_trial AS planned LEFT JOIN trial USING (trial_id)
                QUALIFY row_number() OVER (
                    PARTITION BY planned.experiment_id, planned.trial_id ORDER BY trial.attempt DESC) = 1)
            SELECT experiment.name, experiment.race, count(latest.experiment_id) AS trial_count,
                count(*) FILTER (latest.state = 'finished') AS finished_count,
                count(*) FILTER (latest.state = 'failed') AS failed_count,
                sum(latest.seconds) FILTER (latest.state = 'finished') AS seconds
            FROM experiment LEFT JOIN latest USING (experiment_id)
            GROUP BY experiment.name, experiment.race, experiment.created_at, experiment.experiment_id
            ORDER BY experiment.created_at, experiment.experiment_id"""
        )
        return tidy(totals, "race")

    def told(self, trial_ids: Iterable[str], take: Callable[[Told], None]) -> None:
        """Hand on, one after the other, what finished trials told of the records that did not train them.

        There may be a hundred thousand, and all of them at once would take a gigabyte.

        Parameters
        ----------
        trial_ids : iterable of str
            Which trials.
        take : callable
            Is given identity, positions in the data set, predicted class (None where there are probabilities), and the
            probabilities of all classes as of `TrialResult`: empty bytes where an older version kept none. It must
            not mind when it is given the same ones again.
        """
        wanted = chosen(trial_ids)

        def read(connection: Connection) -> None:
            for rows in connection.batches(
                f"""SELECT trial_id, (predictions -> 'position')::INTEGER[],
                    CASE WHEN octet_length(probabilities) = 0 THEN (predictions -> 'predicted')::INTEGER[] END,
                    probabilities
                FROM trial WHERE state = 'finished' AND trial_id IN {CHOSEN}""",
                [wanted],
            ):
                for row in rows:
                    take(row)

        self._database.run(read)

    def trial(self, trial_id: str) -> TrialResult:
        """Return the latest attempt at a trial.

        Raises
        ------
        StoreError
            When it has not ended yet.
        """
        found = self._database.run(
            lambda c: _TRIAL.read(c, "WHERE trial_id = ? ORDER BY attempt DESC LIMIT 1", trial_id)
        )
        if not found:
            raise StoreError(f"Trial {trial_id!r} has no result; run its experiment first.")
        return _with_numbers(found[0])

    def finished(self, trial_ids: Iterable[str]) -> set[str]:
        """Return which of some trials have finished."""
        found = self._database.rows(
            f"SELECT trial_id FROM trial WHERE state = 'finished' AND trial_id IN {CHOSEN}", chosen(trial_ids)
        )
        return {trial_id for (trial_id,) in found}

    def failed(self, trial_ids: Iterable[str]) -> set[str]:
        """Return which of some trials were tried and have never finished."""
        found = self._database.rows(
            f"SELECT trial_id FROM trial WHERE trial_id IN {CHOSEN} GROUP BY trial_id "
            "HAVING bool_and(state <> 'finished')",
            chosen(trial_ids),
        )
        return {trial_id for (trial_id,) in found}


def _numbered(rows: Sequence[TrialResult], known: Iterable[tuple[Any, ...]]) -> list[TrialResult]:
    """Return the rows that are worth keeping, each with the number of its attempt."""
    attempts: Counter[str] = Counter()
    ended: set[tuple[str, int]] = set()
    finished: set[str] = set()
    for trial_id, state, finished_at_ns in known:
        attempts[trial_id] += 1
        ended.add((trial_id, finished_at_ns))
        if state == "finished":
            finished.add(trial_id)
    kept = []
    for row in rows:
        if row.trial_id in finished or (row.trial_id, row.finished_at_ns) in ended:
            continue
        attempts[row.trial_id] += 1
        ended.add((row.trial_id, row.finished_at_ns))
        if row.state == "finished":
            finished.add(row.trial_id)
        kept.append(replace(row, attempt=attempts[row.trial_id]))
    return kept


def _with_numbers(fields: Mapping[str, Any]) -> TrialResult:
    """Return a trial whose scores and curves are numbers throughout: JSON has no NaN, and says null."""
    scores = {split: _number(score) for split, score in fields["scores"].items()}
    curve = {name: [_number(value) for value in values] for name, values in fields["curve"].items()}
    return TrialResult(**{**fields, "scores": scores, "curve": curve})


def _number(value: float | None) -> float:
    return math.nan if value is None else value
