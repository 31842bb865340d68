"""Six files at once, of which four are a trouble: each gets an answer or a clear sentence, by whatever way one asks."""

import io
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.workspace.day import (
    BEGIN_NS,
    Events,
    arrival_s,
    hours,
    lead_s,
    loud_events,
    six_files,
    trace,
    write,
)
from trova_widgets import Workspace
from trova_widgets.cli import main
from trova_widgets.models.application import ApplicationModel
from trova_widgets.models.classify import ClassifyModel
from trova_widgets.records.files.obspy_plugins import obspy_module

#: What each way tells of an answer.
TOLD = ["file", "channel", "onset", "event_class", "remark", "note"]


@pytest.fixture(scope="module")
def events() -> Events:
    return loud_events()


@pytest.fixture(scope="module")
def files(events: Events, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return six_files(tmp_path_factory.mktemp("six"), events)


def by_workspace(study: Workspace, paths: list[Path], _: pytest.CaptureFixture[str]) -> pd.DataFrame:
    return _as_told(study.classify(paths))


def by_command(study: Workspace, paths: list[Path], said: pytest.CaptureFixture[str]) -> pd.DataFrame:
    said.readouterr()
    assert main(["classify", *map(str, paths), "-w", str(study.path), "--json"]) == 0
    return _as_told(pd.DataFrame(map(json.loads, said.readouterr().out.splitlines())))


def by_page(study: Workspace, paths: list[Path], _: pytest.CaptureFixture[str]) -> pd.DataFrame:
    page = ClassifyModel(ApplicationModel(study))
    page.classify_files(paths)
    assert not page.problem
    table = pd.DataFrame(page.rows).rename(columns={"slug": "event_class"})
    return table.assign(channel=table["record"].str[-3:], onset=pd.to_datetime(table["onset"], utc=True))[TOLD]


def _as_told(table: pd.DataFrame) -> pd.DataFrame:
    onset = pd.to_datetime(table["onset_time"], utc=True)
    return table.assign(file=[Path(name).name for name in table["file"]], onset=onset)[TOLD]


@pytest.mark.parametrize("way", [by_workspace, by_command, by_page])
def test_each_of_six_files_is_answered_or_explained(
    way: Callable[..., pd.DataFrame],
    study: Workspace,
    files: dict[str, Path],
    events: Events,
    capsys: pytest.CaptureFixture[str],
):
    told = way(study, list(files.values()), capsys).set_index("file")
    answered = told[told["note"] == ""]
    assert list(answered.index) == ["hours.mseed", "hours.mseed", "three.mseed", "faster.mseed"]
    assert answered["event_class"].isin(["earthquake", "quarry_blast", "mine_blast"]).all()
    onsets = (answered.loc["hours.mseed", "onset"] - pd.Timestamp(BEGIN_NS, tz="UTC")).dt.total_seconds()
    expected = [1200 + arrival_s(events.earthquake), 5000 + arrival_s(events.blast)]
    assert onsets.tolist() == pytest.approx(expected, abs=4)
    three = told.loc["three.mseed"]
    assert three["channel"] == "BHZ" and "not asked: BHE, BHN" in three["remark"]
    assert "only 10 s are in the record" in told.loc["short.mseed", "note"]
    assert "not finite" in told.loc["nan.mseed", "note"]
    assert "format" in told.loc["nothing.mseed", "note"]


def test_the_command_says_one_sentence_of_each_trouble(study: Workspace, files: dict[str, Path], capsys):
    assert main(["classify", *map(str, files.values()), "-w", str(study.path)]) == 0
    said = capsys.readouterr().out.splitlines()
    for name in ("three", "short", "nan", "nothing"):
        assert sum(line.startswith(f"{name}.mseed: ") for line in said) == 1


def test_an_event_of_hours_is_answered_as_its_own_record_is(study: Workspace, events: Events, tmp_path: Path):
    origin_s = 3000.0
    ground = hours({origin_s: events.earthquake})
    first = round((origin_s - 30) * 40)
    alone = write(tmp_path / "alone.mseed", trace(ground[first : first + 6000], origin_s - 30))
    cut, whole = study.classify([write(tmp_path / "hours.mseed", trace(ground)), alone]).to_dict("records")
    assert abs((cut["onset_time"] - whole["onset_time"]).total_seconds()) < 1
    assert cut["event_class"] == whole["event_class"]


def test_hours_without_an_event_say_so(study: Workspace, tmp_path: Path):
    (row,) = study.classify(write(tmp_path / "quiet.mseed", trace(hours({})))).to_dict("records")
    assert "No event stands out of the noise in the 2 h 0 min" in row["note"]


def test_events_at_the_edges_are_told_apart_from_whole_ones(study: Workspace, events: Events, tmp_path: Path):
    quake, blast = events.earthquake, events.blast
    p_s = arrival_s(quake)
    # one is under way at the begin, one has its window, and of one only the first seconds are there
    ground = hours({-p_s - 6: quake, 600.0: blast, 1790.0 - arrival_s(blast): blast}, 1800.0)
    table = study.classify(write(tmp_path / "edges.mseed", trace(ground)))
    before, whole, behind = table.sort_values("onset_time").to_dict("records")
    assert "under way" in before["note"] and whole["note"] == "" and "are in the record" in behind["note"]


def test_a_catalogue_says_where_the_events_are(study: Workspace, events: Events, tmp_path: Path):
    """One too weak to be found is answered as well, and one that the catalogue does not have is not."""
    quake, blast = events.earthquake, events.blast
    path = write(tmp_path / "hours.mseed", trace(hours({600.0: quake, 1500.0: blast}, 2400.0)))
    catalog = tmp_path / "catalog.csv"
    times = [pd.Timestamp(BEGIN_NS, tz="UTC") + pd.Timedelta(seconds=each) for each in (1500, 2000, 90_000)]
    rows = [f"e{number},{time.isoformat()},quarry blast" for number, time in enumerate(times)]
    catalog.write_text("\n".join(["event_id,time,event_type", *rows]))
    answers = study.classify(path, catalog=catalog)
    assert answers["event_id"].tolist() == ["e0", "e1"] and (answers["note"] == "").all()
    onset_s = (answers["onset_time"][0] - times[0]).total_seconds()
    assert onset_s == pytest.approx(arrival_s(blast), abs=4)
    catalog.write_text("\n".join(["event_id,time,event_type", rows[2]]))
    (row,) = study.classify(path, catalog=catalog).to_dict("records")
    assert "The catalogue has no event" in row["note"]


def test_a_horizontal_answers_where_the_vertical_cannot(study: Workspace, events: Events, tmp_path: Path):
    broken = events.blast.samples.astype(np.float32)
    broken[7] = float("nan")
    sound = events.blast.samples.astype(np.float32)
    traces = [trace(broken), *(trace(sound, channel=f"BH{each}") for each in "EN")]
    answers = study.classify(write(tmp_path / "three.mseed", *traces))
    (named,) = answers[answers["note"] == ""].to_dict("records")
    assert named["channel"] == "BHN" and "BHE" in named["remark"]
    assert answers["note"].str.contains("BHZ holds samples that are not finite").sum() == 1


def test_a_record_of_the_study_is_asked_whatever_its_component(study: Workspace):
    known = study.records().iloc[0]
    answers = study.classify(study.path / "waveforms" / known["file_name"])
    assert known["record_id"] in set(answers["record_id"])


def test_answers_are_written_as_quakeml_that_is_valid(study: Workspace, files: dict[str, Path], tmp_path: Path, capsys):
    path = tmp_path / "answers.xml"
    assert main(["classify", *map(str, files.values()), "-w", str(study.path), "--json", "--quakeml", str(path)]) == 0
    said = capsys.readouterr()
    assert "4 events written" in said.err and "events written" not in said.out
    lines = [line for line in map(json.loads, said.out.splitlines()) if not line["note"]]
    assert obspy_module("obspy.io.quakeml.core")._validate(str(path))
    events = obspy_module("obspy").read_events(str(path))
    words = {"earthquake": "earthquake", "quarry_blast": "quarry blast", "mine_blast": "mining explosion"}
    assert [event.event_type for event in events] == [words[line["event_class"]] for line in lines]
    assert {event.event_type_certainty for event in events} == {"suspected"}
    for event, line in zip(events, lines, strict=True):
        (pick,) = event.picks
        assert abs(pick.time.timestamp - pd.Timestamp(line["onset_time"]).timestamp()) < 1e-3
        assert pick.waveform_id.get_seed_string() == f"XT.SYN01..{line['channel']}"
        assert f"quarry_blast {line['quarry_blast']:.3f}" in event.comments[0].text
        assert line["trial_id"] in event.comments[0].text
    before = path.read_bytes()
    study.write_answers(study.classify(list(files.values())), path)
    assert path.read_bytes() == before


def test_the_stations_of_an_event_are_one_in_quakeml(study: Workspace, events: Events, tmp_path: Path):
    blast = events.blast
    stations = [trace(blast.samples, station=f"SYN{number:02d}") for number in (1, 2)]
    catalog = tmp_path / "catalog.csv"
    origin = pd.Timestamp(BEGIN_NS, tz="UTC") + pd.Timedelta(seconds=lead_s(blast))
    catalog.write_text(f"event_id,time,event_type\ne7,{origin.isoformat()},quarry blast")
    answers = study.classify(write(tmp_path / "event.mseed", *stations), catalog=catalog)
    assert study.write_answers(answers, tmp_path / "answers.xml") == 1
    (event,) = obspy_module("obspy").read_events(str(tmp_path / "answers.xml"))
    assert [pick.waveform_id.station_code for pick in event.picks] == ["SYN01", "SYN02"]


def test_what_is_piped_in_is_answered(study: Workspace, files: dict[str, Path], monkeypatch, capsys):
    for name, status in (("three", 0), ("nothing", 1)):
        piped = io.TextIOWrapper(io.BytesIO(files[name].read_bytes()))
        monkeypatch.setattr("sys.stdin", piped)
        assert main(["classify", "-", "-w", str(study.path), "--json"]) == status
        (line,) = map(json.loads, capsys.readouterr().out.splitlines())
        assert line["file"] == "-" and bool(line["event_class"]) == (status == 0)
