"""Rows travel as JSON: what it has no word for is refused or becomes null."""

import json
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.store.samples import event, fingerprints, record
from trova_widgets.errors import StoreError
from trova_widgets.store import Store
from trova_widgets.store.tables import to_json

TEXTS = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]))
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False) | TEXTS,
    lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner),
)


@given(JSON_VALUES)
def test_json_comes_back(value: object) -> None:
    assert json.loads(to_json(value)) == _finite(value)


def _finite(value: object) -> object:
    if isinstance(value, list):
        return [_finite(item) for item in value]
    if isinstance(value, dict):
        return {name: _finite(item) for name, item in value.items()}
    return None if isinstance(value, float) and math.isinf(value) else value


def test_arrays_and_tuples_become_lists() -> None:
    assert to_json({"a": np.arange(3), "b": (1, np.float64("nan"))}) == '{"a":[0,1,2],"b":[1,null]}'


@pytest.mark.parametrize("value", [{"a": b"bytes"}, {"a": object()}, {"a": "\x00"}, {"a": 2**64}])
def test_json_has_no_word_for_it(value: object) -> None:
    with pytest.raises(StoreError):
        to_json(value)


@pytest.mark.parametrize(
    "text", ["'", '"', "\\", "\\u0000", "'; DROP TABLE event; --", "地震 😀 \u2028", "\n\x01\x7f", "null"]
)
def test_hostile_text_comes_back_from_a_table(store: Store, text: str) -> None:
    store.add_events([event("e" + text, source=text, magnitude_type=text)])
    assert store.events().loc[0, ["event_id", "source", "magnitude_type"]].tolist() == ["e" + text, text, text]


def test_times_keep_their_nanoseconds(store: Store) -> None:
    times = [-5_000_000_000_000_000_001, -1, 0, 1_600_000_000_123_456_789, 7_000_000_000_000_000_000]
    store.add_records([record(f"r{i}", None, start_time_ns=time) for i, time in enumerate(times)])
    found = store.records()["start_time"]
    assert str(found.dtype) == "datetime64[ns, UTC]"
    assert found.astype("int64").tolist() == times


def test_a_missing_or_unknown_column_is_named(store: Store) -> None:
    with pytest.raises(StoreError, match="expected fingerprint_id, record_id"):
        store.add_fingerprints(fingerprints(1).drop(columns="bits"))
    with pytest.raises(StoreError, match="surprise"):
        store.add_fingerprints(fingerprints(1).assign(surprise=1))


def test_an_empty_list_changes_nothing(store: Store) -> None:
    before = store.revision()
    assert store.add_events([]) == 0
    assert store.add_fingerprints(fingerprints(1).iloc[:0]) == 0
    assert store.revision() == before
    assert isinstance(store.events(), pd.DataFrame)
