"""Texts on their way to a spreadsheet: one that begins like a formula is marked as text, and read back without it.

A spreadsheet runs what begins with ``=``, ``+``, ``-`` or ``@``, and an event's name in a stranger's catalogue may be
``=HYPERLINK(...)``. An apostrophe before it makes it text (OWASP, "CSV Injection").
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas

_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
_MARK = "'"


def with_mark(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula.

    Examples
    --------
    >>> with_mark("=1+1"), with_mark("quarry blast")
    ("'=1+1", 'quarry blast')
    """
    return f"{_MARK}{text}" if text.lstrip(_MARK + " ").startswith(_STARTS) else text


def without_mark(text: str) -> str:
    """Return the text that `with_mark` was given.

    Examples
    --------
    >>> without_mark("'=1+1"), without_mark("'t Zandt")
    ('=1+1', "'t Zandt")
    """
    marked = text.startswith(_MARK) and text.lstrip(_MARK + " ").startswith(_STARTS)
    return text[1:] if marked else text


def marked_frame(frame: "pandas.DataFrame") -> "pandas.DataFrame":
    """Return a table whose texts, names of columns among them, are safe in a spreadsheet; numbers stay as they are."""
    safe = frame.copy()
    for name, dtype in frame.dtypes.items():
        # texts stand in columns of strings or of objects
        if dtype.kind not in "biufcmM":
            safe[name] = [with_mark(value) if isinstance(value, str) else value for value in frame[name]]
    return safe.rename(columns=lambda name: with_mark(str(name)))
