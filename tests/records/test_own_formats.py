"""Formats with readers of Trova's own: an example is made of known values, read, and compared with them."""

import struct
from pathlib import Path

import numpy as np
import pytest

from tests.records.making import counts, mseed, trace
from trova_widgets.errors import RecordError
from trova_widgets.records import (
    NewRecord,
    RecordReader,
    Rejection,
    read_catalog,
    read_records,
    read_waveforms,
    write_quakeml,
)
from trova_widgets.records.catalogues.catalog import open_catalog
from trova_widgets.records.files.formats import detect
from trova_widgets.records.files.obspy_plugins import obspy_module

START = "2021-05-04T12:00:00"


def moment_ns(text: str = START) -> int:
    return int(obspy_module("obspy").UTCDateTime(text).ns)


# ---- Baykal


def baykal(
    samples: np.ndarray, *, flavour: str = "xx", bits: int = 24, names=("Z", "N", "E"), place=(67.6, 33.4)
) -> bytes:
    """A file of a Baykal recorder: samples of the shape (channels, n)."""
    head = bytearray(120)
    count = len(samples)
    struct.pack_into("<3H", head, 0, count, 0, 53 if flavour == "xx" else 60)
    struct.pack_into("<H", head, 18, bits)
    head[32:35] = b"APA"
    struct.pack_into("<2d", head, 72, *place)
    if flavour == "xx":
        struct.pack_into("<3H", head, 6, 4, 5, 2021)
        struct.pack_into("<2d", head, 48, 0.01, 12 * 3600.0)
    else:
        struct.pack_into("<H", head, 22, 100)
        since_1980 = moment_ns() // 10**9 - 315_532_800
        struct.pack_into("<Q", head, 104, since_1980 * 256_000_000)
    channels = b"".join(
        struct.pack("<h6x24s24s2d", number, name.encode(), b"", 1.0, 0.0) for number, name in enumerate(names[:count])
    )
    return bytes(head) + channels + samples.T.astype("<i2" if bits == 16 else "<i4").tobytes()


@pytest.mark.parametrize("flavour", ["xx", "00"])
@pytest.mark.parametrize("bits", [16, 24])
def test_a_baykal_file_gives_the_samples_that_made_it(flavour, bits, tmp_path):
    made = np.stack([counts(seed=seed) for seed in range(3)])
    path = tmp_path / f"record.{flavour}"
    path.write_bytes(baykal(made, flavour=flavour, bits=bits))
    assert detect("waveform", path.read_bytes()).name == "BAYKAL"
    found = [item for item in read_records(path) if isinstance(item, NewRecord)]
    assert [item.waveform.channel for item in found] == ["Z", "N", "E"]
    for item, samples in zip(found, made, strict=True):
        assert np.array_equal(item.waveform.samples, samples)
        assert (item.waveform.station, item.waveform.sampling_rate_hz) == ("APA", 100.0)
        assert item.waveform.start_time_ns == moment_ns()
        assert item.parameters["station_latitude"] == 67.6 and item.parameters["station_longitude"] == 33.4


def test_a_baykal_file_without_a_fix_or_samples():
    made = np.stack([counts(seed=1)])
    (found,) = read_waveforms(baykal(made, names=("",)))
    assert found.channel == "Z"
    with pytest.raises(RecordError, match="ends before its first sample"):
        read_waveforms(baykal(made)[:192])
    for wrong in (b"", baykal(made)[:100], b"\x03\0" + bytes(500), mseed(trace())):
        assert not wrong or detect_name(wrong) != "BAYKAL"


def detect_name(content: bytes) -> str:
    try:
        return detect("waveform", content).name
    except RecordError:
        return ""


# ---- CSS 3.0

ORIGINS = (
    # lat, lon, depth, time, orid, evid, etype, mb, ms, ml
    (67.6, 33.4, 0.0, moment_ns() / 1e9 + 15.25, 1, 10, "qb", -999.0, -999.0, 1.7),
    (67.7, 33.5, 5.0, moment_ns() / 1e9 + 16.25, 2, 10, "eq", 3.5, -999.0, -999.0),
    (60.0, 30.0, -999.0, moment_ns() / 1e9 + 7200, 3, 11, "-", 4.1, -999.0, -999.0),
    (61.0, 31.0, 10.0, moment_ns() / 1e9 + 9000, 4, -1, "kx", -999.0, -999.0, -999.0),
)


