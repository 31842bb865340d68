"""Records into fingerprints: the cut-off is found, the five variants computed, what is there is left alone."""

import re
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from trova_widgets.errors import RecipeError, RecordError
from trova_widgets.fingerprinting import (
    FingerprintRecipe,
    SelectionStatistics,
    find_cutoff,
    fingerprints,
    pack,
    shifted_cutoffs,
)
from trova_widgets.identity import identity_of
from trova_widgets.reports import Report
from trova_widgets.store import ParameterRow, Store
from trova_widgets.workspace.progress import Progress
from trova_widgets.workspace.statistics import FittedStatistics
from trova_widgets.workspace.waveforms import WaveformFolder

#: The five variants of a record: steps of the cut-off, down (-) and up (+).
VARIANTS = (-2, -1, 0, 1, 2)

_BATCH = 128


@dataclass(frozen=True, kw_only=True, repr=False)
class FingerprintReport(Report):
    """What a computation of fingerprints did.

    Attributes
    ----------
    computed, already_there : int
        Records whose five variants are new, and records that had them.
    refused : dict of str to str
        For each record (by its id) that the recipe cannot be applied to: which one it is, and why.
    compared_with : int
        How many records the medians are of that the selection "mad" compares with; 0 with another selection.
    seconds : float
        How long it took.
    """

    computed: int
    already_there: int
    refused: Mapping[str, str]
    compared_with: int = 0
    seconds: float

    def __str__(self) -> str:
        if not (self.computed or self.already_there or self.refused):
            return "There are no records yet; take some in with: trova import"
        lines = [f"{self.computed} records fingerprinted ({5 * self.computed} variants) in {self.seconds:.1f} s."]
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
    for told in reasons:
        record, _, reason = told.partition(": ")
        kind = re.sub(r"[\d.]+", "#", reason)
        counts[kind] += 1
        firsts.setdefault(kind, (record, reason))
    alike = []
    for kind, count in counts.most_common():
        record, reason = firsts[kind]
        alike.append((f"{reason} ({'for instance ' if count > 1 else ''}{record})", count))
    return alike


def told(row: pd.Series) -> str:
    """Tell a record as people do: its channel and its start."""
    channel = ".".join(row[part] for part in ("network", "station", "location", "channel"))
    return f"{channel} of {row['start_time']:%Y-%m-%d %H:%M:%S}"


def fingerprint_id(record_id: str, recipe_id: str, variant: int, cutoff_hz: float) -> str:
    """Return the identity of a fingerprint: its record, its recipe, its variant and the cut-off it stands for."""
    return identity_of([record_id, recipe_id, variant, f"{cutoff_hz:.5g}"])


def compute_fingerprints(
    store: Store,
    waveforms: WaveformFolder,
    recipe: FingerprintRecipe,
    fitted: FittedStatistics | None,
    progress: Progress,
) -> FingerprintReport:
    """Compute what is missing; see `Workspace.compute_fingerprints`."""
    started = time.monotonic()
    records = store.records()
    have = set(store.fingerprint_keys(recipe.identity)["fingerprint_id"])
    missing = [row for _, row in records.iterrows() if not _is_there(row, recipe, have)]
    refused: dict[str, str] = {}
    statistics = None if fitted is None else fitted.values
    shelf = Shelf(store)
    for row in progress(missing, "fingerprinting", len(missing)):
        try:
            shelf.put(*_five_variants(row, waveforms, recipe, statistics))
        except (RecipeError, RecordError) as error:
            refused[row["record_id"]] = f"{told(row)}: {error}"
    shelf.clear()
    return FingerprintReport(
        computed=len(missing) - len(refused),
        already_there=len(records) - len(missing),
        refused=refused,
        compared_with=0 if fitted is None else len(fitted.record_ids),
        seconds=time.monotonic() - started,
    )


