"""A setting: what it is called, what it may be, and what it is when nobody says."""

from __future__ import annotations

import math
import numbers
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Literal

from trova_widgets.errors import SettingError

Value = int | float | str
"""What a setting can be: a whole number, a real number, or a word."""

_SIGNIFICANT_DIGITS = 12


@dataclass(frozen=True, kw_only=True)
class Setting:
    """One thing that can be set, and so can vary: of a layer, of the training, of the recipe, or the seed.

    Parameters
    ----------
    name : str
        The name that plans and tables use: the article's ``convolution2dLayer_2_filterSize``, ``training.epochs``,
        ``fingerprint.keep``, ``seed``.
    default : int, float or str
        What it is when nobody says.
    kind : {"integer", "real", "enumerated", "text"}
        What its values are; a text is an identity that no person writes, and cannot vary.
    minimum, maximum : float, optional
        The ends of its range, both allowed; None: no end on that side.
    choices : tuple of str or int
        What an enumerated setting can be; the only whole numbers allowed, where an integer has some.
    unit : str
        Of its values, ``"s"`` or ``"Hz"``; empty where it has none.
    meaning : str
        What it does, for a person.
    constraint : str
        A rule beyond the range, as the article's table has it (Silkin 2024, doi 10.35540/2686-7907.2024.3.05).
    reconnaissance : str
        A wide range with a coarse step, in the article's notation, to look around with.
    scale : {"linear", "logarithmic"}
        How its numbers are spread when they are drawn, and what a step of them is.
    follows : str, optional
        Another setting whose value it takes as long as it is not set itself.
    implied : int, float or str, optional
        For a setting that came later than the first trials: the value that all of these had without saying so. It is
        left out of identities, so that what was computed before is known again.

    Examples
    --------
    >>> dropout = Setting(name="dropoutLayer_5_probability", default=0.2, kind="real", minimum=0, maximum=1)
    >>> dropout.coerce(0.1 + 0.2)
    0.3
    """

    name: str
    default: Value
    kind: Literal["integer", "real", "enumerated", "text"]
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[Value, ...] = ()
    unit: str = ""
    meaning: str = ""
    constraint: str = ""
    reconnaissance: str = ""
    scale: Literal["linear", "logarithmic"] = "linear"
    follows: str | None = None
    implied: Value | None = None

    @property
    def order(self) -> Literal["numeric", "logarithmic", "enumerated"]:
        """How its values stand beside each other: what is enumerated has no neighbours."""
        if self.kind in ("enumerated", "text"):
            return "enumerated"
        return "logarithmic" if self.scale == "logarithmic" else "numeric"

    @property
    def suggestion(self) -> str:
        """What to vary it over when nobody says, in the article's notation: to look around with, or all it can be."""
        return self.reconnaissance or ", ".join(map(str, self.choices)) or str(self.default)

    def coerce(self, given: object) -> Value:
        """Return a value in its canonical type, so that equal settings have equal identities.

        Parameters
        ----------
        given : int, float, str or a NumPy scalar
            A whole 2.0 becomes 2 for an integer setting; the float dust of 0.1 + 0.2 is brushed off.

        Returns
        -------
        int, float or str

        Raises
        ------
        SettingError
            When the value is of another kind, or outside the setting's range.
        """
        if self.kind in ("enumerated", "text"):
            return self._word(given)
        if isinstance(given, bool) or not isinstance(given, numbers.Real) or not math.isfinite(given):
            raise SettingError(f"{self.name} is a number, but {given!r} was given; {self._range_sentence()}")
        # 0.0 is added to what may be -0.0, which is equal to it but has another text
        number = float(f"{float(given):.{_SIGNIFICANT_DIGITS}g}") + 0.0
        if self.kind == "integer" and not number.is_integer():
            raise SettingError(f"{self.name} is a whole number, but {given} was given; {self._range_sentence()}")
        too_small = self.minimum is not None and number < self.minimum
        too_large = self.maximum is not None and number > self.maximum
        if too_small or too_large or (self.choices and number not in self.choices):
            raise SettingError(f"{self.name} cannot be {given}; {self._range_sentence()}")
        return int(number) if self.kind == "integer" else number

    def _word(self, given: object) -> str:
        if not isinstance(given, str) or (self.kind == "enumerated" and given not in self.choices):
            raise SettingError(f"{self.name} cannot be {given!r}; {self._range_sentence()}")
        return given

    def _range_sentence(self) -> str:
        if self.kind == "text":
            return "it is a text."
        if self.choices:
            return f"choose one of {', '.join(map(str, self.choices))}."
        low = "" if self.minimum is None else f" from {self.minimum:g}"
        high = "" if self.maximum is None else f" to {self.maximum:g}"
        kind = "a whole number" if self.kind == "integer" else "a real number"
        unit = f" {self.unit}" if self.unit else ""
        return f"choose {kind}{low}{high}{unit}{' up' if low and not high else ''}."


def values_getter(names: Sequence[str]) -> Callable[[Mapping[str, Value]], tuple[Value, ...]]:
    """Return what picks the values of some settings, in this order, out of many mappings, as fast as can be.

    Examples
    --------
    >>> values_getter(["b"])({"a": 1, "b": 2})
    (2,)
    """
    if not names:
        return lambda settings: ()
    if len(names) == 1:
        (name,) = names
        return lambda settings: (settings[name],)
    return itemgetter(*names)
