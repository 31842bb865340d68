import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.models.filled import measured
from tests.store.samples import record
from trova_widgets import Workspace
from trova_widgets.models.record_filters import FLAGS, RecordChoice
from trova_widgets.models.record_table import facts, record_table, table_row

WRONG = {
    "r0": {"gap_count": 2.0},
    "r1": {"overlap_s": 3.0, "clipped_share": 0.01},
    "r2": {"flat_share": 0.5},
    "r4": {"onset_s": np.nan},
    "r5": {"station_latitude": np.nan, "station_longitude": np.nan},
}
RIGHT = {
    "gap_count": 0.0,
    "overlap_s": 0.0,
    "clipped_share": 0.0,
    "flat_share": 0.0,
    "station_latitude": 67.0,
    "station_longitude": 33.0,
}


@pytest.fixture(scope="module")
def measured_study(filled_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """Records of which some have something wrong, and one whose event nobody gave a class."""
    folder = shutil.copytree(filled_folder, tmp_path_factory.mktemp("measured") / "kola")
    with Workspace.open(folder) as workspace:
        workspace._store.add_parameters(
            [
                measured(f"r{number}", name, value)
                for number in range(30)
                for name, value in {**RIGHT, **WRONG.get(f"r{number}", {})}.items()
                if name in RIGHT
            ]
        )
        workspace._store.add_records([record("lone", None)])
        workspace._store.add_parameters(
            [measured("lone", name, value) for name, value in {**RIGHT, "onset_s": 20.0}.items()]
        )
        workspace.set_parameter("r4", "onset_s", np.nan)
        yield workspace


@pytest.fixture
def frame(measured_study: Workspace) -> pd.DataFrame:
    rows = measured_study.record_page(count=None).rows
    number = rows["record_id"].str.removeprefix("r").replace("lone", "30").astype(int)
    return record_table(rows.iloc[number.argsort()].reset_index(drop=True))


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
    assert frame["distance_km"].isna().tolist() == [number in (5, 30) for number in range(31)]
    # event 3 lies on 67 degrees north and 32 degrees east
    assert frame["distance_km"].iloc[3] == pytest.approx(111.19 * np.cos(np.radians(67)), rel=0.01)


def test_without_any_measurement_nothing_is_wrong_but_the_onset(tmp_path: Path) -> None:
    with Workspace.create(tmp_path / "bare") as workspace:
        workspace._store.add_records([record(f"r{number}", None) for number in range(3)])
        frame = record_table(workspace.record_page().rows)
    assert set(frame["flags"]) == {("no_onset",)}
    assert frame["distance_km"].isna().all()
    assert table_row(frame.iloc[0])["snr_db"] == ""


@pytest.mark.parametrize(
    ("choice", "total"),
    [
        ({}, 31),
        ({"event_class": "mine_blast"}, 9),
        ({"event_class": "none"}, 1),
        ({"station": ("KO", "LVZ")}, 15),
        ({"words": " EVENT7"}, 3),
        ({"words": "no such thing"}, 0),
        ({"words": "(["}, 0),
        ({"flag": "gaps"}, 1),
        ({"flag": "weak"}, 3),
        ({"flag": "sound"}, 27),
        ({"least_snr": "20"}, 10),
        ({"least_snr": "2.5.x"}, 31),
        ({"least_snr": "nan"}, 31),
        ({"least_magnitude": "2", "most_magnitude": "2.5"}, 6),
        ({"most_distance": "60"}, 6),
        ({"station": ("KO", "APA"), "least_snr": "20"}, 5),
    ],
)
def test_a_choice_lets_records_through(measured_study: Workspace, choice: dict[str, Any], total: int) -> None:
    assert measured_study.record_page(RecordChoice(**choice).wanted()).total == total


def test_the_database_flags_what_the_page_flags(measured_study: Workspace, frame: pd.DataFrame) -> None:
    counted = measured_study.count_records({name: flag.bound for name, flag in FLAGS.items()})
    assert counted == {name: int(frame["flags"].map(lambda flags, name=name: name in flags).sum()) for name in FLAGS}
    for name in FLAGS:
        found = measured_study.record_page(RecordChoice(flag=name).wanted(), count=None).rows["record_id"]
        assert set(found) == set(frame.loc[frame["flags"].map(lambda flags, name=name: name in flags), "record_id"])


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
