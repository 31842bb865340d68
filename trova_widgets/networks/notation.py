"""The article's notation for the values of a parameter: ``convolution2dLayer_2_filterSize=[1 : 1 : 8]``."""

from __future__ import annotations

import numbers
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import pairwise
from math import isfinite

from trova_widgets.errors import NetworkError
from trova_widgets.networks.parameters import Value

MAXIMAL_COUNT = 10_000
"""How many values one parameter may take: enough for any grid, and a guard against a slip in the step."""

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_WORD = re.compile(r"[A-Za-z][\w-]*")
_NAME = re.compile(r"[A-Za-z]\w*")
_SHORTEST_RANGE = 3


def parse_values(given: object) -> tuple[Value, ...]:
    """Read the values of a parameter, as a person writes them.

    Parameters
    ----------
    given : str, int, float or a sequence of them
        ``"[minimum : step : maximum]"`` (brackets and blanks are optional, ``"1:8"`` has the step 1), a list
        ``"1, 2, 5"`` or ``"[1 2 5]"``, a list of words, a single value, or a Python sequence or array.

    Returns
    -------
    tuple of int, float or str
        In the order given, each once. Ranges are computed in decimal numbers, so 0.1:0.2:0.9 ends at 0.9
        and holds 0.3, not 0.30000000000000004.

    Raises
    ------
    NetworkError
        When the text is not understood, or the range is empty, endless, or repeats a value.

    Examples
    --------
    >>> parse_values("[0.1 : 0.2 : 0.9]")
    (0.1, 0.3, 0.5, 0.7, 0.9)
    >>> parse_values("1, 2, 5")
    (1, 2, 5)
    """
    values = tuple(_parse_text(given) if isinstance(given, str) else _plain_values(given))
    if not values:
        raise NetworkError("A parameter needs at least one value; write for example [1 : 1 : 8] or 1, 2, 5.")
    repeated = [value for place, value in enumerate(values) if value in values[:place]]
    if repeated:
        raise NetworkError(f"The value {repeated[0]} stands twice among {given!r}; give each value once.")
    return values


def format_values(values: Sequence[Value]) -> str:
    """Write values in the article's notation; `parse_values` reads them back.

    Parameters
    ----------
    values : sequence of int, float or str
        At least one.

    Returns
    -------
    str
        ``[minimum : step : maximum]`` for three and more numbers at equal steps, else a list.

    Examples
    --------
    >>> format_values((8, 16, 24, 32))
    '[8 : 8 : 32]'
    >>> format_values((0.3,))
    '[0.3]'
    """
    plain = tuple(_plain_values(values))
    if len(plain) >= _SHORTEST_RANGE and not any(isinstance(value, str) for value in plain):
        literals = [Decimal(repr(value)) for value in plain]
        steps = {later - earlier for earlier, later in pairwise(literals)}
        if len(steps) == 1 and steps != {Decimal(0)}:
            step = steps.pop()
            floats = isinstance(plain[0], float)
            text = f"{plain[0]} : {float(step) if floats else step} : {plain[-1]}"
            if parse_values(text) == plain:
                return f"[{text}]"
    return f"[{', '.join(str(value) for value in plain)}]"


def parse_axis(text: str) -> tuple[str, tuple[Value, ...]]:
    """Read a parameter with its values: ``convolution2dLayer_2_filterSize=[1 : 1 : 8]``.

    Parameters
    ----------
    text : str
        Blanks are allowed anywhere (the article's lines break inside names), and a closing ``,``, ``;`` or ``.``.

    Returns
    -------
    tuple
        The parameter's name, and its values as of `parse_values`.

    Raises
    ------
    NetworkError
        When there is no ``=``, or either side is not understood.

    Examples
    --------
    >>> parse_axis("dropoutLayer_5_probability = [0.2 : 0.1 : 0.5];")
    ('dropoutLayer_5_probability', (0.2, 0.3, 0.4, 0.5))
    """
    left, equals, right = text.partition("=")
    name = "".join(left.split())
    if not equals or not _NAME.fullmatch(name):
        raise NetworkError(
            f"{text!r} is not a parameter with its values; "
            "write for example convolution2dLayer_2_filterSize=[1 : 1 : 8]."
        )
    return name, parse_values(right.strip().rstrip(",;."))


def _parse_text(text: str) -> Iterable[Value]:
    inner = text.strip()
    if inner.startswith("[") and inner.endswith("]"):
        inner = inner[1:-1].strip()
    if ":" in inner:
        return _range(inner, text)
    return [_literal(item, text) for item in re.split(r"\s*[,;]\s*|\s+", inner) if item]


def _range(inner: str, text: str) -> list[Value]:
    parts = [part.strip() for part in inner.split(":")]
    if len(parts) not in (2, 3) or not all(_NUMBER.fullmatch(part) for part in parts):
        raise NetworkError(f"{text!r} is not a range; write [minimum : step : maximum], for example [1 : 1 : 8].")
    if not all(isfinite(float(part)) for part in parts):
        raise NetworkError(f"A number in {text!r} is too large; write for example [1 : 1 : 8].")
    numerals = [Decimal(part) for part in parts]
    start, step, stop = numerals if len(parts) == 3 else (numerals[0], Decimal(1), numerals[1])
    if step == 0 or (stop - start) / step < 0:
        raise NetworkError(f"The range {text!r} is empty; the step must lead from the minimum to the maximum.")
    count = int((stop - start) // step) + 1 if (stop - start) / step < MAXIMAL_COUNT else MAXIMAL_COUNT + 1
    if count > MAXIMAL_COUNT:
        raise NetworkError(f"The range {text!r} has more than {MAXIMAL_COUNT} values; widen its step.")
    number = int if all(re.fullmatch(r"[+-]?\d+", part) for part in parts) else float
    return [number(start + place * step) for place in range(count)]


def _literal(item: str, text: str) -> Value:
    if _NUMBER.fullmatch(item) and isfinite(float(item)):
        return int(item) if re.fullmatch(r"[+-]?\d+", item) else float(item)
    if _WORD.fullmatch(item):
        return item
    raise NetworkError(f"{item!r} in {text!r} is neither a number nor a word; write for example [1, 2, 5].")


def _plain_values(given: object) -> Iterable[Value]:
    """Turn NumPy scalars and arrays into plain Python values, so that they have one text and one identity."""
    items = given if isinstance(given, Iterable) and not isinstance(given, str) else [given]
    for item in items:
        if isinstance(item, str):
            yield item
        elif isinstance(item, numbers.Integral) and not isinstance(item, bool):
            yield int(item)
        elif isinstance(item, numbers.Real) and not isinstance(item, bool):
            yield float(item)
        else:
            raise NetworkError(f"{item!r} is no value of a layer parameter; give numbers or words.")
