import pytest

from tests.records.making import counts, mseed, trace
from trova_widgets import Workspace
from trova_widgets.cli import main
from trova_widgets.errors import StoreError
from trova_widgets.records import EVENT_CLASSES

CATALOG = (
    "event_id,time,event_type\n"
    "burst,2021-05-04T12:00:15Z,rock burst\n"
    "slide,2021-05-05T12:00:15Z,landslide\n"
    "odd,2021-05-06T12:00:15Z,=chute()\n"
)


@pytest.fixture
def archive(tmp_path):
    folder = tmp_path / "archive"
    folder.mkdir()
    for day in (4, 5, 6):
        one = trace(counts(seed=day), start=f"2021-05-0{day}T12:00:00")
        (folder / f"{day}.mseed").write_bytes(mseed(one))
    (folder / "catalog.csv").write_text(CATALOG)
    return folder


@pytest.fixture
def workspace(tmp_path):
    with Workspace.create(tmp_path / "study") as made:
        yield made


def _classes(workspace) -> dict[str, str]:
    events = workspace.events().set_index("event_id")["event_class"]
    return {name: value for name, value in events.items() if isinstance(value, str)}


def test_a_new_workspace_has_the_usual_table_and_no_file(workspace):
    table = workspace.event_type_classes().set_index("event_type")
    assert table["event_class"].to_dict() == EVENT_CLASSES
    assert table["is_usual"].all()
    assert not (workspace.path / "event_types.csv").exists()


def test_a_changed_table_holds_for_what_is_there_and_for_what_comes(workspace, archive):
    workspace.import_records(archive / "4.mseed", catalog=archive / "catalog.csv")
    assert _classes(workspace) == {"burst": "other"}
    assert workspace.set_event_type_classes({"Rock-Burst": "rock_burst", "=chute()": "slide"}) == 1
    workspace.import_records(archive, catalog=archive / "catalog.csv")
    assert _classes(workspace) == {"burst": "rock_burst", "slide": "other", "odd": "slide"}
    history = workspace.labels("burst")
    assert list(history["event_class"]) == ["other", "rock_burst"]
    assert history["author"].notna().all() and history["made_at"].is_monotonic_increasing
    # nobody's spreadsheet is to run a type of the catalogue's
    assert "'=chute(),slide\n" in (workspace.path / "event_types.csv").read_text()


def test_what_an_analyst_said_outlives_the_table_and_another_import(workspace, archive):
    workspace.import_records(archive / "4.mseed", catalog=archive / "catalog.csv")
    workspace.label("burst", "quarry_blast", author="analyst", comment="ripple in the spectrum")
    assert workspace.set_event_type_classes({"rock burst": "rock_burst"}) == 0
    second = mseed(trace(counts(seed=9), station="LVZ"))
    (archive / "second.mseed").write_bytes(second)
    report = workspace.import_records(archive / "second.mseed", catalog=archive / "catalog.csv")
    assert (report.records, report.events) == (1, 0)
    assert _classes(workspace) == {"burst": "quarry_blast"}
    assert list(workspace.labels("burst")["author"])[-1] == "analyst"


def test_a_class_given_for_all_of_an_import_is_no_matter_of_the_table(workspace, archive):
    workspace.import_records(archive, catalog=archive / "catalog.csv", event_class="mine_blast")
    assert set(_classes(workspace).values()) == {"mine_blast"}
    assert workspace.set_event_type_classes({"landslide": "slide"}) == 0


def test_a_type_can_lose_its_class(workspace, archive):
    workspace.set_event_type_classes({"landslide": None})
    workspace.import_records(archive, catalog=archive / "catalog.csv")
    assert _classes(workspace) == {"burst": "other"}


def test_the_file_may_be_edited_by_hand(workspace, archive):
    (workspace.path / "event_types.csv").write_text("\ufeffevent_type, event_class\nRock Burst , burst\n\n")
    workspace.import_records(archive, catalog=archive / "catalog.csv")
    assert _classes(workspace) == {"burst": "burst"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("type,class\na,b\n", "expected 'event_type,event_class'"),
        ("", "is 'missing'"),
        ("event_type,event_class\nrock burst,Rock Burst!\n", "Line 2 of .* has the class 'Rock Burst!'"),
        ("event_type,event_class\nrock burst,<b>\n", "expected lower-case letters"),
    ],
)
def test_a_file_that_is_no_table_stops_the_import_with_the_way_out(workspace, archive, text, words):
    (workspace.path / "event_types.csv").write_text(text)
    with pytest.raises(StoreError, match=words):
        workspace.import_records(archive, catalog=archive / "catalog.csv")


def test_a_bad_class_changes_nothing(workspace):
    with pytest.raises(StoreError, match="'No Class'"):
        workspace.set_event_type_classes({"landslide": "No Class"})
    with pytest.raises(StoreError, match="empty text"):
        workspace.set_event_type_classes({" ": "slide"})
    assert not (workspace.path / "event_types.csv").exists()


def test_the_command_shows_and_changes_the_table(workspace, archive, capsys, tmp_path):
    workspace.import_records(archive, catalog=archive / "catalog.csv")
    where = ["-w", str(workspace.path)]
    workspace.close()
    assert main(["classes", "rock burst=rock_burst", "=chute()=slide", *where]) == 1
    assert "write it as name=value" in capsys.readouterr().err
    assert main(["classes", "rock burst=rock_burst", *where]) == 0
    assert "1 events have another class" in capsys.readouterr().out
    assert main(["classes", *where]) == 0
    assert "rock_burst" in capsys.readouterr().out
    assert main(["events", "--export", str(tmp_path / "events.csv"), *where]) == 0
    assert ",'=chute()," in (tmp_path / "events.csv").read_text()
