"""Columns as tables have them: twice, under other names, in other orders, with letters and commas in their numbers."""

import pytest

from tests.records.making import START
from trova_widgets.errors import RecordError
from trova_widgets.records.catalogues.catalog import open_catalog
from trova_widgets.records.files.obspy_plugins import obspy_module


def _event(table: str):
    (event,) = open_catalog(table.encode()).events
    return event


def _remarks(table: str) -> str:
    return "\n".join(open_catalog(table.encode()).remarks)


@pytest.mark.parametrize(
    "table",
    [
        'type,lon,lat,time,id\nquarry blast,"33,7","67,6",2021-05-04T12:00:00,K7\n',
        "id;time;lat;lon;type\nK7;2021-05-04T12:00:00;67.6N;33,7 E;quarry blast\n",
        "id,time,lat,lon,type\nK7,2021-05-04T12:00:00,N 67.6,33.7°,quarry blast\n",
        "id;Дата;Время;Широта;Долгота;Тип\nK7;04.05.2021;12:00:00;67,6;33,7;quarry blast\n",
        "id,year,month,day,hour,minute,second,lat,lon,type\nK7,2021,5,4,12,0,0.0,67.6,33.7,quarry blast\n",
        "id,year,month,day,time,lat,lon,type\nK7,2021,5,4,12:00:00,67.6,33.7,quarry blast\n",
    ],
)
def test_one_event_in_tables_of_many_fashions(table):
    event = _event(table)
    assert (event.event_id, event.latitude, event.longitude) == ("K7", 67.6, 33.7)
    assert event.origin_time_ns == obspy_module("obspy").UTCDateTime(START).ns
    assert event.event_type == "quarry blast"


def test_south_and_west_are_negative():
    event = _event("id,time,lat,lon\nK7,2021-05-04,12.5S,W 71.25\n")
    assert (event.latitude, event.longitude) == (-12.5, -71.25)


@pytest.mark.parametrize("cell", ["67.6E", "-67.6N", "N67.6S", "67 36", "north"])
def test_letters_of_the_wrong_side_make_no_number(cell):
    (problem,) = open_catalog(f"id,time,lat,lon\nK7,2021-05-04,{cell},33\n".encode()).problems
    assert f"has {cell!r} as latitude, expected a number" in problem


def test_columns_of_one_meaning_complete_each_other_and_are_told_where_they_differ():
    table = (
        "id,time,lat,latitude,lon,type,event_class\n"
        "1,2021-05-04,67.6,67.60,33.4,,quarry_blast\n"
        "2,2021-05-05,67.6,68.6,33.4,earthquake,quarry_blast\n"
        "3,2021-05-06,67.6,,33.4,quarry blast,quarry_blast\n"
    )
    events = open_catalog(table.encode()).events
    assert [event.latitude for event in events] == [67.6, 68.6, 67.6]
    assert [event.event_type for event in events] == ["quarry_blast", "earthquake", "quarry blast"]
    said = _remarks(table)
    assert (
        "columns latitude and lat both stand for the latitude, and differ in 1 rows (line 3: '68.6' and '67.6')" in said
    )
    assert "differ in 1 rows (line 3: 'earthquake' and 'quarry_blast'); type counts" in said
    assert "--columns event_type=event_class" in said


def test_columns_that_are_not_read_are_named():
    said = _remarks("id,time,Breite,Laenge,type,type\n1,2021-05-04,67.6,33.4,earthquake,explosion\n")
    assert "not read: Breite, Laenge; if one of them says the latitude: --columns latitude=NAME" in said
    assert "Several columns of the table are called type; the first of them counts" in said
    assert _remarks("id,time,lat,lon,type\n1,2021-05-04,67.6,33.4,earthquake\n") == ""


def test_a_table_whose_columns_are_not_known_says_how_to_name_them():
    content = b"No;T0;Breite\n1;2021-05-04;67,6\n"
    with pytest.raises(RecordError, match=r"columns No, T0, Breite, of which none is known .* origin_time=No"):
        open_catalog(content)
    (event,) = open_catalog(content, {"origin_time": "T0", "event_id": "No"}).events
    assert event.event_id == "1"
    with pytest.raises(RecordError, match="in none of the catalogue formats"):
        open_catalog(b"Notes of the field trip\nAll well.\n")
