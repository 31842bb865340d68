import html
import io

import pytest

from tests.records.making import START
from trova_widgets.errors import RecordError
from trova_widgets.records import EVENT_CLASSES, SeismicEvent, class_of, read_catalog
from trova_widgets.records.catalogues.catalog import open_catalog
from trova_widgets.records.catalogues.layout import table_layout
from trova_widgets.records.catalogues.quakeml_parts import quakeml_parts
from trova_widgets.records.catalogues.tables import read_table
from trova_widgets.records.files.obspy_plugins import obspy_module, remarks


def _catalog(public_id: str | None = "quakeml:kola.example/event/kola7", event_type: str = "quarry blast"):
    module = obspy_module("obspy.core.event")
    origin = module.Origin(time=obspy_module("obspy").UTCDateTime(START), latitude=67.6, longitude=33.7, depth=500.0)
    magnitude = module.Magnitude(mag=1.7, magnitude_type="ML", origin_id=origin.resource_id)
    event = module.Event(origins=[origin], magnitudes=[magnitude], event_type=event_type)
    if public_id is not None:
        event.resource_id = module.ResourceIdentifier(public_id)
    return module.Catalog([event])


def _written(format_name: str, catalog) -> bytes:
    target = io.BytesIO()
    with remarks():
        catalog.write(target, format=format_name)
    return target.getvalue()


def _kola7(**values) -> SeismicEvent:
    known = {
        "event_id": "kola7",
        "origin_time_ns": obspy_module("obspy").UTCDateTime(START).ns,
        "latitude": 67.6,
        "longitude": 33.7,
        "depth_km": 0.5,
        "magnitude": 1.7,
        "magnitude_type": "ML",
        "event_type": "quarry blast",
    }
    return SeismicEvent(**known | values)


@pytest.mark.parametrize("format_name", ["QUAKEML", "SCML"])
def test_xml_catalogues_keep_every_value(format_name):
    assert read_catalog(_written(format_name, _catalog())) == [_kola7()]


def test_zmap_keeps_place_time_and_magnitude():
    (event,) = read_catalog(_written("ZMAP", _catalog()))
    # ZMAP writes the year as a decimal number
    assert event.origin_time_ns == pytest.approx(_kola7().origin_time_ns, abs=1e6)
    assert event == _kola7(
        event_id=event.event_id, origin_time_ns=event.origin_time_ns, magnitude_type=None, event_type=None
    )
    assert event.event_id.startswith("event-")


def test_a_nordic_file_keeps_the_event_type(tmp_path):
    catalog = _catalog(event_type="explosion")
    path = tmp_path / "04-1200-00L.S202105"
    with remarks():
        catalog.write(str(path), format="NORDIC", userid="KOLA", evtype="L", wavefiles=["none"])
    (event,) = read_catalog(path)
    assert event.origin_time_ns == _kola7().origin_time_ns
    assert event.event_type == "explosion"


ISF = "\n".join(
    [
        "BEGIN IMS1.0",
        "MSG_TYPE DATA",
        "MSG_ID 1 KOLA",
        "DATA_TYPE BULLETIN IMS1.0:SHORT",
        "The following is a bulletin of one event",
        "",
        "Event    600001 Kola Peninsula, Russia",
        "",
        "   Date       Time        Err   RMS Latitude Longitude  Smaj  Smin  Az Depth   Err Ndef Nsta Gap"
        "  mdist  Mdist Qual   Author      OrigID",
        "2021/05/04 12:00:00.00   0.50  0.60  67.6000   33.7000   5.0   4.0  90   0.5f         6    6 120"
        "   0.50   3.00 m i km KOLA        700001",
        "",
        "Magnitude  Err Nsta Author      OrigID",
        "ML     1.7  0.1   6 KOLA        700001",
        "",
        "STOP",
        "",
    ]
)