def css_database(folder: Path, name: str = "kola") -> Path:
    """The event tables of a database, their columns at the places of CSS 3.0."""
    origin = "".join(
        f"{lat:9.4f} {lon:9.4f} {depth:9.4f} {time:17.5f} {orid:8d} {evid:8d} {2021124:8d} {8:4d} {6:4d} {-1:4d} "
        f"{-1:8d} {-1:8d} {etype:<7s} {-999.0:9.4f} {'-':1s} {mb:7.2f} {-1:8d} {ms:7.2f} {-1:8d} {ml:7.2f} {-1:8d} "
        f"{'locsat':<15s} {'KOLA':<15s} {-1:8d} {'-':<17s}\n"
        for lat, lon, depth, time, orid, evid, etype, mb, ms, ml in ORIGINS
    )
    event = "".join(
        f"{evid:8d} {evname:<15s} {prefor:8d} {'KOLA':<15s} {-1:8d} {'-':<17s}\n"
        for evid, evname, prefor in ((10, "-", 2), (11, "Khibiny", 3))
    )
    errors = "".join(
        f"{orid:8d} "
        + " ".join(f"{-1.0:15.4f}" for _ in range(10))
        + f" {0.5:9.4f} {axis:9.4f} {1.0:9.4f} {90.0:6.2f} "
        f"{2.0:9.4f} {0.5:8.2f} {0.9:5.3f} {-1:8d} {'-':<17s}\n"
        for orid, axis in ((2, 2.5), (3, -1.0))
    )
    picked = moment_ns() / 1e9 + 20.5
    arrival = (
        f"{'APA':<6s} {picked:17.5f} {7:8d} {2021124:8d} {-1:8d} {-1:8d} {'BHZ':<8s} {'P':<8s} - {0.1:6.3f}\n"
        f"{'APA':<6s} {picked + 3:17.5f} {8:8d} {2021124:8d} {-1:8d} {-1:8d} {'BHN':<8s} {'S':<8s} - {0.1:6.3f}\n"
    )
    assoc = "".join(
        f"{arid:8d} {orid:8d} {'APA':<6s} {phase:<8s} {9.99:4.2f}\n" for arid, orid, phase in ((7, 2, "P"), (8, 2, "S"))
    )
    for suffix, text in (
        ("origin", origin),
        ("event", event),
        ("origerr", errors),
        ("arrival", arrival),
        ("assoc", assoc),
    ):
        (folder / f"{name}.{suffix}").write_text(text)
    return folder / f"{name}.origin"


@pytest.mark.parametrize("suffix", [".origin", ".event", ".arrival"])
def test_the_event_tables_of_a_css_database_say_what_made_them(tmp_path, suffix):
    found = read_catalog(css_database(tmp_path).with_suffix(suffix))
    first, second, third = found
    # the table of events prefers the second origin
    assert (first.event_id, first.latitude, first.longitude, first.depth_km) == ("10", 67.7, 33.5, 5.0)
    assert first.origin_time_ns == moment_ns() + 16_250_000_000
    assert (first.magnitude, first.magnitude_type, first.event_type) == (3.5, "mb", "earthquake")
    assert first.location_error_km == 2.5
    assert (second.event_id, second.event_type, second.depth_km, second.location_error_km) == (
        "Khibiny",
        None,
        None,
        None,
    )
    assert (third.event_id, third.event_type, third.type_certainty) == ("orid-4", "experimental explosion", "known")
    catalogue = open_catalog(tmp_path / "kola.origin")
    assert catalogue.first_arrivals() == {("10", "APA"): moment_ns() + 20_500_000_000}
    assert not catalogue.problems


def test_a_picked_arrival_becomes_a_parameter_of_the_record(tmp_path):
    origin = css_database(tmp_path)
    (tmp_path / "a.mseed").write_bytes(mseed(trace(counts(seconds=60))))
    (found,) = [item for item in read_records(tmp_path / "a.mseed", catalog=origin) if isinstance(item, NewRecord)]
    assert found.event.event_id == "10" and found.parameters["picked_p_s"] == 20.5


def test_event_tables_beside_a_wfdisc_give_its_records_their_events(tmp_path):
    css_database(tmp_path)
    samples = counts(seconds=60)
    (tmp_path / "kola.w").write_bytes(samples.astype(">i4").tobytes())
    begin = moment_ns() / 1e9
    line = (
        f"{'APA':<6s} {'BHZ':<8s} {begin:17.5f} {1:8d} {-1:8d} {2021124:8d} {begin + 59.99:17.5f} {len(samples):8d} "
        f"{100.0:11.7f} {1.0:16.6f} {1.0:16.6f} {'-':<6s} {'o':1s} {'s4':<2s} {'-':1s} {'.':<64s} {'kola.w':<32s} "
        f"{0:10d} {-1:8d} {'-':<17s}\n"
    )
    (tmp_path / "kola.wfdisc").write_text(line)
    items = [item for source in _walk(tmp_path) for item in RecordReader.open().read(source)]
    (found,) = [item for item in items if isinstance(item, NewRecord)]
    assert found.event.event_id == "10" and np.array_equal(found.waveform.samples, samples)
    assert not [item for item in items if isinstance(item, Rejection)]


