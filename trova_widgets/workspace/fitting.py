"""Fitting the selection "mad": the median and the MAD of each Haar coefficient over records of the workspace."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from trova_widgets.errors import RecipeError
from trova_widgets.fingerprinting import FingerprintRecipe, SelectionStatistics, haar_planes
from trova_widgets.store import ParameterRow, RecordFilter, Store
from trova_widgets.workspace.imaging import RowBuffer
from trova_widgets.workspace.progress import Progress
from trova_widgets.workspace.record_groups import RecordGroup, each_record, measured_values
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
    ids = rows["record_id"].tolist()
    cutoffs_hz, onsets_s = measured_values(rows, "cutoff_hz"), measured_values(rows, "onset_s")
    if (identity := kept.find(_identity(recipe, ids, cutoffs_hz, onsets_s))) is not None:
        return replace(recipe, statistics=identity)
    planes = np.empty((len(rows), recipe.size, recipe.size))
    places = {record_id: place for place, record_id in enumerate(ids)}
    taken: list[int] = []
    refusal = ""
    buffer = RowBuffer(store)
    outcomes = each_record(rows, waveforms, recipe, partial(_planes, recipe=recipe))
    for outcome in progress(outcomes, "fitting the medians", len(rows)):
        if outcome.item is None:
            refusal = refusal or f" ({outcome.refusal})"
            continue
        place = places[outcome.record_id]
        planes[place], cutoffs_hz[place], found = outcome.item
        buffer.add([], found)
        taken.append(place)
    buffer.flush()
    taken.sort()
    if len(taken) < 2:
        raise RecipeError(
            f"The selection 'mad' compares with the median of at least two records, but the recipe can be applied to "
            f"{len(taken)} of {len(rows)}{refusal}; import more records, or choose the selection 'largest'."
        )
    # closed up where they lie: there may be no room for a second time so many
    for row, place in enumerate(taken):
        planes[row] = planes[place]
    fitted = FittedStatistics(
        plane_identity=recipe.plane_identity,
        fitted_to=_identity(recipe, ids, cutoffs_hz, onsets_s),
        record_ids=tuple(ids[place] for place in taken),
        values=SelectionStatistics.of_planes(planes[: len(taken)]),
    )
    return replace(recipe, statistics=kept.keep(fitted))


def _identity(
    recipe: FingerprintRecipe, ids: Sequence[str], cutoffs_hz: NDArray[np.float64], onsets_s: NDArray[np.float64]
) -> str:
    known = [[None if np.isnan(value) else float(value) for value in values] for values in (cutoffs_hz, onsets_s)]
    return fitting_identity(recipe, zip(ids, *known, strict=True))


def _planes(
    group: RecordGroup, recipe: FingerprintRecipe
) -> list[tuple[NDArray[np.float64], float, list[ParameterRow]]]:
    """Return for each record its Haar plane, the cut-off that it is at, and the rows of that where it was found."""
    planes = haar_planes(
        group.samples, group.sampling_rate_hz, recipe, onsets_s=group.onsets_s, cutoffs_hz=group.cutoffs_hz
    )
    return list(zip(planes, group.cutoffs_hz.tolist(), group.found, strict=True))
