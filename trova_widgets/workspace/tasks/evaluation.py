"""Evaluation: how well an experiment's best cell tells classes, beside baselines; and labels that are in doubt."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from trova_widgets.errors import PlanError
from trova_widgets.experiments import DEVELOPMENT, Outcomes
from trova_widgets.experiments.baselines import BASELINES, baseline_named
from trova_widgets.experiments.evaluation import (
    Figures,
    Rated,
    at_rates,
    by_event,
    checked_rates,
    doubts,
    figures,
    trained_rates,
)
from trova_widgets.fingerprinting import FingerprintRecipe
from trova_widgets.store import RecordFilter, measured_value
from trova_widgets.workspace import evaluating, explaining
from trova_widgets.workspace.changing import changing
from trova_widgets.workspace.clock_doubts import against_clock, queued
from trova_widgets.workspace.described import describe_records
from trova_widgets.workspace.evaluating import Evaluation
from trova_widgets.workspace.leaving import checked_leave
from trova_widgets.workspace.progress import Progress, progress_bar
from trova_widgets.workspace.quarries import QuarryFile
from trova_widgets.workspace.results import ExperimentResults
from trova_widgets.workspace.sentences import settings_words
from trova_widgets.workspace.tasks.answers import AnswerTasks
from trova_widgets.workspace.tasks.base import must_work
from trova_widgets.workspace.tasks.leaving import LeavingTasks
from trova_widgets.workspace.tasks.placement import PlacementTasks

_LOOKED = "The hold-out was looked at"


class EvaluationTasks(LeavingTasks, PlacementTasks, AnswerTasks):
    """What is done to believe a result."""

    def evaluate(
        self,
        experiment: str,
        *,
        baselines: Sequence[str] | None = None,
        beside: Sequence[str] = (),
        placement: bool = False,
        leave: Sequence[str] = (),
        rates: Mapping[str, float] | None = None,
        workers: int | None = None,
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
        leave : sequence of {"station", "region", "period"}
            Train the best cell anew, with its first seed, so that each record is told by a network that saw neither its
            event nor any record of its station, its region or its period. As many cells of the map, and as many
            periods, as there are folds: each costs as many trainings as there are folds. Stations are dealt to up to
            four groups, each of which is left out on each fold: four times as many. (An ensemble is as many networks
            in each training.) Nothing of it is kept in the workspace.
        rates : mapping of str to float, optional
            At what rate each class comes where the network is to be used, such as
            ``{"earthquake": 0.9, "quarry_blast": 0.1}``: what accuracy, precision and recall become there. All classes
            must be named, and rates that do not add up to 1 are refused.
        workers : int, optional
            Processes that train, where something is left out; one a core, if left out.
        progress : Progress
            Who watches.

        Returns
        -------
        Evaluation
            Printed, a table and sentences; `evaluation_report` writes it as a page.

        Raises
        ------
        PlanError
            When nothing has finished, the data set has no folds, a baseline or what is to be left out is unknown, or
            the rates are none.
        """
        left = checked_leave(leave)
        must_work(workers)
        chosen = [baseline_named(name) for name in (BASELINES if baselines is None else baselines)]
        found = self.results(experiment)
        described, teller_outcomes = self._told_records(found)
        dataset = self._store.dataset(found.plan.dataset_id)
        classes = dataset.classes
        wanted = None if rates is None else checked_rates(rates, classes)
        recipe = self._recipe_of(found)
        look = None
        if chosen:
            look = self._looked_at.features(self._store, self._waveforms, described, recipe, progress)
        tellers = evaluating.tellers_of(
            teller_outcomes, chosen, look, [self._beside(each, found) for each in beside], _members_of(found)
        )
        told = tellers[0].probabilities
        raw, scaled, temperature, abstaining = evaluating.calibrated(
            told, teller_outcomes.classes, teller_outcomes.folds
        )
        notes: tuple[str, ...] = ()
        curve = None
        if placement:
            curve, notes = self._placement(found, described, recipe, progress)
        left_out, about_left = None, list[str]()
        if left:
            left_out, about_left = self._left_out(found, described, teller_outcomes, left, workers, progress)
        return Evaluation(
            experiment=experiment,
            dataset=dataset.name,
            cell=settings_words(found.best.cell),
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
            left_out=left_out,
            rated=None if wanted is None else self._at_rates(found, told, teller_outcomes, recipe, wanted),
            notes=(*about_left, *notes),
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
            describe_records(measured, self._store.records(RecordFilter(record_ids=names)), self._store.events()),
            outcomes,
        )

    def _at_rates(
        self,
        found: ExperimentResults,
        told: evaluating.Floats,
        outcomes: Outcomes,
        recipe: FingerprintRecipe,
        rates: evaluating.Floats,
    ) -> Rated:
        """Return what the best cell tells right where classes come at these rates."""
        dataset = self._store.dataset(found.plan.dataset_id)
        members = self._store.dataset_members(dataset.dataset_id)
        members = members[members["split"] == DEVELOPMENT]
        classes = np.array([dataset.classes.index(name) for name in members["event_class"]], dtype=np.int64)
        settings = {**found.plan.settings, **found.best.cell}
        trained = np.empty((outcomes.classes.size, len(dataset.classes)))
        folds = sorted(set(found.trials_of(found.best.place)["fold"].astype(int)))
        for place, fold in enumerate(folds):
            learnt = classes[members["fold"].to_numpy(dtype=np.int64) != fold]
            augmentation = str(settings["training.augmentation"])
            trained[outcomes.folds == place] = trained_rates(
                learnt, recipe.variants, augmentation, found.plan.seeds[0], len(dataset.classes)
            )
        return at_rates(
            told, outcomes.classes, outcomes.events, outcomes.folds, trained=trained, names=dataset.classes, rates=rates
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


def _members_of(found: ExperimentResults) -> int:
    """Return how many networks a trial of the best cell has; trials of older versions have one."""
    return int({**found.plan.settings, **found.best.cell}.get("training.members", 1))
