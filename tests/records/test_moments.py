"""Moments in the fashions of tables, and what is none."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trova_widgets.errors import RecordError
from trova_widgets.records.catalogues.moments import time_ns

NOON = 1_620_129_600 * 10**9


@pytest.mark.parametrize(
    "cell",
    [
        "2021-05-04T12:00:00Z", "2021-05-04 12:00", "2021/5/4 12:00:00.0", "2021.05.04 12:00:00", "20210504T120000",
        "20210504 1200", "04.05.2021 12:00:00", "4.5.2021 12:00:00,000", "2021-05-04T14:00:00+02:00",
        "2021-05-04 11:59:60", "2021 5 4 12 0 0.0", "2021.0 5.0 4.0 12.0 0.0 0.0", "2021 05 04 12:00:00",
        "2021-05-04 08:30:00-0330", "2021-05-04 12:00:00 UTC",
    ],
)  # fmt: skip
def test_noon_is_noon_in_every_fashion(cell):
    assert time_ns(cell) == NOON


def test_midnight_at_the_end_of_a_day_is_that_of_the_next():
    assert time_ns("2021-05-04T24:00:00") == time_ns("2021-05-05")


@pytest.mark.parametrize(
    "cell",
    ["now", "04.05.21", "04/05/2021", "2021-05", "2021-13-01", "2021-02-30", "2021-05-04T25:00", "2021-05-04T12:61",
     "2021-05-04T24:00:01", "12:00:00", "1620129600", "2021-05-04T12:00:00 noon", "99999-05-04"],
)  # fmt: skip
def test_what_is_no_moment_is_refused(cell):
    with pytest.raises(RecordError, match="as time, expected ISO 8601"):
        time_ns(cell)


def test_years_that_no_database_holds_are_named():
    for cell in ("2300-01-01", "0001-01-01"):
        with pytest.raises(RecordError, match="a year beyond 1678 to 2261"):
            time_ns(cell)
    assert time_ns("1899-05-04") < 0 < time_ns("2261-01-01")


@given(st.datetimes(min_value=datetime(1700, 1, 1), max_value=datetime(2260, 1, 1)), st.integers(0, 999))
def test_every_nanosecond_survives(moment, nanoseconds):
    found = time_ns(f"{moment.isoformat(timespec='microseconds')}{nanoseconds:03d}")
    since = moment.replace(tzinfo=UTC) - datetime(1970, 1, 1, tzinfo=UTC)
    assert found == (since.days * 86_400 + since.seconds) * 10**9 + since.microseconds * 1000 + nanoseconds


@given(st.text(max_size=40))
def test_any_text_is_a_moment_or_refused(text):
    try:
        assert time_ns(text) is None or isinstance(time_ns(text), int)
    except RecordError as error:
        assert "as time" in str(error)
