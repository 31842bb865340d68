"""Naming the class of new records with a network that has been trained."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from trova_widgets.errors import RecipeError, RecordError
from trova_widgets.experiments import told_by, told_together
from trova_widgets.experiments.evaluation import tempered, with_prior
from trova_widgets.fingerprinting import (
    FingerprintRecipe,
    find_cutoff,
    fingerprints,
    haar,
    reduce,
    scalogram,
    select,
    shifted_cutoffs,
    signs,
)
from trova_widgets.fingerprinting.segment import LEAST_COVERAGE
from trova_widgets.networks import Architecture
from trova_widgets.records import SeismicEvent, Waveform
from trova_widgets.records.catalogues.quakeml_answers import NONE_OF_THESE
from trova_widgets.space import TrialResult, Value, group_of
from trova_widgets.store import Store
from trova_widgets.workspace.likeness import REFUSED_SHARE, KnownRecords
from trova_widgets.workspace.questions import Question, questions_of
from trova_widgets.workspace.statistics import FittedStatistics

#: What a table of answers has beside the probability of each class, before and behind it.
BEFORE_CLASSES = (
    *("file", "record_id", "event_id", "network", "station", "channel", "start_time", "onset_time", "event_class"),
)
BEHIND_CLASSES = ("likeness", "trial_id", "remark", "note")


def class_columns(answers: pd.DataFrame) -> list[str]:
    """Return the columns of a table of answers that hold the probabilities of classes."""
    return [name for name in answers.columns if name not in (*BEFORE_CLASSES, *BEHIND_CLASSES)]


@dataclass(frozen=True, kw_only=True)
class TrainedNetwork:
    """A network that can classify: its architecture and values, its weights, and what its answers mean.

    Attributes
    ----------
    model : Architecture
        Its architecture.
    trial : TrialResult
        The trial that trained it.
    weights : Path
        A safetensors file.
    classes : tuple of str
        What its outputs stand for.
    recipe : FingerprintRecipe
        The fingerprints that it reads.
    fitted : FittedStatistics or None
        What the recipe's selection compares with: for a new record the very medians that the training had.
    temperature : float
        What its probabilities are tempered by, as networks of its cell asked for on records that they never saw; 1
        where there are no folds to tell.
    """

    model: Architecture
    trial: TrialResult
    weights: Path
    classes: tuple[str, ...]
    recipe: FingerprintRecipe
    fitted: FittedStatistics | None
    temperature: float = 1.0

    @cached_property
    def module(self) -> Any:
        """The network with its weights, read once for all that it is asked."""
        # with it comes torch, which nobody wants who only looks at a workspace
        from trova_widgets.networks import restore

        return restore(self.model, self.values, self.weights.read_bytes(), self.recipe.size, len(self.classes))

    @property
    def values(self) -> dict[str, Value]:
        """Every layer's parameters."""
        return group_of(self.trial.settings, "")

    @property
    def told_by(self) -> tuple[int, ...]:
        """The variants by which it tells a record, as its trial did."""
        return told_by(self.trial.settings, self.recipe.variants)


