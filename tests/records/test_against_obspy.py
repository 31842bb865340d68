"""Every file that ObsPy ships for its own tests, read by Trova and by ObsPy: the same samples, times and event types.

The files lie in the installed package. ObsPy is told the format, since its own detection would unpickle.
"""

import warnings
from pathlib import Path

import numpy as np
import pytest

from trova_widgets.errors import RecordError
from trova_widgets.records import NewRecord, Rejection, read_catalog, read_records, read_waveforms
from trova_widgets.records.catalogues.catalog import open_catalog
from trova_widgets.records.files.formats import CATALOG_FORMATS, WAVEFORM_FORMATS, detect
from trova_widgets.records.files.merging import LONGEST_BRIDGED_GAP_S
from trova_widgets.records.files.miniseed import write_miniseed
from trova_widgets.records.files.obspy_plugins import obspy_module, remarks
from trova_widgets.records.files.paired import paired_format, read_pair
from trova_widgets.records.files.reading import open_traces

OBSPY = Path(obspy_module("obspy").__file__).parent / "io"

# a folder of ObsPy's input and output, a pattern, the format, how many of the files it must be told of
WAVEFORM_FILES = [
    ("mseed", "*", "MSEED", 44),
    ("sac", "*", "SAC", 10),
    ("sac", "*", "SACXY", 1),
    ("gse2", "*", "GSE2", 6),
    ("gse2", "*", "GSE1", 3),
    ("segy", "*", "SEGY", 7),
    ("segy", "*", "SU", 3),
    ("seg2", "*", "SEG2", 1),
    ("wav", "*", "WAV", 2),
    ("sh", "*", "SH_ASC", 2),
    ("ascii", "*", "SLIST", 6),
    ("ascii", "*", "TSPAIR", 4),
    ("ah", "*", "AH", 4),
    ("nied", "*", "KNET", 1),
    ("kinemetrics", "*", "KINEMETRICS_EVT", 2),
    ("reftek", "*", "REFTEK130", 5),
    ("gcf", "*", "GCF", 2),
    ("seisan", "*", "SEISAN", 7),
    ("pdas", "*", "PDAS", 1),
    ("y", "*", "Y", 2),
    ("win", "*", "WIN", 10),
    ("dmx", "*", "DMX", 1),
    ("rg16", "*", "RG16", 2),
    ("cybershake", "*", "CYBERSHAKE", 1),
    ("alsep", "*", "ALSEP_PSE", 4),
    ("alsep", "*", "ALSEP_WTN", 2),
    ("alsep", "*", "ALSEP_WTH", 2),
]
CATALOG_FILES = [
    ("quakeml", "*.xml", "QUAKEML", 16),
    ("seiscomp", "*", "SCML", 20),
    ("iaspei", "*", "IMS10BULLETIN", 2),
    ("gse2", "bulletin/*", "GSE2", 3),
    ("nordic", "*", "NORDIC", 14),
    ("zmap", "*", "ZMAP", 2),
    ("nlloc", "*", "NLLOC_HYP", 3),
    ("focmec", "*", "FOCMEC", 5),
    ("hypodd", "*", "HYPODDPHA", 2),
    ("pde", "*", "MCHEDR", 1),
    ("ndk", "*", "NDK", 4),
    ("cmtsolution", "*", "CMTSOLUTION", 4),
    ("scardec", "*", "SCARDEC", 2),
    ("nied", "*", "FNETMT", 1),
    ("sh", "*", "EVT", 4),
]


def _of_format(kind: str, folder: str, pattern: str, name: str) -> list[Path]:
    found = []
    for path in sorted((OBSPY / folder / "tests" / "data").glob(pattern)):
        try:
            if path.is_file() and detect(kind, path.read_bytes()).name == name:
                found.append(path)
        except RecordError:
            continue
    return found


def test_every_format_has_its_files():
    assert {name for _, _, name, _ in WAVEFORM_FILES} == {item.name for item in WAVEFORM_FORMATS}
    assert {name for _, _, name, _ in CATALOG_FILES} == {item.name for item in CATALOG_FORMATS}


