"""The same tests for a store whose file is open here and for one whose owner is another process."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from trova_widgets.store import Store, stop_owner


@pytest.fixture(scope="session")
def shared_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    folder = tmp_path_factory.mktemp("shared") / "study"
    with Store.create(folder) as store:
        store.share()
        yield store
    stop_owner(folder)


@pytest.fixture(params=["embedded", "shared"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty store; the shared one is emptied, because starting an owner takes a second."""
    if request.param == "embedded":
        with Store.create(tmp_path / "study") as embedded:
            yield embedded
        return
    shared: Store = request.getfixturevalue("shared_store")
    assert shared.shared
    for (table,) in shared._database.rows("SELECT table_name FROM duckdb_tables()"):
        if table != "schema_version":
            shared._database.run(lambda connection, table=table: connection.execute(f"DELETE FROM {table}"))
    yield shared


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder for a workspace, without an owner process at the end."""
    folder = tmp_path / "study"
    yield folder
    if folder.exists():
        stop_owner(folder)