def test_an_isf_bulletin_is_read():
    (event,) = read_catalog(ISF.encode())
    assert event.origin_time_ns == _kola7().origin_time_ns
    assert (event.latitude, event.longitude, event.depth_km, event.magnitude) == (67.6, 33.7, 0.5, 1.7)
    assert event.event_type == "mining explosion"


def test_an_identity_that_obspy_makes_up_is_replaced_by_one_of_the_values():
    first, second = (read_catalog(_written("QUAKEML", _catalog(None)))[0].event_id for _ in range(2))
    assert first == second
    assert first.startswith("event-")


@pytest.mark.parametrize(
    ("public_id", "event_id"),
    [
        ("quakeml:pnsn.org/event/uw61362132", "uw61362132"),
        ("quakeml:earthquake.usgs.gov/fdsnws/event/1/query?eventid=usp000hvnu&format=quakeml", "usp000hvnu"),
        ("smi:ISC/evid=600516598", "600516598"),
    ],
)
def test_identities_are_short(public_id, event_id):
    assert read_catalog(_written("QUAKEML", _catalog(public_id)))[0].event_id == event_id


def test_a_short_identity_that_two_agencies_use_stays_long():
    catalog = _catalog("quakeml:a.example/event/7") + _catalog("quakeml:b.example/event/7")
    found = [event.event_id for event in read_catalog(_written("QUAKEML", catalog))]
    assert found == ["quakeml:a.example/event/7", "quakeml:b.example/event/7"]


@pytest.mark.parametrize(
    "table",
    [
        "event_id,time,latitude,longitude,depth_km,magnitude,magnitude_type,event_type\n"
        "kola7,2021-05-04T12:00:00Z,67.6,33.7,0.5,1.7,ML,quarry blast\n",
        "\ufeffEvID;Origin Time;Lat;Lon;Depth;Mag;MagType;Type\n"
        "kola7;2021-05-04 14:00:00+02:00;67,6;33,7;0,5;1,7;ML;quarry blast\n\n",
        "id\tutc\tlat\tlong\tdepth/km\tmagnitude\tmag-type\tevent type\n"
        "kola7\t2021-05-04 12:00\t67.6\t33.7\t0.5\t1.7\tML\tquarry blast\n",
    ],
)
def test_tables_of_three_fashions_say_the_same(table):
    assert read_catalog(table.encode()) == [_kola7()]


def test_empty_cells_are_unknown_and_an_event_counts_once():
    table = b"file,event_id,event_type,magnitude\na.mseed,e1,earthquake,\nb.mseed,e1,earthquake,nan\n"
    assert read_catalog(table) == [SeismicEvent(event_id="e1", event_type="earthquake")]
    assert [(link.file, link.event.event_id) for link in read_table(table).links] == [
        ("a.mseed", "e1"),
        ("b.mseed", "e1"),
    ]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("e1,2021-05-04T12:00:00Z,north", "Line 2 of the table has 'north' as latitude"),
        ("e1,now,67", "'now' as time, expected ISO 8601"),
        ("e1,04/05/2021,67", "as time, expected ISO 8601"),
        ("e1,04.05.21,67", "as time, expected ISO 8601"),
        ("e1,2021-02-30,67", "as time, expected ISO 8601"),
        (
            "e1,2021-05-04T12:00:00Z,95",
            "Line 2 of the table cannot stand: The event e1 has the latitude 95.0, expected -90 to 90",
        ),
        ("e1,2021-05-04T12:00:00Z,1e999", "latitude inf"),
        ("e1,99999-05-04T12:00:00Z,1", "as time"),
        ("e1,2021-05-04T12:00:00Z,67,spare", "cannot be read"),
    ],
)
def test_a_row_that_cannot_be_read_is_named(row, words):
    with pytest.raises(RecordError, match=words):
        read_catalog(f"event_id,time,latitude\n{row}\n".encode())


TABLE = "Kind;Day;Clock;B;L;H;Magn\nquarry blast;2021-05-04;12:00:00;67,6;33,7;0,5;1,7\n"
COLUMNS = {
    "event_type": "kind",
    "origin_time": "day+clock",
    "latitude": "B",
    "longitude": "L",
    "depth_km": "H",
    "magnitude": "Magn",
}


