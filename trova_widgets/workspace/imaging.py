"""Records into fingerprints: the cut-off is found, the variants computed, what is there is left alone."""

import re
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from trova_widgets.errors import RecipeError
from trova_widgets.experiments import WorkerPool
from trova_widgets.fingerprinting import (
    FingerprintRecipe,
    SelectionStatistics,
    fingerprints,
    pack,
    shifted_cutoffs,
)
from trova_widgets.identity import identity_of
from trova_widgets.reports import Report
from trova_widgets.store import ParameterRow, RecordFilter, Store
from trova_widgets.workspace.progress import Progress
from trova_widgets.workspace.record_groups import RecordGroup, each_record, measured_values
from trova_widgets.workspace.statistics import FittedStatistics
from trova_widgets.workspace.waveforms import WaveformFolder

# Records whose rows go to the store together, and for how long they wait for it at most: what a kill may lose [s].
_BATCH = 256
_WAITS_S = 1.0

#: The rows of a record's fingerprints, and those of its cut-off where that had to be found.
Made = tuple[list[dict[str, object]], list[ParameterRow]]


@dataclass(frozen=True, kw_only=True, repr=False)
class FingerprintReport(Report):
    """What a computation of fingerprints did.

    Attributes
    ----------
    computed, already_there : int
        Records with fingerprints that are new, and records that had all of them.
    variants : int
        How many fingerprints each record has.
    refused : dict of str to str
        For each record (by its id) that the recipe cannot be applied to: which one it is, and why.
    compared_with : int
        How many records the medians are of that the selection "mad" compares with; 0 with another selection.
    seconds : float
        How long it took.
    """

    computed: int
    already_there: int
    variants: int
    refused: Mapping[str, str]
    compared_with: int = 0
    seconds: float

    def must_be_whole(self, dataset: str) -> None:
        """Raise RecipeError where records of a data set are left out: cells are compared on the same records."""
        if self.refused:
            (first, count), *_ = _alike(self.refused.values())
            raise RecipeError(
                f"{len(self.refused)} records of the data set {dataset} have no fingerprint of this recipe: "
                f"{count} x {first}. Choose a recipe that can be applied to all of them, or freeze a data set without "
                "them."
            )

    def __str__(self) -> str:
        if not (self.computed or self.already_there or self.refused):
            return "There are no records yet; take some in with: trova import"
        lines = [
            f"{self.computed} records fingerprinted ({self.variants * self.computed} variants) in {self.seconds:.1f} s."
        ]
        if self.already_there:
            lines.append(f"{self.already_there} records had their fingerprints already.")
        if self.compared_with:
            lines.append(f"Their coefficients are compared with the medians of {self.compared_with} records.")
        if self.refused:
            lines.append(f"{len(self.refused)} records left out:")
            lines += [f"  {count} x {reason}" for reason, count in _alike(self.refused.values())]
        return "\n".join(lines)


def _alike(reasons: Iterable[str]) -> list[tuple[str, int]]:
    """Count reasons that differ by record and figures alone, each told by its first; the most frequent come first."""
    firsts: dict[str, tuple[str, str]] = {}
    counts: Counter[str] = Counter()
    for text in reasons:
        record, _, reason = text.partition(": ")
        kind = re.sub(r"[\d.]+", "#", reason)
        counts[kind] += 1
        firsts.setdefault(kind, (record, reason))
    alike = []
    for kind, count in counts.most_common():
        record, reason = firsts[kind]
        alike.append((f"{reason} ({'for instance ' if count > 1 else ''}{record})", count))
    return alike


def fingerprint_id(record_id: str, recipe_id: str, variant: int, cutoff_hz: float) -> str:
    """Return the identity of a fingerprint: its record, its recipe, its variant and the cut-off it stands for."""
    return identity_of([record_id, recipe_id, variant, f"{cutoff_hz:.5g}"])


def variant_ids(record_id: str, recipe: FingerprintRecipe, cutoff_hz: float) -> list[str]:
    """Return the identities of a record's variants, in the order of the recipe's."""
    cutoffs = shifted_cutoffs(cutoff_hz, recipe).tolist()
    return [
        fingerprint_id(record_id, recipe.identity, variant, value)
        for variant, value in zip(recipe.variants, cutoffs, strict=True)
    ]


