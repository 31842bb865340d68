"""A visitor's session: it reads what everybody reads, and the owner itself refuses to change anything for it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.store.samples import event, fill
from trova_widgets.errors import StoreError
from trova_widgets.store import Store, stop_owner
from trova_widgets.store.connection import RemoteConnection
from trova_widgets.store.hidden import read_owner
from trova_widgets.store.reading_only import only_reads

CHANGES = (
    "INSERT INTO change VALUES (make_timestamp_ns(1), 'x')",
    "UPDATE event SET magnitude = 9",
    "DELETE FROM event",
    "DROP TABLE event",
    "CREATE TABLE mine (a INT)",
    "ALTER TABLE event ADD COLUMN mine INT",
    "BEGIN TRANSACTION; DELETE FROM event; COMMIT",
    "CHECKPOINT",
    "SET memory_limit = '1GB'",
    "COPY event TO '/tmp/trova-stolen.csv'",
    "ATTACH ':memory:' AS mine",
    "INSTALL httpfs",
    "CALL quack_serve('quack:127.0.0.1:1', token = 'mine')",
    "FROM quack_serve('quack:127.0.0.1:1', token = 'mine')",
    "SELECT 1; DELETE FROM event",
    "WITH gone AS (SELECT 1) DELETE FROM event",
    "EXPLAIN ANALYZE DELETE FROM event",
    "PREPARE gone AS DELETE FROM event",
    "PRAGMA disable_checkpoint_on_shutdown",
)


@pytest.fixture(scope="module")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A workspace that an owner process shares."""
    folder = tmp_path_factory.mktemp("visited") / "study"
    with Store.create(folder) as store:
        fill(store)
        store.share()
        yield folder
    stop_owner(folder)


@pytest.mark.parametrize("sql", CHANGES)
def test_the_owner_refuses_whatever_is_sent_with_the_secret_for_reading(shared_folder: Path, sql: str) -> None:
    address = read_owner(shared_folder)
    assert address is not None
    session = RemoteConnection(address.port, address.reading_token)
    assert session.rows("SELECT count(*) FROM event") == [(1,)]
    with pytest.raises(StoreError, match="visitor changes nothing"):
        session.rows(sql)
    assert session.rows("SELECT count(*) FROM event") == [(1,)]
    session.close()


def test_nobody_comes_in_without_a_secret(shared_folder: Path) -> None:
    address = read_owner(shared_folder)
    assert address is not None and address.token != address.reading_token
    for wrong in ("", "another", address.token[:-1], address.token + "x", "'; DROP TABLE event; --"):
        with pytest.raises(StoreError):
            RemoteConnection(address.port, wrong)


def test_a_visitor_reads_what_is_written_meanwhile_and_becomes_an_analyst(shared_folder: Path) -> None:
    with Store.open(shared_folder) as analyst, Store.open(shared_folder, shared=True, reading=True) as visitor:
        assert visitor.read_only and visitor.for_a_visitor and not analyst.read_only
        with pytest.raises(StoreError, match="visitor changes nothing"):
            visitor.annotate("r0", "mine", "a visitor")
        analyst.annotate("r0", "a remark", "ada")
        assert visitor.annotations("r0")["text"].tolist() == ["a remark"]
        visitor.allow_writing()
        assert not visitor.read_only
        visitor.annotate("r0", "another", "bob")
        assert len(analyst.annotations("r0")) == 2
        with Store.open(shared_folder, shared=True, reading=True) as next_visitor:
            assert next_visitor.read_only


def test_a_file_that_is_open_here_is_guarded_as_well(tmp_path: Path) -> None:
    folder = tmp_path / "study"
    Store.create(folder).close()
    with Store.open(folder, reading=True) as visitor:
        assert not visitor.shared
        with pytest.raises(StoreError, match="visitor changes nothing"):
            visitor.add_events([event("e1")])
        with pytest.raises(StoreError, match="visitor changes nothing"):
            visitor._database.run(lambda session: session.execute("DROP TABLE event"))
        assert visitor.events().empty


@pytest.mark.parametrize("sql", CHANGES)
def test_what_changes_is_told_from_what_reads(sql: str) -> None:
    assert not only_reads(sql)


@pytest.mark.parametrize(
    "sql",
    ["SELECT 1", "FROM event", "WITH a AS (SELECT 1) FROM a", "VALUES (1)", "BEGIN TRANSACTION", "COMMIT", "SELEKT 1"],
)
def test_what_reads_is_let_through(sql: str) -> None:
    assert only_reads(sql)
