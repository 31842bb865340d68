"""Parameters of a statement: checked, and rendered as typed literals where the protocol binds none."""

import re
from base64 import b64encode
from collections.abc import Sequence

from trova_widgets.errors import RefusedValueError, StoreError

#: A value that a statement's question mark can stand for.
Parameter = str | int | float | bool | bytes | None

_QUOTED_OR_MARK = re.compile(r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|\?""")
_BIGINT = range(-(2**63), 2**63)


def check_parameter(value: object) -> Parameter:
    """Return a value as a plain Python one that the database can hold.

    Parameters
    ----------
    value : object
        A string, number, truth value, bytes or None; numpy scalars are unpacked.

    Returns
    -------
    str, int, float, bool, bytes or None
        The same value.

    Raises
    ------
    StoreError
        When the type is another one, an integer needs more than 64 bits, or a text holds a NUL or half a
        surrogate pair.

    Examples
    --------
    >>> check_parameter("quarry's blast")
    "quarry's blast"
    """
    if value is None or isinstance(value, bool | float | bytes):
        return value
    if isinstance(value, int):
        if value not in _BIGINT:
            raise RefusedValueError(f"The integer {value} does not fit the database's 64 bits; store it as text.")
        return value
    if isinstance(value, str):
        return _check_text(value)
    if isinstance(value, bytearray | memoryview):
        return bytes(value)
    unpack = getattr(value, "item", None)
    if unpack is not None and getattr(value, "ndim", None) == 0:
        return check_parameter(unpack())
    raise StoreError(f"A {type(value).__name__} cannot be stored as it is; expected a text, a number, bytes or None.")


def render(sql: str, parameters: Sequence[object]) -> str:
    """Return a statement with every question mark outside quotes replaced by a typed literal.

    Parameters
    ----------
    sql : str
        A statement in the database's dialect.
    parameters : sequence
        As many values as there are question marks.

    Returns
    -------
    str
        The statement, without parameters.

    Raises
    ------
    StoreError
        When a value cannot be stored, or their number is not that of the question marks.

    Examples
    --------
    >>> render("SELECT '?', ?, ?", ["it's", None])
    "SELECT '?', 'it''s', NULL"
    """
    values = iter(parameters)
    count = 0

    def literal_for(match: re.Match[str]) -> str:
        nonlocal count
        if match[0] != "?":
            return match[0]
        count += 1
        return literal(next(values, None))

    rendered = _QUOTED_OR_MARK.sub(literal_for, sql)
    if count != len(parameters):
        raise StoreError(f"The statement has {count} question marks and {len(parameters)} parameters.")
    return rendered


def literal(value: object) -> str:
    """Return a value as a typed literal of the database's dialect.

    Raises
    ------
    StoreError
        When the value cannot be stored.

    Examples
    --------
    >>> literal(0.1), literal(b"a"), literal(True)
    ("'0.1'::DOUBLE", "from_base64('YQ==')", 'TRUE')
    """
    value = check_parameter(value)
    match value:
        case None:
            return "NULL"
        case bool():
            return "TRUE" if value else "FALSE"
        case int():
            return f"'{value}'::BIGINT"
        case float():
            return f"'{value!r}'::DOUBLE"
        case bytes():
            return f"from_base64('{b64encode(value).decode()}')"
        case str():
            return "'" + value.replace("'", "''") + "'"


def _check_text(text: str) -> str:
    if "\x00" in text:
        raise RefusedValueError(f"The text {text[:40]!r} holds a NUL character; remove it.")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise RefusedValueError(
            f"The text {text[:40]!r} is not valid Unicode; decode it with the right encoding."
        ) from None
    return str(text)