def test_columns_of_any_name_can_be_mapped():
    with pytest.raises(RecordError, match="of which none is known as the time or the identity of an event"):
        read_catalog(TABLE.encode())
    (event,) = read_catalog(TABLE.encode(), COLUMNS)
    assert event == _kola7(event_id=event.event_id, magnitude_type=None)


def test_a_mapping_counts_before_a_guess_and_can_take_one_back():
    table = b"id,time,type,class\ne1,2021-05-04,explosion,1\n"
    assert table_layout(table).meaning == {
        "event_id": ("id",),
        "origin_time": ("time",),
        "event_type": ("type",),
    }
    layout = table_layout(table, {"event_type": "class", "event_id": ""})
    assert layout.meaning == {"origin_time": ("time",), "event_type": ("class",)}
    assert layout.names == ("id", "time", "type", "class")


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        (
            {"time_of_origin": "Day"},
            "'time_of_origin' is no column of a catalogue; expected one of event_id",
        ),
        ({"origin_time": "Noon"}, "no column 'Noon' to take as origin_time; it has Kind, Day, Clock"),
    ],
)
def test_a_mapping_to_nowhere_is_refused(columns, words):
    with pytest.raises(RecordError, match=words):
        read_catalog(TABLE.encode(), columns)


def test_a_mapping_does_not_fit_a_catalogue_that_is_no_table():
    with pytest.raises(RecordError, match="The table has no column 'day'"):
        read_catalog(_written("QUAKEML", _catalog()), {"origin_time": "day"})


def test_quoted_names_of_columns_and_blank_lines_do_not_shift_the_rest():
    table = b'\n\n"Time, UTC",event_id,"a, b",lat\n2021-05-04,e1,"x, y",67.6\n\n2021-05-05,e2,z,north\n'
    found = open_catalog(table, {"origin_time": "Time, UTC"})
    assert [(event.event_id, event.latitude) for event in found.events] == [("e1", 67.6)]
    (problem,) = found.problems
    assert problem.startswith("Line 6 of the table has 'north' as latitude, expected a number; ")


def test_an_impossible_event_costs_that_event_alone():
    catalog = _catalog("quakeml:a.example/event/7") + _catalog("quakeml:a.example/event/8")
    catalog[0].origins[0].latitude = 5323.28
    found = open_catalog(_written("QUAKEML", catalog))
    assert [event.event_id for event in found.events] == ["8"]
    (problem,) = found.problems
    assert "The event 7 has the latitude 5323.28, expected -90 to 90" in problem


def test_long_identities_stay_apart():
    ids = [f"quakeml:a.example/event/{'x' * 200}{number}" for number in (1, 2)]
    events = read_catalog(_written("QUAKEML", _catalog(ids[0]) + _catalog(ids[1])))
    assert len({event.event_id for event in events}) == 2
    assert all(len(event.event_id) <= 120 for event in events)


