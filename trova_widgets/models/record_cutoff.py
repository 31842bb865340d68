"""The cut-off of a record: the one that was found in it, and the one that an analyst keeps in its place."""

from dataclasses import dataclass

import pandas as pd

from trova_widgets.store import measured_value


@dataclass(frozen=True, kw_only=True)
class RecordCutoff:
    """What a record knows of its cut-off.

    Attributes
    ----------
    found_hz, confidence : float or None
        The one that was found in it [Hz], and how sure that is, 0 to 1.
    kept_hz : float or None
        The one that an analyst keeps in its place [Hz].
    by : str
        Who that is.
    """

    found_hz: float | None = None
    confidence: float | None = None
    kept_hz: float | None = None
    by: str = ""

    @classmethod
    def of(cls, history: pd.DataFrame) -> "RecordCutoff":
        """Read it from a record's parameters, the oldest first."""
        kept = history[(history["name"] == "cutoff_hz") & (history["source"] == "analyst")]
        last = {
            name: found["value"].iloc[-1]
            for name, found in history[history["source"] == "found"].groupby("name", sort=False)
        }
        found_hz = measured_value(last, "cutoff_hz")
        kept_hz = None if kept.empty else measured_value(kept.iloc[-1], "value")
        overruled = kept_hz is not None and kept_hz != found_hz
        return cls(
            found_hz=found_hz,
            confidence=measured_value(last, "cutoff_confidence"),
            kept_hz=kept_hz if overruled else None,
            by=str(kept["author"].iloc[-1]) if overruled else "",
        )
