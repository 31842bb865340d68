"""What a browser sends: names that lead elsewhere, pickles, and the files of one data set."""

from pathlib import Path

import pytest

from tests.hostile.contents import pickled
from tests.hostile.making import sound
from tests.records.test_seisbench import GOLDEN
from trova_widgets import Workspace
from trova_widgets.widgets.upload import Upload

NAMES = [
    "../../escaped.mseed",
    "/etc/passwd",
    "..\\..\\escaped.mseed",
    "C:\\Windows\\win.ini",
    "..",
    ".",
    "",
    "nul\0byte.mseed",
    "x" * 5000 + ".mseed",
    "я" * 300 + ".mseed",
    "line\nbreak.mseed",
    "<script>alert(1)</script>.mseed",
    "a/../../../b.mseed",
    "\ud800.mseed",
]


def _send(upload: Upload, *files: tuple[str, bytes]) -> list[Path]:
    upload.vue_begin()
    chosen = [{"name": name, "number": number} for number, (name, _) in enumerate(files)]
    for file, (_, content) in zip(chosen, files, strict=True):
        half = len(content) // 2
        upload.vue_piece({**file, "offset": 0}, [memoryview(content[:half])])
        upload.vue_piece({**file, "offset": half}, [memoryview(content[half:])])
    upload.vue_chosen_all(chosen)
    return upload.paths


@pytest.fixture
def study(tmp_path):
    with Workspace.create(tmp_path / "study") as workspace:
        yield workspace


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_a_name_leads_nowhere(name, study):
    upload = Upload()
    (path,) = _send(upload, (name, sound(1)))
    assert path.is_relative_to(upload._folder.name)
    assert path.resolve() == path
    assert study.import_records([path]).records == 1


@pytest.mark.parametrize("protocol", range(6))
def test_an_uploaded_pickle_is_not_loaded(protocol, study, tmp_path):
    sprung = tmp_path / "sprung"
    upload = Upload()
    paths = _send(upload, ("record.mseed", pickled(sprung, protocol)), ("sound.mseed", sound(2)))
    report = study.import_records(paths)
    assert (report.records, len(report.rejections)) == (1, 1)
    assert report.rejections[0].path.name == "record.mseed"
    assert not sprung.exists()


def test_the_files_of_a_data_set_find_each_other(study):
    files = [(path.name, path.read_bytes()) for path in sorted((GOLDEN / "whole").iterdir())]
    assert study.import_records(_send(Upload(), *files)).records == 24


def test_two_files_of_one_name_stay_two(study):
    paths = _send(Upload(), ("a/record.mseed", sound(3)), ("b/record.mseed", sound(4)))
    assert study.import_records(paths).records == 2
