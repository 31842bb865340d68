"""Data sets: which records train a network and which test it, frozen with their classes and split by event."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from trova_widgets.errors import PlanError, StoreError
from trova_widgets.experiments import SHARES, DatasetArrays, make_members
from trova_widgets.fingerprinting import FingerprintRecipe
from trova_widgets.identity import identity_of
from trova_widgets.names import nearest
from trova_widgets.reports import Report
from trova_widgets.store import DatasetRow, Store
from trova_widgets.workspace.imaging import variant_ids
from trova_widgets.workspace.naming import checked_name
from trova_widgets.workspace.record_choice import RecordChoice
from trova_widgets.workspace.shown import shown

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
        Records; a row a class, a column a part.
    events : DataFrame
        Events, likewise.
    choice : tuple of str
        A sentence for each reason for which labelled records were left out.
    """

    name: str
    dataset_id: str
    counts: pd.DataFrame
    events: pd.DataFrame
    choice: tuple[str, ...] = ()

    def __str__(self) -> str:
        told = (
            f"Data set {self.name} ({self.dataset_id}).\nRecords:\n{self.counts.to_string()}\n"
            f"Events, none of them on two sides:\n{self.events.to_string()}"
        )
        return "\n".join([told, *self.choice, *self.cautions])

    def _repr_html_(self) -> str:
        """Return what a notebook shows."""
        tables = (("Records", self.counts), ("Events, none of them on two sides", self.events))
        return shown(f"Data set {self.name}", [f"Identity {self.dataset_id}.", *self.choice, *self.cautions], *tables)

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
    name: str,
    *,
    classes: Sequence[str] | None,
    shares: Mapping[str, float] | None,
    folds: int,
    holdout: float,
    seed: int,
    minimum_snr_db: float | None,
    choice: RecordChoice,
) -> DatasetReport:
    """Freeze a data set; see `Workspace.build_dataset`."""
    checked_name(name, "a data set")
    if shares is not None:
        _check_shares(shares)
    found, said = candidates(store, classes, minimum_snr_db, choice)
    members = make_members(found, shares, folds=folds, holdout=holdout, seed=seed)
    names = tuple(classes) if classes is not None else tuple(sorted(members["event_class"].unique()))
    content = [
        [record_id, event_class, part, f"{cutoff_hz:.5g}"]
        for record_id, event_class, part, cutoff_hz in zip(
            members["record_id"], members["event_class"], part_names(members), members["cutoff_hz"], strict=True
        )
    ]
    row = DatasetRow(
        dataset_id=identity_of([names, content]),
        name=name,
        recipe_id=None,
        classes=names,
        settings={
            **({"folds": folds, "holdout": holdout} if shares is None else {"shares": dict(shares)}),
            "seed": seed,
            "minimum_snr_db": minimum_snr_db,
            "leave_out": list(choice.leave_out),
            "components": choice.components,
        },
        created_at_ns=time.time_ns(),
    )
    store.add_dataset(row, members)
    parts = list(shares) if shares is not None else [*map(_fold_name, range(folds)), *(["holdout"] if holdout else [])]
    return DatasetReport(
        name=name,
        dataset_id=row.dataset_id,
        counts=_counted(members, parts),
        events=_counted(members.drop_duplicates("event_id"), parts),
        choice=said,
    )


def dataset_arrays(store: Store, row: DatasetRow, members: pd.DataFrame, recipe: FingerprintRecipe) -> DatasetArrays:
    """Return the fingerprints of a data set's records as arrays that training reads.

    Parameters
    ----------
    store : Store
        Where they are kept; all of them must be there.
    row : DatasetRow
        The data set.
    members : DataFrame
        Its members, as of `Store.dataset_members`.
    recipe : FingerprintRecipe
        Whose fingerprints; ready to be applied.

    Returns
    -------
    DatasetArrays
        In the order of the members' positions, and of a record's variants.

    Raises
    ------
    StoreError
        When a fingerprint is not there.
    """
    wanted = _wanted(row, members, recipe)
    kept = store.fingerprint_bits(list(wanted["fingerprint_id"]))
    lacking = wanted.loc[~wanted["fingerprint_id"].isin(kept.keys()), "record_id"].unique()
    if len(lacking):
        raise StoreError(
            f"{len(lacking)} records of the data set {row.name} have no fingerprints of this recipe, the record "
            f"{lacking[0]} for instance; compute them with: trova fingerprint"
        )
    return DatasetArrays.of_fingerprints(
        wanted, [kept[each] for each in wanted["fingerprint_id"]], row.classes, recipe.size
    )


