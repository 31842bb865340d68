"""Which labelled records a data set takes: without doubts that one names, and of three components the vertical one."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from trova_widgets.errors import PlanError
from trova_widgets.names import nearest
from trova_widgets.records.components import PREFERENCE
from trova_widgets.records.doubts import CLOCK_JITTER, NO_REFERENCE_TIME
from trova_widgets.store import Store

DOUBTS = {
    "suspected": "whose catalogue only suspects the event's type",
    "no-time": "without a reference time",
    "jitter": "whose clock strays from its own sampling interval",
}
"""What may be left out of a data set, and in words."""

#: The parameters that tell doubts about records, by the doubts.
_PARAMETERS = {"no-time": NO_REFERENCE_TIME, "jitter": CLOCK_JITTER}
COMPONENTS = ("vertical", "all", "N", "E", "1", "2", "Z")

_STATION = ["event_id", "network", "station", "location"]


@dataclass(frozen=True, kw_only=True)
class RecordChoice:
    """Which of the labelled records are wanted.

    Attributes
    ----------
    leave_out : tuple of str
        Doubts for which a record is left out, out of `DOUBTS`.
    components : str
        ``"vertical"``: of the channels that a station has of an event, the vertical one, or else the first of
        `PREFERENCE`; ``"all"``: each of them as a record of its own; or the letter of a component.

    Raises
    ------
    PlanError
        When there is no such doubt or component.
    """

    leave_out: tuple[str, ...] = ()
    components: str = "vertical"

    def __post_init__(self) -> None:
        for doubt in self.leave_out:
            if doubt not in DOUBTS:
                raise PlanError(f"There is no doubt {doubt!r}; {nearest(doubt, list(DOUBTS))}.")
        if self.components not in COMPONENTS:
            raise PlanError(f"There is no component {self.components!r}; {nearest(self.components, COMPONENTS)}.")

    def of(self, records: pd.DataFrame, events: pd.DataFrame) -> tuple[pd.DataFrame, tuple[str, ...]]:
        """Choose among records.

        Parameters
        ----------
        records, events : DataFrame
            As of `Store.records` and `Store.events`.

        Returns
        -------
        records : DataFrame
            Those that are chosen.
        said : tuple of str
            A sentence for each reason for which records were left out.
        """
        sentences = []
        for doubt in self.leave_out:
            doubtful = _doubtful(records, events, doubt)
            records = records[~doubtful]
            if doubtful.any():
                sentences.append(f"{int(doubtful.sum())} records {DOUBTS[doubt]} were left out.")
        if self.components == "all" or records.empty:
            return records, tuple(sentences)
        chosen = _of_component(records, self.components)
        if not chosen.all():
            taken = ", ".join(sorted({code for code in records.loc[chosen & _several(records), "channel"] if code}))
            sentences.append(
                f"Of stations with several components the {self.components} one was taken ({taken or 'none'}): "
                f"{int((~chosen).sum())} records of others were left out (--components all takes them)."
            )
        return records[chosen], tuple(sentences)


@dataclass(frozen=True, kw_only=True)
class Choosable:
    """What there is to choose among the records of a workspace.

    Attributes
    ----------
    components : tuple of str
        What `RecordChoice.components` may be; nothing where all channels are of one component.
    doubts : dict of str to int
        Records of each doubt, out of `DOUBTS`, that there is.
    """

    components: tuple[str, ...]
    doubts: dict[str, int]


def choosable(store: Store) -> Choosable:
    """Return what there is to choose among the records of a store."""
    letters = {code[-1:].upper() for code in store.record_choices()["channels"] if code} & set(PREFERENCE)
    components = tuple(name for name in COMPONENTS if name in letters or name in ("vertical", "all"))
    found = store.doubt_counts(list(_PARAMETERS.values()))
    counts = {doubt: found.get(_PARAMETERS.get(doubt, doubt), 0) for doubt in DOUBTS}
    return Choosable(
        components=components if len(letters) > 1 else (),
        doubts={doubt: count for doubt, count in counts.items() if count},
    )


def _doubtful(records: pd.DataFrame, events: pd.DataFrame, doubt: str) -> pd.Series:
    if doubt == "suspected":
        suspected = events.loc[events["type_certainty"] == "suspected", "event_id"]
        return records["event_id"].isin(suspected)
    name = _PARAMETERS[doubt]
    return records[name] > 0 if name in records else pd.Series(False, index=records.index)


def _keys(records: pd.DataFrame) -> list[pd.Series]:
    # one instrument: the letters of its band and kind, without that of the component
    return [*(records[name].fillna("") for name in _STATION), records["channel"].str[:-1]]


def _letters(records: pd.DataFrame) -> pd.Series:
    return records["channel"].str[-1:].str.upper()


def _several(records: pd.DataFrame) -> pd.Series:
    return _letters(records).groupby(_keys(records)).transform("nunique") > 1


def _of_component(records: pd.DataFrame, components: str) -> pd.Series:
    """Return which records are of the wanted component, among those of one instrument and event."""
    letters = _letters(records)
    order: Sequence[str] = PREFERENCE if components == "vertical" else (components,)
    ranks = {letter: rank for rank, letter in enumerate(order)}
    rank = letters.map(ranks).fillna(len(order))
    if components != "vertical":
        return rank == 0
    return rank == rank.groupby(_keys(records)).transform("min")
