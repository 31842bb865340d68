"""Which records are wanted, said without SQL, and the expressions over joined tables that it comes to."""

import math
import re
import sys
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from trova_widgets.errors import StoreError
from trova_widgets.geometry import EARTH_KM
from trova_widgets.store.events import LATEST_CLASS
from trova_widgets.store.literals import literal
from trova_widgets.store.tables import CHOSEN, chosen

Sign = Literal["<", "<=", ">", ">=", "missing"]

#: What is known of a record's event, beside what was measured on the record itself.
OF_EVENT = ("origin_time", "latitude", "longitude", "depth_km", "magnitude", "magnitude_type")

_NUMBERS_OF_EVENT = ("latitude", "longitude", "depth_km", "magnitude")
_SEARCHED = "concat_ws(' ', record.network, record.station, record.channel, record.event_id)"
# a few records that are named one by one are found by the index
_NAMED = 100
_USED = re.compile(r'measured\."((?:[^"]|"")+)"')


@dataclass(frozen=True, kw_only=True)
class Bound:
    """What one quantity of a record must be like; one that is not known meets no bound but ``"missing"``.

    Attributes
    ----------
    quantity : str
        A measured parameter; ``"magnitude"`` or ``"depth_km"`` of the event; or ``"distance_km"``, from the event to
        the station.
    sign : {"<", "<=", ">", ">=", "missing"}
        How it compares with the value.
    value : float
        The bound.

    Examples
    --------
    >>> weak = Bound(quantity="snr_db", sign="<", value=3.0)
    >>> weak.holds(2.5), weak.holds(float("nan")), Bound(quantity="onset_s", sign="missing").holds(None)
    (True, False, True)
    """

    quantity: str
    sign: Sign
    value: float = 0.0

    def __post_init__(self) -> None:
        if self.sign not in get_args(Sign):
            raise StoreError(f"A bound compares by {self.sign!r}; expected one of {', '.join(get_args(Sign))}.")
        if math.isnan(self.value):
            raise StoreError(f"The bound of {self.quantity!r} is not a number; expected one, or the sign 'missing'.")

    def holds(self, value: float | None) -> bool:
        """Tell whether a value is like this, as the database does."""
        if value is None or value != value:
            return self.sign == "missing"
        low, high = self._interval()
        return self.sign != "missing" and low <= value <= high

    def condition(self, value: str) -> str:
        """Return the condition on an expression for the quantity, which is true or false and never null."""
        if self.sign == "missing":
            return f"coalesce(isnan({value}), true)"
        # an interval, so that the expression is worked out once; NaN, for the database the greatest number, is outside
        low, high = map(literal, self._interval())
        return f"coalesce({value} BETWEEN {low} AND {high}, false)"

    def _interval(self) -> tuple[float, float]:
        bound = float(self.value)
        match self.sign:
            case "<":
                return -math.inf, math.nextafter(bound, -math.inf)
            case "<=":
                return -math.inf, bound
            case ">":
                return math.nextafter(bound, math.inf), math.inf
        return bound, math.inf