def compute_fingerprints(
    store: Store,
    waveforms: WaveformFolder,
    recipe: FingerprintRecipe,
    fitted: FittedStatistics | None,
    progress: Progress,
    *,
    cutoffs_hz: Mapping[str, float] | None = None,
    workers: int | None = None,
    pool: WorkerPool | None = None,
) -> FingerprintReport:
    """Compute the fingerprints that are missing of some records, on all cores, and keep them as they come.

    Killed at any moment, it loses those of the last second or so; called again, it does what is missing.

    Parameters
    ----------
    store : Store
        It has the recipe, and gets the fingerprints, and the cut-offs that had to be found for them.
    waveforms : WaveformFolder
        Where the records' samples are.
    recipe : FingerprintRecipe
        Fitted, where its selection is "mad".
    fitted : FittedStatistics or None
        What its selection compares with.
    progress : Progress
        Who watches, and sees each record.
    cutoffs_hz : mapping of str to float, optional
        The records that are wanted, each with the cut-off that it is to have [Hz], NaN for one that is to be found; all
        of the workspace with their present ones, if left out.
    workers : int, optional
        How many threads, where there is no pool; one a core, if left out.
    pool : WorkerPool, optional
        Processes that compute in the place of threads, and are left.

    Returns
    -------
    FingerprintReport
        What was computed, and which records the recipe cannot be applied to, and why.

    Raises
    ------
    StoreError
        When the store has not got the recipe, or the disk is full.
    """
    started = time.monotonic()
    records = store.records(None if cutoffs_hz is None else RecordFilter(record_ids=list(cutoffs_hz)))
    if cutoffs_hz is not None:
        records["cutoff_hz"] = records["record_id"].map(cutoffs_hz)
    missing = records[_are_missing(store, records, recipe)]
    refused: dict[str, str] = {}
    buffer = RowBuffer(store)

    make = partial(_made, recipe=recipe, statistics=None if fitted is None else fitted.values)
    # closed where an error leaves it: nothing that waits is computed then
    with closing(each_record(missing, waveforms, recipe, make, workers, pool)) as outcomes:
        for outcome in progress(outcomes, "fingerprinting", len(missing)):
            if outcome.item is None:
                refused[outcome.record_id] = outcome.refusal
            else:
                buffer.add(*outcome.item)
    buffer.flush()
    return FingerprintReport(
        computed=len(missing) - len(refused),
        already_there=len(records) - len(missing),
        variants=len(recipe.variants),
        refused=refused,
        compared_with=0 if fitted is None else len(fitted.record_ids),
        seconds=time.monotonic() - started,
    )


def _are_missing(store: Store, records: pd.DataFrame, recipe: FingerprintRecipe) -> NDArray[np.bool_]:
    """Tell which records lack one of the fingerprints; what has no cut-off yet has none at all."""
    have = store.fingerprint_ids(recipe.identity)
    return np.array(
        [
            cutoff_hz != cutoff_hz or not have.issuperset(variant_ids(record_id, recipe, cutoff_hz))
            for record_id, cutoff_hz in zip(
                records["record_id"], measured_values(records, "cutoff_hz").tolist(), strict=True
            )
        ],
        dtype=np.bool_,
    )


def _made(group: RecordGroup, recipe: FingerprintRecipe, statistics: SelectionStatistics | None) -> list[Made]:
    """Return for each record the rows of its fingerprints, and those of the cut-off where it had to be found."""
    cutoffs_hz = np.stack([shifted_cutoffs(cutoff_hz, recipe) for cutoff_hz in group.cutoffs_hz])
    bits = fingerprints(
        group.samples,
        group.sampling_rate_hz,
        recipe,
        onsets_s=group.onsets_s,
        cutoffs_hz=cutoffs_hz,
        shifts_s=recipe.onset_shifts_s,
        statistics=statistics,
    )
    made = []
    for record_id, cutoffs, images, found in zip(group.rows["record_id"], cutoffs_hz, bits, group.found, strict=True):
        rows: list[dict[str, object]] = [
            {
                "fingerprint_id": fingerprint_id(record_id, recipe.identity, variant, cutoff_hz),
                "record_id": record_id,
                "recipe_id": recipe.identity,
                "variant": variant,
                "cutoff_hz": cutoff_hz,
                "size": recipe.size,
                "bits": pack(image),
            }
            for variant, cutoff_hz, image in zip(recipe.variants, cutoffs.tolist(), images, strict=True)
        ]
        made.append((rows, found))
    return made


class RowBuffer:
    """Rows on their way to the store, handed over a batch at a time: fingerprints after the cut-off they rest on."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._made: list[dict[str, object]] = []
        self._found: list[ParameterRow] = []
        self._records = 0
        self._first_at = 0.0

    def add(self, made: list[dict[str, object]], found: list[ParameterRow]) -> None:
        """Add the fingerprints and the parameters of a record."""
        if not self._records:
            self._first_at = time.monotonic()
        self._made += made
        self._found += found
        self._records += 1
        if self._records >= _BATCH or time.monotonic() - self._first_at > _WAITS_S:
            self.flush()

    def flush(self) -> None:
        """Hand over the rows that are there."""
        if self._found:
            self._store.add_parameters(self._found)
        if self._made:
            self._store.add_fingerprints(pd.DataFrame(self._made))
        self._made, self._found, self._records = [], [], 0
