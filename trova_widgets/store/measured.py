"""The values that count of what was measured on each record, kept together beside their history.

The table ``parameter`` is the history: every value ever found or set. Turning it into a column a parameter takes a
second for 100,000 records, so ``measured`` holds the outcome, a list a record in the order of ``parameter_name``. Each
transaction that appends to the history brings it up to date; `checking` compares the two.
"""

from collections.abc import Iterable, Mapping

from trova_widgets.store.connection import Connection
from trova_widgets.store.literals import literal
from trova_widgets.store.tables import CHOSEN, Table, chosen

_MEASURED = Table(name="measured", columns={"record_id": "VARCHAR", "values": "DOUBLE[]"})
_PARAMETER_NAME = Table(name="parameter_name", columns={"code": "INTEGER", "name": "VARCHAR"})


def parameter_codes(connection: Connection) -> dict[str, int]:
    """Return the place of each parameter in a record's list of values, from 1, by the parameters' names."""
    return dict(connection.rows("SELECT name, code FROM parameter_name ORDER BY name"))


def note_names(connection: Connection, names: Iterable[str]) -> None:
    """Give each new name of a parameter its place."""
    known = parameter_codes(connection)
    new = sorted(set(names) - set(known))
    if new:
        _PARAMETER_NAME.insert(connection, [[len(known) + count, name] for count, name in enumerate(new, start=1)])


def note_values(connection: Connection, record_ids: Iterable[str]) -> None:
    """Bring the values of some records up to date with their history, whose names have been noted."""
    connection.execute(
        f"""INSERT INTO measured {values_that_count(connection, f"WHERE record_id IN {CHOSEN}")}
            ON CONFLICT (record_id) DO UPDATE SET "values" = excluded."values" """,
        [chosen(record_ids)],
    )


def note_first_values(connection: Connection, found: Mapping[str, Mapping[str, float]]) -> None:
    """Keep what was found on records that have no history before it.

    Parameters
    ----------
    connection : Connection
        Within a transaction.
    found : mapping of str to mapping
        For each record the values by the parameters' names, which have been noted.
    """
    names = sorted(codes := parameter_codes(connection), key=codes.__getitem__)
    _MEASURED.insert(
        connection, [[record_id, [values.get(name) for name in names]] for record_id, values in found.items()]
    )


def values_that_count(connection: Connection, where: str = "") -> str:
    """Return the query for a list of values a record: the analyst's latest, or else the latest found one."""
    codes = parameter_codes(connection)
    values = ", ".join(
        f"""coalesce(arg_max(value, made_at) FILTER (name = {literal(name)} AND source = 'analyst'),
            arg_max(value, made_at) FILTER (name = {literal(name)} AND source = 'found'))"""
        for name in sorted(codes, key=codes.__getitem__)
    )
    return f"""SELECT record_id, [{values}]::DOUBLE[] AS "values" FROM parameter {where} GROUP BY record_id"""
