"""The evaluation of an experiment's best cell beside the baselines: everything on events that the tellers never saw."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from trova_widgets.experiments import Outcomes
from trova_widgets.experiments.baselines import Baseline, Features, tell
from trova_widgets.experiments.choice import Unit, paired_losses, practical_equivalence
from trova_widgets.experiments.evaluation import (
    Abstaining,
    Chance,
    Figure,
    Figures,
    Rated,
    Reliability,
    abstaining,
    by_event,
    chance,
    figures,
    in_parts,
    reliability,
    tempered_out_of_fold,
)
from trova_widgets.reports import Report
from trova_widgets.workspace import elsewhere

TROVA, ENSEMBLE = "trova", "ensemble"
#: What records are told apart by: the column, its unit, and where its parts begin.
PARTS: Mapping[str, tuple[str, tuple[float, ...]]] = {
    "snr_db": ("dB", (5.0, 10.0, 20.0)),
    "distance_km": ("km", (50.0, 100.0, 200.0)),
    "magnitude": ("", (1.0, 1.5, 2.0, 2.5)),
}
#: What these are called.
PART_NAMES: Mapping[str, str] = {"snr_db": "signal to noise", "distance_km": "distance", "magnitude": "magnitude"}
_FLOOR = 1e-6
_LOUD_DB = 10.0

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True, eq=False)
class Teller:
    """One who tells classes.

    Attributes
    ----------
    name, title, source : str
        What it is called, what it is, and where it comes from.
    probabilities : ndarray of float, shape (seed, record, class)
        What it told of each record, trained without the record's event.
    by_record, by_event : Figures
        How good that is.
    apart : mapping of str to Figure
        By how much the accuracy of Trova's choice is higher, ``"record"`` and ``"event"``, with an interval in which
        all baselines' lie together; empty for Trova itself.
    """

    name: str
    title: str
    source: str
    probabilities: Floats
    by_record: Figures
    by_event: Figures
    apart: Mapping[str, Figure] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Evaluation(Report):
    """How well the best cell of an experiment tells classes, and how sure that is.

    Attributes
    ----------
    experiment, dataset : str
    cell : str
        The settings of the best cell, in words.
    classes : tuple of str
    records : DataFrame
        A row a record that was told: ``record_id``, ``event_id``, ``event_class``, ``fold``, ``snr_db``,
        ``distance_km``, ``magnitude``.
    tellers : tuple of Teller
        Trova's choice first, then its ensemble where there are several seeds, then the baselines.
    parts : DataFrame
        A row for each part of the records: ``by``, ``part``, ``records``, ``accuracy``, ``low``, ``high``.
    raw, scaled : Reliability
        Of the probabilities as they are, and tempered by the other folds.
    temperature : float
        For new records.
    abstaining : Abstaining
        Accuracy against coverage.
    chance : Chance
        What the answers reach with the events' classes permuted.
    placement : DataFrame or None
        ``shift_s``, ``accuracy``, ``low``, ``high``: with the onset taken to be wrong by so much.
    left_out : DataFrame or None
        Told by networks that saw no record of the same station, region or period, a row for all parts of a kind
        (``part`` is ``all``) and a row a part: ``by``, ``part``, ``records``, ``events``, ``accuracy``, ``low``,
        ``high``, ``usual`` (of the same records by the usual folds with the same seed), ``lost``, ``lost_low``,
        ``lost_high`` (paired by event), ``learnt_from`` (how many records a network learnt from, on average).
    rated : Rated or None
        What is told right where the classes come at the rates that were asked for.
    holdout : Figures or None
        On events that nothing was chosen on, where that was asked for.
    looks : int
        How often the hold-out has been looked at, this time counted.
    notes : tuple of str
        What could not be told, and why.
    """

    experiment: str
    dataset: str
    cell: str
    classes: tuple[str, ...]
    records: pd.DataFrame
    tellers: tuple[Teller, ...]
    parts: pd.DataFrame
    raw: Reliability
    scaled: Reliability
    temperature: float
    abstaining: Abstaining
    chance: Chance
    placement: pd.DataFrame | None = None
    left_out: pd.DataFrame | None = None
    rated: Rated | None = None
    holdout: Figures | None = None
    looks: int = 0
    notes: tuple[str, ...] = ()

    @property
    def choice(self) -> Teller:
        """Trova's choice."""
        return self.tellers[0]

    @property
    def table(self) -> pd.DataFrame:
        """A row a teller: accuracy and AUC by record and event with intervals, accuracy on loud records, macro-F1."""
        loud = self.records["snr_db"].to_numpy(dtype=float) >= _LOUD_DB
        truth = _places(self.records["event_class"], self.classes)
        rows = []
        for teller in self.tellers:
            row: dict[str, object] = {"name": teller.name, "what": teller.title}
            for unit, found in (("record", teller.by_record), ("event", teller.by_event)):
                row |= {unit: found.accuracy.value, f"{unit}_low": found.accuracy.low}
                row |= {f"{unit}_high": found.accuracy.high, f"{unit}_auc": found.auc.value}
                row |= {f"{unit}_auc_low": found.auc.low, f"{unit}_auc_high": found.auc.high}
            right = teller.probabilities.argmax(axis=2) == truth
            row |= {
                "loud": right[:, loud].mean() if loud.any() else np.nan,
                "macro_f1": teller.by_record.macro_f1.value,
            }
            for unit, apart in teller.apart.items():
                row |= {f"{unit}_below": apart.value, f"{unit}_below_low": apart.low, f"{unit}_below_high": apart.high}
            rows.append(row)
        return pd.DataFrame(rows)

    def __str__(self) -> str:
        choice, rows = self.choice, list(self.table.itertuples(index=False))
        wide = max(len(row.what) for row in rows)
        lines = [
            f"{self.experiment} on {self.dataset}: {choice.by_record.count} records of "
            f"{choice.by_record.events} events, each told by networks that never saw its event. {self.cell}",
            "",
            f"{'Told right':{wide}} {'by record':>26} {'by event':>26} {'>10 dB':>7} {'F1':>6}",
        ]
        lines += [
            f"{row.what:{wide}} {elsewhere.share(row.record, row.record_low, row.record_high):>26} "
            f"{elsewhere.share(row.event, row.event_low, row.event_high):>26} {100 * row.loud:7.1f} {row.macro_f1:6.3f}"
            for row in rows
        ]
        lines += ["", f"{'Area under the ROC curve':{wide}} {'by record':>26} {'by event':>26}"]
        lines += [
            f"{row.what:{wide}} {teller.by_record.auc!s:>26} {teller.by_event.auc!s:>26}"
            for row, teller in zip(rows, self.tellers, strict=True)
        ]
        if self.left_out is not None and len(self.left_out):
            lines += ["", *elsewhere.left_out_lines(self.left_out)]
        if self.rated is not None:
            lines += ["", *elsewhere.rated_lines(self.rated)]
        lines += ["", *self.sentences]
        return "\n".join(lines)

    @property
    def how_sure(self) -> list[str]:
        """How far its probabilities hold, in words."""
        return [
            f"Calibration: expected error {self.raw.error:.3f}, after scaling {self.scaled.error:.3f} out of fold "
            f"(temperature {self.temperature:.2f} for new records).",
            f"Left to a person the least sure 20 %, the others are {100 * self.abstaining.at(0.8):.1f} % right.",
            f"By chance: with the classes of the events permuted {self.chance.draws} times the same answers were "
            f"{100 * self.chance.mean:.1f} % right on average and {100 * self.chance.highest:.1f} % at most "
            f"(p = {self.chance.probability:.2g}).",
        ]

    @property
    def sentences(self) -> list[str]:
        """Everything that is no table, in words."""
        told = self.how_sure
        if self.placement is not None:
            curve = ", ".join(
                f"{row.shift_s:+g} s {100 * row.accuracy:.1f} %" for row in self.placement.itertuples(index=False)
            )
            told.append(f"With the onset taken to be later by: {curve}.")
        if self.rated is not None:
            told.append(elsewhere.rated_sentence(self.rated))
        if self.holdout is not None:
            told.append(
                f"Hold-out, {self.holdout.count} records of {self.holdout.events} events that nothing was chosen on: "
                f"accuracy {self.holdout.accuracy}; looked at {self.looks} times."
            )
        return [*told, *self.notes]


