"""The report of an import: in = used + told, to the last file, event and row; what contradicts is told."""

import os
import shutil
import struct
import subprocess
import sys
import unicodedata
from pathlib import Path

import numpy as np
import pytest

from tests.records.making import counts, mseed, trace, written
from tests.workspace.archives import DAY, moment, noise, quakeml, record, table
from trova_widgets.cli import main
from trova_widgets.records.files.obspy_plugins import remarks
from trova_widgets.workspace import Workspace


@pytest.fixture
def study(tmp_path):
    with Workspace.create(tmp_path / "study") as workspace:
        yield workspace


def _everything(data: Path, folder: Path) -> tuple[Path, dict[str, int]]:
    """An archive that holds one of every kind at once; its catalogue, and how many files there are of each fate."""
    record(data, "sound.mseed")
    record(data, "no-event.mseed", "2022-01-01T00:00:00", seed=2)
    (data / "copy.mseed").write_bytes((data / "sound.mseed").read_bytes())
    (data / "notes.md").write_text("# Notes\n")
    (data / ".DS_Store").write_bytes(b"x")
    (data / "empty.mseed").write_bytes(b"")
    (data / "damaged.gse").write_bytes(b"WID2 " + b"x" * 200)
    year = bytearray(written("SAC", trace(counts().astype(np.float32)), folder=folder))
    struct.pack_into("<i", year, 70 * 4, 2566)
    (data / "year.sac").write_bytes(year)
    with remarks():
        text = np.frombuffer(b"GPS locked", dtype="|S1").copy()
        log = mseed(trace(counts(seed=3), start=str(moment(DAY, 3600))), trace(text, channel="LOG", sampling_rate=1.0))
    (data / "log.mseed").write_bytes(log)
    three = [trace(counts(seed=k).astype(np.float32), start=str(moment(DAY, 7200)), channel=f"BH{c}") for k, c in
             enumerate("ZNE")]  # fmt: skip
    three[1].data[5] = np.nan
    (data / "nan.mseed").write_bytes(mseed(*three))
    pieces = [
        trace(noise(1500, seed=k), start=str(moment(DAY, 86_400 + 1620 * k)), sampling_rate=20.0) for k in range(4)
    ]
    (data / "pieces.mseed").write_bytes(mseed(*pieces))
    (data / "quiet.mseed").write_bytes(mseed(trace(noise(7200), start="2023-01-01T00:00:00", sampling_rate=20.0)))
    (data / "loop").symlink_to(data, target_is_directory=True)
    (data / "nowhere").symlink_to(folder / "nothing")
    os.mkfifo(data / "pipe")
    sac = {"kevnm": "EQ", "o": 15.0, "evla": 60.0, "evlo": 33.0, "ievtyp": 39, "nzyear": 2021, "nzjday": 124}
    sac |= {"nzhour": 15, "nzmin": 0, "nzsec": 0, "nzmsec": 0}
    other = trace(counts(seed=9).astype(np.float32), start=str(moment(DAY, 3 * 3600)), sac=sac)
    (data / "headers.sac").write_bytes(written("SAC", other, folder=folder))
    rows = [
        ("E1", moment(DAY, 15), 67.6, 33.4, "quarry blast", "sound.mseed"),
        ("E1", moment(DAY, 15), 67.6, 33.4, "earthquake", ""),
        ("E2", moment(DAY, 3615), 67.6, 33.4, "explosion?", ""),
        ("E3", moment(DAY, 7215), 67.6, 33.4, "qb", ""),
        ("E4", moment(DAY, 86_400 + 700), 67.6, 33.4, "earthquake", ""),
        ("E5", moment(DAY, 86_400 + 1620 * 2 + 700), 67.6, 33.4, "earthquake", ""),
        ("E6", moment(DAY, 3 * 3600 + 15), 67.6, 33.4, "quarry blast", ""),
        ("E7", "2019-01-01T00:00:00", 67.6, 33.4, "earthquake", ""),
        ("E8", "2566-01-01T00:00:00", 67.6, 33.4, "earthquake", ""),
        ("E9", moment(DAY), 95, 33.4, "earthquake", ""),
        ("E1", "2020-02-02T00:00:00", 67.6, 33.4, "earthquake", ""),
        ("E10", "2018-01-01T00:00:00", 67.6, 33.4, "earthquake", "lost.mseed"),
    ]
    catalog = table(data / "catalog.csv", rows, "event_id,time,lat,lon,type,file")
    fates = {"taken in": 6, "there already": 1, "told": 10}
    return catalog, fates


