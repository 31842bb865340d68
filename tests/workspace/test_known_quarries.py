"""Known quarries are kept with the workspace and tell which events lie near one: library, command and page."""

import pytest

from tests.workspace.archives import DAY, moment, record, table
from trova_widgets.cli import main
from trova_widgets.errors import RecordError, StoreError
from trova_widgets.workspace import Workspace

QUARRIES = "30.\n 67.600   34.000 Koashva\n 60.000   20.000 Elsewhere\n"


@pytest.fixture
def study(tmp_path):
    rows = []
    for number, (latitude, kind) in enumerate(((67.61, "earthquake"), (67.8, "quarry blast"), (69.0, "earthquake"))):
        start = moment(DAY, 3600 * number)
        record(tmp_path / "data", f"{number}.mseed", str(start), seed=number)
        rows.append((f"E{number}", start + 15, latitude, 34.0, kind))
    (tmp_path / "quarry.dat").write_text(QUARRIES)
    with Workspace.create(tmp_path / "study") as workspace:
        workspace.import_records(tmp_path / "data", catalog=table(tmp_path / "c.csv", rows))
        yield workspace


def test_events_near_a_quarry_are_found_with_its_name_and_distance(study, tmp_path):
    assert study.quarries().empty and study.near_quarries().empty
    report = study.set_quarries(tmp_path / "quarry.dat")
    assert (report.quarries, report.events, report.near) == (2, 3, 2)
    assert report.classes == {"earthquake": 1, "quarry_blast": 1} and report.nearest == {"Koashva": 2}
    assert "Those that are called earthquakes may be blasts" in str(report)
    near = study.near_quarries()
    assert near["event_id"].tolist() == ["E0", "E1"] and set(near["quarry"]) == {"Koashva"}
    # a hundredth of a degree of latitude is 1.112 km
    assert near["quarry_km"].round(2).tolist() == [1.11, 22.24]
    assert study.near_quarries(radius_km=5)["event_id"].tolist() == ["E0"]
    assert study.quarries()["name"].tolist() == ["Koashva", "Elsewhere"]


def test_the_quarries_go_out_with_an_export_and_come_back(study, tmp_path):
    study.set_quarries(tmp_path / "quarry.dat", radius_km=40)
    study.export(tmp_path / "exported", progress=lambda items, label, total=None: items)
    with Workspace.create(tmp_path / "other") as other:
        other.import_records(tmp_path / "exported", progress=lambda items, label, total=None: items)
        assert other.quarries().equals(study.quarries())
        assert other.near_quarries().equals(study.near_quarries())


def test_the_command_keeps_and_tells(study, tmp_path, capsys):
    folder = str(study.path)
    study.close()
    assert main(["quarries", "-w", folder]) == 1
    assert "name a table of some: trova quarries FILE" in capsys.readouterr().err
    assert main(["quarries", str(tmp_path / "quarry.dat"), "-w", folder]) == 0
    assert "2 of 3 events with a place lie near one" in capsys.readouterr().out
    assert main(["quarries", "--radius", "5", "--export", str(tmp_path / "near.csv"), "-w", folder]) == 0
    assert "1 rows written" in capsys.readouterr().out


def test_the_page_takes_a_table_of_quarries_in_place_of_a_catalogue(study, tmp_path):
    from trova_widgets.models.application import ApplicationModel
    from trova_widgets.models.records import RecordsModel

    page = RecordsModel(ApplicationModel(study)).record_import
    page.look_at_catalog(tmp_path / "quarry.dat")
    page.import_files([], tmp_path / "quarry.dat", "")
    assert "2 quarries are known; 2 of 3 events" in page.report


def test_what_cannot_be_read_is_told(study, tmp_path):
    with pytest.raises(RecordError, match="cannot be opened"):
        study.set_quarries(tmp_path / "nowhere.dat")
    (study.path / "quarries.csv").write_text("something else\n")
    with pytest.raises(StoreError, match="Mend it, or give the quarries anew"):
        study.quarries()
