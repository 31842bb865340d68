import subprocess
import sys

import numpy as np
import pytest

from tests.records.making import counts, mseed, trace, written
from trova_widgets.errors import RecordError
from trova_widgets.records import read_waveforms
from trova_widgets.records.files.formats import CATALOG_FORMATS, WAVEFORM_FORMATS, UnknownFormatError, detect
from trova_widgets.records.files.obspy_plugins import obspy_module, plugin, remarks

EXACT = ["MSEED", "GSE2", "SEGY", "SU", "SLIST", "TSPAIR", "SAC", "AH", "SH_ASC"]


@pytest.mark.parametrize("format_name", EXACT)
def test_samples_and_times_are_those_that_obspy_reads(format_name, tmp_path):
    data = counts()
    if format_name in ("SEGY", "SU", "SAC", "SH_ASC", "AH"):
        data = data.astype(np.float32)
    content = written(format_name, trace(data), folder=tmp_path)
    with remarks():
        (expected,) = plugin("waveform", format_name, "readFormat")(str(tmp_path / "written"))

    assert detect("waveform", content).name == format_name
    (found,) = read_waveforms(content)

    assert np.array_equal(found.samples, expected.data.astype(float))
    assert found.samples.dtype == np.float64
    assert found.start_time_ns == expected.stats.starttime.ns
    assert found.sampling_rate_hz == RATE
    assert found.gap_count == 0


RATE = 100.0


def test_a_sound_file_is_read(tmp_path):
    content = written("WAV", trace(counts()), folder=tmp_path, framerate=100)
    (found,) = read_waveforms(content)
    assert np.array_equal(found.samples, counts().astype(np.int32))


def test_codes_are_read_and_a_path_gives_the_same_as_bytes(tmp_path):
    path = tmp_path / "misleading.sac"
    path.write_bytes(mseed(trace(location="00")))
    (from_path,), (from_bytes,) = read_waveforms(path), read_waveforms(path.read_bytes())
    assert from_path.seed_id == "IM.APA.00.BHZ"
    assert np.array_equal(from_path.samples, from_bytes.samples)
    assert from_path.duration_s == 40.0


def test_channels_come_in_the_order_of_the_file():
    content = mseed(trace(channel="BHZ"), trace(channel="BHN"), trace(channel="BHE"))
    assert [item.channel for item in read_waveforms(content)] == ["BHZ", "BHN", "BHE"]


def test_traces_without_codes_are_told_apart_by_number(tmp_path):
    shots = [trace(counts(seed=seed).astype(np.float32)) for seed in (1, 2, 3)]
    found = read_waveforms(written("SEGY", *shots, folder=tmp_path))
    assert [item.station for item in found] == ["T0001", "T0002", "T0003"]
    assert np.array_equal(found[2].samples, shots[2].data)


def test_the_rate_of_a_four_byte_interval_is_the_round_number(tmp_path):
    content = written("SAC", trace(counts().astype(np.float32)), folder=tmp_path)
    assert read_waveforms(content)[0].sampling_rate_hz == 100.0


def test_the_list_leaves_out_what_executes_and_knows_every_plugin():
    names = {item.name for item in WAVEFORM_FORMATS}
    assert not names & {"PICKLE", "CSS", "NNSA_KB_CORE", "Q"}
    for kind, formats in (("waveform", WAVEFORM_FORMATS), ("event", CATALOG_FORMATS)):
        for item in formats:
            assert callable(plugin(kind, item.name, "isFormat"))
            assert callable(plugin(kind, item.name, "readFormat"))


@pytest.mark.parametrize(
    ("content", "word"),
    [(b"\x1f\x8b" + bytes(20), "gzip"), (b"PK\x03\x04" + bytes(20), "zip"), (b"BZh9" + bytes(20), "bzip2")],
)
def test_archives_are_refused_with_the_way_out(content, word):
    with pytest.raises(RecordError, match=f"{word} archive; unpack it"):
        read_waveforms(content)


@pytest.mark.parametrize("content", [b"\n", b"# Notes\n\nNo seismogram.\n", b"a,b\n1,2\n", b"<html></html>"])
def test_other_files_are_no_waveforms(content):
    with pytest.raises(UnknownFormatError, match="none of the waveform formats"):
        read_waveforms(content)


def test_an_empty_file_is_called_empty():
    with pytest.raises(UnknownFormatError, match="The file is empty; fetch it again from its source"):
        read_waveforms(b"")


@pytest.mark.parametrize(
    ("content", "look"),
    [
        (bytes(4000), "is blank at its beginning"),
        (b"# Notes\n\nNo seismogram.\n", "is plain text"),
        ("Kovdór, ".encode() * 100, "is plain text"),
        (b"Kovd\xf3r", "is binary data that begin with the bytes 4b 6f 76 64"),
        (b"\xef\xbb\xbf <html></html>", "is XML or HTML"),
        (b"%PDF-1.7\n%\xe2\xe3", "is a PDF document"),
        (b"\x00\x01\x02\x03\x04", "is binary data that begin with the bytes 00 01 02 03"),
    ],
)
def test_what_no_reader_knows_is_told_in_a_short_sentence(content, look):
    with pytest.raises(UnknownFormatError, match=look) as caught:
        read_waveforms(content)
    assert len(str(caught.value)) < 260
    assert str(caught.value).endswith("convert other seismograms to miniSEED with ObsPy.")


def test_a_warning_of_the_reader_becomes_a_note():
    content = mseed(trace()) + b"\xff" * 600
    (found,) = read_waveforms(content)
    assert found.notes
    assert np.array_equal(found.samples, counts())


def test_importing_the_package_does_not_import_obspy():
    code = "import sys, trova_widgets.records; sys.exit('obspy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_obspy_can_be_imported_where_warnings_are_errors():
    assert obspy_module("obspy") is obspy_module("obspy")
