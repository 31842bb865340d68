import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trova_widgets.errors import SettingError
from trova_widgets.space import format_value, format_values, parse_axes, parse_axis, parse_values, short_name

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
    with pytest.raises(SettingError, match=says):
        parse_values(text)


def values_of(kind):
    return st.lists(kind, min_size=1, unique=True).map(tuple)


values = st.one_of(values_of(whole_numbers), values_of(real_numbers), values_of(words))
names = st.from_regex(r"[A-Za-z][A-Za-z0-9_]{0,12}(\.[A-Za-z0-9_]{1,12}){0,2}", fullmatch=True)


@given(values)
def test_what_is_written_is_read_back(values):
    read = parse_values(format_values(values))
    assert read == values
    assert [type(value) for value in read] == [type(value) for value in values]


@given(st.integers(0, 50), st.integers(1, 20), st.integers(3, 40))
def test_equal_steps_are_written_as_a_range(start, step, count):
    values = tuple(range(start, start + step * count, step))
    assert format_values(values) == f"[{start} : {step} : {values[-1]}]"


@given(st.integers(-50, 50), st.integers(1, 20), st.integers(3, 40), st.integers(0, 4))
def test_decimal_ranges_have_no_dust(start, step, count, digits):
    """What a person means by [0.1 : 0.2 : 0.9] are decimal numbers, each the nearest float of its own."""
    expected = tuple(float(f"{start + place * step}e-{digits}") for place in range(count))
    written = f"[{start}e-{digits} : {step}e-{digits} : {start + (count - 1) * step}e-{digits}]"
    assert parse_values(written) == expected


def test_real_ranges_are_written_without_dust():
    assert format_values((0.1, 0.3, 0.5, 0.7, 0.9)) == "[0.1 : 0.2 : 0.9]"
    assert format_value(0.1 + 0.2) == "0.3"


@given(st.dictionaries(names, values, max_size=4))
def test_axes_of_any_name_are_read_back(axes):
    """Dots stand in the names of settings of the training and of the recipe."""
    written = [f"{name}={format_values(values)}" for name, values in axes.items()]
    assert parse_axes(written) == parse_axes(axes) == axes
    assert list(parse_axes(written)) == list(axes)


def test_reads_the_axes_of_the_article():
    assert parse_axis("average Pooling2dLayer_6_poolSize=[1 : 1 : 6].") == (
        "averagePooling2dLayer_6_poolSize",
        (1, 2, 3, 4, 5, 6),
    )


@pytest.mark.parametrize(
    "text", ["[1:1:8]", "=1, 2", "training.=1", ".epochs=1", "training..epochs=1", "2a=1", "a-b=1"]
)
def test_what_is_no_setting_with_its_values_is_refused(text):
    with pytest.raises(SettingError, match="is not a setting with its values; write for example"):
        parse_axis(text)


def test_a_setting_is_given_once():
    with pytest.raises(SettingError, match=r"training.epochs is given twice; write all its values at once"):
        parse_axes(["training.epochs=5", "training.epochs=10"])


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("dropoutLayer_10_probability", "probability (10)"),
        ("convolution2dLayer_2_filterSize", "filterSize (2)"),
        ("training.weight_decay", "weight_decay"),
        ("fingerprint.window_start_s", "window_start_s"),
        ("seed", "seed"),
    ],
)
def test_a_short_name_keeps_the_position_of_its_layer(name, short):
    assert short_name(name) == short
