"""Two hundred files of chance: no crash, no hang, and nothing silent."""

import faulthandler
import time
from pathlib import Path

import numpy as np
import pytest

from tests.hostile.chance import CATALOG_FOLDERS, FOLDERS, Chance, chances_of, files_of_chance
from tests.records.making import counts
from tests.records.test_own_formats import RUSSIAN, baykal, css_database, obninsk_line
from trova_widgets.errors import RecordError
from trova_widgets.records import RecordReader, Rejection
from trova_widgets.records.catalogues.catalog import open_catalog

BAYKAL = {flavour: baykal(np.stack([counts(seed=k) for k in range(3)]), flavour=flavour) for flavour in ("xx", "00")}
TABLES = {page: RUSSIAN.encode(page) for page in ("utf-8", "cp1251", "koi8-r", "utf-16")}
TABLES["obninsk"] = "\n".join(obninsk_line(number) for number in range(17, 40)).encode()

SEISMOGRAMS = [*files_of_chance(FOLDERS, 132, seed=13), *chances_of(BAYKAL, 20, seed=15)]
CATALOGUES = [*files_of_chance(CATALOG_FOLDERS, 75, seed=14), *chances_of(TABLES, 50, seed=16)]

#: How long any of them may take, s.
PATIENCE_S = 10.0


@pytest.mark.parametrize("part", range(6))
def test_seismograms_of_chance_are_read_or_told(part: int, tmp_path: Path):
    for chance in SEISMOGRAMS[part::6]:
        path = tmp_path / f"{chance.name}"
        path.write_bytes(chance.content)
        started = time.monotonic()
        with _patience(chance):
            items = list(RecordReader.open().read(path))
        assert time.monotonic() - started < PATIENCE_S, chance.name
        assert items, chance.name
        for item in items:
            if isinstance(item, Rejection):
                assert item.reason.endswith(".") and item.way_out.rstrip()[-1:], (chance.name, item)
                assert "its reader failed" not in item.reason.lower(), (chance.name, item)


@pytest.mark.parametrize("part", range(3))
def test_catalogues_of_chance_are_read_or_told(part: int):
    for chance in CATALOGUES[part::3]:
        started = time.monotonic()
        with _patience(chance):
            try:
                found = open_catalog(chance.content)
                assert found.events or found.problems or found.remarks or not _names_events(chance), chance.name
            except RecordError as error:
                assert len(str(error)) > 40, chance.name
        assert time.monotonic() - started < PATIENCE_S, chance.name


def _names_events(chance: Chance) -> bool:
    return b"<event " in chance.content


class _patience:
    """Ends the test run with the place of a hang, which no exception reaches inside of a library."""

    def __init__(self, chance: Chance) -> None:
        self._chance = chance

    def __enter__(self) -> None:
        faulthandler.dump_traceback_later(60, exit=True)

    def __exit__(self, *_: object) -> None:
        faulthandler.cancel_dump_traceback_later()


def test_event_tables_of_chance_are_read_or_told(tmp_path: Path):
    whole = css_database(tmp_path).parent
    tables = {path.name: path.read_bytes() for path in sorted(whole.glob("kola.*"))}
    for chance in chances_of(tables, 40, seed=17):
        name = chance.name.rpartition("-")[2]
        (tmp_path / name).write_bytes(chance.content)
        try:
            found = open_catalog(tmp_path / "kola.origin")
            assert found.events or found.problems, chance.name
        except RecordError as error:
            assert len(str(error)) > 40, chance.name
        (tmp_path / name).write_bytes(tables[name])