def known(row: pd.Series, name: str) -> float | None:
    """Return a parameter of a record, or None where it was never measured."""
    value = row.get(name)
    return None if value is None or pd.isna(value) else float(value)


def variant_ids(record_id: str, recipe: FingerprintRecipe, cutoff_hz: float) -> list[str]:
    """Return the identities of the five variants, in the order of `VARIANTS`."""
    cutoffs = shifted_cutoffs(cutoff_hz, recipe)
    return [
        fingerprint_id(record_id, recipe.identity, variant, float(value))
        for variant, value in zip(VARIANTS, cutoffs, strict=True)
    ]


def _is_there(row: pd.Series, recipe: FingerprintRecipe, have: set[str]) -> bool:
    cutoff_hz = known(row, "cutoff_hz")
    return cutoff_hz is not None and have.issuperset(variant_ids(row["record_id"], recipe, cutoff_hz))


def cutoff_of(
    row: pd.Series, samples: NDArray[np.floating], recipe: FingerprintRecipe
) -> tuple[float, list[ParameterRow]]:
    """Return a record's cut-off [Hz], and the rows that keep it where it had to be found.

    Raises
    ------
    RecipeError, RecordError
        When the recipe cannot be applied to the record.
    """
    if (cutoff_hz := known(row, "cutoff_hz")) is not None:
        return cutoff_hz, []
    cutoff = find_cutoff(samples, float(row["sampling_rate_hz"]), recipe, onset_s=known(row, "onset_s"))
    found = [
        ParameterRow(
            record_id=row["record_id"],
            name=name,
            value=value,
            source="found",
            author="trova",
            made_at_ns=time.time_ns(),
        )
        for name, value in (("cutoff_hz", cutoff.cutoff_hz), ("cutoff_confidence", cutoff.confidence))
    ]
    return cutoff.cutoff_hz, found


def _five_variants(
    row: pd.Series, waveforms: WaveformFolder, recipe: FingerprintRecipe, statistics: SelectionStatistics | None
) -> tuple[list[dict[str, object]], list[ParameterRow]]:
    """Return the rows of a record's five fingerprints, and the cut-off where it had to be found."""
    record_id, rate = row["record_id"], float(row["sampling_rate_hz"])
    samples = waveforms.waveform(row["file_name"], int(row["trace_index"])).samples
    onset_s = known(row, "onset_s")
    cutoff_hz, found = cutoff_of(row, samples, recipe)
    cutoffs_hz = shifted_cutoffs(cutoff_hz, recipe)
    bits = fingerprints(
        [samples],
        rate,
        recipe,
        onsets_s=None if onset_s is None else np.array([onset_s]),
        cutoffs_hz=cutoffs_hz[None, :],
        statistics=statistics,
    )[0]
    made: list[dict[str, object]] = [
        {
            "fingerprint_id": fingerprint_id(record_id, recipe.identity, variant, float(value)),
            "record_id": record_id,
            "recipe_id": recipe.identity,
            "variant": variant,
            "cutoff_hz": float(value),
            "size": recipe.size,
            "bits": pack(image),
        }
        for variant, value, image in zip(VARIANTS, cutoffs_hz, bits, strict=True)
    ]
    return made, found


class Shelf:
    """Rows on their way to the store, handed over a batch at a time: fingerprints after the cut-off they rest on."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._made: list[dict[str, object]] = []
        self._found: list[ParameterRow] = []

    def put(self, made: list[dict[str, object]], found: list[ParameterRow]) -> None:
        """Take the fingerprints and the parameters of a record."""
        self._made += made
        self._found += found
        if len(self._made) >= _BATCH * len(VARIANTS) or len(self._found) >= _BATCH * len(VARIANTS):
            self.clear()

    def clear(self) -> None:
        """Hand over what is there."""
        if self._found:
            self._store.add_parameters(self._found)
        if self._made:
            self._store.add_fingerprints(pd.DataFrame(self._made))
        self._made, self._found = [], []
