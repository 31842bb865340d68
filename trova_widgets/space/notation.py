"""The one notation of settings and their values, the article's: ``convolution2dLayer_2_filterSize=[1 : 1 : 8]``."""

from __future__ import annotations

import numbers
import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from math import isfinite

from trova_widgets.errors import SettingError
from trova_widgets.space.setting import Value

MAXIMAL_COUNT = 10_000
"""How many values one setting may take: enough for any grid, and a guard against a slip in the step."""

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_WORD = re.compile(r"[A-Za-z][\w-]*")
_NAME = re.compile(r"[A-Za-z]\w*(\.\w+)*")
_SHORTEST_RANGE = 3


def parse_values(given: object) -> tuple[Value, ...]:
    """Read the values of a setting, as a person writes them.

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
    SettingError
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
        raise SettingError("A setting needs at least one value; write for example [1 : 1 : 8] or 1, 2, 5.")
    repeated = [value for place, value in enumerate(values) if value in values[:place]]
    if repeated:
        raise SettingError(f"The value {repeated[0]} stands twice among {given!r}; give each value once.")
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
    """Read a setting with its values: ``convolution2dLayer_2_filterSize=[1 : 1 : 8]``.

    Parameters
    ----------
    text : str
        Blanks are allowed anywhere (the article's lines break inside names), and a closing ``,``, ``;`` or ``.``.

    Returns
    -------
    tuple
        The setting's name, and its values as of `parse_values`.

    Raises
    ------
    SettingError
        When there is no ``=``, or either side is not understood.

    Examples
    --------
    >>> parse_axis("dropoutLayer_5_probability = [0.2 : 0.1 : 0.5];")
    ('dropoutLayer_5_probability', (0.2, 0.3, 0.4, 0.5))
    """
    left, equals, right = text.partition("=")
    name = "".join(left.split())
    if not equals or not _NAME.fullmatch(name):
        raise SettingError(
            f"{text!r} is not a setting with its values; write for example convolution2dLayer_2_filterSize=[1 : 1 : 8]."
        )
    return name, parse_values(right.strip().rstrip(",;."))


def parse_axes(given: Mapping[str, object] | Iterable[str]) -> dict[str, tuple[Value, ...]]:
    """Read several settings with their values, each named once.

    Parameters
    ----------
    given : mapping, or iterable of str
        ``{"training.epochs": "[5 : 5 : 20]"}`` or ``["training.epochs=[5 : 5 : 20]"]``.

    Returns
    -------
    dict
        In the order given.

    Raises
    ------
    SettingError
        When something is not understood, or a setting stands there twice.

    Examples
    --------
    >>> parse_axes(["training.weight_decay = 0, 0.01", "fingerprint.highpass = on, off"])
    {'training.weight_decay': (0, 0.01), 'fingerprint.highpass': ('on', 'off')}
    """
    if isinstance(given, Mapping):
        return {name: parse_values(written) for name, written in given.items()}
    found: dict[str, tuple[Value, ...]] = {}
    for name, values in map(parse_axis, given):
        if name in found:
            raise SettingError(f"{name} is given twice; write all its values at once.")
        found[name] = values
    return found


def format_value(value: Value) -> str:
    """Return one value as a person writes it.

    Examples
    --------
    >>> format_value(0.30000000000000004), format_value(8), format_value("on")
    ('0.3', '8', 'on')
    """
    return f"{value:g}" if isinstance(value, float) else str(value)


def short_name(name: str) -> str:
    """Return a setting's name without its group, and a layer's without the kind, but with its position.

    Examples
    --------
    >>> short_name("convolution2dLayer_2_filterSize"), short_name("training.weight_decay")
    ('filterSize (2)', 'weight_decay')
    """
    parts = name.rpartition(".")[2].split("_")
    return f"{parts[-1]} ({parts[-2]})" if len(parts) > 2 and parts[-2].isdigit() else "_".join(parts)


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
        raise SettingError(f"{text!r} is not a range; write [minimum : step : maximum], for example [1 : 1 : 8].")
    if not all(isfinite(float(part)) for part in parts):
        raise SettingError(f"A number in {text!r} is too large; write for example [1 : 1 : 8].")
    numerals = [Decimal(part) for part in parts]
    start, step, stop = numerals if len(parts) == 3 else (numerals[0], Decimal(1), numerals[1])
    if step == 0 or (stop - start) / step < 0:
        raise SettingError(f"The range {text!r} is empty; the step must lead from the minimum to the maximum.")
    count = int((stop - start) // step) + 1 if (stop - start) / step < MAXIMAL_COUNT else MAXIMAL_COUNT + 1
    if count > MAXIMAL_COUNT:
        raise SettingError(f"The range {text!r} has more than {MAXIMAL_COUNT} values; widen its step.")
    number = int if all(re.fullmatch(r"[+-]?\d+", part) for part in parts) else float
    return [number(start + place * step) for place in range(count)]


def _literal(item: str, text: str) -> Value:
    if _NUMBER.fullmatch(item) and isfinite(float(item)):
        return int(item) if re.fullmatch(r"[+-]?\d+", item) else float(item)
    if _WORD.fullmatch(item):
        return item
    raise SettingError(f"{item!r} in {text!r} is neither a number nor a word; write for example [1, 2, 5].")


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
            raise SettingError(f"{item!r} is no value of a setting; give numbers or words.")
