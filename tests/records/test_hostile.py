import pickle
import random
import struct
from pathlib import Path

import numpy as np
import pytest

from tests.hostile.contents import pickled
from tests.records.making import counts, mseed, trace, written
from trova_widgets.errors import RecordError
from trova_widgets.records import NewRecord, Rejection, read_catalog, read_records, read_waveforms
from trova_widgets.records.files.guards import LARGEST_FILE, refuse_large
from trova_widgets.records.files.obspy_plugins import obspy_module

SUFFIXES = [".mseed", ".sac", ".gse2", ".segy", ".xml", ".wav", ""]


def _pickles(sprung: Path) -> list[bytes]:
    return [pickled(sprung, protocol) for protocol in range(pickle.HIGHEST_PROTOCOL + 1)]


def test_the_trap_of_this_test_works(tmp_path):
    sprung = tmp_path / "sprung"
    for content in _pickles(sprung):
        pickle.loads(content)
        assert sprung.exists()
        sprung.unlink()


def test_pickles_are_never_loaded(tmp_path):
    sprung, folder = tmp_path / "sprung", tmp_path / "archive"
    folder.mkdir()
    for number, content in enumerate(_pickles(sprung)):
        for suffix in SUFFIXES:
            (folder / f"{number}{suffix}").write_bytes(content)
        for read in (read_waveforms, read_catalog):
            with pytest.raises(RecordError):
                read(content)
            for path in folder.iterdir():
                with pytest.raises(RecordError):
                    read(path)
    assert not any(isinstance(item, NewRecord) for item in read_records(folder))
    assert not sprung.exists()


def test_a_pickle_is_called_by_its_name(tmp_path):
    with pytest.raises(RecordError, match="a Python pickle, and reading a pickle can execute code"):
        read_waveforms(_pickles(tmp_path / "sprung")[4])


@pytest.mark.parametrize("seed", range(40))
def test_random_bytes_are_refused(seed):
    generator = random.Random(seed)
    content = generator.randbytes(generator.choice([1, 50, 512, 4096, 20_000]))
    for read in (read_waveforms, read_catalog):
        with pytest.raises(RecordError):
            read(content)


@pytest.mark.parametrize("format_name", ["MSEED", "SAC", "GSE2", "SEGY", "SU", "SLIST", "TSPAIR", "SH_ASC", "AH"])
def test_damaged_files_are_read_or_refused(format_name, tmp_path):
    generator = random.Random(format_name)
    data = counts(seconds=12)
    whole = written(
        format_name, trace(data if format_name in ("MSEED", "GSE2") else data.astype(np.float32)), folder=tmp_path
    )
    for _ in range(60):
        content = bytearray(whole)
        for _ in range(generator.choice([0, 1, 5, 30])):
            content[generator.randrange(min(len(content), generator.choice([64, 600, len(content)])))] = (
                generator.randrange(256)
            )
        cut = bytes(content[: generator.choice([len(content), generator.randrange(len(content))])])
        try:
            found = read_waveforms(cut)
        except RecordError as error:
            assert str(error).endswith(".")
        else:
            assert all(np.isfinite(item.samples).all() for item in found)


def test_a_truncated_miniseed_file_gives_what_is_whole():
    data = counts(seconds=100)
    content = mseed(trace(data))
    (found,) = read_waveforms(content[: len(content) // 2 + 17])
    assert 1000 < len(found.samples) < len(data)
    assert np.array_equal(found.samples, data[: len(found.samples)])


def test_a_header_that_promises_too_much_is_refused_before_the_memory_is_taken(tmp_path):
    content = written("GSE2", trace(), folder=tmp_path)
    promising = content[:48] + b"99999999" + content[56:]
    with pytest.raises(RecordError, match="declare 99999999 samples"):
        read_waveforms(promising)


def test_a_long_line_does_not_reach_the_decoder_of_gse(tmp_path):
    content = written("GSE2", trace(), folder=tmp_path)
    begin = content.index(b"DAT2") + 5
    with pytest.raises(RecordError, match="expected at most 80"):
        read_waveforms(content[:begin] + b"A" * 5000 + content[begin:])
    with pytest.raises(RecordError, match="no CHK line"):
        read_waveforms(content[: content.index(b"CHK2")])


def test_an_endless_longitude_is_refused(tmp_path):
    content = bytearray(written("SAC", trace(counts().astype(np.float32)), folder=tmp_path))
    for word in (31, 32, 35, 36):
        struct.pack_into("<f", content, 4 * word, 1e30 if word in (32, 36) else 10.0)
    with pytest.raises(RecordError, match="longitude 1e"):
        read_waveforms(bytes(content))


BOMB = """<?xml version="1.0" encoding="{encoding}"?>
<!DOCTYPE q [<!ENTITY a "aaaaaaaaaa">
<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY x SYSTEM "file:///etc/passwd">]>
<q:quakeml xmlns="http://quakeml.org/xmlns/bed/1.2" xmlns:q="http://quakeml.org/xmlns/quakeml/1.2">
<eventParameters publicID="smi:local/a">
<event publicID="smi:local/&b;&x;"><type>earthquake</type></event>
</eventParameters>
</q:quakeml>"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "iso-8859-1"])
def test_xml_that_declares_a_document_type_is_refused(encoding):
    with pytest.raises(RecordError):
        read_catalog(BOMB.format(encoding=encoding).encode(encoding))


def test_the_refusal_of_a_document_type_says_the_way_out():
    with pytest.raises(RecordError, match="delete the DOCTYPE"):
        read_catalog(BOMB.format(encoding="utf-8").encode())


def test_codes_and_names_cannot_carry_markup_or_paths(tmp_path):
    content = written("SLIST", trace(counts().astype(np.float32), station="<b>../X"), folder=tmp_path)
    (found,) = read_waveforms(content)
    assert not set(found.station) & set("<>/\\ ")


def test_one_bad_file_does_not_stop_the_others(tmp_path):
    (tmp_path / "a.mseed").write_bytes(b"\x00" * 4096)
    (tmp_path / "b.mseed").write_bytes(mseed(trace()))
    (tmp_path / "c.mseed").write_bytes(mseed(trace(np.array([1.0, np.inf] * 1000))))
    kinds = [type(item) for item in read_records(tmp_path)]
    assert kinds == [Rejection, NewRecord, Rejection]


def test_a_file_larger_than_the_limit_is_refused_by_its_size():
    with pytest.raises(RecordError, match="257 MiB, expected at most 256"):
        refuse_large(LARGEST_FILE + 2**20)


def test_a_name_that_looks_like_an_address_is_a_file(tmp_path):
    with pytest.raises(FileNotFoundError):
        read_waveforms("http://127.0.0.1:1/record.mseed")
    assert obspy_module("obspy") is not None
