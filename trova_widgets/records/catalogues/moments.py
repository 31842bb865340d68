"""Moments as tables write them: ISO 8601 and its relatives, days before months, parts in columns of their own."""

import re
from datetime import UTC, datetime, timedelta

from trova_widgets.errors import RecordError
from trova_widgets.records.events import is_storable
from trova_widgets.records.waveform import NANOSECONDS

_DATE = (
    r"(?:(?P<year>\d{4})(?:[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})|(?P<month2>\d\d)(?P<day2>\d\d))|"
    r"(?P<day3>\d{1,2})\.(?P<month3>\d{1,2})\.(?P<year3>\d{4}))"
)
_CLOCK = r"(?P<hour>\d{1,2}):(?P<minute>\d{1,2})(?::(?P<second>\d{1,2})(?:[.,](?P<part>\d*))?)?"
_SHORT_CLOCK = r"(?P<hour2>\d\d)(?P<minute2>\d\d)(?:(?P<second2>\d\d)(?:[.,](?P<part2>\d*))?)?"
_ZONE = r"(?P<zone>Z|UTC|UT|GMT|[+-]\d\d(?::?\d\d)?)?"
_MOMENT = re.compile(rf"^{_DATE}(?:[T\s]+(?:{_CLOCK}|{_SHORT_CLOCK}))?\s*{_ZONE}$", re.IGNORECASE)
# as six columns give it, numbers of floating point among them
_PARTS = re.compile(
    r"^(?P<year>\d{4})(?:\.0)?\s+(?P<month>\d{1,2})(?:\.0)?\s+(?P<day>\d{1,2})(?:\.0)?"
    r"(?:\s+(?P<hour>\d{1,2})(?:\.0)?(?:\s+(?P<minute>\d{1,2})(?:\.0)?(?:\s+(?P<second>\d{1,2})(?:[.,](?P<part>\d*))?)?)?)?$"
)
# year, month and day in columns, and a clock in one
_PARTS_AND_CLOCK = re.compile(
    rf"^(?P<year>\d{{4}})(?:\.0)?\s+(?P<month>\d{{1,2}})(?:\.0)?\s+(?P<day>\d{{1,2}})(?:\.0)?\s+{_CLOCK}\s*{_ZONE}$",
    re.IGNORECASE,
)
_UNKNOWN = ("", "nan", "nat", "none", "null", "na", "-")
_DIGITS = 9


def time_ns(cell: str) -> int | None:
    """Return the nanoseconds since 1970 UTC that a cell tells, None where it is empty.

    Parameters
    ----------
    cell : str
        ISO 8601, UTC unless it says otherwise; ``04.05.2021 12:00:00`` with the day first; or the year, month, day,
        hour, minute and second with blanks between them. The 60th second and the 24th hour are those of the next minute
        and day.

    Raises
    ------
    RecordError
        When it is another text; the message goes on after the name of the row.

    Examples
    --------
    >>> time_ns("1970-01-02T00:00:00.5Z") == time_ns("2.1.1970 0:00:00,5") == time_ns("1970 1 2 0 0 0.5")
    True
    """
    text = cell.strip()
    if text.lower() in _UNKNOWN:
        return None
    found = _MOMENT.match(text) or _PARTS.match(text) or _PARTS_AND_CLOCK.match(text)
    if found is None:
        raise RecordError(_NO_TIME.format(cell[:40]))
    try:
        moment = _moment_ns(found.groupdict())
    except (ValueError, OverflowError):
        raise RecordError(_NO_TIME.format(cell[:40])) from None
    if not is_storable(moment):
        raise RecordError(f"has {cell[:40]!r} as time, a year beyond 1678 to 2261; correct the year or empty the cell.")
    return moment


_NO_TIME = "has {!r} as time, expected ISO 8601 as in 2021-05-04T12:00:00Z; correct the cell or empty it."


def _moment_ns(said: dict[str, str | None]) -> int:
    def number(*names: str) -> int:
        return int(next((text for name in names if (text := said.get(name))), "0"))

    day = datetime(
        number("year", "year3"), number("month", "month2", "month3"), number("day", "day2", "day3"), tzinfo=UTC
    )
    hour, minute, second = number("hour", "hour2"), number("minute", "minute2"), number("second", "second2")
    part = (said.get("part") or said.get("part2") or "")[:_DIGITS].ljust(_DIGITS, "0")
    # the leap second and midnight at the end of a day are moments as well
    if hour > 24 or minute > 59 or second > 60 or (hour == 24 and (minute or second or int(part))):
        raise ValueError
    since = day - datetime(1970, 1, 1, tzinfo=UTC) + timedelta(hours=hour, minutes=minute, seconds=second)
    seconds = since.days * 86_400 + since.seconds - _offset_s(said.get("zone"))
    return seconds * NANOSECONDS + int(part)


def _offset_s(zone: str | None) -> int:
    if zone is None or zone[0] not in "+-":
        return 0
    digits = zone[1:].replace(":", "").ljust(4, "0")
    seconds = int(digits[:2]) * 3600 + int(digits[2:]) * 60
    return -seconds if zone[0] == "-" else seconds
