from pathlib import Path

import pytest

from trova_widgets.atomic import replacing, write_atomically


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
