"""How many changes there were is asked for again when the database's files were written, or after some seconds."""

import os
import sys
import time
from pathlib import Path

import pytest

from trova_widgets.store import Store, unwritten
from trova_widgets.store.hidden import database_file
from trova_widgets.store.unwritten import Unwritten


def long_ago(folder: Path) -> None:
    """Let the files have been written some time ago."""
    file = database_file(folder)
    for each in (file, file.with_name(f"{file.name}.wal")):
        if each.exists():
            os.utime(each, (time.time() - 60, time.time() - 60))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows tells when a file was written only once it is closed")
def test_an_answer_holds_until_something_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def question() -> int:
        asked.append(1)
        return len(asked)

    with Store.create(tmp_path / "study") as store:
        kept = Unwritten[int](tmp_path / "study")
        assert (kept.ask(question), kept.ask(question)) == (1, 2), "written a moment ago: it may not be seen yet"
        long_ago(tmp_path / "study")
        assert (kept.ask(question), kept.ask(question), kept.ask(question)) == (3, 3, 3)
        store.annotate("t0", "a remark", "me")
        assert kept.ask(question) == 4
        long_ago(tmp_path / "study")
        assert kept.ask(question) == 5
        monkeypatch.setattr(unwritten, "_HOLDS_S", 0.0)
        assert kept.ask(question) == 6, "the process that has the database may have ended"


def test_every_change_is_counted(tmp_path: Path) -> None:
    with Store.create(tmp_path / "study") as store:
        for count in range(3):
            before = store.revision()
            long_ago(tmp_path / "study")
            assert store.revision() == before
            store.annotate("t0", f"remark {count}", "me")
            assert store.revision() == before + 1
