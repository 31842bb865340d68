from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trova_widgets.errors import SettingError
from trova_widgets.space import Setting, parse_values

COUNT = Setting(name="count", default=3, kind="integer", minimum=1, maximum=8)
SHARE = Setting(name="share", default=0.5, kind="real", minimum=0, maximum=1)
WINDOW = Setting(name="window", default=96.0, kind="real", minimum=1, unit="s")
SIZE = Setting(name="size", default=64, kind="integer", choices=(32, 64, 128))
WORD = Setting(name="word", default="on", kind="enumerated", choices=("on", "off"))
TEXT = Setting(name="text", default="", kind="text")


@given(st.integers(1, 8), st.sampled_from([int, float, np.int64, np.float64, np.int8]))
def test_whole_numbers_have_one_type_whatever_they_came_as(number, kind):
    value = COUNT.coerce(kind(number))
    assert (value, type(value)) == (number, int)


@given(st.floats(0, 1))
def test_real_numbers_lose_their_dust_and_nothing_else(number):
    value = SHARE.coerce(number)
    assert type(value) is float
    assert value == pytest.approx(number, rel=1e-11, abs=1e-300)
    # canonical: what is coerced stays as it is
    assert SHARE.coerce(value) == value
    assert SHARE.coerce(np.float64(number)) == value


def test_equal_values_have_equal_forms():
    assert SHARE.coerce(0.1 + 0.2) == SHARE.coerce(0.3) == 0.3
    assert repr(SHARE.coerce(-0.0)) == repr(SHARE.coerce(0)) == "0.0"
    assert (SHARE.coerce(1), type(SHARE.coerce(1))) == (1.0, float)
    assert [type(SIZE.coerce(size)) for size in (32, 64.0, np.int16(128))] == [int] * 3
    assert (WORD.coerce("off"), TEXT.coerce("a" * 20)) == ("off", "a" * 20)


@pytest.mark.parametrize(
    ("setting", "given", "sentence"),
    [
        (COUNT, 0, "count cannot be 0; choose a whole number from 1 to 8."),
        (COUNT, 9, "count cannot be 9; choose a whole number from 1 to 8."),
        (COUNT, 2.5, "count is a whole number, but 2.5 was given; choose a whole number from 1 to 8."),
        (COUNT, "two", "count is a number, but 'two' was given; choose a whole number from 1 to 8."),
        (COUNT, True, "count is a number, but True was given; choose a whole number from 1 to 8."),
        (COUNT, None, "count is a number, but None was given; choose a whole number from 1 to 8."),
        (COUNT, 1 + 0j, "count is a number, but (1+0j) was given; choose a whole number from 1 to 8."),
        (SHARE, float("nan"), "share is a number, but nan was given; choose a real number from 0 to 1."),
        (SHARE, float("inf"), "share is a number, but inf was given; choose a real number from 0 to 1."),
        (SHARE, -0.1, "share cannot be -0.1; choose a real number from 0 to 1."),
        (WINDOW, 0.5, "window cannot be 0.5; choose a real number from 1 s up."),
        (SIZE, 48, "size cannot be 48; choose one of 32, 64, 128."),
        (WORD, "maybe", "word cannot be 'maybe'; choose one of on, off."),
        (WORD, 1, "word cannot be 1; choose one of on, off."),
        (TEXT, 7, "text cannot be 7; it is a text."),
    ],
    ids=str,
)
def test_what_is_not_allowed_is_told_with_what_is(setting, given, sentence):
    with pytest.raises(SettingError) as caught:
        setting.coerce(given)
    assert str(caught.value) == sentence


def test_the_order_tells_who_is_whose_neighbour():
    assert [setting.order for setting in (COUNT, SHARE, SIZE, WORD, TEXT)] == [
        "numeric",
        "numeric",
        "numeric",
        "enumerated",
        "enumerated",
    ]
    assert replace(SHARE, scale="logarithmic").order == "logarithmic"


def test_every_setting_suggests_what_to_vary_it_over():
    around = replace(COUNT, reconnaissance="[1 : 2 : 7]")
    told = {setting: setting.suggestion for setting in (around, COUNT, SIZE, WORD, WINDOW)}
    assert list(told.values()) == ["[1 : 2 : 7]", "3", "32, 64, 128", "on, off", "96.0"]
    for setting, suggestion in told.items():
        assert all(setting.coerce(value) == value for value in parse_values(suggestion))
