"""Who answers: a trained network, how good others of its cell were on events that they never saw, and how sure."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from trova_widgets.experiments.evaluation import Figure, by_event, figures, fit_temperature
from trova_widgets.reports import Report
from trova_widgets.workspace.results import ExperimentResults
from trova_widgets.workspace.sentences import settings_words


@dataclass(frozen=True, kw_only=True, repr=False)
class Answerer(Report):
    """A trained network that names classes, and what is known of it.

    Attributes
    ----------
    trial_id, network, experiment : str
        Which trial of which experiment over which network.
    cell : str
        Its varied settings, in words.
    temperature : float
        What its probabilities are tempered by.
    accuracy : Figure or None
        Share of events that networks of its cell told right which never saw them, each by all its records together,
        with its interval at 95 %; None where the data set has no folds.
    events, records : int
        On how many.
    """

    trial_id: str
    network: str
    experiment: str
    cell: str
    temperature: float = 1.0
    accuracy: Figure | None = None
    events: int = 0
    records: int = 0

    def __str__(self) -> str:
        who = f"{self.network} answers (experiment {self.experiment}, {self.cell})"
        if self.accuracy is None:
            return f"{who}: how good it is by event is not known, for its data set has no folds."
        value, low, high = (100 * each for each in (self.accuracy.value, self.accuracy.low, self.accuracy.high))
        return (
            f"{who}: {value:.1f} % ({low:.1f} to {high:.1f}) of {self.events} events told right out of fold, by "
            f"{self.records} records."
        )


def temperature_of(found: ExperimentResults, trial_id: str) -> float:
    """Return the temperature that the cell of a trial asks for on records that its networks never saw; 1 without folds.

    It is fitted as an evaluation fits it: over the records, and all seeds.
    """
    told = _told(found, trial_id)
    if told is None:
        return 1.0
    probabilities, classes, _ = told
    return _tempered(probabilities, classes)


def _tempered(probabilities: np.ndarray, classes: np.ndarray) -> float:
    return fit_temperature(probabilities.reshape(-1, probabilities.shape[2]), np.tile(classes, len(probabilities)))


def answerer(found: ExperimentResults, trial_id: str) -> Answerer:
    """Return what is known of the network of a trial."""
    (row,) = np.flatnonzero(found.table["trial_id"] == trial_id)
    cell = found.grid.cell(tuple(found.places[row].tolist()))
    network = next(name for what, name, _ in found.origin if what == "saved network")
    about = Answerer(trial_id=trial_id, network=network, experiment=found.experiment, cell=settings_words(cell))
    told = _told(found, trial_id)
    if told is None:
        return about
    probabilities, classes, events = told
    of_events = figures(*by_event(probabilities, classes, events))
    return replace(
        about,
        temperature=_tempered(probabilities, classes),
        accuracy=of_events.accuracy,
        events=of_events.events,
        records=len(classes),
    )


def _told(found: ExperimentResults, trial_id: str) -> tuple[np.ndarray, np.ndarray, np.ndarray] | None:
    """Return what the cell's networks told out of fold, the classes and the events; None where there are no folds."""
    if not found.has_folds:
        return None
    (row,) = np.flatnonzero(found.table["trial_id"] == trial_id)
    outcomes, _ = found.told_by(tuple(found.places[row].tolist()))
    told = outcomes.probabilities[0].astype(np.float64)
    # a seed of which folds are missing tells of the records of the others
    there = np.isfinite(told).all(axis=2)
    whole = there.all(axis=1)
    if whole.any():
        return told[whole], outcomes.classes, outcomes.events
    seed = int(there.sum(axis=1).argmax())
    some = there[seed]
    return told[seed : seed + 1, some], outcomes.classes[some], outcomes.events[some]
