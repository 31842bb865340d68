"""Evaluation: how well an experiment's best cell tells classes, beside baselines; and labels that are in doubt."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from trova_widgets.errors import PlanError
from trova_widgets.experiments import Outcomes, told_by, told_together
from trova_widgets.experiments.baselines import BASELINES, baseline_named
from trova_widgets.experiments.evaluation import Figures, by_event, doubts, figures
from trova_widgets.fingerprinting import FingerprintRecipe
from trova_widgets.space import format_value, group_of, short_name
from trova_widgets.store import RecordFilter, measured_value
from trova_widgets.workspace import evaluating, explaining, record_features
from trova_widgets.workspace.changing import changing
from trova_widgets.workspace.clock_doubts import against_clock, queued
from trova_widgets.workspace.evaluating import Evaluation
from trova_widgets.workspace.evaluation_document import document
from trova_widgets.workspace.paths import write_named
from trova_widgets.workspace.progress import Progress, progress_bar
from trova_widgets.workspace.quarries import QuarryFile
from trova_widgets.workspace.results import ExperimentResults
from trova_widgets.workspace.tasks.results import ResultTasks, result_recipe

SHIFTS_S = (-8.0, -3.0, -1.5, 0.0, 1.5, 3.0, 8.0)
_LOOKED = "The hold-out was looked at"
# the placement curve of so many records is sure to two points
_PLACED = 600


class EvaluationTasks(ResultTasks):
    """What is done to believe a result."""

    def evaluate(
        self,
        experiment: str,
        *,
        baselines: Sequence[str] | None = None,
        beside: Sequence[str] = (),
        placement: bool = False,
        progress: Progress = progress_bar,
    ) -> Evaluation:
        """Tell how well the best cell of an experiment tells classes, on events that its networks never saw.

        Parameters
        ----------
        experiment : str
            An experiment over a data set with folds.
        baselines : sequence of str, optional
            Which of `trova_widgets.experiments.baselines.BASELINES` are told on the same folds; all, if left out.
        beside : sequence of str
            Other experiments over the same data set, whose best cells are told beside this one's: of another network,
            or another recipe.
        placement : bool
            Whether to tell what becomes of it with the onset taken to be wrong, which takes the networks' weights.
        progress : Progress
            Who watches.

        Returns
        -------
        Evaluation
            Printed, a table and sentences; `evaluation_report` writes it as a page.

        Raises
        ------
        PlanError
            When nothing has finished, the data set has no folds, or a baseline is unknown.
        """
        chosen = [baseline_named(name) for name in (BASELINES if baselines is None else baselines)]
        found = self.results(experiment)
        described, teller_outcomes = self._told_records(found)
        recipe = self._recipe_of(found)
        look = None
        if chosen:
            look = self._looked_at.features(self._store, self._waveforms, described, recipe, progress)
        tellers = evaluating.tellers_of(
            teller_outcomes, chosen, look, [self._beside(each, found) for each in beside], _members_of(found)
        )
        classes = self._store.dataset(self._store.experiment(experiment).dataset_id).classes
        told = tellers[0].probabilities
        raw, scaled, temperature, abstaining = evaluating.calibrated(
            told, teller_outcomes.classes, teller_outcomes.folds
        )
        notes: tuple[str, ...] = ()
        curve = None
        if placement:
            curve, notes = self._placement(found, described, recipe, progress)
        return Evaluation(
            experiment=experiment,
            dataset=self._store.dataset(self._store.experiment(experiment).dataset_id).name,
            cell=", ".join(f"{short_name(name)} {format_value(value)}" for name, value in found.best.cell.items()),
            classes=classes,
            records=described,
            tellers=tellers,
            parts=evaluating.parts_of(described, told, classes),
            raw=raw,
            scaled=scaled,
            temperature=temperature,
            abstaining=abstaining,
            chance=evaluating.could_be_chance(told, teller_outcomes.classes, teller_outcomes.events),
            placement=curve,
            notes=notes,
        )

    @changing
    def look_at_holdout(self, experiment: str) -> tuple[Figures, int]:
        """Tell the figures of the best cell on the hold-out, and count that somebody has looked.

        Each look is kept as a remark on the experiment: one who looks and then chooses again has no hold-out any more.

        Returns
        -------
        (Figures, int)
            The figures, and how often anybody has looked, this time counted.

        Raises
        ------
        PlanError
            When the data set has no hold-out, or nothing has finished.
        """
        found = self.results(experiment)
        held, probabilities = found.told.held(found.trials_of(found.best.place)["trial_id"].tolist())
        if held.empty:
            raise PlanError(
                f"The data set of {experiment} has no hold-out; freeze one with: trova dataset --holdout 0.15"
            )
        classes = self._store.dataset(self._store.experiment(experiment).dataset_id).classes
        truth = np.array([classes.index(name) for name in held["event_class"]], dtype=np.int64)
        told = figures(probabilities, truth, pd.factorize(held["event_id"])[0])
        self._store.annotate(experiment, f"{_LOOKED}: accuracy {told.accuracy}.", self.author)
        remarks = self._store.annotations(experiment)["text"]
        return told, int(remarks.str.startswith(_LOOKED).sum())

    def evaluation_report(self, evaluation: Evaluation, path: str | Path) -> Path:
        """Write an evaluation as one page of HTML that needs nothing else, and return where it is.

        Raises
        ------
        StoreError
            When the file cannot be written.
        """
        return write_named(path, document(evaluation).encode())

    def doubts(self, experiment: str, *, utc_offset_h: float | None = None) -> pd.DataFrame:
        """Return the events in the order in which their labels contradict what networks say that never saw them.

        A label is an event's, so what all its records tell together is held against it. Behind those that the networks
        doubt come those that the clock and the known quarries contradict (`clock_doubts`), which no network knows.

        Parameters
        ----------
        experiment : str
            An experiment over a data set with folds, whose best cell tells.
        utc_offset_h : float, optional
            How far the local clocks are ahead of UTC [h]; as of `clock`, if left out.

        Returns
        -------
        DataFrame
            Columns ``event_id``, ``event_class`` (the label), ``told`` (the likeliest other class), ``probability`` (of
            that one), ``doubt`` (1 and more: in doubt; Northcutt et al., 2021, doi 10.1613/jair.1.12125),
            ``records`` (how many), ``against`` (how many of them tell another class), ``snr_db`` (of the loudest),
            ``origin_time``; ``local_hour``, ``weekday``, ``quarry``, ``quarry_km`` and ``clock`` as of `clock_doubts`;
            and ``why``, a sentence where the networks or the clock contradict the label. Those in doubt first, the most
            doubtful at the head; then those that the clock contradicts; then the others by their doubt.

        Raises
        ------
        PlanError
            As of `evaluate`.
        RecordError
            When no clock is so far ahead of UTC.
        """
        found = self.results(experiment)
        described, outcomes = self._told_records(found)
        told = outcomes.probabilities[0]
        combined = evaluating.together(told[np.isfinite(told).all(axis=(1, 2))])
        (shares,), labels, numbers = by_event(combined[None], outcomes.classes, outcomes.events)
        doubt, rival = doubts(shares, labels)
        names = np.array(self._store.dataset(found.plan.dataset_id).classes)
        records = described.assign(event=outcomes.events, against=combined.argmax(axis=1) != outcomes.classes).groupby(
            "event"
        )
        table = records.agg(
            event_id=("event_id", "first"),
            event_class=("event_class", "first"),
            records=("record_id", "size"),
            against=("against", "sum"),
            snr_db=("snr_db", "max"),
            origin_time=("origin_time", "first"),
        ).loc[numbers]
        table.insert(2, "told", names[rival])
        table.insert(3, "probability", shares[np.arange(len(rival)), rival])
        table.insert(4, "doubt", doubt)
        events = self._store.events()
        # the labels that the networks are held against, where an event has got another one since
        frozen = events["event_id"].map(table.set_index("event_id")["event_class"])
        said = against_clock(
            events.assign(event_class=frozen.fillna(events["event_class"])),
            QuarryFile(self.path).quarries(),
            utc_offset_h,
        )
        return queued(table, said)

    def explain(self, record_id: str, network: str | None = None) -> pd.DataFrame:
        """Tell what in a record speaks for each class: integrated gradients, back through the inverse Haar transform.

        What a point of the fingerprint says goes to the energy that makes it (`trova_widgets.fingerprinting.relief`).

        Parameters
        ----------
        record_id : str
            A record of this workspace.
        network : str, optional
            As of `classify`.

        Returns
        -------
        DataFrame
            A row a class, the likeliest first: ``event_class``, ``probability``, ``reason`` (a sentence),
            ``time_from_s``, ``time_to_s`` (from the onset), ``frequency_from_hz``, ``frequency_to_hz``, ``share`` (of
            all that speaks for the class), ``picture`` (where in the scalogram, shape (size, size)).

        Raises
        ------
        StoreError, NetworkError
            When there is no such record or network.
        """
        row = self._record(record_id)
        waveform = self._waveforms.waveform(row["file_name"], int(row["trace_index"]))
        onset_s, cutoff_hz = measured_value(row, "onset_s"), measured_value(row, "cutoff_hz")
        return explaining.explain(self._trained(network), waveform, onset_s, cutoff_hz)

    def _told_records(self, found: ExperimentResults) -> tuple[pd.DataFrame, Outcomes]:
        """Return the records that the best cell has told, described, and what it told of them."""
        if not found.has_folds:
            raise PlanError(
                f"The data set of {found.experiment} has no folds, so most of its records were told by networks that "
                "were trained on them; freeze one with folds: trova dataset NAME"
            )
        cell = np.array([np.ravel_multi_index(found.best.place, found.grid.shape) if found.grid.shape else 0])
        finished = found.trials_of(found.best.place)
        folds = sorted(set(finished["fold"].astype(int)))
        outcomes, _ = found.told.outcomes(cell, folds)
        measured = found.told.measured(folds)
        names = list(measured["record_id"])
        return (
            evaluating.describe_records(
                measured, self._store.records(RecordFilter(record_ids=names)), self._store.events()
            ),
            outcomes,
        )

    def _beside(self, experiment: str, first: ExperimentResults) -> tuple[str, str, evaluating.Floats]:
        """Return the name, the title and the probabilities of another experiment's best cell."""
        found = self.results(experiment)
        if found.plan.dataset_id != first.plan.dataset_id or found.plan.folds != first.plan.folds:
            raise PlanError(
                f"{experiment} is over another data set or other folds than {first.experiment}, so its answers are not "
                "to the same questions; name one over the same."
            )
        _, outcomes = self._told_records(found)
        told = outcomes.probabilities[0]
        title = f"{found.plan.network_type} of {experiment}, {evaluating.networks_told(_members_of(found))}"
        return experiment, title, told[np.isfinite(told).all(axis=(1, 2))]

    def _recipe_of(self, found: ExperimentResults) -> FingerprintRecipe:
        """Return the recipe of the best cell."""
        values = {**found.plan.settings, **found.best.cell}
        return FingerprintRecipe.from_dict(group_of(values, FingerprintRecipe.prefix))

    def _placement(
        self, found: ExperimentResults, described: pd.DataFrame, recipe: FingerprintRecipe, progress: Progress
    ) -> tuple[pd.DataFrame | None, tuple[str, ...]]:
        """Return the accuracy of the best cell's networks with the onset taken to be wrong."""
        from trova_widgets.experiments import predict_probabilities

        trials = found.trials_of(found.best.place)
        seed = trials["seed"].min()
        by_fold = {
            int(row.fold): row.trial_id
            for row in trials.itertuples(index=False)
            if row.seed == seed and self._runs.weights_of(row.trial_id).exists()
        }
        some = described[described["fold"].isin(list(by_fold)) & described["onset_s"].notna()]
        if some.empty:
            return None, ("No placement curve: the weights of the networks are not here, run the experiment here.",)
        # whole events, as they come in the order of their names
        events = some["event_id"].drop_duplicates().sort_values()
        share = min(1.0, _PLACED / len(some))
        some = some[some["event_id"].isin(events.iloc[:: max(1, round(1 / share))])].reset_index(drop=True)
        result = self._store.trial(next(iter(by_fold.values())))
        recipe = FingerprintRecipe.from_dict(result_recipe(result, found.plan))
        images = record_features.images_at(
            self._store,
            self._waveforms,
            some,
            recipe,
            self.statistics(recipe),
            SHIFTS_S,
            progress,
            variants=told_by(result.settings, recipe.variants),
        )
        classes = self._store.dataset(found.plan.dataset_id).classes
        told = np.zeros((len(SHIFTS_S), len(some), len(classes)))
        for fold, trial_id in by_fold.items():
            here = np.flatnonzero(some["fold"].to_numpy(dtype=int) == fold)
            values = group_of(self._store.trial(trial_id).settings, "")
            weights = self._runs.weights_of(trial_id).read_bytes()
            shown = images[:, here]
            said = predict_probabilities(
                found.plan.model, values, weights, shown.reshape(-1, *shown.shape[3:]), len(classes)
            )
            told[:, here] = told_together(said.reshape(-1, shown.shape[2], len(classes))).reshape(*shown.shape[:2], -1)
        truth = np.array([classes.index(name) for name in some["event_class"]], dtype=np.int64)
        numbers = pd.factorize(some["event_id"])[0]
        rows = [
            (shift_s, each.value, each.low, each.high)
            for shift_s, each in (
                (shift_s, figures(one, truth, numbers).accuracy) for shift_s, one in zip(SHIFTS_S, told, strict=True)
            )
        ]
        return pd.DataFrame(rows, columns=["shift_s", "accuracy", "low", "high"]), ()


def _members_of(found: ExperimentResults) -> int:
    """Return how many networks a trial of the best cell has; trials of older versions have one."""
    return int({**found.plan.settings, **found.best.cell}.get("training.members", 1))
