"""One owner at a time, whoever comes, goes or dies."""

import gzip
import os
import shutil
import signal
import stat
import threading
from pathlib import Path

import duckdb
import pytest

from tests.store.golden.make import golden
from tests.store.processes import (
    SPAWN,
    another_process,
    hold,
    leave_at_once,
    own_as_before,
    wait_for,
    write_parameters,
    write_trials,
)
from tests.store.samples import event, fill, record, trial
from trova_widgets.errors import StoreError, TrovaWarning
from trova_widgets.processes import identity_of_process
from trova_widgets.store import Store, connection, schema, shared_session, sharing, stop_owner
from trova_widgets.store.hidden import (
    OwnerAddress,
    asked_to_share,
    database_file,
    file_identity,
    read_owner,
    write_owner,
)


def owner_pid(folder: Path) -> int:
    address = read_owner(folder)
    assert address is not None
    return address.pid


def test_a_store_that_is_shared_goes_on_as_before(folder: Path) -> None:
    with Store.create(folder) as store:
        fill(store)
        before = store.records()
        assert not store.shared
        store.share()
        store.share()
        assert store.shared and owner_pid(folder) != os.getpid()
        assert store.records().equals(before)
        with Store.open(folder) as second:
            second.add_events([event("e1")])
            assert len(store.events()) == 2


def test_only_the_user_can_read_the_owner_s_secret(folder: Path) -> None:
    with Store.create(folder) as store:
        store.share()
        hidden = folder / ".trova"
        assert stat.S_IMODE((hidden / "owner.json").stat().st_mode) == 0o600
        assert stat.S_IMODE(hidden.stat().st_mode) == 0o700
        address = read_owner(folder)
        assert address is not None and len(address.token) >= 32
        with pytest.raises(connection.ConnectionLost):
            connection.RemoteConnection(address.port, "another token")


def test_a_proxy_of_the_environment_is_not_asked(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with Store.create(folder) as store:
        store.share()
        assert store.revision() == 0


def test_a_notebook_that_has_the_file_hands_it_over(folder: Path) -> None:
    Store.create(folder).close()
    with another_process(hold, folder) as holder:
        with Store.open(folder) as store:
            assert store.shared and owner_pid(folder) not in (os.getpid(), holder.pid)
            count = len(store.annotations("held"))
            wait_for(lambda: len(store.annotations("held")) > count + 5)
            noted = store.annotations("held")["text"].astype(int).tolist()
            assert noted == list(range(len(noted))), "the holder goes on, and nothing it wrote is lost"
        assert holder.is_alive()
        assert not asked_to_share(folder)


def test_a_process_that_does_not_answer_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared_session, "_PATIENCE_S", 1.0)
    Store.create(folder).close()
    with another_process(hold, folder) as holder:
        assert holder.pid is not None
        os.kill(holder.pid, signal.SIGSTOP)
        for shared in (False, True):
            with pytest.raises(StoreError, match=rf"process {holder.pid}\b.*open_snapshot"):
                Store.open(folder, shared=shared)
        with Store.open_snapshot(folder) as snapshot:
            assert len(snapshot.annotations("held")) >= 1
            with pytest.raises(StoreError, match="read-only"):
                snapshot.annotate("held", "no", "reader")
            with pytest.raises(StoreError, match="cannot be shared"):
                snapshot.share()
    with Store.open(folder) as store:
        assert not store.shared, "the process is gone, the file is free"


def test_a_dead_owner_is_replaced_and_no_row_is_lost(folder: Path) -> None:
    with Store.create(folder) as store:
        fill(store)
        store.share()
        for number in range(2):
            store.add_trials([trial(f"t{number}")])
            dead = owner_pid(folder)
            os.kill(dead, signal.SIGKILL)
            assert store.finished([f"t{i}" for i in range(9)]) == {f"t{i}" for i in range(number + 1)}
            assert store.shared and owner_pid(folder) != dead


