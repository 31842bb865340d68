"""Records read once more: what the baselines look at, and fingerprints with the onset taken to be another."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from trova_widgets.errors import PlanError
from trova_widgets.experiments import OPTIMAL_VARIANT
from trova_widgets.experiments.baselines import Features, features_of
from trova_widgets.fingerprinting import FingerprintRecipe, fingerprints, shifted_cutoffs, signs
from trova_widgets.store import RecordFilter, Store
from trova_widgets.workspace.progress import Progress
from trova_widgets.workspace.record_groups import RecordGroup, each_record
from trova_widgets.workspace.statistics import FittedStatistics
from trova_widgets.workspace.waveforms import WaveformFolder


class LookedAt:
    """What the baselines saw of the records that were asked for last: to look at thousands takes minutes."""

    def __init__(self) -> None:
        self._last: tuple[object, Features] | None = None

    def features(
        self,
        store: Store,
        waveforms: WaveformFolder,
        described: pd.DataFrame,
        recipe: FingerprintRecipe,
        progress: Progress,
    ) -> Features:
        """Return what `features` does, without looking again where the same was asked for last."""
        known, asked = self._last, (recipe.identity, pd.util.hash_pandas_object(described, index=False).tolist())
        if known is None or known[0] != asked:
            self._last = known = (asked, features(store, waveforms, described, recipe, progress))
        return known[1]


def features(
    store: Store, waveforms: WaveformFolder, described: pd.DataFrame, recipe: FingerprintRecipe, progress: Progress
) -> Features:
    """Return what the baselines look at, of some records in their order.

    Parameters
    ----------
    store, waveforms
        Where the records are.
    described : DataFrame
        As of `trova_widgets.workspace.described.describe_records`.
    recipe : FingerprintRecipe
        By which their cut-offs are known.
    progress : Progress
        Who watches.
    """
    rows = _rows(store, described)
    about = described.set_index("record_id")

    def make(group: RecordGroup) -> list[Features]:
        made = []
        for record_id, samples, onset_s in zip(group.rows["record_id"], group.samples, group.onsets_s, strict=True):
            origin, start = about.at[record_id, "origin_time"], about.at[record_id, "start_time"]
            known = not pd.isna(origin)
            made.append(
                features_of(
                    samples,
                    group.sampling_rate_hz,
                    None if np.isnan(onset_s) else float(onset_s),
                    (origin - start).total_seconds() if known else None,
                    int(origin.value) if known else None,
                )
            )
        return made

    found: dict[str, Features] = {}
    for outcome in progress(each_record(rows, waveforms, recipe, make), "looking at records", len(rows)):
        if outcome.item is None:
            raise PlanError(f"The baselines cannot look at every record: {outcome.refusal}")
        found[outcome.record_id] = outcome.item
    return Features.stacked([found[record_id] for record_id in described["record_id"]])


def images_at(
    store: Store,
    waveforms: WaveformFolder,
    described: pd.DataFrame,
    recipe: FingerprintRecipe,
    fitted: FittedStatistics | None,
    shifts_s: Sequence[float],
    progress: Progress,
    *,
    variants: Sequence[int] = (OPTIMAL_VARIANT,),
) -> NDArray[np.int8]:
    """Return the fingerprints by which some records are told, with the onset taken to be later by so much.

    Returns
    -------
    ndarray of int8, shape (shift, record, variant, size, size)
        As networks read them: of each record those variants by which it is told. A record that the shift
        moves out of its window has empty ones.
    """
    rows = _rows(store, described)
    beside = [place for place, variant in enumerate(recipe.variants) if variant in variants]
    onsets_s = np.add.outer(np.asarray(shifts_s), recipe.onset_shifts_s[beside])

    def make(group: RecordGroup) -> list[NDArray[np.int8]]:
        cutoffs = np.array([shifted_cutoffs(float(each), recipe)[beside] for each in group.cutoffs_hz])
        bits = fingerprints(
            group.samples,
            group.sampling_rate_hz,
            recipe,
            onsets_s=group.onsets_s,
            cutoffs_hz=np.tile(cutoffs, len(shifts_s)),
            shifts_s=onsets_s.ravel(),
            statistics=None if fitted is None else fitted.values,
        )
        return [
            np.stack([signs(image, recipe) for image in of_record]).reshape(*onsets_s.shape, recipe.size, recipe.size)
            for of_record in bits
        ]

    empty = np.zeros((*onsets_s.shape, recipe.size, recipe.size), dtype=np.int8)
    found: dict[str, NDArray[np.int8]] = {}
    for outcome in progress(each_record(rows, waveforms, recipe, make), "moving onsets", len(rows)):
        found[outcome.record_id] = empty if outcome.item is None else outcome.item
    return np.stack([found[record_id] for record_id in described["record_id"]], axis=1)


def _rows(store: Store, described: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of records, with the cut-offs that the data set has for them."""
    names = list(described["record_id"])
    rows = store.records(RecordFilter(record_ids=names))
    rows["cutoff_hz"] = rows["record_id"].map(dict(zip(names, described["cutoff_hz"], strict=True)))
    return rows
