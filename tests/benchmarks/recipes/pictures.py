"""From records to what the networks are shown: five variants each, of every contender."""

import pickle
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from tests.benchmarks.recipes.contenders import DEFAULT, VARIANTS, Contender
from trova_widgets import Workspace
from trova_widgets.errors import TrovaError
from trova_widgets.fingerprinting import (
    SelectionStatistics,
    find_cutoff,
    haar_planes,
    inverse_haar,
    select,
    shifted_cutoffs,
)


@dataclass(frozen=True, eq=False)
class Study:
    """The records that every contender sees, with what was measured on them."""

    name: str
    members: pd.DataFrame
    """A row a record: record_id, event_id, event_class, sampling_rate_hz, onset_s, cutoff_hz."""
    samples: list[np.ndarray]
    left_out: dict[str, int]


def kept_study(name: str, folder: Path, cache: Path) -> Study:
    """Return the study of a folder with its ``catalog.xml``, as it was kept by the first run."""
    path = cache / f"{name}.pickle"
    if not path.exists():
        path.write_bytes(pickle.dumps(study(name, folder / "waveforms", folder / "catalog.xml")))
    return pickle.loads(path.read_bytes())


def study(name: str, folder: Path, catalog: Path) -> Study:
    """Import records into a workspace, and leave out those that the default recipe refuses.

    Onsets come from the import. The cut-offs are found with the default recipe, once: contenders differ in what they
    show of the same filtered records.
    """
    rows, samples, left_out = [], [], {}
    with tempfile.TemporaryDirectory() as place, Workspace.create(Path(place, "study"), recipe="article") as workspace:
        workspace.import_records(folder, catalog, progress=lambda things, *_: things)
        for record in workspace.records().sort_values("record_id").itertuples():
            waveform = workspace.waveform(record.record_id)
            onset_s = None if pd.isna(record.onset_s) else float(record.onset_s)
            try:
                cutoff = find_cutoff(waveform.samples, waveform.sampling_rate_hz, DEFAULT, onset_s=onset_s)
                haar_planes(
                    [waveform.samples],
                    waveform.sampling_rate_hz,
                    DEFAULT,
                    onsets_s=None if onset_s is None else [onset_s],
                )
            except TrovaError as error:
                reason = str(error).partition(":")[2].strip() or str(error)
                kind = "below the recipe's frequencies" if "Nyquist" in reason else "too short for its window"
                left_out[kind] = left_out.get(kind, 0) + 1
                continue
            rows.append(
                {
                    "record_id": record.record_id,
                    "event_id": record.event_id,
                    "event_class": "earthquake" if record.event_class == "earthquake" else "blast",
                    "sampling_rate_hz": waveform.sampling_rate_hz,
                    "onset_s": np.nan if onset_s is None else onset_s,
                    "cutoff_hz": cutoff.cutoff_hz,
                }
            )
            samples.append(waveform.samples)
    return Study(name, pd.DataFrame(rows), samples, left_out)


def planes_of(given: Study, contender: Contender) -> np.ndarray:
    """Return the Haar planes of all variants, shape (records, 5, size, size)."""
    recipe = contender.recipe
    planes = np.empty((len(given.samples), len(VARIANTS), recipe.size, recipe.size), dtype=np.float32)
    for place, (samples, member) in enumerate(zip(given.samples, given.members.itertuples(), strict=True)):
        planes[place] = haar_planes(
            [samples],
            member.sampling_rate_hz,
            recipe,
            onsets_s=[member.onset_s],
            cutoffs_hz=shifted_cutoffs(member.cutoff_hz, recipe)[None],
        )[0]
    return planes


def pictures_of(planes: np.ndarray, contender: Contender, training: np.ndarray) -> np.ndarray:
    """Return what a network is shown, shape (n, size, size).

    Parameters
    ----------
    planes : ndarray, shape (n, size, size)
        Haar planes of the members.
    contender : Contender
        What is shown of them.
    training : ndarray of int
        The members that may be learnt from: the float image is standardised by their mean and deviation, and the
        selection "mad" by their medians.
    """
    recipe = contender.recipe
    if contender.shown == "float":
        images = inverse_haar(planes, recipe.haar)
        return ((images - images[training].mean()) / images[training].std()).astype(np.float32)
    statistics = SelectionStatistics.of_planes(planes[training]) if recipe.selection == "mad" else None
    bits = select(planes, recipe, statistics)
    if contender.shown == "bits":
        return bits
    return bits[..., ::2].astype(np.float32) - bits[..., 1::2]
