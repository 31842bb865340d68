import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trova_widgets.errors import NetworkError
from trova_widgets.networks import format_values, parse_axis, parse_values

whole_numbers = st.integers(-(10**6), 10**6)
real_numbers = st.floats(allow_nan=False, allow_infinity=False)
words = st.from_regex(r"[A-Za-z][A-Za-z0-9_-]{0,8}", fullmatch=True)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("[1:1:8]", (1, 2, 3, 4, 5, 6, 7, 8)),
        ("[1 : 1 : 8]", (1, 2, 3, 4, 5, 6, 7, 8)),
        ("8 : 8 : 64", (8, 16, 24, 32, 40, 48, 56, 64)),
        ("1:3", (1, 2, 3)),
        ("[6:2:11]", (6, 8, 10)),
        ("[3:-1:1]", (3, 2, 1)),
        ("[0.1:0.2:0.9]", (0.1, 0.3, 0.5, 0.7, 0.9)),
        ("[0.2 : 0.1 : 0.5]", (0.2, 0.3, 0.4, 0.5)),
        ("[0:1:3]", (0, 1, 2, 3)),
        ("1, 2, 5", (1, 2, 5)),
        ("[1 2 5]", (1, 2, 5)),
        ("0.5", (0.5,)),
        ("7", (7,)),
        ("relu, tanh", ("relu", "tanh")),
        (3, (3,)),
        (0.25, (0.25,)),
        ([1, 2], (1, 2)),
        (range(1, 4), (1, 2, 3)),
        (np.array([8, 16]), (8, 16)),
        (np.float64(0.5), (0.5,)),
    ],
)
def test_reads_what_people_write(text, values):
    read = parse_values(text)
    assert read == values
    assert [type(value) for value in read] == [type(value) for value in values]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "at least one value"),
        ([], "at least one value"),
        ("1, 1", "stands twice"),
        ("[8:1:1]", "empty"),
        ("[1:0:8]", "empty"),
        ("[1:2:3:4]", "not a range"),
        ("[a:b:c]", "not a range"),
        ("[0:1e-9:1]", "more than 10000"),
        ("[0:1:1e999999999]", "too large"),
        ("1e999", "neither a number nor a word"),
        ("1; DROP TABLE!", "neither a number nor a word"),
        (None, "no value"),
        ([True], "no value"),
    ],
)
def test_says_what_is_wrong(text, says):
    with pytest.raises(NetworkError, match=says):
        parse_values(text)


@given(
    st.one_of(
        st.lists(whole_numbers, min_size=1, unique=True),
        st.lists(real_numbers, min_size=1, unique=True),
        st.lists(words, min_size=1, unique=True),
    )
)
def test_what_is_written_is_read_back(values):
    assert parse_values(format_values(values)) == tuple(values)


@given(st.integers(0, 50), st.integers(1, 20), st.integers(3, 40))
def test_equal_steps_are_written_as_a_range(start, step, count):
    values = tuple(range(start, start + step * count, step))
    assert format_values(values) == f"[{start} : {step} : {values[-1]}]"


def test_real_ranges_are_written_without_dust():
    assert format_values((0.1, 0.3, 0.5, 0.7, 0.9)) == "[0.1 : 0.2 : 0.9]"


def test_reads_the_axes_of_the_article():
    assert parse_axis("average Pooling2dLayer_6_poolSize=[1 : 1 : 6].") == (
        "averagePooling2dLayer_6_poolSize",
        (1, 2, 3, 4, 5, 6),
    )
    with pytest.raises(NetworkError, match="not a parameter with its values"):
        parse_axis("[1:1:8]")
