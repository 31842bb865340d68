"""Data sets: which fingerprints train a network and which test it, frozen and split by event."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from trova_widgets.errors import PlanError
from trova_widgets.experiments import SHARES, DatasetArrays, make_members
from trova_widgets.fingerprinting import FingerprintRecipe
from trova_widgets.identity import identity_of
from trova_widgets.names import nearest
from trova_widgets.reports import Report
from trova_widgets.store import DatasetRow, Store
from trova_widgets.workspace.imaging import variant_ids
from trova_widgets.workspace.naming import checked_name
from trova_widgets.workspace.statistics import FittedStatistics

#: With fewer records of a class than this in a split, one record more or less moves its share by a fifth.
FEW = 5


@dataclass(frozen=True, kw_only=True, repr=False)
class DatasetReport(Report):
    """What a data set is made of.

    Attributes
    ----------
    name, dataset_id : str
        Its name and its identity.
    counts : DataFrame
        Fingerprints; a row a class, a column a split.
    events : DataFrame
        Events, likewise.
    compared_with : int
        How many records the medians are of that the selection "mad" of its recipe compares with; 0 with another one.
    known_outside : int
        How many of these stand in it outside of the training: figures measured on them were known to the medians.
    """

    name: str
    dataset_id: str
    counts: pd.DataFrame
    events: pd.DataFrame
    compared_with: int = 0
    known_outside: int = 0

    def __str__(self) -> str:
        told = (
            f"Data set {self.name} ({self.dataset_id}).\nFingerprints:\n{self.counts.to_string()}\n"
            f"Events, none of them on two sides:\n{self.events.to_string()}"
        )
        if self.compared_with:
            told += (
                f"\nCoefficients are compared with the medians of {self.compared_with} records, "
                f"{self.known_outside or 'none'} of them in this data set outside of its training."
            )
        if self.known_outside:
            told += (
                " No class was looked at; to keep them out all the same, fit to the training of a data set: "
                "trova fingerprint --dataset."
            )
        return "\n".join([told, *self.cautions])

    @property
    def cautions(self) -> tuple[str, ...]:
        """What to keep in mind: the classes that hardly count in a split, which a quality then says little about."""
        few = self.counts.drop(index="all").drop(columns=["training", "all"], errors="ignore").stack()
        return tuple(
            f"Few: {count} of {name} in {split}. Quality there says little about this class; "
            f"import more of its events, or draw again with another seed."
            for (name, split), count in few[few < FEW].items()
        )


def build_dataset(
    store: Store,
    recipe: FingerprintRecipe,
    fitted: FittedStatistics | None,
    name: str,
    *,
    classes: Sequence[str] | None,
    shares: Mapping[str, float],
    seed: int,
    minimum_snr_db: float | None,
) -> DatasetReport:
    """Freeze a data set; see `Workspace.build_dataset`."""
    if isinstance(classes, str):
        raise PlanError(f"The classes are {classes!r}; give a list, ['earthquake', 'explosion'] for instance.")
    checked_name(name, "a data set")
    _check_shares(shares)
    members = make_members(_candidates(store, recipe, classes, minimum_snr_db), shares=shares, seed=seed)
    names = tuple(classes) if classes is not None else tuple(sorted(members["event_class"].unique()))
    settings = {"shares": dict(shares), "seed": seed, "minimum_snr_db": minimum_snr_db}
    content = members[["fingerprint_id", "event_class", "split"]].to_numpy().tolist()
    row = DatasetRow(
        dataset_id=identity_of([recipe.identity, names, content]),
        name=name,
        recipe_id=recipe.identity,
        classes=names,
        settings=settings,
        created_at_ns=time.time_ns(),
    )
    store.add_dataset(row, members)
    medians_of = frozenset() if fitted is None else frozenset(fitted.record_ids)
    outside = members.loc[members["split"] != "training", "record_id"]
    return DatasetReport(
        name=name,
        dataset_id=row.dataset_id,
        counts=_counted(members, shares),
        events=_counted(members.drop_duplicates("event_id"), shares),
        compared_with=len(medians_of),
        known_outside=len(medians_of.intersection(outside)),
    )


def dataset_arrays(store: Store, row: DatasetRow, size: int) -> DatasetArrays:
    """Return the fingerprints of a data set as arrays that training reads.

    Parameters
    ----------
    store : Store
        Where they are kept.
    row : DatasetRow
        The data set.
    size : int
        The side of a fingerprint, pixels.

    Returns
    -------
    DatasetArrays
        In the order of the members' positions.
    """
    members = store.dataset_members(row.dataset_id).sort_values("position")
    kept = store.fingerprints(fingerprint_ids=list(members["fingerprint_id"])).set_index("fingerprint_id")["bits"]
    return DatasetArrays.of_members(members, list(kept.loc[members["fingerprint_id"]]), row.classes, size)


def _check_shares(shares: Mapping[str, float]) -> None:
    if unknown := [split for split in shares if split not in SHARES]:
        raise PlanError(f"There is no split {unknown[0]!r}; {nearest(unknown[0], SHARES)}.")
    if lacking := [split for split in ("training", "validation") if not shares.get(split)]:
        raise PlanError(
            f"The split {lacking[0]} has no share, without which no network can be trained and measured; give it one, "
            f"{SHARES[lacking[0]]:g} for instance."
        )


def _candidates(
    store: Store, recipe: FingerprintRecipe, classes: Sequence[str] | None, minimum_snr_db: float | None
) -> pd.DataFrame:
    """Return a row a fingerprint of the records that are labelled: the variants around the present cut-off."""
    records = store.records().dropna(subset=["event_id", "event_class"])
    if classes is not None:
        records = records[records["event_class"].isin(classes)]
    if minimum_snr_db is not None:
        records = records[records["snr_db"] >= minimum_snr_db]
    if "cutoff_hz" in records:
        records = records.dropna(subset=["cutoff_hz"])
    wanted = {
        identity
        for record_id, cutoff_hz in zip(records["record_id"], records.get("cutoff_hz", ()), strict=False)
        for identity in variant_ids(record_id, recipe, cutoff_hz)
    }
    keys = store.fingerprint_keys(recipe.identity)
    keys = keys[keys["fingerprint_id"].isin(wanted)]
    found = keys[["fingerprint_id", "record_id", "variant"]].merge(
        records[["record_id", "event_id", "event_class"]], on="record_id"
    )
    present = set(found["event_class"])
    lacking = sorted(set(classes or ()) - present)
    if len(present) < 2 or lacking:
        there = f"none of {', '.join(lacking)}" if lacking else f"those of {', '.join(sorted(present)) or 'no class'}"
        limit = "" if minimum_snr_db is None else f" with a signal-to-noise ratio of {minimum_snr_db:g} dB or more"
        raise PlanError(
            f"A data set needs fingerprints of at least two classes, and of each class that is asked for; of this "
            f"recipe there are {there}{limit}. Import labelled records, compute their fingerprints, or ask for less."
        )
    return found.sort_values(["record_id", "variant"], ignore_index=True)


def _counted(members: pd.DataFrame, shares: Mapping[str, float]) -> pd.DataFrame:
    table = pd.crosstab(members["event_class"], members["split"], margins=True, margins_name="all")
    return table.reindex(columns=[*shares, "all"], fill_value=0).rename_axis(index="class", columns=None)
