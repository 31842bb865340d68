"""Formatting numbers, times and names as a person reads them: with units, and no more digits than they deserve."""

from typing import Any

from trova_widgets.durations import duration as duration
from trova_widgets.wording import titled


def time_left(seconds: float | None) -> str:
    """Return how long a running task still takes.

    Examples
    --------
    >>> time_left(42.0), time_left(None)
    ('42 s left', '')
    """
    text = duration(seconds)
    return f"{text} left" if text else ""


def percent(share: float | None, digits: int = 1) -> str:
    """Return a share as a percentage; nothing for what is not known.

    Examples
    --------
    >>> percent(0.948), percent(float("nan"))
    ('94.8 %', '')
    """
    if share is None or share != share:
        return ""
    return f"{100 * share:.{digits}f} %"


def class_title(slug: str | None) -> str:
    """Return an event class as a person writes it.

    Examples
    --------
    >>> class_title("quarry_blast"), class_title("")
    ('Quarry blast', 'No class')
    """
    if not isinstance(slug, str) or not slug:
        return "No class"
    return titled(slug)


def quantity(value: float | None, unit: str = "", digits: int = 1) -> str:
    """Return a measured value with its unit; nothing for what is not known.

    Examples
    --------
    >>> quantity(12.345, "dB"), quantity(-0.04, "dB"), quantity(-3, digits=0), quantity(float("nan"), "dB")
    ('12.3 dB', '0.0 dB', '−3', '')
    """
    if value is None or value != value:
        return ""
    return f"{value:z.{digits}f} {unit}".rstrip().replace("-", "−")


def moment(time: Any) -> str:
    """Return a time in UTC, to the second; nothing for what is not known.

    Examples
    --------
    >>> import pandas as pd
    >>> moment(pd.Timestamp("2024-03-01T12:30:05.6Z")), moment(pd.NaT)
    ('2024-03-01 12:30:05', '')
    """
    return "" if time is None or time != time else str(time.strftime("%Y-%m-%d %H:%M:%S"))
