"""A file that a person has named is written, or a sentence says why not."""

from pathlib import Path

import pytest

from trova_widgets.errors import StoreError
from trova_widgets.workspace.paths import write_named


def test_what_is_written_stands_where_it_was_named(tmp_path: Path) -> None:
    assert write_named(tmp_path / "report.html", b"<p>") == tmp_path / "report.html"
    assert (tmp_path / "report.html").read_bytes() == b"<p>"


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"nowhere/report\.html cannot be written: .*; name another file"):
        write_named(tmp_path / "nowhere" / "report.html", b"<p>")
