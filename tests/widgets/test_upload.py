"""What can be uploaded has an end, which the kernel sets and no message moves."""

from pathlib import Path

import pytest

from trova_widgets.widgets.upload import LIMIT_VARIABLE, MOST_FILES, Upload

MEGABYTE = memoryview(bytes(1_000_000))


@pytest.fixture
def upload(monkeypatch: pytest.MonkeyPatch) -> Upload:
    """A field that takes three megabytes."""
    monkeypatch.setenv(LIMIT_VARIABLE, "3")
    return Upload()


def files(upload: Upload) -> list[Path]:
    """Return what lies in its folder."""
    return [path for path in Path(upload._folder.name).rglob("*") if path.is_file()]


def send(upload: Upload, megabytes: int, name: str = "day.mseed") -> None:
    """Send a file of so many megabytes."""
    upload.vue_begin()
    for k in range(megabytes):
        upload.vue_piece({"name": name, "number": 0, "offset": k * len(MEGABYTE)}, [MEGABYTE])
    upload.vue_chosen_all([{"name": name, "number": 0}])


def test_what_is_too_much_is_refused_in_words_and_leaves_nothing(upload: Upload) -> None:
    send(upload, 3)
    assert [path.stat().st_size for path in upload.paths] == [3_000_000]
    send(upload, 5)
    assert upload.lost.startswith("That is more than 3 MB or 5,000 files at once; choose fewer")
    assert upload.paths == []
    assert [path.stat().st_size for path in files(upload)] == [3_000_000], "what was chosen before may still be read"


def test_a_message_does_not_move_the_end(upload: Upload) -> None:
    upload.set_state({"most_mb": 1e9, "most_files": 10**9})
    send(upload, 5)
    assert upload.lost.startswith("That is more than 3 MB")


def test_no_more_than_two_choices_lie_on_the_disk(upload: Upload) -> None:
    for _ in range(5):
        send(upload, 2)
    assert len(files(upload)) == 2
    # a piece of a choice that was never begun, or was given up, is not kept
    upload.vue_piece({"name": "more", "number": 1, "offset": 0}, [MEGABYTE])
    assert len(files(upload)) == 2


def test_the_number_of_files_has_an_end(upload: Upload) -> None:
    upload.vue_begin()
    for number in range(MOST_FILES + 1):
        upload.vue_piece({"name": "a", "number": number, "offset": 0}, [memoryview(b"")])
    assert upload.lost
    assert files(upload) == []
