"""Files that a table ties to events: by paths of this machine or of another one, by names, and by none of both."""

from pathlib import Path

import pytest

from trova_widgets.records.catalogues.tables import FileLink
from trova_widgets.records.events import SeismicEvent
from trova_widgets.records.listed_files import ListedFiles


def _listed(*rows: str, folder: Path | None = None) -> ListedFiles:
    events = (SeismicEvent(event_id=f"E{number}") for number in range(len(rows)))
    return ListedFiles([FileLink(file=row, event=event) for row, event in zip(rows, events, strict=True)], folder)


@pytest.mark.parametrize(
    ("rows", "path", "row", "is_whole", "is_alike"),
    [
        (["C:/arch/2020/r1.mseed", "C:/arch/2021/r1.mseed"], "/data/2021/r1.mseed", 1, True, False),
        (["/home/ann/2020/r1.mseed", "/home/ann/2021/r1.mseed"], "/data/2022/r1.mseed", None, False, False),
        (["r1.mseed", "r2.mseed"], "/data/2022/r2.mseed", 1, False, False),
        (["R1.MSEED"], "/data/r1.mseed", 0, False, True),
        (["r1"], "/data/r1.mseed", 0, False, True),
        (["2021/R1"], "/data/2021/r1.mseed", 0, True, True),
        (["r2.mseed"], "/data/r1.mseed", None, False, False),
        (["a/r1.mseed", "b/r1.mseed"], "/data/r1.mseed", None, False, False),
    ],
)
def test_a_file_is_found_by_the_end_of_its_path(rows, path, row, is_whole, is_alike):
    found = _listed(*rows).match(Path(path))
    if row is None:
        assert found is None
    else:
        assert found is not None
        assert (str(found.row), found.is_whole, found.is_alike) == (rows[row], is_whole, is_alike)


def test_a_row_whose_own_file_is_there_means_no_other_file(tmp_path):
    for year in ("2020", "2021"):
        (tmp_path / year).mkdir()
        (tmp_path / year / "r1.mseed").touch()
    listed = _listed("2020/r1.mseed", folder=tmp_path)
    assert listed.match(tmp_path / "2020" / "r1.mseed") is not None
    assert listed.match(tmp_path / "2021" / "r1.mseed") is None