def tellers_of(
    outcomes: Outcomes,
    baselines: Sequence[Baseline],
    features: Features | None,
    further: Sequence[tuple[str, str, Floats]] = (),
    members: int = 1,
) -> tuple[Teller, ...]:
    """Return Trova's choice, its ensemble, and the baselines, each with its figures and how far it is apart.

    Parameters
    ----------
    outcomes : Outcomes
        Of the chosen cell alone.
    baselines : sequence of Baseline
    features : Features or None
        Of the same records; needed where there are baselines.
    further : sequence of (name, title, probabilities)
        Others that have told the same records, shape (seed, record, class).
    members : int
        How many networks a trial of the chosen cell has.
    """
    classes, events, folds = outcomes.classes, outcomes.events, outcomes.folds
    told = outcomes.probabilities[0].astype(np.float64)
    told = told[np.isfinite(told).all(axis=(1, 2))]
    number = told.shape[2]
    found = [(TROVA, f"Trova's choice, {networks_told(members)}", "", told)]
    if len(told) > 1:
        found.append((ENSEMBLE, f"Trova's choice, {len(told)} seeds together", "", together(told)[None]))
    found += [(name, title, "", probabilities) for name, title, probabilities in further]
    if baselines and features is not None:
        for each in baselines:
            found.append((each.name, each.title, each.source, tell(each, features, classes, number, folds)[None]))
    apart = {unit: _apart([each for *_, each in found], classes, events, folds, unit) for unit in ("record", "event")}
    return tuple(
        Teller(
            name=name,
            title=title,
            source=source,
            probabilities=probabilities,
            by_record=figures(probabilities, classes, events),
            by_event=figures(*by_event(probabilities, classes, events)),
            apart={} if place == 0 else {unit: compared[place] for unit, compared in apart.items()},
        )
        for place, (name, title, source, probabilities) in enumerate(found)
    )


