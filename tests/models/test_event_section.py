from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.models.standin import NOW, StandIn
from trova_widgets.models.event_section import MOST_LINES, section_rows, section_traces
from trova_widgets.models.record_table import record_table


def table(rows: list[dict[str, Any]]) -> pd.DataFrame:
    usual = {
        "event_id": "smi:trova/event0",
        "event_class": "earthquake",
        "network": "KO",
        "channel": "HHZ",
        "start_time": NOW - pd.Timedelta(seconds=10),
        "sampling_rate_hz": 100.0,
        "snr_db": 10.0,
        "onset_s": 20.0,
        "cutoff_hz": 1.0,
    }
    records = pd.DataFrame([{**usual, "record_id": f"r{place}", **row} for place, row in enumerate(rows)])
    return record_table(records.merge(StandIn(3).events().drop(columns="event_class"), on="event_id", how="left"))


def test_the_nearest_station_is_on_top() -> None:
    frame = table(
        [{"station": code, "station_latitude": 66.0 + far, "station_longitude": 30.0} for code, far in
         (("FAR", 2), ("NEAR", 0.1), ("MIDDLE", 1))]
    )  # fmt: skip
    assert section_rows(frame, "r0")["station"].tolist() == ["NEAR", "MIDDLE", "FAR"]
    traces = section_traces(
        section_rows(frame, "r0"), lambda _: SimpleNamespace(samples=np.ones(9), sampling_rate_hz=1)
    )
    assert [trace.note for trace in traces] == ["11 km, 10 dB", "111 km, 10 dB", "222 km, 10 dB"]
    assert {trace.start_s for trace in traces} == {-10.0}


def test_where_no_distance_is_known_the_first_onset_is_on_top() -> None:
    frame = table([{"station": "A", "onset_s": 30.0}, {"station": "B", "onset_s": np.nan}, {"station": "C"}])
    assert section_rows(frame, "r0")["station"].tolist() == ["C", "A", "B"]


def test_a_station_has_one_line_of_the_picked_component_and_the_picked_record_is_there() -> None:
    frame = table(
        [
            {"station": "A", "channel": "HHN", "onset_s": 1.0},
            {"station": "A", "channel": "HHZ", "onset_s": 1.0},
            {"station": "B", "channel": "BHN", "onset_s": 2.0, "sampling_rate_hz": 40.0},
            {"station": "B", "channel": "HHN", "onset_s": 2.0},
            {"station": "B", "channel": "HHZ", "onset_s": 2.0},
            {"station": "C", "channel": "LHN", "onset_s": 3.0, "sampling_rate_hz": 1.0},
        ]
    )
    assert section_rows(frame, "r0")["record_id"].tolist() == ["r0", "r3"]
    assert section_rows(frame, "r5")["record_id"].tolist() == ["r0", "r3", "r5"]


def test_of_many_stations_those_come_in_that_heard_it_best() -> None:
    frame = table([{"station": f"S{place}", "snr_db": float(place)} for place in range(40)])
    chosen = section_rows(frame, "r0")
    assert len(chosen) == MOST_LINES
    assert chosen["snr_db"].drop(0).min() == 40 - MOST_LINES + 1
    assert "r0" in set(chosen["record_id"])


def test_a_record_without_an_event_has_no_section() -> None:
    frame = table([{"station": "A", "event_id": None}, {"station": "B", "event_id": None}])
    assert section_rows(frame, "r0").empty


@pytest.mark.parametrize("missing", ["snr_db", "onset_s", "cutoff_hz"])
def test_what_was_not_measured_is_no_error(missing: str) -> None:
    frame = table([{"station": "A", missing: np.nan}])
    [trace] = section_traces(
        section_rows(frame, "r0"), lambda _: SimpleNamespace(samples=np.ones(9), sampling_rate_hz=1)
    )
    assert (trace.note == "") == (missing == "snr_db")
    assert (trace.onset_s is None) == (missing == "onset_s")
