"""Catalogues that come later, or twice, or contradict each other: looked at, matched by time and place, and told."""

from pathlib import Path

import pytest

from tests.records.making import counts, mseed, trace, written
from tests.workspace.archives import DAY, moment, noise, quakeml, record, table
from trova_widgets.workspace import Workspace


@pytest.fixture
def study(tmp_path):
    with Workspace.create(tmp_path / "study") as workspace:
        yield workspace


def _classes(study: Workspace) -> dict[str, str]:
    records = study.records()
    return dict(zip(records["station"], records["event_class"].fillna(""), strict=True))


@pytest.fixture
def data(tmp_path) -> Path:
    """Two stations, each with a record of an event of its own."""
    for number, station in enumerate(("APA", "LVZ")):
        record(tmp_path / "data", f"{station}.mseed", str(moment(DAY, 3600 * number)), seed=number, station=station)
    return tmp_path / "data"


def _catalog(folder: Path, name: str, *types: str, shift_s: float = 0.0) -> Path:
    rows = [(f"E{n}", moment(DAY, 3600 * n + 15 + shift_s), 67, 33, kind) for n, kind in enumerate(types)]
    return table(folder / name, rows)


def test_a_catalogue_that_comes_later_labels_what_is_there(study, data, tmp_path):
    assert study.import_records(data).classes == {"without an event": 2}
    report = study.import_records(data, catalog=_catalog(tmp_path, "a.csv", "earthquake", "quarry blast"))
    assert (report.matched, report.events, report.already_there, report.records) == (2, 2, 2, 0)
    assert _classes(study) == {"APA": "earthquake", "LVZ": "quarry_blast"}
    report = study.import_records(data, catalog=_catalog(tmp_path, "b.csv", "quarry blast", "quarry blast"))
    assert (report.matched, report.events, report.revised, report.relabelled) == (0, 0, 1, 1)
    assert _classes(study) == {"APA": "quarry_blast", "LVZ": "quarry_blast"}
    assert study.labels("E0")["event_class"].tolist() == ["earthquake", "quarry_blast"]
    assert "event_type: 'earthquake', then 'quarry blast'" in str(report)


def test_a_catalogue_is_attached_without_its_files(study, data, tmp_path):
    study.import_records(data)
    for path in data.iterdir():
        path.unlink()
    report = study.attach_catalog(_catalog(tmp_path, "a.csv", "earthquake", "quarry blast", "earthquake"))
    assert report.matched == 2 and report.unshown == ("E2",)
    assert _classes(study) == {"APA": "earthquake", "LVZ": "quarry_blast"}
    again = study.attach_catalog(tmp_path / "a.csv")
    assert (again.matched, again.relabelled, again.revised, again.events) == (0, 0, 0, 0)


def test_records_are_measured_again_when_their_event_is_known(data, tmp_path):
    """Files first and the catalogue after is the same as both at once."""
    catalog = _catalog(tmp_path, "a.csv", "earthquake", "quarry blast")
    found = []
    for name, steps in (("once", ({"catalog": catalog},)), ("later", ({}, {"catalog": catalog}))):
        with Workspace.create(tmp_path / name) as study:
            for step in steps:
                study.import_records(data, **step)
            columns = ["station", "event_id", "event_class", "onset_s", "snr_db", "dominant_frequency_hz"]
            found.append(study.records()[columns].round(9).to_dict())
    assert found[0] == found[1]


def test_a_table_of_files_that_comes_later_is_found_by_the_names_of_old(study, data, tmp_path):
    study.import_records(data)
    links = table(data / "files.csv", [("LVZ.mseed", "K7", "mining explosion")], "file,event_id,type")
    report = study.attach_catalog(links)
    assert report.file_rows.total == report.file_rows.used == 1
    assert _classes(study) == {"APA": "", "LVZ": "mine_blast"}
    report = study.attach_catalog(
        table(data / "more.csv", [("LVZ.mseed", "K7"), ("none.mseed", "K8")], "file,event_id")
    )
    assert report.unmet == ("none.mseed",) and "none.mseed" in str(report)