def test_an_open_transaction_dies_with_its_owner_and_is_done_again(folder: Path) -> None:
    with Store.create(folder) as store:
        store.share()
        attempts = []

        def work(session: connection.Connection) -> int:
            session.execute("INSERT INTO annotation VALUES ('a', 'b', 'c', make_timestamp_ns(1))")
            attempts.append(owner_pid(folder))
            if len(attempts) == 1:
                os.kill(attempts[0], signal.SIGKILL)
            return int(session.rows("SELECT count(*) FROM annotation")[0][0])

        assert store._database.write("annotations", work) == 1
        assert len(attempts) == 2 and attempts[0] != attempts[1]
        assert len(store.annotations("a")) == 1 and store.revision() == 1


def test_two_processes_write_at_once(folder: Path) -> None:
    """Every trial is there once, every note of both is there."""
    Store.create(folder).close()
    start, count = SPAWN.Event(), 25
    with (
        another_process(write_trials, folder, start, "ann", count) as ann,
        another_process(write_trials, folder, start, "bob", count) as bob,
        Store.open(folder, shared=True) as store,
    ):
        start.set()
        revisions = [store.revision()]
        while ann.is_alive() or bob.is_alive():
            revisions.append(store.revision())
        ann.join()
        bob.join()
        assert ann.exitcode == bob.exitcode == 0
        assert revisions == sorted(revisions)
        attempts = store._database.rows("SELECT trial_id, attempt, state FROM trial")
        assert sorted(attempts) == sorted((f"t{i}", 1, "finished") for i in range(count))
        for author in ("ann", "bob"):
            assert store.annotations(author)["text"].astype(int).tolist() == list(range(count))
        assert store.revision() == 4 * count


def test_two_who_append_the_same_values_append_them_once(folder: Path) -> None:
    """The table has no key of its own: that it has each row once rests on the values that both of them renew."""
    with Store.create(folder) as store:
        store.add_records([record("r0", None)])
    start, count = SPAWN.Event(), 25
    with (
        another_process(write_parameters, folder, start, count) as ann,
        another_process(write_parameters, folder, start, count) as bob,
        Store.open(folder, shared=True) as store,
    ):
        start.set()
        ann.join()
        bob.join()
        assert ann.exitcode == bob.exitcode == 0
        assert store.parameters("r0")["value"].tolist() == list(range(count))
        assert store.stale_values() == []


def test_an_owner_of_an_older_program_makes_way(folder: Path) -> None:
    """It was started before an update and would go on with its own tables, as long as somebody needs it."""
    folder.mkdir()
    database_file(folder).write_bytes(gzip.decompress(golden(1).read_bytes()))
    with another_process(own_as_before, folder, 1) as older:
        assert owner_pid(folder) == older.pid
        # a child that nobody waits for would stay in the process table
        waiting = threading.Thread(target=older.join)
        waiting.start()
        with Store.open(folder, shared=True) as store:
            waiting.join()
            assert older.exitcode == 0
            newest = [(schema.newest_version(),)]
            assert store._database.rows("SELECT max(version) FROM schema_version") == newest
            assert len(store.records()) == 3


