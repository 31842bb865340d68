"""The letters of a catalogue: UTF-8, UTF-16, and the one-byte code pages of Russian catalogues.

A one-byte code page does not say which it is. Running Russian text does: its letters are small ones, and the most
frequent are "о", "е", "а", "и", "н", "т"; read in another page, small letters become capitals or rare signs.
"""

import codecs
from typing import NamedTuple

ONE_BYTE = {"cp1251": "Windows-1251", "koi8-r": "KOI8-R", "cp866": "DOS 866"}
"""Code pages that are told apart, and what people call them."""

_FREQUENT = frozenset("оеаинтсрвл")
_SMALL = frozenset("абвгдежзийклмнопрстуфхцчшщъыьэюяё")
_CAPITAL = frozenset("АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯЁ")
_LOOKED_AT = 2**18
# of the bytes of UTF-16 text in Latin letters, digits or Russian, every second one is 0 or 4
_FEW = 8


class Letters(NamedTuple):
    """A text, and how it was written."""

    text: str
    """The text, without a byte order mark."""
    encoding: str
    """What people call its encoding."""


def decoded(content: bytes) -> Letters:
    r"""Read the letters of a text file.

    Parameters
    ----------
    content : bytes
        The whole file.

    Returns
    -------
    Letters
        Where no encoding is sure, the code page in which the letters look most like Russian; a byte that is no text
        in any of them becomes a question mark in a diamond.

    Examples
    --------
    >>> decoded("взрыв".encode("koi8-r")), decoded("взрыв".encode("cp1251")).encoding
    (Letters(text='взрыв', encoding='KOI8-R'), 'Windows-1251')
    >>> decoded("время\n".encode("utf-16"))
    Letters(text='время\n', encoding='UTF-16')
    """
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if content.startswith(mark):
            title = "UTF-8" if name == "utf-8" else "UTF-16"
            return Letters(content[len(mark) :].decode(name, errors="replace"), title)
    if (order := _unmarked_utf16(content)) is not None:
        return Letters(content.decode(order, errors="replace"), "UTF-16")
    try:
        return Letters(content.decode("utf-8"), "UTF-8")
    except UnicodeDecodeError:
        page = max(ONE_BYTE, key=lambda name: _likeness(content[:_LOOKED_AT].decode(name, errors="replace")))
    return Letters(content.decode(page, errors="replace"), ONE_BYTE[page])


def in_utf8(content: bytes) -> tuple[bytes, str]:
    """Return a text file's content in UTF-8, and what its encoding was; UTF-8 itself stays byte for byte.

    Examples
    --------
    >>> in_utf8("тип".encode("cp1251"))[1], in_utf8(b"time,lat")
    ('Windows-1251', (b'time,lat', 'UTF-8'))
    """
    letters = decoded(content)
    return (content if letters.encoding == "UTF-8" else letters.text.encode()), letters.encoding


def _unmarked_utf16(content: bytes) -> str | None:
    """Tell the byte order of UTF-16 without its mark: every second byte is the high one, 0 for Latin, 4 for Russian."""
    beginning = content[: 2 * (min(len(content), 2048) // 2)]
    if len(beginning) < _FEW or b"\0" not in beginning:
        return None
    for order, first in (("utf-16-le", 1), ("utf-16-be", 0)):
        high = beginning[first::2]
        if sum(byte in (0, 4) for byte in high) > 0.9 * len(high) and beginning[1 - first :: 2].count(0) == 0:
            return order
    return None


def _likeness(text: str) -> float:
    """Return how much text looks like Russian: frequent small letters for it, capitals inside of words against it."""
    score = 0.0
    before = " "
    for letter in text:
        if letter in _FREQUENT:
            score += 2
        elif letter in _SMALL:
            score += 1
        elif letter in _CAPITAL:
            score += 0.2 if not before.isalpha() or before in _CAPITAL else -2
        elif ord(letter) > 127:
            score -= 2 if letter != "№" else 0
        if letter in _SMALL and before in _CAPITAL:
            score += 0.3
        before = letter
    return score