def _walk(folder: Path):
    from trova_widgets.records import sources

    return sources(folder)


def test_a_line_of_a_css_table_that_is_none_costs_itself_alone(tmp_path):
    origin = css_database(tmp_path)
    lines = origin.read_text().splitlines()
    origin.write_text("\n".join([lines[0], "not a row", lines[2].replace("60.0000", "95.0000"), lines[3]]) + "\n")
    found = open_catalog(origin)
    assert [event.event_id for event in found.events] == ["10", "orid-4"]
    assert len(found.problems) == 2


# ---- the bulletin of the Geophysical Survey of RAS


def obninsk_line(number: int, *, south: bool = False) -> str:
    """An epicentre line of 80 columns."""
    line = (
        f" 1 2{'20210504'}{'1200153'}{'052'}{'67612'}{'S' if south else 'N'}{'033417'}E{' 12'}{' 25'}{'  90'}{'  8'}"
        f"{' ' * 9}{' 12'}{' 15'}{'  3'}{' 725'}{'535'}{number:4d}0 1"
    )
    assert len(line) == 80
    return line


def test_the_bulletin_of_eighty_columns_says_what_made_it():
    magnitudes = " 2 820210504" + " " * 68
    comment = " 8 1" + "Felt in Kirovsk".ljust(76)
    text = "\n".join([obninsk_line(17), magnitudes, comment, obninsk_line(18, south=True), "10 " + " " * 77]) + "\n"
    found = open_catalog(text.encode())
    first, second = found.events
    assert (first.event_id, first.latitude, first.longitude, first.depth_km) == ("2021-17", 67.612, 33.417, 8.0)
    assert first.origin_time_ns == moment_ns() + 15_300_000_000
    assert first.location_error_km == 2.5
    assert second.latitude == -67.612
    assert "1 lines of magnitudes of the bulletin are not read" in found.remarks[0]


def test_a_line_of_the_bulletin_that_is_none_costs_itself_alone():
    wrong = obninsk_line(18).replace("20210504", "20211304")
    found = open_catalog("\n".join([obninsk_line(17), wrong, obninsk_line(19)]).encode())
    assert [event.event_id for event in found.events] == ["2021-17", "2021-19"]
    assert len(found.problems) == 1


# ---- encodings, and what stands in Russian catalogues

RUSSIAN = (
    "Номер;Дата;Время;Широта;Долгота;Глубина;К;Магнитуда;Тип\n"
    "1;2021-05-04;12:00:15;67,6;33,4;0;8,1;2,3;взрыв\n"
    "2;2021-05-04;14:00:00.5;67,7;33,5;12;9,6;;землетрясение\n"
)


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "cp1251", "koi8-r", "cp866", "utf-16", "utf-16-le", "utf-16-be"]
)
def test_a_russian_catalogue_reads_alike_in_every_encoding(encoding):
    found = open_catalog(RUSSIAN.encode(encoding))
    first, second = found.events
    assert (first.event_id, first.event_type, first.energy_class, first.magnitude) == ("1", "взрыв", 8.1, 2.3)
    assert first.origin_time_ns == moment_ns() + 15 * 10**9
    assert (second.event_type, second.energy_class, second.magnitude, second.depth_km) == (
        "землетрясение",
        9.6,
        None,
        12,
    )
    assert second.origin_time_ns == moment_ns() + 7200 * 10**9 + 500_000_000
    assert bool(found.remarks) == (encoding in ("cp1251", "koi8-r", "cp866"))


def test_what_an_event_says_goes_out_as_quakeml_and_comes_back(tmp_path):
    (tmp_path / "c.csv").write_bytes(RUSSIAN.replace("взрыв", "взрыв?").encode("cp1251"))
    events = read_catalog(tmp_path / "c.csv")
    assert events[0].type_certainty == "suspected"
    css = read_catalog(css_database(tmp_path))
    for given in (events, css):
        write_quakeml(tmp_path / "out.xml", given, {})
        assert read_catalog(tmp_path / "out.xml") == given
