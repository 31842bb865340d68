"""Naming the class of new records with a network that has been trained."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from trova_widgets.errors import RecipeError, RecordError
from trova_widgets.fingerprinting import FingerprintRecipe, find_cutoff, fingerprint, signs
from trova_widgets.fingerprinting.segment import LEAST_COVERAGE
from trova_widgets.networks import Architecture
from trova_widgets.records import SeismicEvent
from trova_widgets.space import TrialResult, group_of
from trova_widgets.store import Store
from trova_widgets.workspace.questions import Question, questions_of
from trova_widgets.workspace.statistics import FittedStatistics

#: What a table of answers has beside the probability of each class, before and behind it.
BEFORE_CLASSES = (
    *("file", "record_id", "event_id", "network", "station", "channel", "start_time", "onset_time", "event_class"),
)
BEHIND_CLASSES = ("remark", "note")


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
    """

    model: Architecture
    trial: TrialResult
    weights: Path
    classes: tuple[str, ...]
    recipe: FingerprintRecipe
    fitted: FittedStatistics | None


def classify(
    network: TrainedNetwork, store: Store, paths: Iterable[Path], catalogue: Sequence[SeismicEvent] | None = None
) -> pd.DataFrame:
    """Return a row an event of each record; see `Workspace.classify`."""
    rows: list[dict[str, object]] = []
    readable: list[dict[str, object]] = []
    images: list[np.ndarray] = []
    for path in paths:
        for question in questions_of(path, store, network.recipe, catalogue):
            row = question.row()
            rows.append(row)
            if question.problem:
                continue
            try:
                images.append(_image(question, network))
            except (RecipeError, RecordError) as error:
                row["note"] = str(error)
            else:
                readable.append(row)
    if images:
        # with it comes torch, which nobody wants who only looks at a workspace
        from trova_widgets.experiments import predict_probabilities

        probabilities = predict_probabilities(
            network.model,
            group_of(network.trial.settings, ""),
            network.weights.read_bytes(),
            np.stack(images),
            len(network.classes),
        )
        for row, shares in zip(readable, probabilities, strict=True):
            row.update(zip(network.classes, shares.tolist(), strict=True))
            row["event_class"] = network.classes[int(shares.argmax())]
    table = pd.DataFrame(rows, columns=[*BEFORE_CLASSES, *network.classes, *BEHIND_CLASSES])
    for name in ("start_time", "onset_time"):
        # also where nothing has a time
        table[name] = pd.to_datetime(table[name], utc=True)
    return table


def _image(question: Question, network: TrainedNetwork) -> np.ndarray:
    """Return what the network looks at."""
    recipe, waveform = network.recipe, question.waveform
    if waveform is None:
        raise RecordError(f"{question.path} has no seismogram; name another file.")
    _must_cover(question, recipe)
    samples, rate = waveform.samples, waveform.sampling_rate_hz
    cutoff_hz = question.cutoff_hz
    if cutoff_hz is None:
        cutoff_hz = find_cutoff(samples, rate, recipe, onset_s=question.onset_s).cutoff_hz
    bits = fingerprint(
        samples,
        rate,
        recipe,
        onset_s=question.onset_s,
        cutoff_hz=cutoff_hz,
        statistics=network.fitted.values if network.fitted else None,
    )
    return signs(bits, recipe)


def _must_cover(question: Question, recipe: FingerprintRecipe) -> None:
    """Refuse what has too little of the window that the network reads."""
    duration_s = question.waveform.duration_s if question.waveform else 0.0
    begin_s = recipe.window_start_s
    if recipe.window_reference == "onset":
        # one that is yet to be found lies where the window has most of the record
        begin_s = 0.0 if question.onset_s is None else begin_s + question.onset_s
    there_s = max(min(duration_s, begin_s + recipe.window_s) - max(begin_s, 0.0), 0.0)
    if there_s < LEAST_COVERAGE * recipe.window_s:
        raise RecordError(
            f"The network looks at {recipe.window_s:g} s around an event, of which only {there_s:.3g} s are in the "
            "record; give it longer, joined to what was recorded before or after."
        )