@dataclass(frozen=True, kw_only=True)
class RecordFilter:
    """Which records are wanted; each field that is given narrows the choice.

    Attributes
    ----------
    record_ids : collection of str, optional
        Some records.
    event_id, network, station, channel : str, optional
        Those of one event, seismic network, station or channel.
    event_class : str, optional
        Those whose event has this class; an empty text stands for those without a class.
    words : str
        A text that stands in the codes of seismic network, station and channel or in the event's identity, whatever
        the case of its letters.
    since_ns, until_ns : int, optional
        Those that begin within these times, nanoseconds since 1970 UTC.
    least, most : mapping of str to float
        Bounds of measured parameters, for instance ``{"snr_db": 3.0}``; a record on which one was not measured is left
        out, and a parameter that nobody ever measured is an error.
    all_of, none_of : collection of Bound
        Those that meet all of some bounds, and none of others; what nobody ever measured is missing everywhere.

    Examples
    --------
    >>> RecordFilter(event_class="earthquake", least={"snr_db": 3.0}).least
    {'snr_db': 3.0}
    """

    record_ids: Collection[str] | None = None
    event_id: str | None = None
    network: str | None = None
    station: str | None = None
    channel: str | None = None
    event_class: str | None = None
    words: str = ""
    since_ns: int | None = None
    until_ns: int | None = None
    least: Mapping[str, float] = field(default_factory=dict)
    most: Mapping[str, float] = field(default_factory=dict)
    all_of: Collection[Bound] = ()
    none_of: Collection[Bound] = ()

    def condition(self, codes: Mapping[str, int]) -> tuple[str, list[object]]:
        """Return the condition on a joined record, and its parameters.

        Parameters
        ----------
        codes : dict of str to int
            The place of each parameter in a record's values.

        Raises
        ------
        StoreError
            When `least` or `most` bound a parameter that was never measured.
        """
        conditions: list[str] = ["true"]
        parameters: list[object] = []

        def add(condition: str, *values: object) -> None:
            conditions.append(condition)
            parameters.extend(values)

        if self.record_ids is not None:
            if 0 < len(self.record_ids) <= _NAMED:
                add(f"record.record_id IN ({', '.join(map(literal, self.record_ids))})")
            else:
                add(f"record.record_id IN {CHOSEN}", chosen(self.record_ids))
        for column in ("event_id", "network", "station", "channel"):
            wanted = getattr(self, column)
            if wanted is not None:
                add(f"record.{column} = ?", wanted)
        if self.event_class is not None:
            add("coalesce(latest.event_class, '') = ?", self.event_class)
        if self.words.strip():
            add(f"contains(lower({_SEARCHED}), lower(?))", self.words.strip())
        if self.since_ns is not None:
            add("record.start_time >= make_timestamp_ns(?)", self.since_ns)
        if self.until_ns is not None:
            add("record.start_time <= make_timestamp_ns(?)", self.until_ns)
        sides: tuple[tuple[Sign, Mapping[str, float]], ...] = ((">=", self.least), ("<=", self.most))
        for sign, bounds in sides:
            for name, value in bounds.items():
                add(Bound(quantity=name, sign=sign, value=float(value)).condition(measured(codes, name)))
        for negation, group in (("", self.all_of), ("NOT ", self.none_of)):
            conditions += [negation + bound.condition(quantity(codes, bound.quantity)) for bound in group]
        return " AND ".join(conditions), parameters


def joins(expressions: str, codes: Mapping[str, int]) -> str:
    """Return what a record is joined with for some expressions, and nothing else: a join costs as much as a query.

    Parameters
    ----------
    expressions : str
        They name the tables ``latest`` (the class of the event), ``event`` and ``measured``.
    codes : dict of str to int
        The place of each parameter in a record's values: those that are used are taken out before they are joined.
    """
    found = []
    if "latest." in expressions:
        found.append(f"LEFT JOIN ({LATEST_CLASS}) AS latest ON latest.event_id = record.event_id")
    if "event." in expressions:
        found.append("LEFT JOIN event ON event.event_id = record.event_id")
    used = {quoted.replace('""', '"') for quoted in _USED.findall(expressions)}
    if used:
        taken = ", ".join(f'"values"[{codes[name]}] AS {quote(name)}' for name in sorted(used))
        found.append(
            f"LEFT JOIN (SELECT record_id, {taken} FROM measured) AS measured ON measured.record_id = record.record_id"
        )
    return " ".join(found)


def quote(name: str) -> str:
    """Return the name of a column in quotes."""
    return '"' + name.replace('"', '""') + '"'


def measured(codes: Mapping[str, int], name: str) -> str:
    """Return the expression for a parameter of a record.

    Raises
    ------
    StoreError
        When no record has such a parameter.
    """
    if name not in codes:
        raise StoreError(f"No record has a parameter {name!r}; there are {', '.join(codes) or 'none yet'}.")
    return f"measured.{quote(name)}"


def quantity(codes: Mapping[str, int], name: str) -> str:
    """Return the expression for a quantity of a joined record, null where it is not known of any record."""
    if name in _NUMBERS_OF_EVENT:
        return f"event.{name}"
    if name == "distance_km":
        return _distance(codes)
    return measured(codes, name) if name in codes else "NULL::DOUBLE"


def _distance(codes: Mapping[str, int]) -> str:
    """Return the expression for the great-circle distance (haversine formula) from the event to the station, km."""
    if not {"station_latitude", "station_longitude"} <= set(codes):
        return "NULL::DOUBLE"
    latitude, longitude = (measured(codes, f"station_{name}") for name in ("latitude", "longitude"))
    half = (
        f"pow(sin(radians(event.latitude - {latitude}) / 2), 2) + cos(radians(event.latitude)) "
        f"* cos(radians({latitude})) * pow(sin(radians(event.longitude - {longitude}) / 2), 2)"
    )
    # by rounding, places at opposite ends of the Earth may come to a little more than one, which has no arc; a minimum
    # would take what is not known for one
    return f"({2 * EARTH_KM} * asin({1 - 4 * sys.float_info.epsilon!r} * sqrt({half})))"
