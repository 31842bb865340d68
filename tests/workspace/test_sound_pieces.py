"""One bad thing costs that thing alone, a long file gives every event that it holds, and a doubt is kept."""

import io
import struct

import numpy as np
import pytest

from tests.records.making import counts, mseed, trace, written
from tests.workspace.archives import DAY, moment, noise, quakeml, record, table
from trova_widgets.records import RecordReader, indexed_waveforms, read_catalog, read_waveforms
from trova_widgets.records.files.obspy_plugins import obspy_module, remarks
from trova_widgets.workspace import Workspace


@pytest.fixture
def study(tmp_path):
    with Workspace.create(tmp_path / "study") as workspace:
        yield workspace


def _stream(*traces, **options) -> bytes:
    target = io.BytesIO()
    with remarks():
        obspy_module("obspy").Stream(list(traces)).write(target, format="MSEED", **options)
    return target.getvalue()


def _log(start: str = DAY):
    text = np.frombuffer(b"GPS locked; mass positions 1 2 3 " * 2, dtype="|S1").copy()
    return trace(text, start=start, channel="LOG", sampling_rate=1.0)


def test_a_year_that_no_database_holds_costs_its_file_alone(study, tmp_path):
    data = tmp_path / "data"
    for number in range(3):
        record(data, f"good{number}.mseed", str(moment(DAY, 3600 * number)), seed=number)
    content = bytearray(written("SAC", trace(counts().astype(np.float32)), folder=tmp_path))
    struct.pack_into("<i", content, 70 * 4, 2566)
    (data / "year.sac").write_bytes(content)
    report = study.import_records(data)
    assert report.records == 3
    assert [item.path.name for item in report.rejections] == ["year.sac"]
    assert "correct the year" in report.rejections[0].way_out.lower()


@pytest.mark.parametrize("way", ["table", "quakeml"])
def test_an_event_of_such_a_year_costs_itself_alone(study, tmp_path, way):
    record(tmp_path / "data", "a.mseed")
    times = {"E1": str(moment(DAY, 15)), "E2": "2566-05-04T12:00:00", "E3": "1021-05-04T12:00:00"}
    if way == "table":
        catalog = table(tmp_path / "c.csv", [(name, time, 67, 33, "earthquake") for name, time in times.items()])
    else:
        events = [{"id": f"smi:a/event/{name}", "type": "earthquake", "time": time} for name, time in times.items()]
        catalog = quakeml(tmp_path / "c.xml", events)
    report = study.import_records(tmp_path / "data", catalog=catalog)
    assert study.records()["event_id"].tolist() == ["E1"]
    assert len(report.rejections) == 2
    assert (report.catalogue_events.total, report.catalogue_events.used, report.catalogue_events.told) == (3, 1, 2)


def test_a_value_that_the_database_refuses_costs_its_file_alone(study, tmp_path, monkeypatch):
    for number in range(4):
        record(tmp_path / "data", f"r{number}.mseed", str(moment(DAY, 3600 * number)), seed=number)
    from trova_widgets.workspace import reading

    copy = reading._copy

    def bad(item, waveforms, is_file):
        from dataclasses import replace

        copied = copy(item, waveforms, is_file)
        wrong = item.source_path.name == "r2.mseed"
        return replace(copied, record=replace(copied.record, sampling_rate_hz=-1.0)) if wrong else copied

    monkeypatch.setattr(reading, "_copy", bad)
    report = study.import_records(tmp_path / "data")
    assert report.records == 3 and len(study.records()) == 3
    (rejection,) = report.rejections
    assert rejection.path.name == "r2.mseed" and "The database refuses it" in rejection.reason


