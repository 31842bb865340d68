"""The SeisComP data structure, SDS: a file a day and channel, by which a record across midnight is in two files.

``YEAR/NET/STA/CHAN.TYPE/NET.STA.LOC.CHAN.TYPE.YEAR.DAY``, as SeisComP describes it and `obspy.clients.filesystem.sds`
reads it.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from trova_widgets.records.waveform import NANOSECONDS

BEFORE_ORIGIN_S = 50.0
AFTER_ORIGIN_S = 150.0
"""What an excerpt covers: noise before the origin, and the S wave of a station 400 km away."""

_NAME = re.compile(r"(?P<codes>(?:[^.]*\.){4}[A-Z])\.(?P<year>\d{4})\.(?P<day>\d{3})")


@dataclass(frozen=True, kw_only=True)
class ArchiveDay:
    """The time that a long file answers for, and the files beside it.

    Attributes
    ----------
    begin_ns, end_ns : int
        Origins from the first to before the second are this file's, nanoseconds since 1970 UTC: the day of an SDS
        file, to which the minutes around a missing day belong, or what any other file covers.
    hours : float
        What the file covers.
    neighbours : tuple of Path
        The files of the days before and after, where there are any.
    """

    begin_ns: int
    end_ns: int
    hours: float
    neighbours: tuple[Path, ...] = ()

    @classmethod
    def of(cls, path: Path, begin: int, end: int) -> "ArchiveDay":
        """Tell it from the file's name and the time that it covers, nanoseconds since 1970 UTC."""
        hours = (end - begin) / NANOSECONDS / 3600
        day = _day(path)
        if day is None:
            # the first wave of an event just before the file is in it
            return cls(begin_ns=begin - round(AFTER_ORIGIN_S * NANOSECONDS), end_ns=end, hours=hours)
        before, after = (_file_of(path, day + timedelta(days=step)) for step in (-1, 1))
        day_ns = round(day.timestamp()) * NANOSECONDS
        return cls(
            begin_ns=day_ns if before else min(day_ns, begin) - round(AFTER_ORIGIN_S * NANOSECONDS),
            end_ns=day_ns + 86_400 * NANOSECONDS if after else max(end, day_ns) + round(BEFORE_ORIGIN_S * NANOSECONDS),
            hours=hours,
            neighbours=tuple(found for found in (before, after) if found),
        )


def is_archive_day(path: Path) -> bool:
    """Tell whether a file's name is that of a day in an SDS archive."""
    return _day(path) is not None


def _day(path: Path) -> datetime | None:
    named = _NAME.fullmatch(path.name)
    if named is None or not 1 <= int(named["day"]) <= 366 or int(named["year"]) < 1900:
        return None
    return datetime(int(named["year"]), 1, 1, tzinfo=UTC) + timedelta(days=int(named["day"]) - 1)


def _file_of(path: Path, day: datetime) -> Path | None:
    named = _NAME.fullmatch(path.name)
    if named is None:
        return None
    name = f"{named['codes']}.{day.year:04d}.{day.timetuple().tm_yday:03d}"
    folders = [path.parent]
    if len(path.parents) > 4 and path.parents[3].name == named["year"]:
        # CHAN.TYPE in STA in NET in YEAR
        folders.append(path.parents[3].with_name(f"{day.year:04d}") / path.parent.relative_to(path.parents[3]))
    return next((folder / name for folder in folders if (folder / name).is_file()), None)
