import numpy as np
import pandas as pd
import pytest

from tests.models.standin import StandIn
from trova_widgets.models.record_table import FLAGS, RecordChoice, facts, record_table, table_row


@pytest.fixture
def frame() -> pd.DataFrame:
    study = StandIn(30)
    records = study.records().assign(
        gap_count=0.0,
        overlap_s=0.0,
        clipped_share=0.0,
        flat_share=0.0,
        station_latitude=67.0,
        station_longitude=33.0,
    )
    records.loc[0, "gap_count"] = 2
    records.loc[1, ["overlap_s", "clipped_share"]] = (3.0, 0.01)
    records.loc[2, "flat_share"] = 0.5
    records.loc[4, "onset_s"] = np.nan
    records.loc[5, ["station_latitude", "station_longitude"]] = np.nan
    records.loc[6, "event_class"] = None
    return record_table(records, study.events())


def test_flags_tell_what_is_wrong(frame: pd.DataFrame) -> None:
    # the first three records have a signal below 3 dB as well
    assert list(frame["flags"].head(6)) == [
        ("gaps", "weak"),
        ("overlaps", "clipped", "weak"),
        ("flat", "weak"),
        (),
        ("no_onset",),
        (),
    ]
    row = table_row(frame.iloc[1])
    assert [flag["title"] for flag in row["flags"]] == ["overlaps", "clipped", "weak"]


def test_the_distance_is_known_where_the_station_is(frame: pd.DataFrame) -> None:
    assert frame["distance_km"].isna().tolist() == [number == 5 for number in range(30)]
    # event 3 lies on 67 degrees north and 32 degrees east
    assert frame["distance_km"].iloc[3] == pytest.approx(111.19 * np.cos(np.radians(67)), rel=0.01)


def test_without_any_measurement_nothing_is_wrong_but_the_onset() -> None:
    study = StandIn(3)
    frame = record_table(study.records().drop(columns=["snr_db", "onset_s", "cutoff_hz"]), study.events())
    assert set(frame["flags"]) == {("no_onset",)}
    assert frame["distance_km"].isna().all()
    assert table_row(frame.iloc[0])["snr_db"] == ""


@pytest.mark.parametrize(
    ("choice", "total"),
    [
        ({}, 30),
        ({"event_class": "mine_blast"}, 9),
        ({"event_class": "none"}, 1),
        ({"station": "KO.LVZ"}, 15),
        ({"words": " EVENT7"}, 3),
        ({"words": "no such thing"}, 0),
        ({"words": "(["}, 0),
        ({"flag": "gaps"}, 1),
        ({"flag": "weak"}, 3),
        ({"flag": "sound"}, 26),
        ({"least_snr": "20"}, 10),
        ({"least_snr": "2.5.x"}, 30),
        ({"least_snr": "nan"}, 30),
        ({"least_magnitude": "2", "most_magnitude": "2.5"}, 6),
        ({"most_distance": "60"}, 6),
        ({"station": "KO.APA", "least_snr": "20"}, 5),
    ],
)
def test_a_choice_lets_records_through(frame: pd.DataFrame, choice: dict[str, str], total: int) -> None:
    assert int(RecordChoice(**choice).mask(frame).sum()) == total


def test_every_flag_has_words() -> None:
    assert all(flag.title and flag.meaning for flag in FLAGS.values())


def test_facts_leave_out_what_is_not_known(frame: pd.DataFrame) -> None:
    known = dict(facts(frame.iloc[3]))
    assert known["Event"] == "event3"
    assert known["Place"] == "67.00° N, 32.00° E"
    assert known["Distance"] == "43 km"
    assert known["Magnitude"] == "1.7 ML"
    lonely = frame.iloc[3].copy()
    lonely[["event_id", "latitude", "longitude", "magnitude", "magnitude_type", "distance_km"]] = [None, *[np.nan] * 5]
    unknown = dict(facts(lonely))
    assert unknown["Event"] == "not in the catalogue"
    assert not {"Place", "Distance", "Magnitude", "Origin"} & set(unknown)