class Look(NamedTuple):
    """What a network sees of a record."""

    image: NDArray[np.float64]
    """The reduced scalogram, shape (size, size)."""
    points: NDArray[np.int8]
    """The fingerprint taken from it, a pixel a coefficient: 1, -1 or 0."""
    variants: NDArray[np.int8]
    """The fingerprints by which the record is told: this one, or others beside it; shape (variants, size, size)."""
    bits: NDArray[np.bool_]
    """Those of the points, as they are kept."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Rates:
    """The rates of the classes, in their order: in the training, and where the network is used."""

    trained: NDArray[np.float64]
    wanted: NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, eq=False)
class Asking:
    """All that answers about files; see `Workspace.classify`.

    Attributes
    ----------
    network : TrainedNetwork
        Who answers.
    store : Store
        Whose records are known again.
    catalogue : sequence of SeismicEvent or None
        The events of channels that are none of its records.
    known : KnownRecords
        What the network was trained on.
    rates : Rates or None
        Where the probabilities are moved to.
    """

    network: TrainedNetwork
    store: Store
    catalogue: Sequence[SeismicEvent] | None
    known: KnownRecords
    rates: Rates | None = None

    def answers(self, paths: Iterable[Path]) -> pd.DataFrame:
        """Return a row an event of each record."""
        network = self.network
        rows: list[dict[str, object]] = []
        readable: list[dict[str, object]] = []
        seen: list[Look] = []
        for path in paths:
            for question in questions_of(path, self.store, network.recipe, self.catalogue):
                row = question.row()
                rows.append(row)
                if question.problem or question.waveform is None:
                    continue
                try:
                    _must_cover(question, question.waveform, network.recipe)
                    seen.append(look(network, question.waveform, question.onset_s, question.cutoff_hz))
                except (RecipeError, RecordError) as error:
                    row["note"] = str(error)
                else:
                    readable.append(row)
        if seen:
            self._answer(readable, seen)
        table = pd.DataFrame(rows, columns=[*BEFORE_CLASSES, *network.classes, *BEHIND_CLASSES])
        for name in ("start_time", "onset_time"):
            # also where nothing has a time
            table[name] = pd.to_datetime(table[name], utc=True)
        return table.astype(dict.fromkeys((*network.classes, "likeness"), float))

    def _answer(self, rows: Sequence[dict[str, object]], seen: Sequence[Look]) -> None:
        """Write into rows what the network says, and how much their records are like those that it knows."""
        network, known = self.network, self.known
        told = probabilities(network, seen)
        if self.rates is not None:
            told = with_prior(told, self.rates.trained, self.rates.wanted)
        likeness = known.likeness(np.stack([np.packbits(each.bits) for each in seen]))
        for row, shares, alike in zip(rows, told, likeness.tolist(), strict=True):
            row.update(zip(network.classes, shares.tolist(), strict=True))
            row |= {"event_class": network.classes[int(shares.argmax())], "trial_id": network.trial.trial_id}
            row["likeness"] = alike
            if row["record_id"] in known.record_ids:
                _remark(row, "The network was trained on this very record.")
            elif alike < known.limit:
                row["event_class"] = NONE_OF_THESE
                _remark(
                    row,
                    f"None of these: its likeness to the records of the training is {alike:.3f}, and at most "
                    f"{100 * REFUSED_SHARE:g} % of those are below {known.limit:.3f} themselves.",
                )


def _remark(row: dict[str, object], sentence: str) -> None:
    row["remark"] = f"{row['remark']} {sentence}".strip()


def look(
    network: TrainedNetwork, waveform: Waveform, onset_s: float | None = None, cutoff_hz: float | None = None
) -> Look:
    """Return what a network sees of a record.

    Parameters
    ----------
    network : TrainedNetwork
        Its recipe says how it looks.
    waveform : Waveform
        The record.
    onset_s : float, optional
        After the first sample [s]; found by the engine, if left out.
    cutoff_hz : float, optional
        Of the high-pass [Hz]; found in the record, if left out. A recipe without a high-pass has none.

    Raises
    ------
    RecordError, RecipeError
        As of `fingerprint`.
    """
    recipe, samples, rate = network.recipe, waveform.samples, waveform.sampling_rate_hz
    if recipe.highpass == "off":
        cutoff_hz = 0.0
    elif cutoff_hz is None:
        cutoff_hz = find_cutoff(samples, rate, recipe, onset_s=onset_s).cutoff_hz
    image = reduce(scalogram(samples, rate, recipe, onset_s=onset_s, cutoff_hz=cutoff_hz), recipe)
    statistics = network.fitted.values if network.fitted else None
    own = select(haar(image, recipe.haar), recipe, statistics)
    points = signs(own, recipe)
    if len(network.told_by) == 1:
        return Look(image=image, points=points, variants=points[None], bits=own)
    beside = [place for place, variant in enumerate(recipe.variants) if variant in network.told_by]
    (bits,) = fingerprints(
        [samples],
        rate,
        recipe,
        onsets_s=None if onset_s is None else [onset_s],
        cutoffs_hz=shifted_cutoffs(cutoff_hz, recipe)[None, beside],
        shifts_s=recipe.onset_shifts_s[beside],
        statistics=statistics,
    )
    return Look(image=image, points=points, variants=np.stack([signs(each, recipe) for each in bits]), bits=own)


def probabilities(network: TrainedNetwork, seen: Sequence[Look]) -> NDArray[np.float64]:
    """Return what a network says of records, tempered, shape (n, classes)."""
    from trova_widgets.networks import predict

    points = np.stack([each.variants for each in seen])
    said = predict(network.module, points.reshape(-1, *points.shape[2:]))
    return tempered(told_together(said.reshape(*points.shape[:2], -1)), network.temperature)


def _must_cover(question: Question, waveform: Waveform, recipe: FingerprintRecipe) -> None:
    """Refuse what has too little of the window that the network reads."""
    duration_s, begin_s = waveform.duration_s, recipe.window_start_s
    if recipe.window_reference == "onset":
        # one that is yet to be found lies where the window has most of the record
        begin_s = 0.0 if question.onset_s is None else begin_s + question.onset_s
    there_s = max(min(duration_s, begin_s + recipe.window_s) - max(begin_s, 0.0), 0.0)
    if there_s < LEAST_COVERAGE * recipe.window_s:
        raise RecordError(
            f"The network looks at {recipe.window_s:g} s around an event, of which only {there_s:.3g} s are in the "
            "record; give it longer, joined to what was recorded before or after."
        )
