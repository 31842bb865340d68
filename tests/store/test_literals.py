"""Whatever a parameter holds arrives as it left, bound or rendered."""

import math
import struct

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from trova_widgets.errors import StoreError
from trova_widgets.store import Store
from trova_widgets.store.literals import check_parameter, literal, render

TEXTS = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]))
VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**63), 2**63 - 1), st.floats(), TEXTS, st.binary(max_size=600)
)
HOSTILE = [
    "",
    "'",
    "''; DROP TABLE event; --",
    '"quoted" and \\back\\slash \\x41 \\u0041',
    "?",
    "$1 {} %s",
    "line\nbreak\ttab\r",
    "<script>alert(1)</script>",
    "=HYPERLINK(1)",
    "Σεισμός 地震 😀 \u202e\u2028",
    "a" * 100_000,
]


@pytest.mark.parametrize("value", HOSTILE + [value.encode() for value in HOSTILE] + [bytes(range(256))])
def test_hostile_values_come_back(store: Store, value: object) -> None:
    assert store._database.rows("SELECT ?", value) == [(value,)]


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(values=st.lists(VALUES, min_size=1, max_size=5))
def test_values_come_back(store: Store, values: list[object]) -> None:
    marks = ", ".join("?" for _ in values)
    (found,) = store._database.rows(f"SELECT '?', {marks}", *values)
    assert [_bits(value) for value in found] == [_bits(value) for value in ["?", *values]]


def _bits(value: object) -> object:
    """Floats by their bits, so that NaN equals NaN and -0 is not 0; any NaN is one."""
    if isinstance(value, float):
        return "nan" if math.isnan(value) else struct.pack("d", value)
    return value


def test_numpy_scalars_are_unpacked() -> None:
    assert check_parameter(np.float32(0.5)) == 0.5
    assert check_parameter(np.int64(3)) == 3
    assert check_parameter(np.bool_(True)) is True
    assert check_parameter(bytearray(b"ab")) == b"ab"


@pytest.mark.parametrize("value", ["a\x00b", "\ud800", 2**63, -(2**63) - 1, object(), [1], np.arange(2)])
def test_what_cannot_be_stored_is_refused_everywhere(store: Store, value: object) -> None:
    with pytest.raises(StoreError):
        store._database.rows("SELECT ?", value)


def test_marks_and_parameters_have_to_agree() -> None:
    with pytest.raises(StoreError, match="1 question marks and 2"):
        render("SELECT ?", [1, 2])
    assert render("SELECT \"?\", '''?', ?", ["x"]) == "SELECT \"?\", '''?', 'x'"
    assert literal(-0.0) == "'-0.0'::DOUBLE"
