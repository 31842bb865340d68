"""Files read by several processes: in their order, and one deadly file costs that file alone; each content once."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.benchmarks.archives import make_archive
from trova_widgets.identity import Identities
from trova_widgets.records import AlreadyThere, NewRecord, RecordReader, Rejection, Source, path_of, sources
from trova_widgets.store import Store
from trova_widgets.workspace.importing import store_records
from trova_widgets.workspace.reading import CopiedRecord, read_files, reader_processes
from trova_widgets.workspace.waveforms import WaveformFolder

DEADLY = "deadly.mseed"
MANY = 10_000


@dataclass(frozen=True, kw_only=True)
class DeadlyReader(RecordReader):
    """Reads as a library in C may: one file ends the process."""

    def read(self, source: Source) -> Iterator[NewRecord | Rejection | AlreadyThere]:
        if path_of(source).name == DEADLY:
            os._exit(7)
        yield from super().read(source)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("archive")
    catalog = make_archive(folder, 60)
    catalog.unlink()
    files = sorted(folder.rglob("*.mseed"))
    (folder / "zz").mkdir()
    shutil.copy(files[3], folder / "zz" / "copy.mseed")
    (files[20].parent / DEADLY).write_bytes(files[20].read_bytes() + b"deadly")
    return folder


def test_one_deadly_file_costs_that_file_alone(archive: Path, tmp_path: Path) -> None:
    files = list(sources([archive]))
    reader = DeadlyReader.open()
    with reader_processes(MANY, workers=2) as pool:
        found = list(read_files(reader, WaveformFolder(tmp_path / "waveforms"), files, pool))
    assert len(found) == len(files) == 62
    for file, items in zip(files, found, strict=True):
        (item,) = items
        if file.name == DEADLY:
            assert isinstance(item, Rejection) and "ended with status 7" in item.reason
        else:
            assert isinstance(item, CopiedRecord) and item.source_path == file


def test_several_processes_find_what_one_finds(archive: Path, tmp_path: Path) -> None:
    files = [file for file in sources([archive]) if path_of(file).name != DEADLY]
    folders = [WaveformFolder(tmp_path / name) for name in ("one", "two")]
    one = list(read_files(RecordReader.open(), folders[0], files))
    with reader_processes(MANY, workers=2) as pool:
        two = list(read_files(RecordReader.open(), folders[1], files, pool))
    assert one == two
    names = [sorted(name for name, _ in folder.files()) for folder in folders]
    assert names[0] == names[1] and len(names[0]) == 60


@pytest.mark.parametrize("workers", [1, 2])
def test_a_copy_far_away_in_the_archive_is_no_second_record(archive: Path, tmp_path: Path, workers: int) -> None:
    files = [file for file in sources([archive]) if path_of(file).name != DEADLY]
    with Store.create(tmp_path / "study") as store:
        folder = WaveformFolder(tmp_path / "study" / "waveforms")
        for records, already_there in ((60, 1), (0, 61)):
            reader = RecordReader.open(known_files=Identities(store.file_hashes()))
            with reader_processes(MANY, workers) as pool:
                report = store_records(store, folder, reader, read_files(reader, folder, files, pool), author="ann")
            assert (report.records, report.already_there, report.rejections) == (records, already_there, ())
        assert len(store.records()) == len(list(folder.files())) == 60


def test_a_content_that_the_store_knows_already_is_no_second_record(archive: Path, tmp_path: Path) -> None:
    """Another import may have taken in the same files after this one was begun."""
    with Store.create(tmp_path / "study") as store:
        folder = WaveformFolder(tmp_path / "study" / "waveforms")
        files = list(sources([archive / "2020" / "ST00"]))
        first, again = (
            store_records(
                store, folder, RecordReader.open(), read_files(RecordReader.open(), folder, files), author="ann"
            )
            for _ in range(2)
        )
        assert (first.already_there, again.already_there) == (0, len(files)) and again.records == 0
        assert store.all_parameters().duplicated(["record_id", "name"]).sum() == 0
