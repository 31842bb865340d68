"""Fitting the selection "mad": the median and the MAD of each Haar coefficient over records of the workspace."""

from collections.abc import Collection, Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from trova_widgets.errors import RecipeError, RecordError
from trova_widgets.fingerprinting import FingerprintRecipe, SelectionStatistics, haar_planes
from trova_widgets.store import ParameterRow, RecordFilter, Store
from trova_widgets.workspace.imaging import Shelf, cutoff_of, known, told
from trova_widgets.workspace.progress import Progress
from trova_widgets.workspace.statistics import FittedStatistics, StatisticsFolder, fitting_identity
from trova_widgets.workspace.waveforms import WaveformFolder

# The planes that are held at a time take 128 MiB, whatever their size: 4,096 of 64 by 64.
_MOST_COEFFICIENTS = 1 << 24


def most_records(recipe: FingerprintRecipe) -> int:
    """Return how many records a recipe is fitted to at most."""
    return _MOST_COEFFICIENTS // recipe.size**2


def fit(
    store: Store,
    waveforms: WaveformFolder,
    kept: StatisticsFolder,
    recipe: FingerprintRecipe,
    record_ids: Collection[str] | None,
    progress: Progress,
) -> FingerprintRecipe:
    """Return the recipe with statistics, fitted where they are not there yet; see `Workspace.fit_recipe`."""
    chosen = None if record_ids is None else RecordFilter(record_ids=list(record_ids))
    # identities are hashes of contents: the first of them are a fair draw, and the same one for everybody
    rows = store.records(chosen).sort_values("record_id").head(most_records(recipe))
    measured = {row["record_id"]: (known(row, "cutoff_hz"), known(row, "onset_s")) for _, row in rows.iterrows()}
    if (identity := kept.find(_identity(recipe, measured))) is not None:
        return replace(recipe, statistics=identity)
    planes = np.empty((len(rows), recipe.size, recipe.size))
    taken: list[str] = []
    refusal = ""
    shelf = Shelf(store)
    for _, row in progress(rows.iterrows(), "fitting the medians", len(rows)):
        try:
            planes[len(taken)], cutoff_hz, found = _plane(row, waveforms, recipe)
        except (RecipeError, RecordError) as error:
            refusal = refusal or f" ({told(row)}: {error})"
            continue
        shelf.put([], found)
        measured[row["record_id"]] = cutoff_hz, known(row, "onset_s")
        taken.append(row["record_id"])
    shelf.clear()
    if len(taken) < 2:
        raise RecipeError(
            f"The selection 'mad' compares with the median of at least two records, but the recipe can be applied to "
            f"{len(taken)} of {len(rows)}{refusal}; import more records, or choose the selection 'largest'."
        )
    fitted = FittedStatistics(
        plane_identity=recipe.plane_identity,
        fitted_to=_identity(recipe, measured),
        record_ids=tuple(taken),
        values=SelectionStatistics.of_planes(planes[: len(taken)]),
    )
    return replace(recipe, statistics=kept.keep(fitted))


def _identity(recipe: FingerprintRecipe, measured: Mapping[str, tuple[float | None, float | None]]) -> str:
    return fitting_identity(recipe, ((record_id, *values) for record_id, values in measured.items()))


def _plane(
    row: pd.Series, waveforms: WaveformFolder, recipe: FingerprintRecipe
) -> tuple[np.ndarray, float, list[ParameterRow]]:
    """Return a record's Haar plane at its cut-off, and that cut-off, with the rows for it where it had to be found."""
    samples = waveforms.waveform(row["file_name"], int(row["trace_index"])).samples
    cutoff_hz, found = cutoff_of(row, samples, recipe)
    onset_s = known(row, "onset_s")
    (plane,) = haar_planes(
        [samples],
        float(row["sampling_rate_hz"]),
        recipe,
        onsets_s=None if onset_s is None else np.array([onset_s]),
        cutoffs_hz=np.array([cutoff_hz]),
    )
    return plane, cutoff_hz, found
