"""Imports in a process of their own, to be killed or to run out of disk, and what a workspace then holds.

As a program, ``python -m tests.workspace.interrupting STUDY ARCHIVE WORKERS``, it is that process.
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.benchmarks.archives import make_archive
from trova_widgets.identity import identity_of_bytes
from trova_widgets.store import Store

READY = "ready"
FILES = 120
FILES_PER_TRANSACTION = 15
# tables that only tell of the moments at which something was done
_OF_MOMENTS = {"change", "schema_version"}


def archive_with_a_cut_file(folder: Path) -> Path:
    """Make an archive in which one file ends in the middle of its samples, and another has lost its first bytes."""
    make_archive(folder, FILES)
    files = sorted(folder.rglob("*.mseed"))
    files[7].write_bytes(files[7].read_bytes()[:9000])
    files[70].write_bytes(files[70].read_bytes()[100:])
    return folder


@contextmanager
def importing(study: Path, archive: Path, workers: int) -> Iterator[subprocess.Popen[str]]:
    """Start an import and go on when its first file is about to be read."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.workspace.interrupting", str(study), str(archive), str(workers)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == READY, process.stderr.read() if process.stderr else ""
        yield process
    finally:
        process.kill()
        process.communicate()


def run_to_the_end(study: Path, archive: Path, workers: int = 1) -> str:
    """Import, wait for the end, and return what was written on the error channel; empty when all went well."""
    with importing(study, archive, workers) as process:
        _, errors = process.communicate(timeout=600)
        assert (process.returncode == 0) == (not errors), errors
        return errors


def contents(study: Path) -> dict[str, Any]:
    """Return everything that a workspace holds but the moments at which it came: rows by table, files by name."""
    held: dict[str, Any] = {}
    with Store.open(study) as store:
        tables = store._database.rows(
            """SELECT table_name, list(column_name ORDER BY column_index) FROM duckdb_columns()
            WHERE table_name IN (SELECT table_name FROM duckdb_tables()) GROUP BY table_name"""
        )
        for table, columns in sorted(tables):
            if table not in _OF_MOMENTS:
                # a record's values end where no later name was known yet
                kept = ", ".join(
                    f"rtrim(\"{name}\"::VARCHAR, ', NUL]')" if table == "measured" and name == "values" else f'"{name}"'
                    for name in columns
                    if name not in ("made_at", "created_at", "seen_at", "replaced_at")
                )
                held[table] = sorted(map(repr, store._database.rows(f"SELECT {kept} FROM {table}")))
    for path in sorted((study / "waveforms").rglob("*")):
        if path.is_file():
            held[path.relative_to(study).as_posix()] = identity_of_bytes(path.read_bytes())
    return held


def main() -> None:
    """Import an archive in small transactions, with workers however few its files are."""
    from trova_widgets.errors import TrovaError
    from trova_widgets.workspace import Workspace, importing, reading

    study, archive, workers = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    importing._FILES_PER_TRANSACTION = FILES_PER_TRANSACTION
    reading._WORTH_WORKERS = 0
    try:
        with Workspace.open(study) as workspace:
            print(READY, flush=True)
            workspace.import_records(
                archive, catalog=archive / "catalog.xml", workers=workers, progress=lambda items, label, total: items
            )
    except TrovaError as error:
        sys.exit(f"{type(error).__name__}: {error}")


if __name__ == "__main__":
    main()