def _expected(path: Path, format_name: str):
    """What ObsPy reads, without what is no seismogram: text, complex numbers, nothing at all."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        stream = obspy_module("obspy").read(str(path), format=format_name)
    return [trace for trace in stream if trace.data.dtype.kind in "iuf" and len(trace.data)]


def _holds(waveforms, trace) -> bool:
    """Whether the samples stand at their time in one of the waveforms, as far as no earlier piece covers them."""
    for found in waveforms:
        offset = (trace.stats.starttime.ns - found.start_time_ns) * found.sampling_rate_hz / 1e9
        begin = round(offset)
        if abs(offset - begin) > 0.5 or begin < 0 or begin + len(trace.data) > len(found.samples):
            continue
        same = found.samples[begin : begin + len(trace.data)] == trace.data.astype(np.float64)
        if same.mean() > (1.0 - 1e-12 if not found.overlap_s else 0.0):
            return True
    return False


@pytest.mark.parametrize(("folder", "pattern", "name", "least"), WAVEFORM_FILES, ids=lambda value: str(value))
def test_samples_and_times_are_those_that_obspy_reads(folder, pattern, name, least):
    read = 0
    for path in _of_format("waveform", folder, pattern, name):
        try:
            found = read_waveforms(path)
        except RecordError as error:
            # refused in words that say why; what ObsPy itself cannot read, or reads as nothing, among them
            assert len(str(error)) > 40
            continue
        try:
            traces = _expected(path, name)
        except Exception:
            # of a file of messages, ObsPy reads all or nothing; here the sound ones are read, and the others told
            assert open_traces(path.read_bytes()).problems, path.name
            continue
        assert traces, path.name
        for trace in traces:
            assert _holds(found, trace), (path.name, trace)
        assert (
            sum(len(item.samples) for item in found)
            <= sum(len(trace.data) for trace in traces)
            + sum(item.gap_s * item.sampling_rate_hz for item in found)
            + 0.5
        )
        rates = {float(f"{trace.stats.sampling_rate:.7g}") for trace in traces}
        assert {item.sampling_rate_hz for item in found} == rates
        assert min(item.start_time_ns for item in found) == min(trace.stats.starttime.ns for trace in traces)
        assert all(item.gap_s <= item.gap_count * LONGEST_BRIDGED_GAP_S for item in found)
        read += 1
    assert read >= least


@pytest.mark.parametrize(
    ("folder", "name", "format_name"),
    [
        ("css", "test_css.wfdisc", "CSS"),
        ("css", "test_nnsa.wfdisc", "NNSA_KB_CORE"),
        ("sh", "QFILE-TEST.QHD", "Q"),
        ("sh", "101.QHD", "Q"),
        ("sh", "TEST_090101_0101.QHD", "Q"),
    ],
)
def test_pairs_of_files_are_kept_with_the_samples_that_obspy_reads(folder, name, format_name):
    path = OBSPY / folder / "tests" / "data" / name
    assert paired_format(path).name == format_name
    found, problems = read_pair(path, paired_format(path))
    assert not problems
    written = write_miniseed(found)
    waveforms = [written.whole(item) for item in read_waveforms(written.content)]
    traces = _expected(path, format_name)
    assert all(_holds(waveforms, trace) for trace in traces)
    if any(trace.stats.station for trace in traces):
        assert {item.seed_id for item in waveforms} == {trace.id for trace in traces}
    else:
        assert len({item.station for item in waveforms}) == len(traces)
    assert sum(len(item.samples) for item in waveforms) == sum(len(trace.data) for trace in traces)


@pytest.mark.parametrize(("folder", "pattern", "name", "least"), CATALOG_FILES, ids=lambda value: str(value))
def test_times_places_and_types_are_those_that_obspy_reads(folder, pattern, name, least):
    read = 0
    for path in _of_format("event", folder, pattern, name):
        try:
            found = open_catalog(path)
        except RecordError as error:
            assert len(str(error)) > 40
            continue
        with remarks():
            expected = obspy_module("obspy").read_events(str(path), format=name)
        values = [_values(event) for event in expected]
        # ObsPy leaves out events of types that are none of its list, or their types
        types = {str(word) for word in obspy_module("obspy.core.event.header").EventType} | {None}
        missed = [event for event in found.events if _of(event)[:-1] not in [value[:-1] for value in values]]
        assert not [event for event in missed if event.event_type in types], path.name
        known = len(found.events) - len(missed) + len(found.problems)
        assert known == len({event.resource_id.id for event in expected}), path.name
        for event in found.events:
            assert event.event_type not in types or _of(event) in values or event.type_certainty, (path.name, event)
        assert len(found.problems) == sum(latitude is not None and abs(latitude) > 90 for _, latitude, *_ in values), (
            found.problems
        )
        read += bool(found.events)
    assert read >= least


def _values(event):
    origin = event.preferred_origin() or (event.origins or [None])[0]
    magnitude = event.preferred_magnitude() or (event.magnitudes or [None])[0]
    depth = getattr(origin, "depth", None)
    return (
        origin.time.ns if getattr(origin, "time", None) is not None else None,
        _plain(getattr(origin, "latitude", None)),
        _plain(getattr(origin, "longitude", None)),
        None if _plain(depth) is None else depth / 1000,
        _plain(getattr(magnitude, "mag", None)),
        str(event.event_type) if event.event_type else None,
    )


def _of(event):
    return (
        event.origin_time_ns,
        event.latitude,
        event.longitude,
        event.depth_km,
        event.magnitude,
        event.event_type,
    )


def _plain(value):
    return None if value is None or np.isnan(value) else value


@pytest.mark.parametrize(("name", "format_name"), [("catalog.csv", "CSV"), ("events.txt", "EVENTTXT")])
def test_the_tables_that_obspy_reads_say_the_same(name, format_name):
    path = OBSPY / "csv" / "tests" / "data" / name
    found = read_catalog(path)
    expected = obspy_module("obspy").read_events(str(path), format=format_name)
    for event, other in zip(found, expected, strict=True):
        assert _of(event) == pytest.approx(_values(other))
        assert event.magnitude_type == (other.magnitudes[0].magnitude_type or None)


def test_a_whole_archive_of_mixed_formats_is_taken_in_or_told(tmp_path):
    """One import over all of them: at least one item a file, and no way out is empty."""
    folders = [OBSPY / folder / "tests" / "data" for folder in ("sac", "gse2", "seisan", "css", "sh", "reftek")]
    items = list(read_records(folders))
    assert len({item.source_path for item in items if isinstance(item, NewRecord)}) > 30
    for item in items:
        if isinstance(item, Rejection):
            assert item.reason.endswith(".") and item.way_out.endswith(".")