def test_a_folder_of_every_kind_is_counted_to_the_last_file_and_event(study, tmp_path):
    data = tmp_path / "data"
    catalog, fates = _everything(data, tmp_path)
    report = study.import_records(data, catalog=catalog)
    said = str(report)
    there = sum(len(files) + len([f for f in folders if Path(name, f).is_symlink()]) for name, folders, files in
                os.walk(data))  # fmt: skip
    assert report.files.total == there == sum(fates.values())
    assert report.files.total == report.files.used + report.files.told
    assert (report.files.used, report.already_there) == (fates["taken in"] + 1, 1)
    told = {item.path.name for item in report.rejections} | {"catalog.csv", ".DS_Store"}
    assert told >= {
        "notes.md", "empty.mseed", "damaged.gse", "year.sac", "log.mseed", "nan.mseed", "quiet.mseed", "loop",
        "nowhere", "pipe",
    }  # fmt: skip
    assert report.asides == {"hidden": 1, "the catalogue": 1}
    # ten identities, of which one stands for two events; two rows cannot be
    events = report.catalogue_events
    assert events.total == events.used + events.told == 11
    assert events.used == len(study.events()) == 6
    assert set(report.unshown) == {"E7", "E10", "E1~2020-02-02T00:00:00"}
    assert (report.file_rows.total, report.file_rows.used, report.unmet) == (2, 1, ("lost.mseed",))
    assert report.types_without_class == {"qb": 2}
    assert sum(report.classes.values()) == report.records == len(study.records())
    assert report.classes["without an event"] == 1 and report.classes["without a class"] == 2
    for words in (
        "The name E1 stands for several events",
        "The entries of E1 contradict each other: event_type is 'quarry blast' in one and 'earthquake' in another; the",
        "headers and catalogue contradict each other; the catalogue counts",
        "trova classes",
        "trova events --catalog",
        "E7",
        "lost.mseed",
        "LOG holds text",
        "not finite",
    ):
        assert words in said, words
    items = report.items()
    assert len(items) == len(report.rejections) + len(report.remarks) + len(report.unshown) + len(report.unmet)
    assert items.notna().all().all()


def test_the_command_writes_all_of_it_down(tmp_path, capsys):
    data = tmp_path / "data"
    catalog, _ = _everything(data, tmp_path)
    main(["init", str(tmp_path / "study")])
    words = ["import", str(data), "--catalog", str(catalog), "-w", str(tmp_path / "study")]
    assert main([*words, "--report", str(tmp_path / "report.csv")]) == 0
    assert "lost.mseed" in (tmp_path / "report.csv").read_text()
    assert main(["events", "-w", str(tmp_path / "study"), "--catalog", str(catalog)]) == 0
    assert "11 events of the catalogue: 6 have records, 5 have none." in capsys.readouterr().out


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_names_that_differ_only_in_how_a_letter_is_composed_are_one(study, tmp_path, form):
    other = "NFD" if form == "NFC" else "NFC"
    record(tmp_path / "data", unicodedata.normalize(form, "Кий.mseed"))
    rows = [(unicodedata.normalize(other, "Кий.mseed"), "E1", unicodedata.normalize(other, "Взрыв карьерный"))]
    study.set_event_type_classes({unicodedata.normalize(form, "взрыв карьерный"): "quarry_blast"})
    report = study.import_records(
        tmp_path / "data", catalog=table(tmp_path / "data" / "list.csv", rows, "file,event_id,type")
    )
    assert report.unmet == () and study.records()["event_class"].tolist() == ["quarry_blast"]


def test_a_row_that_ties_a_file_to_an_event_of_another_year_is_told(study, tmp_path):
    record(tmp_path / "data", "a.mseed")
    rows = [("a.mseed", "E1", "2020-05-04T12:00:15", "earthquake"), ("a.mseed", "E2", moment(DAY, 15), "explosion")]
    catalog = table(tmp_path / "data" / "list.csv", rows, "file,event_id,time,type")
    report = study.import_records(tmp_path / "data", catalog=catalog)
    assert study.records()["event_id"].tolist() == ["E1"]
    assert "ties to an event of another time; the table counts" in str(report)
    assert (
        "ties to several events; the first one counts: the table ties the file a.mseed to the events E1 and E2"
        in str(report)
    )