def _wanted(row: DatasetRow, members: pd.DataFrame, recipe: FingerprintRecipe) -> pd.DataFrame:
    """Return a row a fingerprint: ``position``, ``record_id``, ``event_class``, ``split``, ``variant``, its identity.

    The members of a data set of an older version are fingerprints already: they are taken as they are with its own
    recipe, and with another one the records that they are of.
    """
    if row.recipe_id == recipe.identity:
        return members.assign(frozen=True)
    records = members.drop_duplicates("record_id")
    rows = []
    for member in records.itertuples(index=False):
        identities = variant_ids(member.record_id, recipe, member.cutoff_hz)
        for variant, identity in zip(recipe.variants, identities, strict=True):
            rows.append(
                (
                    member.position,
                    member.record_id,
                    member.event_class,
                    member.split,
                    member.fold,
                    variant,
                    identity,
                )
            )
    columns = ["position", "record_id", "event_class", "split", "fold", "variant", "fingerprint_id"]
    return pd.DataFrame(rows, columns=columns).assign(frozen=False)


def _check_shares(shares: Mapping[str, float]) -> None:
    if unknown := [split for split in shares if split not in SHARES]:
        raise PlanError(f"There is no split {unknown[0]!r}; {nearest(unknown[0], SHARES)}.")
    if lacking := [split for split in ("training", "validation") if not shares.get(split)]:
        raise PlanError(
            f"The split {lacking[0]} has no share, without which no network can be trained and measured; give it one, "
            f"{SHARES[lacking[0]]:g} for instance."
        )


def labelled(
    store: Store, classes: Sequence[str] | None, minimum_snr_db: float | None, choice: RecordChoice
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Return the records that may stand in a data set, of a known class, loud enough and chosen; and what was not."""
    if isinstance(classes, str):
        raise PlanError(f"The classes are {classes!r}; give a list, ['earthquake', 'explosion'] for instance.")
    records = store.records().dropna(subset=["event_id", "event_class"])
    if classes is not None:
        records = records[records["event_class"].isin(classes)]
    if minimum_snr_db is not None:
        records = records[records["snr_db"] >= minimum_snr_db]
    return choice.of(records, store.events())


def candidates(
    store: Store, classes: Sequence[str] | None, minimum_snr_db: float | None, choice: RecordChoice
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Return the labelled records whose cut-off is known, and what is said of those that were left out.

    Raises
    ------
    PlanError
        When these are of fewer than two classes, or a class that is asked for is not among them.
    """
    found, said = labelled(store, classes, minimum_snr_db, choice)
    found = found.reindex(columns=[*found.columns.difference(["cutoff_hz"]), "cutoff_hz"]).dropna(subset=["cutoff_hz"])
    present = set(found["event_class"])
    lacking = sorted(set(classes or ()) - present)
    if len(present) < 2 or lacking:
        there = f"none of {', '.join(lacking)}" if lacking else f"those of {', '.join(sorted(present)) or 'no class'}"
        limit = "" if minimum_snr_db is None else f" with a signal-to-noise ratio of {minimum_snr_db:g} dB or more"
        raise PlanError(
            f"A data set needs records of at least two classes, and of each class that is asked for; there are "
            f"{there}{limit} to which the recipe can be applied. Import labelled records, or ask for less."
        )
    columns = ["record_id", "event_id", "event_class", "cutoff_hz"]
    return found[columns].sort_values("record_id", ignore_index=True), said


def part_names(members: pd.DataFrame) -> "pd.Series[str]":
    """Return in which part each member of a data set stands: ``"fold 2"``, or the split."""
    names = [
        split if pd.isna(fold) else _fold_name(int(fold))
        for split, fold in zip(members["split"], members["fold"], strict=True)
    ]
    return pd.Series(names, index=members.index, name="part", dtype=object)


def _fold_name(fold: int) -> str:
    return f"fold {fold}"


def _counted(members: pd.DataFrame, parts: Sequence[str]) -> pd.DataFrame:
    table = pd.crosstab(members["event_class"], part_names(members), margins=True, margins_name="all")
    return table.reindex(columns=[*parts, "all"], fill_value=0).rename_axis(index="class", columns=None)
