"""What the store keeps of a race, or of a halving of epochs: its rules, and how it has ended."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from trova_widgets.experiments.choice import HalvingRules, RaceRules

Rules = RaceRules | HalvingRules
"""By which cells are dropped."""

_HALVING = "halving"


@dataclass(frozen=True, kw_only=True)
class KeptRace:
    """By which rules cells are dropped, and how that has ended; which ones follows from the trials that are there.

    Attributes
    ----------
    rules : RaceRules or HalvingRules
        The rules of a race, or of a halving of epochs.
    ended : str
        How it has ended, in words; empty as long as it has not.
    planned : int
        How many trials were planned then: where there are more, it goes on.
    """

    rules: Rules
    ended: str = ""
    planned: int = 0

    @classmethod
    def of(cls, kept: Mapping[str, Any] | None) -> "KeptRace | None":
        """Return what the store keeps, or None where no cell was ever to be dropped."""
        if kept is None:
            return None
        # older versions knew races alone, and did not say so
        told = {"way": "", **kept}
        if told.pop("way") == _HALVING:
            return cls(**{**told, "rules": HalvingRules(**kept["rules"])})
        # older races had one threshold for both
        return cls(**{**told, "rules": RaceRules(**{"end_p": kept["rules"].get("flat_p", 1.0), **kept["rules"]})})

    def to_dict(self) -> dict[str, Any]:
        """Return a JSON value."""
        way = {"way": _HALVING} if isinstance(self.rules, HalvingRules) else {}
        return {**asdict(self), **way}


def ended_race(kept: Mapping[str, Any] | None, planned: int) -> str:
    """Return how a race over so many planned trials has ended, in words; empty where it has not."""
    found = KeptRace.of(kept)
    return found.ended if found is not None and found.planned == planned else ""