@pytest.mark.parametrize("is_long", [False, True])
def test_a_text_channel_costs_itself_alone_and_is_told(study, tmp_path, is_long):
    (tmp_path / "data").mkdir()
    data = trace(noise(3 * 3600), sampling_rate=20.0) if is_long else trace(counts(seconds=60))
    (tmp_path / "data" / "a.mseed").write_bytes(_stream(data, _log(str(moment(DAY, 5)))))
    rows = [("E0", moment(DAY, 15), 67, 33, "earthquake"), ("E1", moment(DAY, 7200), 67, 33, "earthquake")]
    catalog = table(tmp_path / "c.csv", rows if is_long else rows[:1])
    report = study.import_records(tmp_path / "data", catalog=catalog)
    assert sorted(study.records()["event_id"]) == ["E0", "E1"][: 2 if is_long else 1]
    assert "LOG holds text" in str(report) or "channel IM.APA..LOG" in str(report)


def test_numbers_that_are_none_cost_their_channel_alone(study, tmp_path):
    (tmp_path / "data").mkdir()
    three = [
        trace(counts(seconds=60, seed=k).astype(np.float32), channel=c) for k, c in enumerate(("BHZ", "BHN", "BHE"))
    ]
    three[1].data[500:510] = np.nan
    (tmp_path / "data" / "three.mseed").write_bytes(_stream(*three, encoding="FLOAT32"))
    day = trace(noise(3 * 3600).astype(np.float32), sampling_rate=20.0, station="LVZ")
    day.data[10:20] = np.nan
    (tmp_path / "data" / "day.mseed").write_bytes(_stream(day, encoding="FLOAT32"))
    rows = [("A", moment(DAY, 15), 67, 33, "quarry blast"), ("B", moment(DAY, 3600), 67, 33, "earthquake")]
    report = study.import_records(tmp_path / "data", catalog=table(tmp_path / "c.csv", rows))
    records = study.records()
    found = sorted(zip(records["event_id"], records["station"], records["channel"], strict=True))
    assert found == [("A", "APA", "BHE"), ("A", "APA", "BHZ"), ("A", "LVZ", "BHZ"), ("B", "LVZ", "BHZ")] or found == [
        ("A", "APA", "BHE"),
        ("A", "APA", "BHZ"),
        ("B", "LVZ", "BHZ"),
    ]
    assert "not finite" in str(report)
    for record_id in records["record_id"]:
        assert np.isfinite(study.waveform(record_id).samples).all()


def test_one_message_of_a_gse_file_that_is_cut_short_leaves_the_others(study, tmp_path):
    parts = [written("GSE2", trace(counts(seed=k), channel=c), folder=tmp_path) for k, c in enumerate(("BHZ", "BHN"))]
    (tmp_path / "data").mkdir()
    whole = parts[0]
    (tmp_path / "data" / "a.gse").write_bytes(whole + parts[1][: len(parts[1]) // 2])
    report = study.import_records(tmp_path / "data")
    assert study.records()["channel"].tolist() == ["BHZ"]
    assert "Message 2 of the GSE file has no CHK line" in str(report)


def test_channels_whose_letters_are_lost_stay_apart(study, tmp_path):
    """Cyrillic station codes have no letter that a code may have: two stations would become pieces of one channel."""
    parts = []
    for seed, code in enumerate(("АПА", "ЛВЗ")):
        whole = mseed(trace(counts(seed=seed), station="QQQ"))
        parts.append(whole.replace(b"QQQ  ", f"{code}  ".encode("cp1251")))
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "two.mseed").write_bytes(b"".join(parts))
    study.import_records(tmp_path / "data")
    assert len(study.records()) == 2
    samples = [study.waveform(name).samples for name in study.records()["record_id"]]
    assert sorted(map(tuple, samples)) == sorted(tuple(counts(seed=seed)) for seed in (0, 1))


def test_two_seismograms_of_one_time_under_one_name_are_both_kept(study, tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "a.mseed").write_bytes(mseed(trace(counts(seed=1)), trace(counts(seed=2))))
    study.import_records(tmp_path / "data")
    assert len(study.records()) == 2
    assert not np.array_equal(*(study.waveform(name).samples for name in study.records()["record_id"]))


def test_every_event_of_a_file_in_pieces_is_cut_out(study, tmp_path):
    begin, step = moment(DAY), 1620
    pieces = [trace(noise(1500, seed=k), start=str(begin + step * k), sampling_rate=20.0) for k in range(8)]
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "day.mseed").write_bytes(mseed(*pieces))
    origins = {"E1": begin + step + 590, "E3": begin + 3 * step + 590, "E3b": begin + 3 * step + 1200}
    rows = [(name, time, 67.6, 33.4, "quarry blast") for name, time in origins.items()]
    report = study.import_records(tmp_path / "data", catalog=table(tmp_path / "c.csv", rows))
    assert sorted(study.records()["event_id"]) == ["E1", "E3", "E3b"]
    assert report.unshown == ()


