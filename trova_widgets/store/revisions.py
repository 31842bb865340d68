"""What is said of events and records after they came: corrected values, other matches, the names of their files.

Nothing is overwritten without a trace: values and matches that are replaced are kept beside, with the moment.
"""

import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from trova_widgets.store.connection import Connection
from trova_widgets.store.events import EVENT
from trova_widgets.store.rows import EventRow, LabelRow
from trova_widgets.store.tables import CHOSEN, Table, TableGroup, chosen

SOURCE_FILE = Table(
    name="source_file",
    columns={"file_hash": "VARCHAR", "path": "VARCHAR", "seen_at": "TIMESTAMP_NS"},
    key=("file_hash", "path"),
)

_VALUES = [name for name in EVENT.columns if name != "event_id"]
# between a name and the time that tells its event from another one of that name
_MARK = "~"


@dataclass(frozen=True, kw_only=True)
class KnownEvent:
    """An event that is there.

    Attributes
    ----------
    row : EventRow
        Its values.
    record_count : int
        How many records show it.
    first_ns, last_ns : int or None
        When the earliest and the latest of them begin, nanoseconds since 1970 UTC.
    """

    row: EventRow
    record_count: int
    first_ns: int | None
    last_ns: int | None


class RevisionTables(TableGroup):
    """Events and records whose values or matches change, and where files came from."""

    def known_events(self, names: Collection[str]) -> list[KnownEvent]:
        """Return the events of some names, and those that bear such a name with a time behind it."""
        if not names:
            return []

        def read(connection: Connection) -> list[KnownEvent]:
            wanted = chosen(names)
            where = (
                f"WHERE event_id IN {CHOSEN} OR (contains(event_id, '{_MARK}') AND "
                f"regexp_extract(event_id, '^(.*){_MARK}', 1) IN {CHOSEN}) ORDER BY event_id"
            )
            rows = [EventRow(**fields) for fields in EVENT.read(connection, where, wanted, wanted)]
            counted = connection.rows(
                "SELECT event_id, count(*), epoch_ns(min(start_time)), epoch_ns(max(start_time)) FROM record "
                f"WHERE event_id IN {CHOSEN} GROUP BY event_id",
                [chosen([row.event_id for row in rows])],
            )
            spans = {event_id: (int(count), first, last) for event_id, count, first, last in counted}
            return [
                KnownEvent(row=row, record_count=count, first_ns=first, last_ns=last)
                for row in rows
                for count, first, last in [spans.get(row.event_id, (0, None, None))]
            ]

        return self._database.run(read)

    def timed_events(self) -> list[EventRow]:
        """Return the events whose origin time is known, in its order."""

        def read(connection: Connection) -> list[EventRow]:
            where = "WHERE origin_time IS NOT NULL ORDER BY origin_time, event_id"
            return [EventRow(**fields) for fields in EVENT.read(connection, where)]

        return self._database.run(read)

    def twin_events(self, names: Collection[str], within_s: float) -> list[tuple[EventRow, EventRow]]:
        """Return the pairs of an event of some names and another one of nearly the same time.

        Parameters
        ----------
        names : collection of str
            The identities of the events.
        within_s : float
            How far apart the origin times may be.
        """
        if not names:
            return []

        def read(connection: Connection) -> list[tuple[EventRow, EventRow]]:
            pairs = connection.rows(
                f"SELECT one.event_id, other.event_id FROM (SELECT * FROM event WHERE event_id IN {CHOSEN}) AS one "
                "JOIN event AS other ON epoch_ns(other.origin_time) BETWEEN epoch_ns(one.origin_time) - ? "
                "AND epoch_ns(one.origin_time) + ? WHERE one.event_id <> other.event_id "
                "ORDER BY one.event_id, other.event_id",
                [chosen(names), round(within_s * 1e9), round(within_s * 1e9)],
            )
            wanted = chosen({name for pair in pairs for name in pair})
            rows = [EventRow(**fields) for fields in EVENT.read(connection, f"WHERE event_id IN {CHOSEN}", wanted)]
            by_name = {row.event_id: row for row in rows}
            return [(by_name[one], by_name[other]) for one, other in pairs]

        return self._database.run(read)

    def files_without_event(self) -> set[str]:
        """Return the identities of the files of which a record shows no event."""
        rows = self._database.rows("SELECT DISTINCT file_hash FROM record WHERE event_id IS NULL")
        return {file_hash for (file_hash,) in rows}

    def revise_events(self, rows: Sequence[EventRow]) -> int:
        """Give events that are there other values; the values that they had are kept beside.

        Parameters
        ----------
        rows : sequence of EventRow
            All values, also those that stay.

        Returns
        -------
        int
            How many events there were.
        """
        if not rows:
            return 0
        now = time.time_ns()

        def revise(connection: Connection) -> int:
            names = ", ".join(EVENT.columns)
            changed = 0
            for row in rows:
                connection.execute(
                    f"INSERT INTO event_revision ({names}, replaced_at) "
                    f"SELECT {names}, make_timestamp_ns(?) FROM event WHERE event_id = ?",
                    [now, row.event_id],
                )
                setting = ", ".join(
                    f"{name} = {'make_timestamp_ns(?)' if EVENT.columns[name] == 'TIMESTAMP_NS' else '?'}"
                    for name in _VALUES
                )
                (values,) = EVENT.rows_of([row])
                changed += connection.execute(
                    f"UPDATE event SET {setting} WHERE event_id = ?", [*values[1:], row.event_id]
                )
            return changed

        return self._database.write("records", revise)

    def match_records(self, matches: Mapping[str, str]) -> int:
        """Give records another event; the one that they had is kept beside.

        Parameters
        ----------
        matches : mapping of str to str
            The event's identity by the record's; both are there.

        Returns
        -------
        int
            How many records have another event now.
        """
        if not matches:
            return 0
        now = time.time_ns()

        def match(connection: Connection) -> int:
            changed = 0
            for record_id, event_id in matches.items():
                connection.execute(
                    "INSERT INTO match_revision SELECT record_id, event_id, make_timestamp_ns(?) FROM record "
                    "WHERE record_id = ? AND event_id IS DISTINCT FROM ?",
                    [now, record_id, event_id],
                )
                changed += connection.execute(
                    "UPDATE record SET event_id = ? WHERE record_id = ? AND event_id IS DISTINCT FROM ?",
                    [event_id, record_id, event_id],
                )
            return changed

        return self._database.write("records", match)

    def last_labels(self, event_ids: Collection[str]) -> dict[str, LabelRow]:
        """Return the label that counts of each of some events that have one."""
        rows = self._database.rows(
            "SELECT event_id, arg_max(event_class, made_at), arg_max(author, made_at), epoch_ns(max(made_at)), "
            f"arg_max(comment, made_at) FROM label WHERE event_id IN {CHOSEN} GROUP BY event_id",
            chosen(event_ids),
        )
        return {
            event_id: LabelRow(
                event_id=event_id, event_class=event_class, author=author, made_at_ns=int(made_at), comment=comment
            )
            for event_id, event_class, author, made_at, comment in rows
        }

    def type_history(self, event_ids: Collection[str]) -> dict[str, set[str]]:
        """Return the types that catalogues have given each of some events, the present one among them."""
        wanted = chosen(event_ids)
        rows = self._database.rows(
            f"SELECT event_id, event_type FROM event WHERE event_id IN {CHOSEN} "
            f"UNION SELECT event_id, event_type FROM event_revision WHERE event_id IN {CHOSEN}",
            wanted,
            wanted,
        )
        found: dict[str, set[str]] = {}
        for event_id, event_type in rows:
            if event_type:
                found.setdefault(event_id, set()).add(event_type)
        return found

    def note_sources(self, sources: Sequence[tuple[str, str]]) -> int:
        """Note under which names contents came, and return how many of them were new.

        Parameters
        ----------
        sources : sequence of (str, str)
            The identity of a content, and the path of a file that has it.
        """
        now = time.time_ns()
        return self._add(SOURCE_FILE, "records", [(file_hash, path, now) for file_hash, path in sources])

    def source_paths(self) -> dict[str, list[str]]:
        """Return under which paths each content came."""
        found: dict[str, list[str]] = {}
        for file_hash, path in self._database.rows("SELECT file_hash, path FROM source_file ORDER BY seen_at, path"):
            found.setdefault(file_hash, []).append(path)
        return found

    def long_files(self, seconds: float) -> dict[str, str]:
        """Return the files of records that are longer, by the identity of their content."""
        rows = self._database.rows(
            "SELECT DISTINCT file_hash, file_name FROM record WHERE sample_count / sampling_rate_hz > ?", seconds
        )
        return dict(rows)
