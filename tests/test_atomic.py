from pathlib import Path

import pytest

from trova_widgets import atomic
from trova_widgets.atomic import read_whole, replacing, write_atomically


def test_a_file_that_cannot_be_finished_leaves_the_old_one_and_nothing_else(tmp_path: Path) -> None:
    target = tmp_path / "journal.jsonl"
    write_atomically(target, b"old")

    def half() -> None:
        with replacing(target) as partial:
            partial.write_bytes(b"ne")
            raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space left"):
        half()
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


def test_the_new_content_stands_there_only_when_it_is_whole(tmp_path: Path) -> None:
    target = tmp_path / "events.csv"
    with replacing(target) as partial:
        partial.write_bytes(b"event_id")
        assert not target.exists()
        assert partial.parent == tmp_path
    assert target.read_bytes() == b"event_id"
    assert list(tmp_path.iterdir()) == [target]


def test_a_file_that_is_open_elsewhere_is_waited_for_where_the_system_wants_that(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on Windows, where somebody reads the old file for a moment."""
    target = tmp_path / "first.json"
    write_atomically(target, b"old")
    refusals = [PermissionError(13, "used by another process")] * 2
    put, read = Path.replace, Path.read_bytes

    def reluctantly(action):
        def act(*arguments):
            if refusals:
                raise refusals.pop()
            return action(*arguments)

        return act

    monkeypatch.setattr(Path, "replace", reluctantly(put))
    with pytest.raises(PermissionError):
        write_atomically(target, b"new")
    monkeypatch.setattr(atomic, "_IS_PATIENT", True)
    write_atomically(target, b"new")
    assert not refusals
    refusals.append(PermissionError(13, "used by another process"))
    monkeypatch.setattr(Path, "read_bytes", reluctantly(read))
    assert read_whole(target) == b"new"
    refusals += [PermissionError(13, "used by another process")] * 1000
    monkeypatch.setattr(atomic, "_PATIENCE_S", 0.05)
    with pytest.raises(PermissionError):
        read_whole(target)
