"""Make the database of an older version that the tests open: ``python -m tests.store.golden.make VERSION``.

Run once for each version, when it has been released: the file then stays as it is, as the databases out there do. The
tables are those of the first migrations; ``version-N.sql`` fills every one of them as that version did.
"""

import gzip
import sys
import tempfile
from pathlib import Path

from trova_widgets.store.connection import EmbeddedConnection
from trova_widgets.store.migrations import MIGRATIONS


def golden(version: int, kind: str = "duckdb.gz") -> Path:
    """Return the compressed database of a version, or the file with its rows (``"sql"``)."""
    return Path(__file__).with_name(f"version-{version}.{kind}")


def make(version: int) -> None:
    """Write the database of a version."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "trova.duckdb"
        connection = EmbeddedConnection(path)
        connection.execute(
            "CREATE TABLE schema_version (version INTEGER PRIMARY KEY, applied_at TIMESTAMP_NS NOT NULL)"
        )
        for number, statements in enumerate(MIGRATIONS[:version], start=1):
            for statement in statements:
                connection.execute(statement)
            connection.execute("INSERT INTO schema_version VALUES (?, make_timestamp_ns(1))", [number])
        connection.execute(golden(version, "sql").read_text(encoding="utf-8"))
        connection.close()
        golden(version).write_bytes(gzip.compress(path.read_bytes(), mtime=0))


if __name__ == "__main__":
    make(int(sys.argv[1]))
