"""Tables of quarries: SEISAN's and CSV give the values that made them; a line that is none costs itself alone."""

import pytest

from trova_widgets.errors import RecordError
from trova_widgets.records.catalogues.catalog import open_catalog
from trova_widgets.records.catalogues.quarries import USUAL_RADIUS_KM, Quarry, is_quarry_table, read_quarries

MADE = (
    Quarry(name="Karnasurta, mine", latitude=67.883, longitude=34.65, radius_km=30.0),
    Quarry(name="Железный", latitude=67.5, longitude=-30.4, radius_km=30.0),
    Quarry(name="South (ARG), 14:00", latitude=-12.345, longitude=171.25, radius_km=30.0),
)


def _seisan(encoding: str = "utf-8") -> bytes:
    lines = [f"{quarry.latitude:7.3f} {quarry.longitude:8.3f} {quarry.name}" for quarry in MADE]
    return "\n".join(["30.", *lines, ""]).encode(encoding)


@pytest.mark.parametrize("encoding", ["utf-8", "cp1251", "koi8-r", "utf-16"])
def test_seisans_table_gives_what_made_it(encoding):
    assert is_quarry_table(_seisan(encoding))
    assert read_quarries(_seisan(encoding)).quarries == MADE


@pytest.mark.parametrize(
    "table",
    [
        "name,latitude,longitude,radius_km\n" + "".join(f'"{q.name}",{q.latitude},{q.longitude},30\n' for q in MADE),
        "Широта;Долгота;Карьер;Радиус\n"
        + "".join(f"{str(q.latitude).replace('.', ',')};{q.longitude};{q.name};30\n" for q in MADE),
    ],
)
def test_a_csv_gives_what_made_it(table):
    assert is_quarry_table(table.encode())
    assert read_quarries(table.encode()).quarries == MADE


def test_a_radius_can_be_given_and_there_is_a_usual_one():
    assert {quarry.radius_km for quarry in read_quarries(_seisan(), radius_km=5).quarries} == {5.0}
    (quarry,) = read_quarries(b"mine,lat,lon\nKovdor,67.56,30.43\n").quarries
    assert quarry.radius_km == USUAL_RADIUS_KM


def test_a_line_that_is_none_costs_itself_alone():
    content = _seisan() + b"not a place\n 97.000   30.000 Beyond\n\n"
    found = read_quarries(content)
    assert found.quarries == MADE
    assert [problem[:7] for problem in found.problems] == ["Line 5 ", "Line 6:"]
    assert "no place on the Earth" in found.problems[1]


@pytest.mark.parametrize(
    "content",
    [b"", b"notes\n", b"event_id,time,lat,lon\n1,2021-05-04,67,33\n", b"50.\n", b"\x00\x01", b"name,lat\na,1\n"],
)
def test_what_is_no_table_of_quarries_is_refused(content):
    assert not is_quarry_table(content)
    with pytest.raises(RecordError, match="no table of quarries"):
        read_quarries(content)


def test_a_table_of_quarries_is_no_catalogue():
    with pytest.raises(RecordError, match="a table of quarries, no catalogue of events; keep it with: trova quarries"):
        open_catalog(_seisan())