def test_two_events_in_a_file_of_twenty_minutes_are_both_cut_out(study, tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "a.mseed").write_bytes(mseed(trace(noise(1200), sampling_rate=20.0)))
    rows = [(f"E{n}", moment(DAY, at), 67, 33, "earthquake") for n, at in enumerate((200, 260, 900))]
    report = study.import_records(tmp_path / "data", catalog=table(tmp_path / "c.csv", rows))
    assert sorted(study.records()["event_id"]) == ["E0", "E1", "E2"]
    assert report.files.used == 1 and report.unshown == ()


def test_short_records_of_a_long_time_in_one_file_stay_as_they_are(study, tmp_path):
    (tmp_path / "data").mkdir()
    traces = [trace(counts(seconds=60, seed=k), start=str(moment(DAY, 3600 * k))) for k in range(3)]
    (tmp_path / "data" / "triggered.mseed").write_bytes(mseed(*traces))
    rows = [(f"E{n}", moment(DAY, 3600 * n + 15), 67, 33, "earthquake") for n in range(3)]
    study.import_records(tmp_path / "data", catalog=table(tmp_path / "c.csv", rows))
    records = study.records()
    assert records["event_id"].tolist() == ["E0", "E1", "E2"]
    assert records["file_hash"].nunique() == 1 and (records["duration_s"] == 60).all()


def test_a_clock_that_jitters_in_the_seventh_digit_makes_one_record_and_is_told(study, tmp_path):
    data = counts(seconds=60)
    blocks = [
        f"TIMESERIES IM_APA__BHZ_R, 2000 samples, {rate} sps, {moment(DAY, 20 * k)}, SLIST, INTEGER, Counts\n"
        + "".join(f"{value}\n" for value in data[2000 * k : 2000 * (k + 1)])
        for k, rate in enumerate((100.0, 99.99997, 100.00002))
    ]
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "a.slist").write_text("".join(blocks).replace("Z,", ","))
    report = study.import_records(tmp_path / "data")
    (row,) = study.records().itertuples()
    assert np.array_equal(study.waveform(row.record_id).samples, data)
    assert 0 < row.clock_jitter_s < 1e-4
    assert "slightly different sampling rates" in str(report)


def test_a_record_without_a_reference_time_is_kept_and_marked(study, tmp_path):
    content = bytearray(written("SAC", trace(counts().astype(np.float32)), folder=tmp_path))
    struct.pack_into("<6i", content, 70 * 4, *[-12345] * 6)
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "timeless.sac").write_bytes(content)
    rows = [("timeless.sac", "E1", "quarry blast")]
    links = table(tmp_path / "data" / "files.csv", rows, "file,event_id,type")
    report = study.import_records(tmp_path / "data", catalog=links)
    (row,) = study.records().itertuples()
    assert (row.event_id, row.no_reference_time) == ("E1", 1.0)
    assert "without a reference time" in str(report)


def test_a_clock_that_was_never_set_is_no_time(study, tmp_path):
    for number, start in enumerate(("1970-01-01T00:00:00", "1980-01-06T00:00:12", "1980-01-07T00:00:00")):
        record(tmp_path / "data", f"r{number}.mseed", start, seed=number)
    rows = [(f"E{year}", f"{year}-01-0{day}T00:00:20", 67, 33, "earthquake") for year, day in ((1970, 1), (1980, 6))]
    study.import_records(tmp_path / "data", catalog=table(tmp_path / "c.csv", rows))
    records = study.records()
    assert records["no_reference_time"].fillna(0).tolist() == [1.0, 1.0, 0.0]
    assert records["event_id"].isna().all()


