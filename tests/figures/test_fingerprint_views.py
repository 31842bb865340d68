import base64
import struct
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trova_widgets.figures.colour import VIRIDIS
from trova_widgets.figures.fingerprint_views import (
    DIVERGING,
    bits_uri,
    energy_view,
    frequency_ticks,
    palette,
    plane_view,
    png,
)


def pixels_of(uri: str) -> np.ndarray:
    content = base64.b64decode(uri.removeprefix("data:image/png;base64,"))
    columns, rows = struct.unpack(">II", content[16:24])
    length = struct.unpack(">I", content[33:37])[0]
    lines = np.frombuffer(zlib.decompress(content[41 : 41 + length]), dtype=np.uint8).reshape(rows, -1)
    assert not lines[:, 0].any()
    return lines[:, 1:].reshape(rows, columns)


def test_a_png_has_its_chunks_in_order_and_their_checksums_right() -> None:
    content = png(np.arange(12, dtype=np.uint8).reshape(3, 4))
    place, kinds = 8, []
    while place < len(content):
        length, kind = struct.unpack(">I4s", content[place : place + 8])
        body = content[place + 4 : place + 8 + length]
        assert struct.unpack(">I", content[place + 8 + length : place + 12 + length])[0] == zlib.crc32(body)
        kinds.append(kind)
        place += 12 + length
    assert kinds == [b"IHDR", b"IDAT", b"IEND"]


def test_white_points_are_white_and_row_0_is_at_the_bottom() -> None:
    bits = np.zeros((64, 64), dtype=bool)
    bits[0, 5] = True
    pixels = pixels_of(bits_uri(bits))
    assert np.argwhere(pixels == 255).tolist() == [[63, 5]]
    assert int((pixels > 0).sum()) == 1


def test_signed_bits_keep_their_shape() -> None:
    assert pixels_of(bits_uri(np.ones((32, 64), dtype=bool))).shape == (32, 64)


def test_energy_runs_from_the_first_to_the_last_level() -> None:
    view = energy_view(np.arange(16.0).reshape(4, 4))
    assert (view.low, view.high) == (0.0, 15.0)
    assert (view.levels[0, 0], view.levels[-1, -1]) == (0, 255)
    assert (np.diff(view.levels.ravel().astype(int)) == 17).all()


def test_an_even_image_is_no_error() -> None:
    view = energy_view(np.zeros((4, 4)))
    assert view.high > view.low
    assert not view.levels.any()


def test_a_palette_holds_the_colours_at_its_ends() -> None:
    colours = np.frombuffer(palette(VIRIDIS), dtype=np.uint8).reshape(256, 3)
    assert colours[0].tolist() == [0x44, 0x01, 0x54]
    assert colours[255].tolist() == [0xFD, 0xE7, 0x25]


def test_zero_is_white_and_signs_have_their_colours() -> None:
    view = plane_view([[0.0, 4.0], [-1.0, -4.0]])
    colours = np.frombuffer(palette(DIVERGING), dtype=np.uint8).reshape(256, 3)[view.levels].astype(int)
    assert (view.low, view.high) == (-4.0, 4.0)
    assert (np.abs(colours[0, 0] - 0xF7) <= 2).all()
    assert colours[0, 1, 0] > colours[0, 1, 2]
    assert colours[1, 1, 2] > colours[1, 1, 0]
    # the root makes a quarter of the largest half as strong as the largest, not a quarter
    assert np.abs(colours[1, 0] - [0x92, 0xC5, 0xDE]).max() <= 2
    assert np.ptp(plane_view(np.zeros((2, 2))).levels) == 0


def test_one_huge_coefficient_does_not_hide_the_others() -> None:
    plane = np.ones((64, 64))
    plane[0, 0] = 1000.0
    assert plane_view(plane).high == 1.0
    assert plane_view(np.eye(256)[:1] * 5).high == 5.0


@pytest.mark.parametrize("logarithmic", [True, False])
@given(low=st.floats(0.01, 40), octaves=st.floats(0.2, 12))
def test_ticks_are_few_rising_and_inside(logarithmic: bool, low: float, octaves: float) -> None:
    high = low * 2**octaves
    ticks = np.array(frequency_ticks(low, high, logarithmic=logarithmic))
    assert 1 <= len(ticks) <= 9
    assert (np.diff(ticks) > 0).all()
    assert ticks.min() >= low * (1 - 1e-6)
    assert ticks.max() <= high * (1 + 1e-6)
