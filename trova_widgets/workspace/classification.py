"""Naming the class of new records with a network that has been trained."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from trova_widgets.errors import RecipeError, RecordError
from trova_widgets.fingerprinting import FingerprintRecipe, find_cutoff, fingerprint, signs
from trova_widgets.identity import identity_of_bytes
from trova_widgets.networks import Architecture
from trova_widgets.records import Waveform, content_of, quality_parameters, sound_waveforms
from trova_widgets.space import TrialResult, group_of
from trova_widgets.store import RecordFilter, Store, measured_value
from trova_widgets.workspace.reading import record_identity
from trova_widgets.workspace.statistics import FittedStatistics


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


def classify(network: TrainedNetwork, store: Store, paths: Iterable[Path]) -> pd.DataFrame:
    """Return a row a record; see `Workspace.classify`."""
    rows: list[dict[str, object]] = []
    readable: list[dict[str, object]] = []
    images: list[np.ndarray] = []
    for path in paths:
        content, waveforms = _read(path, rows)
        for waveform, kept in zip(waveforms.values(), _kept(store, content, list(waveforms)), strict=True):
            row, image = _image(path, waveform, kept, network)
            rows.append(row)
            if image is not None:
                readable.append(row)
                images.append(image)
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
    columns = ["file", "record_id", "network", "station", "channel", "start_time", "event_class"]
    return pd.DataFrame(rows, columns=[*columns, *network.classes, "note"])


def _read(path: Path, rows: list[dict[str, object]]) -> tuple[bytes, dict[int, Waveform]]:
    """Return the content of a file and its channels by their places; what cannot be read gets a row that says why."""
    content = b""
    found: list[tuple[int, Waveform]] = []
    problems: Sequence[str] = ()
    try:
        content = content_of(path)
        found, problems = sound_waveforms(content)
    except (RecordError, OSError) as error:
        problems = [str(error)]
    rows += [{"file": str(path), "note": problem} for problem in problems]
    return content, dict(found)


def _kept(store: Store, content: bytes, places: Sequence[int]) -> list[pd.Series | None]:
    """Return what the store has of each channel of a file; None where it does not know the file."""
    if not places:
        return []
    file_hash = identity_of_bytes(content)
    names = [record_identity(file_hash, index) for index in places]
    rows = store.record_page(RecordFilter(record_ids=names), count=None).rows.set_index("record_id", drop=False)
    return [rows.loc[name] if name in rows.index else None for name in names]


def _image(
    path: Path, waveform: Waveform, kept: pd.Series | None, network: TrainedNetwork
) -> tuple[dict[str, object], np.ndarray | None]:
    row: dict[str, object] = {
        "file": str(path),
        "record_id": "" if kept is None else kept["record_id"],
        "network": waveform.network,
        "station": waveform.station,
        "channel": waveform.channel,
        "start_time": pd.Timestamp(waveform.start_time_ns, tz="UTC"),
        "note": "",
    }
    recipe = network.recipe
    try:
        if kept is None:
            kept = pd.Series({"record_id": "", "sampling_rate_hz": waveform.sampling_rate_hz})
            kept["onset_s"] = quality_parameters(waveform).get("onset_s")
        onset_s = measured_value(kept, "onset_s")
        cutoff_hz = measured_value(kept, "cutoff_hz")
        if cutoff_hz is None:
            cutoff_hz = find_cutoff(waveform.samples, waveform.sampling_rate_hz, recipe, onset_s=onset_s).cutoff_hz
        bits = fingerprint(
            waveform.samples,
            waveform.sampling_rate_hz,
            recipe,
            onset_s=onset_s,
            cutoff_hz=cutoff_hz,
            statistics=network.fitted.values if network.fitted else None,
        )
    except (RecipeError, RecordError) as error:
        return {**row, "note": str(error)}, None
    return row, signs(bits, recipe)