def test_a_doubt_of_the_catalogue_is_kept_with_the_event(study, tmp_path):
    rows = []
    for number, kind in enumerate(("explosion?", "suspected quarry blast", "earthquake")):
        record(tmp_path / "data", f"r{number}.mseed", str(moment(DAY, 3600 * number)), seed=number)
        rows.append((f"E{number}", moment(DAY, 3600 * number + 15), 67, 33, kind))
    study.import_records(tmp_path / "data", catalog=table(tmp_path / "c.csv", rows))
    events = study.events().set_index("event_id")
    assert events["type_certainty"].fillna("").tolist() == ["suspected", "suspected", ""]
    assert events["event_class"].tolist() == ["explosion", "quarry_blast", "earthquake"]


def test_types_outside_of_the_standard_and_their_doubts_are_read(tmp_path):
    types = ["quarry blast", "mine blast", "unknown", " earthquake ", "se"]
    events = [
        {"id": f"smi:a/event/{n}", "type": kind, "time": str(moment(DAY, 60 * n)), "certainty": "suspected"}
        for n, kind in enumerate(types)
    ]
    found = read_catalog(quakeml(tmp_path / "c.xml", events))
    assert [event.event_type for event in found] == [
        "quarry blast",
        "mine blast",
        "unknown",
        "earthquake",
        "earthquake",
    ]
    assert {event.type_certainty for event in found} == {"suspected"}


def test_an_event_that_its_reader_stumbles_over_costs_itself_alone(tmp_path):
    bad = "<origin publicID='smi:a/o'><time><value>not a time</value></time></origin>"
    events = [
        {
            "id": f"smi:a/event/{n}",
            "type": "earthquake",
            "time": str(moment(DAY, 60 * n)),
            "more": bad if n == 1 else "",
        }
        for n in range(3)
    ]
    catalogue = RecordReader.open(quakeml(tmp_path / "c.xml", events))
    assert {event.event_id for event in catalogue.catalogue} >= {"0", "2"}
    assert len(catalogue.catalogue) + len(catalogue.problems) == 3


def test_a_row_with_too_many_cells_or_an_open_quotation_mark_costs_itself_alone(tmp_path):
    rows = [f"E{n},{moment(DAY, 60 * n)},67,33,earthquake" for n in range(60)]
    rows[3] += ",spare"
    rows[30] = rows[30].replace("earthquake", '"earthquake')
    path = tmp_path / "c.csv"
    path.write_text("\n".join(["event_id,time,lat,lon,type", *rows]) + "\n")
    reader = RecordReader.open(path)
    reasons = [problem.reason for problem in reader.problems]
    assert len(reader.catalogue) == 29 and len(reasons) == 2
    assert "it has 6 cells, expected 5" in reasons[0]
    assert "a quotation mark is opened and not closed" in reasons[1]


def test_records_of_an_older_version_keep_their_place_in_their_file():
    """The first version took each rate for a channel, and put together what lies over each other."""
    data = counts(seconds=60)
    blocks = "".join(
        f"TIMESERIES IM_APA__{code}_R, 2000 samples, {rate} sps, {moment(DAY, at)}, SLIST, INTEGER, Counts\n"
        + "".join(f"{value}\n" for value in data[100 * at : 100 * at + 2000])
        for code, rate, at in (("BHZ", 100.0, 0), ("BHZ", 99.99997, 20), ("BHN", 100.0, 0))
    ).replace("Z,", ",")
    kept = indexed_waveforms(blocks.encode())
    assert [(item.channel, len(item.samples)) for item in kept] == [
        ("BHZ", 2000),
        ("BHZ", 2000),
        ("BHN", 2000),
        ("BHZ", 4000),
    ]
    assert [len(item.samples) for item in read_waveforms(blocks.encode())] == [2000, 4000]