def test_a_class_that_is_named_later_is_kept(study, data, tmp_path):
    study.import_records(data)
    report = study.import_records(data, event_class="mine_blast")
    assert report.relabelled == 2 and set(_classes(study).values()) == {"mine_blast"}
    assert study.import_records(data, event_class="quarry_blast").relabelled == 2
    assert set(_classes(study).values()) == {"quarry_blast"}
    # of an event that a catalogue gives without a class, what was said of its file stays said
    report = study.import_records(data, catalog=_catalog(tmp_path, "a.csv", "", "unheard of"))
    assert report.matched == 2
    assert set(_classes(study).values()) == {"quarry_blast"}
    assert set(study.records()["event_id"]) == {"E0", "E1"}


def test_what_an_analyst_said_counts_more_than_a_later_catalogue(study, data, tmp_path):
    study.import_records(data, catalog=_catalog(tmp_path, "a.csv", "earthquake", "earthquake"))
    study.label("E0", "mine_blast", author="ann", comment="ripple fired")
    report = study.attach_catalog(_catalog(tmp_path, "b.csv", "quarry blast", "quarry blast"))
    assert _classes(study) == {"APA": "mine_blast", "LVZ": "quarry_blast"}
    assert "as an analyst said it" in str(report) and "mine_blast, not quarry_blast" in str(report)
    rows = [("X9", moment(DAY, 15.5), 67, 33, "earthquake")]
    report = study.attach_catalog(table(tmp_path / "other.csv", rows))
    assert report.matched == 0 and "an analyst has said the class of the first one" in str(report)


def test_an_inventory_that_comes_later_places_the_records(study, data, tmp_path):
    module = obspy_inventory()
    target = tmp_path / "stations.xml"
    module.write(str(target), format="STATIONXML")
    study.import_records(data)
    assert "station_latitude" not in study.records()
    study.import_records(data, stations=target)
    records = study.records().set_index("station")
    assert records.loc["APA", "station_latitude"] == 67.57


def obspy_inventory():
    from trova_widgets.records.files.obspy_plugins import obspy_module

    module = obspy_module("obspy.core.inventory")
    station = module.Station("APA", latitude=67.57, longitude=33.4, elevation=0)
    return module.Inventory([module.Network("IM", [station])], source="test")


def test_events_are_cut_out_of_a_long_record_that_is_there(study, tmp_path):
    data = tmp_path / "data"
    data.mkdir()
    (data / "day.mseed").write_bytes(mseed(trace(noise(3 * 3600), sampling_rate=20.0)))
    study.import_records(data)
    catalog = table(tmp_path / "a.csv", [("E1", moment(DAY, 3600), 67, 33, "earthquake")])
    for attach in (lambda: study.attach_catalog(catalog), lambda: study.import_records(data, catalog=catalog)):
        report = attach()
        cut = study.records().dropna(subset=["event_id"])
        assert cut["event_id"].tolist() == ["E1"] and report.unshown == ()
    assert len(study.records()) == 2


@pytest.mark.parametrize("way", ["table", "quakeml", "files"])
def test_two_catalogues_that_number_from_one_are_of_different_events(study, tmp_path, way):
    for year, kind in ((2020, "quarry blast"), (2021, "earthquake")):
        part = tmp_path / str(year)
        rows = []
        for number in (1, 2):
            start = f"{year}-06-0{number}T10:00:00"
            name = record(part, f"r{number}.mseed", start, seed=year + number).name
            rows.append((number, moment(start, 15), 67, 33, kind, name))
        if way == "table":
            catalog = table(tmp_path / f"{year}.csv", [row[:5] for row in rows], "id,time,lat,lon,type")
        elif way == "quakeml":
            events = [{"id": f"smi:{kind[0]}/event/{n}", "type": kind, "time": str(time)} for n, time, *_ in rows]
            catalog = quakeml(tmp_path / f"{year}.xml", events)
        else:
            # no time at all: the records tell them apart
            catalog = table(part / "files.csv", [(row[5], row[0], kind) for row in rows], "file,event_id,type")
        report = study.import_records(part, catalog=catalog)
        again = study.import_records(part, catalog=catalog)
        assert (again.events, again.matched, again.relabelled) == (0, 0, 0)
    records = study.records()
    assert records["event_class"].tolist() == ["quarry_blast"] * 2 + ["earthquake"] * 2
    assert records["event_id"].nunique() == 4 and len(study.events()) == 4
    assert "whose name another event has already" in str(report)