def test_a_class_for_all_against_the_type_of_the_event_is_told(study, tmp_path):
    record(tmp_path / "data", "a.mseed")
    catalog = table(tmp_path / "c.csv", [("E1", moment(DAY, 15), 67, 33, "earthquake")])
    report = study.import_records(tmp_path / "data", catalog=catalog, event_class="quarry_blast")
    assert study.records()["event_class"].tolist() == ["quarry_blast"]
    assert "says another class than the import, quarry_blast; the import's counts" in str(report)


def test_a_warning_of_a_reader_reaches_the_report(study, tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "a.mseed").write_bytes(mseed(trace(counts())) + b"\xff" * 600)
    assert "of which its reader remarks" in str(study.import_records(tmp_path / "data"))


def test_two_catalogues_of_one_event_are_told_and_the_later_one_counts(study, tmp_path):
    record(tmp_path / "data", "a.mseed")
    first = quakeml(tmp_path / "a.xml", [{"id": "smi:a/event/7", "type": "earthquake", "time": str(moment(DAY, 15))}])
    second = table(tmp_path / "b.csv", [("7", moment(DAY, 15), 67.6, 33.4, "quarry blast")])
    study.import_records(tmp_path / "data", catalog=first)
    report = study.import_records(tmp_path / "data", catalog=second)
    assert study.records()["event_class"].tolist() == ["quarry_blast"]
    assert "a later catalogue corrects; the later one counts" in str(report)


def test_one_event_under_two_names_is_told(study, tmp_path):
    """Two catalogues that call one event differently: whether its records come one by one or are there already."""
    for name in ("APA", "LVZ"):
        record(tmp_path / name, "a.mseed", seed=len(name), station=name)
    first = table(tmp_path / "a.csv", [("E1", moment(DAY, 15), 67.6, 33.4, "earthquake")])
    second = table(tmp_path / "b.csv", [("X9", moment(DAY, 16), 67.61, 33.4, "quarry blast")])
    study.import_records(tmp_path / "APA", catalog=first)
    report = study.import_records(tmp_path / "LVZ", catalog=second)
    assert "under another name, at the same time and place; both are kept: X9 and E1" in str(report)
    assert study.records()["event_id"].tolist() == ["E1", "X9"]
    report = study.attach_catalog(second)
    assert "gives to another event; the later one counts" in str(report) and "(E1, then X9)" in str(report)
    assert study.records()["event_id"].tolist() == ["X9", "X9"]
    # two entries of one catalogue are two events, however near
    rows = [("A", moment(DAY, 3600), 67, 33, "earthquake"), ("B", moment(DAY, 3602), 67, 33, "earthquake")]
    assert "under another name" not in str(study.attach_catalog(table(tmp_path / "c.csv", rows)))


def test_what_headers_and_catalogue_say_differently_is_told(study, tmp_path):
    sac = {"kevnm": "EQ", "o": 15.0, "evla": 67.6, "evlo": 33.4, "evdp": 15.0, "mag": 4.5, "ievtyp": 40}
    sac |= {"nzyear": 2021, "nzjday": 124, "nzhour": 12, "nzmin": 0, "nzsec": 0, "nzmsec": 0}
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "a.sac").write_bytes(
        written("SAC", trace(counts().astype(np.float32), sac=sac), folder=tmp_path)
    )
    rows = [("E1", moment(DAY, 15), 67.6, 33.4, "qb", 1.2, 0)]
    catalog = table(tmp_path / "c.csv", rows, "event_id,time,lat,lon,type,mag,depth")
    said = str(study.import_records(tmp_path / "data", catalog=catalog))
    for words in (
        "headers: 'earthquake', catalogue: 'qb'",
        "magnitude: 4.5 in the headers, 1.2 in the catalogue",
        "depth_km: 15 in the headers, 0 in the catalogue",
    ):
        assert words in said, words


def test_what_is_no_seismogram_is_called_by_its_name(study, tmp_path):
    from tests.workspace.test_later_catalogs import obspy_inventory

    data = tmp_path / "data"
    record(data, "a.mseed")
    record(data / ".old", "b.mseed", seed=3)
    table(data / "events.csv", [("E1", moment(DAY, 15), 67, 33, "earthquake")])
    quakeml(data / "events.xml", [{"id": "smi:a/1", "type": "earthquake", "time": str(moment(DAY))}])
    obspy_inventory().write(str(data / "stations.xml"), format="STATIONXML")
    (data / "empty.mseed").touch()
    (data / "notes.txt").write_text("Notes\n")
    report = study.import_records(data)
    told = {item.path.name: f"{item.reason} {item.way_out}" for item in report.rejections}
    assert "a table of events" in told["events.csv"] and "trova events --catalog" in told["events.csv"]
    assert "a catalogue of events (QuakeML)" in told["events.xml"]
    assert "an inventory of stations (StationXML)" in told["stations.xml"] and "--stations" in told["stations.xml"]
    assert "is empty" in told["empty.mseed"] and "plain text" in told["notes.txt"]
    assert report.asides == {"hidden with all that is in it": 1}
    assert report.files.total == report.files.used + report.files.told == 7


