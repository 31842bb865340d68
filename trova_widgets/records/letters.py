"""Texts of strangers on their way to a screen, a file or a comparison."""

import unicodedata


def printable(text: object) -> str:
    r"""Return a text, the name of a file for instance, as every screen and every file takes it.

    A name on the disk may be any bytes: control characters would steer a terminal, and what is no UTF-8 fits no table.

    Examples
    --------
    >>> print(printable("APA\x1b[2J.mseed"))
    APA\x1b[2J.mseed
    """
    said = str(text)
    if said.isprintable():
        return said
    return "".join(letter if letter.isprintable() else letter.encode("unicode_escape").decode() for letter in said)


def composed(text: str) -> str:
    r"""Return a text whose letters are composed (Unicode NFC): й in one sign and й in two are one letter.

    Examples
    --------
    >>> composed("и\u0306") == "й"
    True
    """
    return text if text.isascii() else unicodedata.normalize("NFC", text)