def test_sac_files_of_one_placeholder_are_not_one_event(study, tmp_path):
    import numpy as np

    (tmp_path / "data").mkdir()
    for year in (2019, 2021):
        one = trace(counts().astype(np.float32), start=f"{year}-05-04T12:00:00", sac={"kevnm": "BLAST", "ievtyp": 72})
        (tmp_path / "data" / f"{year}.sac").write_bytes(written("SAC", one, folder=tmp_path))
    study.import_records(tmp_path / "data")
    assert study.records()["event_id"].nunique() == 2


def test_the_event_of_another_workspace_is_not_taken_for_one_of_this(study, tmp_path):
    with Workspace.create(tmp_path / "other") as other:
        for each, year in ((other, 2020), (study, 2021)):
            start = f"{year}-05-04T12:00:00"
            folder = tmp_path / str(year)
            record(folder, "r.mseed", start, seed=year)
            rows = [("1", moment(start, 15), 67, 33, "earthquake")]
            each.import_records(folder, catalog=table(tmp_path / f"{year}.csv", rows))
        other.export(tmp_path / "exported", progress=_quiet)
    from trova_widgets.errors import StoreError

    with pytest.raises(StoreError, match="another event with the name '1', at another time"):
        study.import_records(tmp_path / "exported")


def _quiet(items, label, total=None):
    return iter(items)


def test_corrected_values_replace_the_old_ones_which_stay_in_the_history(study, data, tmp_path):
    names = "event_id,time,lat,lon,type,magnitude,depth_km"
    first = [("E0", moment(DAY, 15), 67, 33, "earthquake", 2.0, "")]
    second = [("E0", moment(DAY, 17), 67.1, 33, "earthquake", "", 5)]
    study.import_records(data, catalog=table(tmp_path / "a.csv", first, names))
    report = study.import_records(data, catalog=table(tmp_path / "b.csv", second, names))
    (event,) = study.events().itertuples()
    # what the later one does not know stays
    assert (event.latitude, event.magnitude, event.depth_km) == (67.1, 2.0, 5.0)
    assert report.revised == 1 and "latitude: 67, then 67.1" in str(report)
    rows = study._store._database.rows("SELECT event_id, latitude, magnitude, depth_km FROM event_revision")
    assert rows == [("E0", 67.0, 2.0, None)]


def test_a_place_that_is_corrected_by_far_is_another_event_which_counts_from_now_on(study, data, tmp_path):
    study.import_records(data, catalog=_catalog(tmp_path, "a.csv", "earthquake", "earthquake"))
    rows = [("E0", moment(DAY, 15), 76, 33, "quarry blast"), ("E1", moment(DAY, 3615), 67, 33, "earthquake")]
    report = study.attach_catalog(table(tmp_path / "b.csv", rows))
    names = study.records()["event_id"].tolist()
    assert names[0].startswith("E0~2021-05-04") and names[1] == "E1"
    assert _classes(study) == {"APA": "quarry_blast", "LVZ": "earthquake"}
    assert "differs in time or place; both are kept" in str(report) and "(E0, then E0~" in str(report)


def test_names_in_sac_headers_keep_their_letters(study, tmp_path):
    """ObsPy drops Cyrillic letters: two blasts of half an hour would both be named "1"."""
    import numpy as np

    (tmp_path / "data").mkdir()
    for number, name in enumerate(("Взрыв 1", "Шахта 1", "unknown")):
        one = trace(counts(seed=number).astype(np.float32), start=str(moment(DAY, 1800 * number)), sac={"kevnm": "X"})
        content = bytearray(written("SAC", one, folder=tmp_path))
        content[448:464] = name.encode("cp1251").ljust(16)
        (tmp_path / "data" / f"{number}.sac").write_bytes(content)
    study.import_records(tmp_path / "data")
    records = study.records()
    assert records["event_id"].nunique() == 2 and records["event_id"].isna().tolist() == [False, False, True]


def test_a_placeholder_in_a_table_is_no_name(study, tmp_path):
    rows = []
    for number, name in enumerate(("0", "0", "-", "-", "unknown")):
        record(tmp_path / "data", f"{number}.mseed", str(moment(DAY, 120 * number)), seed=number)
        rows.append((name, moment(DAY, 120 * number + 15), 67, 33, ("earthquake", "explosion")[number % 2]))
    study.import_records(tmp_path / "data", catalog=table(tmp_path / "c.csv", rows))
    assert study.records()["event_id"].nunique() == 5
    assert study.records()["event_class"].tolist() == ["earthquake", "explosion"] * 2 + ["earthquake"]
