"""A parameter of one layer: what it is called, what it may be, and what it is when nobody says."""

from __future__ import annotations

import math
import numbers
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from trova_widgets.errors import NetworkError

Value = int | float | str
"""What a layer parameter can be set to: a whole number, a real number, or one of a list of words."""

_SIGNIFICANT_DIGITS = 12


@dataclass(frozen=True, kw_only=True)
class LayerParameter:
    """One parameter of the layer that stands at one position of an architecture.

    Parameters
    ----------
    layer : str
        Kind of the layer, in MATLAB's words: ``convolution2dLayer``.
    position : int
        Position of the layer in its architecture, from 1.
    parameter : str
        MATLAB's name of the parameter: ``filterSize``.
    default : int, float or str
        A value that the literature recommends.
    kind : {"integer", "real", "enumerated"}
        What its values are.
    minimum, maximum : float, optional
        The ends of its range, both allowed; None: no end on that side.
    choices : tuple of str
        The words that an enumerated parameter can be.
    meaning : str
        What it does, for a person.
    constraint : str
        The rule of the article's table (Silkin 2024, doi 10.35540/2686-7907.2024.3.05).
    reconnaissance : str
        A wide range with a coarse step, in the article's notation, to look around with.
    follows : str, optional
        Another parameter of the same layer whose value it takes as long as it is not set itself.

    Examples
    --------
    >>> LayerParameter(layer="dropoutLayer", position=5, parameter="probability", default=0.2, kind="real",
    ...                minimum=0, maximum=1, meaning="share of the inputs that is dropped").name
    'dropoutLayer_5_probability'
    """

    layer: str
    parameter: str
    default: Value
    kind: Literal["integer", "real", "enumerated"]
    position: int = 0
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[str, ...] = ()
    meaning: str = ""
    constraint: str = ""
    reconnaissance: str = ""
    follows: str | None = None

    @cached_property
    def name(self) -> str:
        """The name that plans and tables use: ``<layer>_<position>_<parameter>``."""
        return f"{self.layer}_{self.position}_{self.parameter}"

    def value_of(self, given: object) -> Value:
        """Return a given value in its canonical type, so that equal settings have equal identities.

        Parameters
        ----------
        given : int, float, str or a NumPy scalar
            A whole 2.0 becomes 2 for an integer parameter; the float dust of 0.1 + 0.2 is brushed off.

        Returns
        -------
        int, float or str

        Raises
        ------
        NetworkError
            When the value is of another kind, or outside the parameter's range.
        """
        if self.kind == "enumerated":
            return self._word(given)
        if isinstance(given, bool) or not isinstance(given, numbers.Real) or not math.isfinite(given):
            raise NetworkError(f"{self.name} is a number, but {given!r} was given; {self._range_sentence()}")
        number = float(f"{float(given):.{_SIGNIFICANT_DIGITS}g}")
        if self.kind == "integer" and not number.is_integer():
            raise NetworkError(f"{self.name} is a whole number, but {given} was given; {self._range_sentence()}")
        too_small = self.minimum is not None and number < self.minimum
        too_large = self.maximum is not None and number > self.maximum
        if too_small or too_large:
            raise NetworkError(f"{self.name} cannot be {given}; {self._range_sentence()}")
        return int(number) if self.kind == "integer" else number

    def _word(self, given: object) -> str:
        if given not in self.choices:
            raise NetworkError(f"{self.name} cannot be {given!r}; choose one of {', '.join(self.choices)}.")
        return str(given)

    def _range_sentence(self) -> str:
        low = "" if self.minimum is None else f" from {self.minimum:g}"
        high = "" if self.maximum is None else f" to {self.maximum:g}"
        kind = "a whole number" if self.kind == "integer" else "a real number"
        return f"choose {kind}{low}{high}{' up' if low and not high else ''}."
