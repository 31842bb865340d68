"""How long something takes, as a person says it."""


def duration(seconds: float | None) -> str:
    """Return a duration in the largest unit that says enough.

    Examples
    --------
    >>> duration(8), duration(170), duration(5000), duration(None)
    ('8 s', '3 min', '1 h 23 min', '')
    """
    if seconds is None or seconds != seconds:
        return ""
    if seconds < 90:
        return f"{max(seconds, 0):.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"
