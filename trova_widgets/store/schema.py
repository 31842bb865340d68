"""The version of a database, and its way to the present one: whole steps, or nothing of them."""

import time

from trova_widgets.errors import StoreError
from trova_widgets.store.connection import Connection
from trova_widgets.store.migrations import MIGRATIONS


def newest_version() -> int:
    """Return the version that this program reads and writes."""
    return len(MIGRATIONS)


def schema_version(connection: Connection) -> int:
    """Return the version of a database, 0 for an empty one."""
    if not connection.rows("SELECT 1 FROM duckdb_tables() WHERE table_name = 'schema_version'"):
        return 0
    return int(connection.rows("SELECT max(version) FROM schema_version")[0][0])


def check_version(version: int, name: str) -> None:
    """Refuse a database that a newer program has written.

    Raises
    ------
    StoreError
        When the version is beyond what this program knows.
    """
    if version > newest_version():
        raise StoreError(
            f"{name} has schema version {version}, and this Trova knows versions up to {newest_version()}; "
            "install the newer Trova that wrote it."
        )


def migrate(connection: Connection) -> None:
    """Bring a database to the present version, each step in a transaction of its own.

    Parameters
    ----------
    connection : Connection
        An embedded connection, outside a transaction.

    Raises
    ------
    StoreError
        When a step fails; the database then has the version of the last step that did not.
    """
    version = schema_version(connection)
    for number, steps in enumerate(MIGRATIONS[version:], start=version + 1):
        with connection.transaction():
            if number == 1:
                connection.execute(
                    "CREATE TABLE schema_version (version INTEGER PRIMARY KEY, applied_at TIMESTAMP_NS NOT NULL)"
                )
            for step in steps:
                if callable(step):
                    step(connection)
                else:
                    connection.execute(step)
            connection.execute("INSERT INTO schema_version VALUES (?, make_timestamp_ns(?))", (number, time.time_ns()))