def networks_told(members: int) -> str:
    """Return in words who tells in a trial of so many networks.

    Examples
    --------
    >>> networks_told(1), networks_told(5)
    ('one network', 'an ensemble of 5')
    """
    return "one network" if members == 1 else f"an ensemble of {members}"


def together(probabilities: Floats) -> Floats:
    """Return what several networks tell together: the mean of their logarithms, made probabilities again."""
    mean = np.log(np.maximum(probabilities, _FLOOR)).mean(axis=0)
    shares = np.exp(mean - mean.max(axis=-1, keepdims=True))
    return np.asarray(shares / shares.sum(axis=-1, keepdims=True))


def _apart(told: Sequence[Floats], classes: Integers, events: Integers, folds: Integers, by: Unit) -> list[Figure]:
    """Return by how much the first one's accuracy is higher than each other's, paired by event."""
    seeds = max(len(each) for each in told)
    stack = np.full((len(told), seeds, *told[0].shape[1:]), np.nan)
    for place, each in enumerate(told):
        stack[place, : len(each)] = each
    outcomes = Outcomes(probabilities=stack, classes=classes, events=events, folds=folds)
    compared = practical_equivalence(paired_losses(outcomes, "accuracy", by), 0)
    return [
        Figure(value=float(-middle), low=float(-high), high=float(-low))
        for middle, low, high in zip(compared.difference, compared.low, compared.high, strict=True)
    ]


def parts_of(records: pd.DataFrame, told: Floats, classes: Sequence[str]) -> pd.DataFrame:
    """Return the accuracy in each part of the records, by signal-to-noise, distance and magnitude."""
    truth, events = _places(records["event_class"], classes), pd.factorize(records["event_id"])[0]
    rows = []
    groups = [
        (name, part if part == "not known" else f"{part} {unit}".strip(), here)
        for name, (unit, edges) in PARTS.items()
        for part, here in in_parts(records[name].to_numpy(dtype=float), edges)
    ]
    for name, part, here in groups:
        accuracy = figures(told[:, here], truth[here], events[here]).accuracy
        rows.append((name, part, int(here.sum()), accuracy.value, accuracy.low, accuracy.high))
    return pd.DataFrame(rows, columns=["by", "part", "records", "accuracy", "low", "high"])


def calibrated(told: Floats, classes: Integers, folds: Integers) -> tuple[Reliability, Reliability, float, Abstaining]:
    """Return how reliable the probabilities of all seeds are, before and after tempering, and what abstaining gains."""
    seeds = len(told)
    flat, truth = told.reshape(-1, told.shape[2]), np.tile(classes, seeds)
    scaled, temperature = tempered_out_of_fold(flat, truth, np.tile(folds, seeds))
    return reliability(flat, truth), reliability(scaled, truth), temperature, abstaining(scaled, truth)


def could_be_chance(told: Floats, classes: Integers, events: Integers) -> Chance:
    """Return what the answers of the first seed reach with the events' classes permuted."""
    return chance(told[0].argmax(axis=1), classes, events)


def _places(names: "pd.Series[str]", classes: Sequence[str]) -> Integers:
    index = {name: place for place, name in enumerate(classes)}
    return np.array([index[name] for name in names], dtype=np.int64)
