"""The hour of day of an event among those of the classes it may be of."""

from trova_widgets.figures.colour import CLASS_COLOURS, OTHER_CLASS
from trova_widgets.figures.hours import Hours
from trova_widgets.figures.screen.svg import ACCENT, LINE, Frame, picture, tag, words
from trova_widgets.wording import counted, titled

_HIGH, _GAP, _TOP = 44.0, 22.0, 20.0


def hours_chart(hours: Hours, *, width: float = 460.0) -> str:
    """Draw a row of bars a class, and the event's hour across all rows.

    Parameters
    ----------
    hours : Hours
        What is drawn.
    width : float
        The picture's width, pixels.

    Returns
    -------
    str
        An ``svg`` element.
    """
    parts, top = [], _TOP
    for name, shares in hours.shares.items():
        frame = Frame(6, top, width - 6, top + _HIGH)
        step = (frame.right - frame.left) / len(shares)
        title = titled(name)
        parts.append(words(frame.left, top - 6, f"{title}, {counted(hours.counts[name], 'event')}", "start"))
        for hour, share in enumerate(shares.tolist()):
            high = _HIGH * share / hours.highest
            parts.append(
                tag(
                    "rect", x=frame.left + hour * step + 0.8, y=frame.bottom - high, width=step - 1.6, height=high,
                    fill=CLASS_COLOURS.get(name, OTHER_CLASS),
                    data_say=f"{title}: {100 * share:.1f} % of its events from {hour} to {hour + 1} h", class_="ts-say",
                )
            )  # fmt: skip
        parts.append(tag("path", d=f"M{frame.left} {frame.bottom}H{frame.right}", stroke=LINE, stroke_width=1))
        top += _HIGH + _GAP
    bottom = top - _GAP
    for hour in range(0, 25, 6):
        x = 6 + (width - 12) * hour / 24
        anchor = {0: "start", 24: "end"}.get(hour, "middle")
        parts.append(words(x, bottom + 16, f"{hour} h" if hour else "0 h, local", anchor))
    if hours.hour == hours.hour:
        x = 6 + (width - 12) * hours.hour / 24
        parts.append(
            tag("path", d=f"M{x:.1f} {_TOP - 4:.1f}V{bottom:.1f}", stroke=ACCENT, stroke_width=2, class_="ts-hour")
        )
    return picture(width, bottom + 22, parts, "Hour of day of the event and of those of its classes", class_="ts-hours")
