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

_TICKS_AT_MOST = 8


@dataclass(frozen=True, kw_only=True)
class PixelView:
    """A picture that a page can show at any size.

    Attributes
    ----------
    uri : str
        A PNG as a data URI; the lowest row is at the bottom.
    low, high : float
        The numbers that the first and the last colour stand for.
    colours : tuple of str
        The colours from ``low`` to ``high``.
    """

    uri: str
    low: float
    high: float
    colours: tuple[str, ...]


def png(pixels: NDArray[np.uint8]) -> bytes:
    r"""Return pixels as a PNG file (W3C, 2003), eight bits a channel.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (rows, columns) or (rows, columns, 3)
        Grey, or red, green and blue; row 0 is at the top.

    Examples
    --------
    >>> png(np.zeros((2, 3), dtype=np.uint8))[:4]
    b'\x89PNG'
    """
    rows, columns = pixels.shape[:2]
    header = struct.pack(">IIBBBBB", columns, rows, 8, 2 if pixels.ndim == 3 else 0, 0, 0, 0)
    flat = pixels.reshape(rows, -1)
    # each line begins with the number of its filter: none
    lines = np.concatenate([np.zeros((rows, 1), dtype=np.uint8), flat], axis=1)
    content = zlib.compress(lines.tobytes(), level=1)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", content) + _chunk(b"IEND", b"")


def energy_view(image: ArrayLike) -> PixelView:
    """Return the picture of a reduced scalogram, in viridis from its lowest to its highest number.

    Parameters
    ----------
    image : array_like, shape (rows, columns)
        Row 0 holds the lowest frequency.
    """
    values = np.asarray(image, dtype=np.float64)
    low, high = float(values.min()), float(values.max())
    scale = ColourScale(title="", low=low, high=high if high > low else low + 1.0, colours=VIRIDIS)
    return PixelView(uri=_uri(scale.rgb(values)), low=low, high=scale.high, colours=VIRIDIS)


def plane_view(plane: ArrayLike) -> PixelView:
    """Return the picture of a Haar plane: colours on both sides of zero, by the square root of the magnitude.

    A few coefficients are far larger than all the others: the largest hundredth has the last colours, and the root lets
    small ones be seen.

    Parameters
    ----------
    plane : array_like, shape (rows, columns)
        Row 0 and column 0 hold the coarsest coefficients.
    """
    values = np.asarray(plane, dtype=np.float64)
    sizes = np.abs(values)
    reach = float(np.quantile(sizes, 0.99, method="higher")) or float(sizes.max()) or 1.0
    scale = ColourScale(title="", low=-1.0, high=1.0, colours=DIVERGING)
    rooted = np.sign(values) * np.sqrt(sizes / reach)
    return PixelView(uri=_uri(scale.rgb(rooted)), low=-reach, high=reach, colours=DIVERGING)


def bits_view(bits: ArrayLike) -> PixelView:
    """Return the picture of a fingerprint: white points on black.

    Parameters
    ----------
    bits : array_like of bool, shape (rows, columns)
        Row 0 and column 0 hold the coarsest coefficients.
    """
    values = np.asarray(bits, dtype=np.bool_)
    return PixelView(
        uri=_data_uri(values.astype(np.uint8) * np.uint8(255)), low=0.0, high=1.0, colours=("#000", "#fff")
    )


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


def _uri(rgb: NDArray[np.float64]) -> str:
    return _data_uri(np.rint(rgb * 255).astype(np.uint8))


def _data_uri(pixels: NDArray[np.uint8]) -> str:
    return "data:image/png;base64," + base64.b64encode(png(pixels[::-1])).decode("ascii")


def _chunk(kind: bytes, content: bytes) -> bytes:
    check = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)
