"""The three squares of a fingerprint as pictures: energy, Haar plane and bits, one pixel a number."""

import base64
import struct
import zlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from trova_widgets.figures.colour import VIRIDIS, ColourScale, round_ticks

#: ColorBrewer's RdBu (Brewer, 2002), blue for negative numbers: white is zero.
DIVERGING = (
    "#2166ac", "#4393c3", "#92c5de", "#d1e5f0", "#f7f7f7", "#fddbc7", "#f4a582", "#d6604d", "#b2182b",
)  # fmt: skip

_LEVELS = 256
_TICKS_AT_MOST = 8


@dataclass(frozen=True, kw_only=True, eq=False)
class LevelView:
    """A picture of numbers, each as one of 256 levels of a scale of colours.

    Attributes
    ----------
    levels : ndarray of uint8, shape (rows, columns)
        Row 0 is the lowest one of the picture.
    low, high : float
        The numbers that the levels 0 and 255 stand for.
    colours : tuple of str
        The colours from ``low`` to ``high``.
    """

    levels: NDArray[np.uint8]
    low: float
    high: float
    colours: tuple[str, ...]


def energy_view(image: ArrayLike) -> LevelView:
    """Return the picture of a reduced scalogram, in viridis from its lowest to its highest number.

    Parameters
    ----------
    image : array_like, shape (rows, columns)
        Row 0 holds the lowest frequency.

    Examples
    --------
    >>> view = energy_view([[0.0, 5.0], [10.0, 2.0]])
    >>> view.levels.tolist(), view.high
    ([[0, 128], [255, 51]], 10.0)
    """
    values = np.asarray(image, dtype=np.float64)
    low, high = float(values.min()), float(values.max())
    high = high if high > low else low + 1.0
    return LevelView(levels=_levels((values - low) / (high - low)), low=low, high=high, colours=VIRIDIS)


def plane_view(plane: ArrayLike) -> LevelView:
    """Return the picture of a Haar plane: colours on both sides of zero, by the square root of the magnitude.

    A few coefficients are far larger than all the others: the largest hundredth has the last colours, and the root lets
    small ones be seen. Zero lies between the levels 127 and 128, and is the colour in the middle.

    Parameters
    ----------
    plane : array_like, shape (rows, columns)
        Row 0 and column 0 hold the coarsest coefficients.
    """
    values = np.asarray(plane, dtype=np.float64)
    sizes = np.abs(values)
    reach = float(np.quantile(sizes, 0.99, method="higher")) or float(sizes.max()) or 1.0
    rooted = np.sign(values) * np.sqrt(sizes / reach)
    return LevelView(levels=_levels((rooted + 1) / 2), low=-reach, high=reach, colours=DIVERGING)


def opacity_levels(picture: ArrayLike) -> NDArray[np.uint8]:
    """Return how opaque each pixel of a picture is drawn over another one: 0 where it says nothing, 255 for the most.

    A few pixels say far more than all others: the largest hundredth of those that say anything is drawn alike, and the
    opacity is the square root of what a pixel says, so that what is spread thinly is seen as well.

    Parameters
    ----------
    picture : array_like, shape (rows, columns)
        What speaks for something, as of `trova_widgets.fingerprinting.relief`; what speaks against it is not drawn.

    Examples
    --------
    >>> opacity_levels([[4.0, 1.0], [0.0, -2.0]]).tolist()
    [[255, 128], [0, 0]]
    """
    values = np.maximum(np.asarray(picture, dtype=np.float64), 0.0)
    speaking = values[values > 0]
    reach = float(np.quantile(speaking, 0.99, method="higher")) if speaking.size else 1.0
    return _levels(np.sqrt(values / reach))


def palette(colours: tuple[str, ...]) -> bytes:
    """Return the colours of the levels 0 to 255: red, green and blue of each, 768 bytes.

    Examples
    --------
    >>> list(palette(("#000000", "#ffffff"))[-3:])
    [255, 255, 255]
    """
    scale = ColourScale(title="", low=0.0, high=_LEVELS - 1.0, colours=colours)
    return np.rint(scale.rgb(np.arange(_LEVELS)) * 255).astype(np.uint8).tobytes()


def bits_uri(bits: ArrayLike) -> str:
    """Return the picture of a fingerprint, white points on black, as a PNG in a data URI.

    Parameters
    ----------
    bits : array_like of bool, shape (rows, columns)
        Row 0 and column 0 hold the coarsest coefficients; row 0 is the lowest one of the picture.
    """
    pixels = np.asarray(bits, dtype=np.bool_)[::-1].astype(np.uint8) * np.uint8(255)
    return "data:image/png;base64," + base64.b64encode(png(pixels)).decode("ascii")


def png(pixels: NDArray[np.uint8]) -> bytes:
    r"""Return grey pixels as a PNG file (W3C, 2003), eight bits each.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (rows, columns)
        Row 0 is at the top.

    Examples
    --------
    >>> png(np.zeros((2, 3), dtype=np.uint8))[:4]
    b'\x89PNG'
    """
    return _png(pixels, pixels.shape[1], depth=8)


def bits_png(bits: ArrayLike) -> bytes:
    r"""Return the picture of a fingerprint as a PNG file of one bit a pixel, white points on black.

    Parameters
    ----------
    bits : array_like of bool, shape (rows, columns)
        Row 0 and column 0 hold the coarsest coefficients; row 0 is the lowest one of the picture.

    Examples
    --------
    >>> len(bits_png(np.eye(64, dtype=bool))) < 512
    True
    """
    picture = np.asarray(bits, dtype=np.bool_)[::-1]
    return _png(np.packbits(picture, axis=1), picture.shape[1], depth=1)


def _png(lines: NDArray[np.uint8], width: int, depth: int) -> bytes:
    header = struct.pack(">IIBBBBB", width, len(lines), depth, 0, 0, 0, 0)
    # each line begins with the number of its filter: none
    filtered = np.concatenate([np.zeros((len(lines), 1), dtype=np.uint8), lines], axis=1)
    content = zlib.compress(filtered.tobytes(), level=1)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", content) + _chunk(b"IEND", b"")


def frequency_ticks(low_hz: float, high_hz: float, *, logarithmic: bool) -> tuple[float, ...]:
    """Return round frequencies between two ends: octaves on a logarithmic axis that spans a few of them.

    Examples
    --------
    >>> frequency_ticks(0.9, 17.0, logarithmic=True)
    (1.0, 2.0, 4.0, 8.0, 16.0)
    >>> frequency_ticks(2.1, 3.9, logarithmic=True)
    (2.5, 3.0, 3.5)
    """
    first, last = int(np.ceil(np.log2(low_hz))), int(np.floor(np.log2(high_hz)))
    if not logarithmic or last - first < 2:
        return round_ticks(low_hz, high_hz, 4)
    step = 1 + (last - first) // _TICKS_AT_MOST
    return tuple(2.0**octave for octave in range(first, last + 1, step))


def _levels(shares: NDArray[np.float64]) -> NDArray[np.uint8]:
    return np.rint(np.clip(shares, 0.0, 1.0) * (_LEVELS - 1)).astype(np.uint8)


def _chunk(kind: bytes, content: bytes) -> bytes:
    check = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)
