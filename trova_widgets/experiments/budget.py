"""A budget: how long a run may go on, or how many trials it may train."""

from __future__ import annotations

import re
from dataclasses import dataclass

from trova_widgets.errors import PlanError

_SECONDS = {"s": 1.0, "min": 60.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_TIME = re.compile(r"\s*(\d+(?:[.,]\d+)?)\s*(s|min|m|h|d)", re.IGNORECASE)
_TRIALS = re.compile(r"\s*(\d+)\s*trials?\s*", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Budget:
    """What a run may use; trials that were begun are finished.

    Parameters
    ----------
    seconds : float or None
        How long it goes on, on the clock.
    trials : int or None
        How many trials it trains.

    Raises
    ------
    PlanError
        When there is nothing in it.

    Examples
    --------
    >>> Budget.read("1h 30min"), Budget.read("200 trials")
    (Budget(seconds=5400.0, trials=None), Budget(seconds=None, trials=200))
    """

    seconds: float | None = None
    trials: int | None = None

    def __post_init__(self) -> None:
        if (self.seconds is not None and self.seconds <= 0) or (self.trials is not None and self.trials < 1):
            raise PlanError(f"A budget of {self} allows nothing; give some time or trials: 2h, 90min, 500 trials.")

    @classmethod
    def read(cls, text: str) -> Budget:
        """Read a budget as a person writes it: ``2h``, ``1h 30min``, ``45s``, ``500 trials``.

        Raises
        ------
        PlanError
            When it is not understood.
        """
        if (trials := _TRIALS.fullmatch(text)) is not None:
            return cls(trials=int(trials.group(1)))
        parts = _TIME.findall(text)
        if not parts or _TIME.sub("", text).strip():
            raise PlanError(f"The budget {text!r} is not understood; write 2h, 90min, 45s, or 500 trials.")
        return cls(seconds=sum(float(number.replace(",", ".")) * _SECONDS[unit.lower()] for number, unit in parts))

    def __str__(self) -> str:
        if self.trials is not None:
            return f"{self.trials} trials"
        seconds = self.seconds or 0.0
        unit = next(unit for unit in ("h", "min", "s") if seconds >= 2 * _SECONDS[unit] or unit == "s")
        return f"{seconds / _SECONDS[unit]:g} {unit}"