def test_samples_that_no_instrument_gives_are_told(study, tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "a.mseed").write_bytes(mseed(trace(counts() * 1e200)))
    assert "more than any instrument gives" in str(study.import_records(tmp_path / "data"))


def test_many_remarks_of_a_reader_are_told_as_one(study, tmp_path):
    record(tmp_path / "data", "a.mseed")
    path = tmp_path / "data" / "a.mseed"
    path.write_bytes(path.read_bytes() + b"no record of miniSEED" * 100)
    report = study.import_records(tmp_path / "data")
    kinds = [remark.kind for remark in report.remarks if "Not a SEED record" in remark.kind]
    assert len(kinds) == 1 and "bytes ... to ..." in kinds[0]
    assert " times, first: " in str(report)


def test_folders_that_cannot_be_listed_or_are_links_are_told(tmp_path):
    """Whoever runs this: as root, which may list every folder, a process without that right does it."""
    record(tmp_path / "data", "a.mseed")
    closed = tmp_path / "data" / "LVZ"
    closed.mkdir()
    record(tmp_path / "disk2", "b.mseed", seed=2)
    (tmp_path / "data" / "KBS").symlink_to(tmp_path / "disk2", target_is_directory=True)
    before: list[str] = []
    if os.getuid() == 0:
        if shutil.which("setpriv") is None:
            pytest.skip("root may list every folder, and there is no setpriv to take that right")
        os.chown(closed, 65534, 65534)
        rights = "-dac_override,-dac_read_search"
        before = ["setpriv", f"--bounding-set={rights}", f"--inh-caps={rights}"]
    closed.chmod(0o700 if before else 0)
    main(["init", str(tmp_path / "study")])
    script = "import sys; from trova_widgets.cli import main; sys.exit(main(sys.argv[1:]))"
    words = ["import", str(tmp_path / "data"), "-w", str(tmp_path / "study")]
    done = subprocess.run([*before, sys.executable, "-c", script, *words], capture_output=True, text=True, check=False)
    closed.chmod(0o700)
    assert done.returncode == 0
    assert "LVZ: The folder cannot be listed" in done.stdout
    assert "KBS: It is a link to a folder" in done.stdout
    assert "3 files: 1 taken in, 0 there already, 2 not taken in." in done.stdout


def test_a_bare_name_in_a_table_is_not_any_file_of_that_name(study, tmp_path):
    for year in (2020, 2021):
        record(tmp_path / "data" / str(year), "r1.mseed", f"{year}-05-04T12:00:00", seed=year)
    rows = [("r1.mseed", "E1", "2020-05-04T12:00:15", "quarry blast")]
    catalog = table(tmp_path / "list.csv", rows, "file,event_id,time,type")
    report = study.import_records(tmp_path / "data", catalog=catalog)
    assert study.records()["event_class"].fillna("").tolist() == ["quarry_blast", ""]
    assert "has the name of one in the table and is of another time" in str(report)


def test_an_inventory_that_lacks_a_station_is_told(study, tmp_path):
    from tests.workspace.test_later_catalogs import obspy_inventory

    record(tmp_path / "data", "a.mseed", station="KBS")
    obspy_inventory().write(str(tmp_path / "stations.xml"), format="STATIONXML")
    report = study.import_records(tmp_path / "data", stations=tmp_path / "stations.xml")
    assert "1 x record whose station the inventory does not have at its time: IM.KBS in a.mseed" in str(report)


def test_a_page_matches_a_catalogue_alone(study, tmp_path):
    from trova_widgets.models.application import ApplicationModel
    from trova_widgets.models.records import RecordsModel

    record(tmp_path / "data", "a.mseed")
    study.import_records(tmp_path / "data")
    page = RecordsModel(ApplicationModel(study))
    catalog = table(tmp_path / "c.csv", [("E1", moment(DAY, 15), 67, 33, "earthquake")])
    page.record_import.look_at_catalog(catalog)
    page.record_import.import_files([], catalog, "")
    assert "1 records have another event" in page.record_import.report
    assert study.records()["event_class"].tolist() == ["earthquake"]