def test_an_owner_of_a_newer_program_is_left_alone(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Store.create(folder) as store:
        store.share()
        monkeypatch.setattr(schema, "MIGRATIONS", schema.MIGRATIONS[:-1])
        with pytest.raises(StoreError, match="install the newer Trova"):
            sharing.attach(folder)


def test_an_owner_that_nobody_needs_leaves(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A client that died without a word does not keep it."""
    # a client that is held up for a second or two on a busy machine is still alive
    monkeypatch.setenv("TROVA_OWNER_IDLE_S", "6")
    monkeypatch.setattr(shared_session, "_HEARTBEAT_S", 0.2)
    with Store.create(folder) as store:
        store.share()
        pid = owner_pid(folder)
        with another_process(leave_at_once, folder):
            threading.Event().wait(8.0)
        assert owner_pid(folder) == pid, "its living client says that it is needed"
    wait_for(lambda: read_owner(folder) is None and not identity_of_process(pid).is_alive)


def test_stores_of_one_process_share_one_session(folder: Path) -> None:
    first = Store.create(folder)
    second = Store.open(folder)
    first.annotate("a", "from the first", "me")
    first.close()
    assert second.annotations("a")["text"].tolist() == ["from the first"]
    with Store.open(folder, shared=True) as third:
        assert second.shared and third.shared
    assert second.revision() == 1
    second.close()
    with pytest.raises(StoreError, match="was closed"):
        second.revision()
    second.close()


def test_a_forgotten_store_lets_the_file_go(folder: Path) -> None:
    Store.create(folder)
    duckdb.connect(str(database_file(folder)), config={"threads": 1}).close()


def test_threads_share_a_store(store: Store) -> None:
    def write(author: str) -> None:
        for number in range(20):
            store.annotate(author, str(number), author)
            assert len(store.annotations(author)) == number + 1

    threads = [threading.Thread(target=write, args=(name,)) for name in ("ann", "bob", "eve")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(store.annotations()) == store.revision() == 60


def test_a_copied_workspace_has_its_own_owner(folder: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    with Store.create(folder) as store:
        store.share()
        store.annotate("a", "original", "me")
        shutil.copytree(folder, copy)
        with Store.open(copy) as other:
            other.annotate("a", "copy", "me")
            assert not other.shared
        assert store.annotations("a")["text"].tolist() == ["original"]


def test_an_old_address_is_no_owner(folder: Path) -> None:
    Store.create(folder).close()
    write_owner(
        folder,
        OwnerAddress(
            pid=os.getpid(), port=1, token="t" * 32, reading_token="r" * 32, file=file_identity(database_file(folder))
        ),
    )
    assert stop_owner(folder) is False, "and this very process, whose number it has, is left alone"
    with Store.open(folder) as store:
        assert not store.shared


def test_stopping_the_owner_loses_nothing(folder: Path) -> None:
    with Store.create(folder) as store:
        store.share()
        store.annotate("a", "b", "c")
        assert stop_owner(folder)
        assert read_owner(folder) is None
        assert len(store.annotations("a")) == 1, "the client has started another one"
        assert stop_owner(folder)
    assert stop_owner(folder) is False


def test_without_the_extension_the_file_stays_where_it_is(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TROVA_OWNER_IDLE_S", "1")
    with Store.create(folder) as store:
        monkeypatch.setattr(connection, "_EXTENSIONS", ("httpfs", "nowhere"))
        with pytest.raises(StoreError, match=r"'nowhere'.*cannot be loaded.*Store\.open_snapshot"):
            store.share()
        monkeypatch.undo()
        store.annotate("a", "b", "c")
        assert not store.shared
    assert stop_owner(folder) is False


def test_without_the_extension_a_taken_file_is_read_from_a_copy(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Store.create(folder).close()
    with another_process(hold, folder) as holder:
        monkeypatch.setattr(connection, "_EXTENSIONS", ("nowhere",))
        for shared in (False, True):
            said = rf"is open in process {holder.pid}\..*'nowhere'.*cannot be loaded.*read from a copy"
            with pytest.warns(TrovaWarning, match=said), Store.open(folder, shared=shared) as copy:
                assert copy.read_only and not copy.shared
                assert len(copy.annotations("held")) >= 1
                with pytest.raises(StoreError, match=r"read-only copy.*end that process"):
                    copy.annotate("held", "no", "reader")
    assert not asked_to_share(folder), "nobody was asked for what could not be done"


def test_without_the_extension_a_free_file_is_opened_here(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Store.create(folder).close()
    monkeypatch.setattr(connection, "_EXTENSIONS", ("nowhere",))
    with pytest.warns(TrovaWarning, match="has the workspace alone"), Store.open(folder, shared=True) as store:
        store.annotate("a", "b", "c")
        assert not store.shared and not store.read_only
    with Store.open(folder) as store:
        assert len(store.annotations("a")) == 1


def test_what_is_no_workspace_is_refused(tmp_path: Path) -> None:
    for open_store in (Store.open, Store.open_snapshot):
        with pytest.raises(StoreError, match="is no workspace"):
            open_store(tmp_path / "nowhere")
    Store.create(tmp_path / "study").close()
    with pytest.raises(StoreError, match="is a workspace already"):
        Store.create(tmp_path / "study")
    (tmp_path / "bad").mkdir()
    database_file(tmp_path / "bad").write_bytes(b"no database" * 1000)
    with pytest.raises(StoreError, match="is not a workspace's database"):
        Store.open(tmp_path / "bad")
    with pytest.raises(StoreError, match="is not a workspace's database"):
        Store.open(tmp_path / "bad", shared=True)