def test_what_is_no_catalogue_is_refused_with_the_way_out(tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text("no catalogue\n")
    with pytest.raises(RecordError, match=r"is plain text, .* a table \(CSV\) whose first line names"):
        read_catalog(path)


def test_the_real_catalogue_reads_alike_from_quakeml_and_table(pnw_folder):
    events = {event.event_id: event for event in read_catalog(pnw_folder / "catalog.xml")}
    table = {event.event_id: event for event in read_catalog(pnw_folder / "records.csv")}
    assert len(events) == 46
    assert events.keys() == table.keys()
    for event_id, event in events.items():
        other = table[event_id]
        assert (event.origin_time_ns, event.event_type, event.magnitude) == (
            other.origin_time_ns,
            other.event_type,
            other.magnitude,
        )
        assert event.depth_km == pytest.approx(other.depth_km)
    assert sum(class_of(event.event_type) == "explosion" for event in events.values()) == 11


def test_every_class_is_a_slug_and_the_mapping_can_be_replaced():
    assert set(EVENT_CLASSES.values()) == {"earthquake", "quarry_blast", "mine_blast", "explosion", "other"}
    for slug in set(EVENT_CLASSES.values()):
        assert class_of(slug) == slug
    assert class_of("rock burst", {"Rock-Burst": "burst"}) == "burst"
    assert class_of("earthquake", {}) is None
    assert class_of(None) is None


def test_obspy_reads_the_types_of_its_own_table():
    types = obspy_module("obspy.core.event.header").EventType
    silent = {"not existing", "not locatable", "not reported", "outside of network interest", "duplicate"}
    assert {str(name) for name in types} - set(EVENT_CLASSES) <= silent


def _many(count: int) -> bytes:
    module = obspy_module("obspy.core.event")
    origins = [module.Origin(time=obspy_module("obspy").UTCDateTime(START) + 60 * i, depth=i) for i in range(count)]
    events = [
        module.Event(
            resource_id=module.ResourceIdentifier(f"smi:kola.example/event/{i}"),
            origins=[origin],
            preferred_origin_id=origin.resource_id,
            event_descriptions=[module.EventDescription(text="Хибины <&>")],
        )
        for i, origin in enumerate(origins)
    ]
    return _written("QUAKEML", module.Catalog(events, description="a long list"))


@pytest.mark.parametrize("count", [0, 1, 250, 251, 600])
def test_a_long_quakeml_file_is_read_in_parts_and_says_the_same(count):
    content = _many(count)
    parts = [part.content for part in quakeml_parts(content)]
    assert len(parts) == max(1, -(-count // 250))
    catalogs = [obspy_module("obspy").read_events(io.BytesIO(part), format="QUAKEML") for part in parts]
    whole = obspy_module("obspy").read_events(io.BytesIO(content), format="QUAKEML")
    assert [event for catalog in catalogs for event in catalog] == list(whole)
    assert [event.event_id for event in read_catalog(content)] == [str(i) for i in range(count)]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_parts_have_the_letters_of_the_whole(encoding):
    content = _many(3).decode().replace("encoding='utf-8'", "").encode(encoding)
    (part,) = quakeml_parts(content)
    assert "Хибины <&>" in html.unescape(part.content.decode())
    assert [event.event_id for event in read_catalog(content)] == ["0", "1", "2"]


@pytest.mark.parametrize("count", [3, 249, 250, 251, 499, 500])
def test_a_quakeml_file_that_is_cut_short_gives_the_events_before_that(count):
    content = _many(600)
    end = content.index(f"/event/{count}".encode()) + 100
    catalogue = open_catalog(content[:end])
    assert [event.event_id for event in catalogue.events] == [str(i) for i in range(count)]
    (problem,) = catalogue.problems
    assert f"the {count} events before that were read, and what follows was left out" in problem
    with pytest.raises(RecordError, match=r"cut short at line 3.*no event is whole"):
        open_catalog(content[:200])


def test_several_origins_without_a_preferred_one_are_told():
    catalog = _catalog()
    module = obspy_module("obspy.core.event")
    catalog[0].origins.append(
        module.Origin(time=obspy_module("obspy").UTCDateTime(START) + 9, latitude=68, longitude=33)
    )
    (remark,) = open_catalog(_written("QUAKEML", catalog)).remarks
    assert remark == "Several origins stand in 1 events, of which none is preferred (kola7); the first one counts."
    catalog[0].preferred_origin_id = catalog[0].origins[1].resource_id
    found = open_catalog(_written("QUAKEML", catalog))
    assert found.remarks == () and found.events[0].latitude == 68


def test_a_seiscomp_file_that_is_cut_short_gives_what_is_before_that():
    content = _written("SC3ML", _catalog())
    whole = read_catalog(content)
    catalogue = open_catalog(content[: content.rindex(b"</EventParameters>")])
    assert list(catalogue.events) == whole and "damaged or cut short" in catalogue.problems[0]
