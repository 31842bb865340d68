"""Networks, data sets and experiments side by side: what each is, and in what they differ."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import pandas as pd

from trova_widgets.experiments import Plan
from trova_widgets.networks import architecture, check, summary
from trova_widgets.reports import Report
from trova_widgets.space import format_value, format_values
from trova_widgets.store import KINDS, DatasetRow, Kind, NetworkRow, Store
from trova_widgets.wording import spoken
from trova_widgets.workspace.datasets import part_names
from trova_widgets.workspace.results import ExperimentResults
from trova_widgets.workspace.shown import shown
from trova_widgets.workspace.states import ExperimentStatus


@dataclass(frozen=True, kw_only=True, repr=False)
class Comparison(Report):
    """What some networks, data sets or experiments are, side by side.

    Attributes
    ----------
    kind : {"network", "dataset", "experiment"}
        What they are.
    table : DataFrame
        A row a property, a column a thing; texts, empty where a thing has no such property.
    """

    kind: Kind
    table: pd.DataFrame

    @property
    def differing(self) -> pd.DataFrame:
        """The rows in which they are not all alike."""
        return self.table[self.table.nunique(axis=1) > 1]

    def _repr_html_(self) -> str:
        """Return what a notebook shows: of one thing all, of several in what they differ."""
        names = [str(name) for name in self.table.columns]
        kind = KINDS[self.kind]
        if len(names) == 1:
            return shown(f"{kind.capitalize()} {names[0]}", [], ("What it is", self.table))
        return shown(f"{kind.capitalize()}s {', '.join(names)}", [], ("In what they differ", self.differing))

    def __str__(self) -> str:
        told = self.table if len(self.table.columns) == 1 else self.differing
        alike = len(self.table) - len(told)
        lines = [told.to_string()] if len(told) else []
        if alike:
            lines.append(f"{alike} more {'property is' if alike == 1 else 'properties are'} alike.")
        return "\n".join(lines)


def compare_networks(rows: Sequence[NetworkRow], size: int) -> Comparison:
    """Return saved networks side by side.

    Parameters
    ----------
    rows : sequence of NetworkRow
        The networks.
    size : int
        Points along a side of the fingerprints, by which the numbers to learn are counted.
    """
    return _comparison("network", [row.name for row in rows], [_of_network(row, size) for row in rows])


def compare_datasets(store: Store, rows: Sequence[DatasetRow]) -> Comparison:
    """Return data sets side by side, and how many records each shares with the first."""
    members = [store.dataset_members(row.dataset_id).drop_duplicates("record_id") for row in rows]
    columns = [_of_dataset(row, frame) for row, frame in zip(rows, members, strict=True)]
    if len(rows) > 1:
        first = part_names(members[0]).set_axis(members[0]["record_id"])
        for column, frame in zip(columns, members, strict=True):
            both = frame[frame["record_id"].isin(first.index)]
            same = (part_names(both).to_numpy() == first.loc[both["record_id"]].to_numpy()).sum()
            column[f"records in common with {rows[0].name}"] = f"{len(both):,}, {same:,} of them in the same part"
    return _comparison("dataset", [row.name for row in rows], columns)


def compare_experiments(
    found: Sequence[ExperimentResults],
    statuses: Sequence[ExperimentStatus],
    made_of: Sequence[tuple[str, str]],
    remarks: Sequence[Sequence[str]],
) -> Comparison:
    """Return experiments side by side.

    Parameters
    ----------
    found : sequence of ExperimentResults
        What they have found.
    statuses : sequence of ExperimentStatus
        In what state they are.
    made_of : sequence of (str, str)
        The names of their networks and data sets.
    remarks : sequence of sequence of str
        What was written beside them.
    """
    plans = [each.plan for each in found]
    settings = [name for name in dict.fromkeys(chain(*(plan.space for plan in plans))) if _is_telling(name, plans)]
    columns = []
    for each, status, (network, dataset), words in zip(found, statuses, made_of, remarks, strict=True):
        column = {"network": network, "data set": dataset}
        column |= {name: _setting(name, each.plan) for name in settings}
        column |= _of_results(each, status)
        if any(remarks):
            column["remarks"] = "; ".join(words)
        columns.append(column)
    if len(found) > 1:
        first = set(found[0].table["trial_id"])
        for column, each in zip(columns, found, strict=True):
            shared = len(first.intersection(each.table["trial_id"]))
            column[f"trials in common with {found[0].experiment}"] = f"{shared:,}"
    return _comparison("experiment", [each.experiment for each in found], columns)


def _comparison(kind: Kind, names: Sequence[str], columns: Sequence[dict[str, str]]) -> Comparison:
    rows = list(dict.fromkeys(chain(*columns)))
    table = {name: [column.get(row, "") for row in rows] for name, column in zip(names, columns, strict=True)}
    return Comparison(kind=kind, table=pd.DataFrame(table, index=pd.Index(rows, name=KINDS[kind]), dtype=object))


def _of_network(row: NetworkRow, size: int) -> dict[str, str]:
    model = architecture(row.network_type, row.architecture)
    found = check(model, row.values, size)
    learned = sum(layer.parameter_count for layer in summary(model, row.values, size)) if found.buildable else None
    values = model.space.complete(row.values)
    return {
        "type": row.network_type,
        "architecture": model.title,
        **{name: format_value(value) for name, value in values.items()},
        "numbers to learn": f"{found.reason}" if learned is None else f"{learned:,}",
    }


def _of_dataset(row: DatasetRow, members: pd.DataFrame) -> dict[str, str]:
    settings = {str(name): _words(value) for name, value in row.settings.items() if name != "shares"}
    shares = row.settings.get("shares", {})
    events = members.drop_duplicates("event_id")
    counted = {
        f"{part}: {event_class}": f"{len(records):,} records of {records['event_id'].nunique():,} events"
        for (part, event_class), records in members.groupby([part_names(members), "event_class"], sort=True)
    }
    return {
        "classes": ", ".join(row.classes),
        "records": f"{len(members):,}",
        "events": f"{len(events):,}",
        **counted,
        **{f"share of {split}": f"{share:g}" for split, share in shares.items()},
        **{spoken(name): text for name, text in settings.items()},
    }


def _of_results(found: ExperimentResults, status: ExperimentStatus) -> dict[str, str]:
    told = {
        "seeds": str(len(found.plan.seeds)),
        **({"folds": str(len(found.plan.folds))} if found.plan.folds else {}),
        "cells": f"{found.plan.cell_count:,}",
        "state": f"{status.state}, {status.done:,} of {status.total:,} trials",
        **dict.fromkeys(("best cell", "best quality", "hold-out", "gradient", "computing"), ""),
    }
    if not found.grid.holes.all():
        best = found.best
        told |= {
            "best cell": ", ".join(f"{name}={format_value(value)}" for name, value in best.cell.items()),
            "best quality": f"{100 * best.quality:.1f} %",
            "hold-out": "" if pd.isna(best.holdout) else f"{100 * best.holdout:.1f} %",
            "gradient": "" if pd.isna(best.gradient) else f"{best.gradient:.4f}",
            "computing": f"{found.table['seconds'].sum() / 60:.1f} min",
        }
    return told


def _is_telling(name: str, plans: Sequence[Plan]) -> bool:
    """Whether a setting is varied or fixed by one of some plans, or not the same in all."""
    said = {_setting(name, plan) for plan in plans}
    return len(said) > 1 or any(name in plan.axes or name in plan.fixed for plan in plans)


def _setting(name: str, plan: Plan) -> str:
    if name in plan.axes:
        return format_values(plan.axes[name])
    if name not in plan.space or name == "seed":
        return ""
    value = plan.value_of(name)
    return "follows another" if value is None else format_value(value)


def _words(value: Any) -> str:
    if value is None or value == []:
        return "none"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
