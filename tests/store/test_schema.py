"""Older databases are backed up and brought up to date; newer ones are left alone."""

import gzip
import math
import random
from pathlib import Path

import duckdb
import pytest

from tests.store.golden.make import golden
from tests.store.samples import event
from trova_widgets.errors import StoreError
from trova_widgets.store import Store, opening, schema
from trova_widgets.store.hidden import database_file

NEXT = ("ALTER TABLE event ADD COLUMN region VARCHAR DEFAULT 'nowhere'", "CREATE TABLE extra (name VARCHAR)")


NOW = schema.newest_version()


def with_migrations(monkeypatch: pytest.MonkeyPatch, *steps: tuple[str, ...]) -> None:
    monkeypatch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, *steps))


def backups(folder: Path) -> list[Path]:
    return sorted((folder / ".trova" / "backups").glob("*.duckdb"))


def test_an_older_database_is_backed_up_and_migrated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Store.create(tmp_path) as store:
        store.add_events([event()])
        columns = store.events().columns.tolist()
    assert backups(tmp_path) == []
    with_migrations(monkeypatch, NEXT)
    with Store.open(tmp_path) as store:
        assert store.events()["region"].tolist() == ["nowhere"]
        assert store._database.rows("SELECT version FROM schema_version ORDER BY version") == [
            (number,) for number in range(1, NOW + 2)
        ]
    (backup,) = backups(tmp_path)
    with duckdb.connect(str(backup), read_only=True) as old:
        assert old.execute("SELECT max(version) FROM schema_version").fetchall() == [(NOW,)]
        assert old.execute("SELECT event_id FROM event").fetchall() == [("e0",)]
    monkeypatch.undo()
    with pytest.raises(StoreError, match=rf"schema version {NOW + 1}, and this Trova knows versions up to {NOW}"):
        Store.open(tmp_path)
    assert "region" not in columns


def test_a_workspace_of_version_1_opens_with_all_that_it_holds(tmp_path: Path) -> None:
    """The file was made once, by ``tests/store/golden/make.py``."""
    before = gzip.decompress(golden(1).read_bytes())
    database_file(tmp_path).write_bytes(before)
    with Store.open(tmp_path) as store:
        records = store.records().set_index("record_id")
        assert records[["onset_s", "snr_db"]].loc["r0"].tolist() == [30.0, 4.5], "the analyst's, and the latest"
        assert records.loc["r1", "onset_s"] == 12.25 and math.isnan(records.loc["r1", "snr_db"])
        assert records.loc["r2", ["onset_s", "snr_db"]].isna().all()
        assert records["event_class"].tolist()[:2] == ["earthquake", "earthquake"]
        assert len(store.parameters("r0")) == 4 and len(store.labels()) == 2
        assert store.events().set_index("event_id").loc["e1", "source"] == 'O\'Brien; -- "catalogue"'
        assert store.fingerprints()["bits"].map(len).tolist() == [512, 512]
        assert store.trial("t0").confusion == [[5, 1], [0, 4]]
        assert store.experiment_totals()["finished_count"].tolist() == [1]
        assert store.annotations("t0")["text"].tolist() == ["Look again."]
        store.add_events([event("e2")])
    (backup,) = backups(tmp_path)
    with duckdb.connect(str(backup), read_only=True) as old:
        assert old.execute("SELECT max(version) FROM schema_version").fetchall() == [(1,)]
        assert old.execute("SELECT count(*) FROM parameter").fetchall() == [(5,)]


def test_a_step_that_fails_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Store.create(tmp_path) as store:
        store.add_events([event()])
    with monkeypatch.context() as broken:
        with_migrations(broken, NEXT, ("CREATE TABLE half (name VARCHAR)", "ALTER TABLE nowhere ADD COLUMN a INTEGER"))
        with pytest.raises(StoreError, match="nowhere"):
            Store.open(tmp_path)
    with duckdb.connect(str(database_file(tmp_path))) as session:
        tables = {name for (name,) in session.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
        assert session.execute("SELECT max(version) FROM schema_version").fetchall() == [(NOW + 1,)]
    assert "extra" in tables and "half" not in tables
    with_migrations(monkeypatch, NEXT)
    with Store.open(tmp_path) as store:
        assert len(store.events()) == 1


def test_a_snapshot_of_an_older_version_is_brought_up_to_date_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a folder that may only be read nobody could do that to the database."""
    with Store.create(tmp_path) as store:
        store.add_events([event()])
    before = database_file(tmp_path).read_bytes()
    with_migrations(monkeypatch, NEXT)
    with Store.open_snapshot(tmp_path) as snapshot:
        assert snapshot.read_only and snapshot.events()["region"].tolist() == ["nowhere"]
    assert database_file(tmp_path).read_bytes() == before
    monkeypatch.undo()
    with_migrations(monkeypatch)
    monkeypatch.setattr(schema, "MIGRATIONS", schema.MIGRATIONS[:-1])
    with pytest.raises(StoreError, match="install the newer Trova"):
        Store.open_snapshot(tmp_path)


def test_a_file_that_cannot_be_copied_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be copied"):
        opening._copy(tmp_path / "nowhere", tmp_path / "copy")


def test_any_beginning_of_the_log_is_read_up_to_a_whole_transaction(tmp_path: Path) -> None:
    """A snapshot is copied while another process writes, so that the copied log may end anywhere."""
    chance = random.Random(3)
    with Store.create(tmp_path / "study") as store:
        for number in range(60):
            store.annotate("a", str(number), "me")
        file = database_file(tmp_path / "study")
        main, log = file.read_bytes(), file.with_name(file.name + ".wal").read_bytes()
    copy = tmp_path / "copy"
    copy.mkdir()
    counts = set()
    for end in [0, len(log), *(chance.randrange(len(log)) for _ in range(20))]:
        database_file(copy).write_bytes(main)
        database_file(copy).with_name(file.name + ".wal").write_bytes(log[:end])
        session = opening._open_for_reading(database_file(copy))
        texts = [int(text) for (text,) in session.rows("SELECT text FROM annotation ORDER BY made_at")]
        assert texts == list(range(len(texts)))
        assert session.rows("SELECT count(*) FROM change") == [(len(texts),)], "each note with its change"
        session.close()
        counts.add(len(texts))
    assert max(counts) == 60 and len(counts) > 5


def test_a_snapshot_sees_the_log_and_not_what_comes_later(tmp_path: Path) -> None:
    with Store.create(tmp_path) as store:
        store.add_events([event("e0")])
        with Store.open_snapshot(tmp_path) as snapshot:
            store.add_events([event("e1")])
            assert snapshot.events()["event_id"].tolist() == ["e0"]
            copies = Path(snapshot._database._connection._session.execute("PRAGMA database_list").fetchall()[0][2])
        assert not copies.exists()
        store.add_events([event("e2")])
        assert len(store.events()) == 3, "the copying did not take the file away"
