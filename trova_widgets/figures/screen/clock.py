"""The clock of blasting on a page: weekdays by hours for each class, and above them its hours as bars."""

from collections.abc import Sequence
from html import escape

import numpy as np

from trova_widgets.figures.clock import DAYS, HOURS, WEEKDAYS, Clock, hours_words, shortest_span
from trova_widgets.figures.colour import CLASS_COLOURS, class_colours
from trova_widgets.figures.screen.svg import CARD, INK, LETTER, LINE, SOFT, Frame, picture, tag, words
from trova_widgets.wording import counted, spoken, titled

#: Classes that have a panel each, those with the most events.
MOST_PANELS = 4
_LEFT, _RIGHT, _GAP = 34.0, 10.0, 26.0
_TITLE, _BARS, _ROW, _BELOW = 26.0, 58.0, 15.0, 40.0
_NARROWEST, _WIDEST = 296.0, 470.0
# of a cell that holds as much as any, and of one with next to nothing
_DARKEST, _PALEST = 0.95, 0.12
#: Hours that hold most of the events are marked where they are no more than two thirds of the day.
_MARKED = 16


def clock_picture(clock: Clock, room_px: float = 1080.0, title: str = "") -> str:
    """Draw a clock: a panel a class, in the class's colour, all on one scale.

    Parameters
    ----------
    clock : Clock
        What is drawn: of more than four classes those with the most events.
    room_px : float
        How wide the picture may be; panels that have no room beside the others stand below them.
    title : str
        What it shows, for who cannot see it.

    Returns
    -------
    str
        An ``svg`` element; each bar and cell says in its ``title`` what it is. Without any event it is empty.
    """
    places = {name: place for place, name in enumerate(CLASS_COLOURS)}
    most_events = np.argsort(-clock.totals, kind="stable")[:MOST_PANELS].tolist()
    shown = sorted(most_events, key=lambda at: (places.get(clock.classes[at], len(places)), clock.classes[at]))
    if not shown:
        return ""
    columns = max(1, min(len(shown), int((room_px + _GAP) // (_NARROWEST + _GAP))))
    wide = min(_WIDEST, (room_px - _GAP * (columns - 1)) / columns)
    high = _TITLE + _BARS + 6 + DAYS * _ROW + _BELOW
    shares = clock.counts / clock.totals[:, None, None]
    most, highest = float(shares[shown].max()), float(clock.shares[shown].max())
    parts = []
    for number, at in enumerate(shown):
        left, top = (number % columns) * (wide + _GAP), (number // columns) * high
        across = Frame(left + _LEFT, top + _TITLE, left + wide - _RIGHT, top + _TITLE + _BARS)
        colour = class_colours([clock.classes[at]])[0]
        parts += _bars(clock, at, across, colour, highest)
        parts += _cells(clock, at, across._replace(top=across.bottom + 6), colour, shares[at] / most)
    rows = -(-len(shown) // columns)
    size = (columns * wide + _GAP * (columns - 1), rows * high)
    ground = tag("rect", width=size[0], height=size[1], fill=CARD)
    return picture(*size, [ground, *parts], title or _told(clock, shown), class_="ts-clock")


def _bars(clock: Clock, at: int, frame: Frame, colour: str, highest: float) -> list[str]:
    """Return the title, the hours as bars, and a line under those that hold most of them."""
    total, name = int(clock.totals[at]), titled(clock.classes[at])
    parts = [
        tag("rect", x=frame.left, y=frame.top - 20, width=10, height=10, rx=2, fill=colour),
        words(frame.left + 16, frame.top - 11, name, "start", strong=True, fill=INK),
        words(frame.right, frame.top - 11, counted(total, "event"), "end"),
    ]
    wide = (frame.right - frame.left) / HOURS
    even = frame.y(0.94 / HOURS / highest)
    parts.append(tag("path", d=f"M{frame.left:.1f} {even:.1f}H{frame.right:.1f}", stroke=SOFT, stroke_dasharray="2 3"))
    for hour, (count, share) in enumerate(zip(clock.counts[at].sum(axis=0), clock.shares[at], strict=True)):
        top = frame.y(0.94 * share / highest)
        said = f"{name}, {hour} to {hour + 1} h: {count} of {total} ({100 * share:.1f} %)"
        parts.append(_said("rect", said, x=frame.left + wide * hour + 0.8, y=top, width=wide - 1.6,
                           height=max(frame.bottom - top, 0.0), rx=1, fill=colour))  # fmt: skip
    parts.append(tag("path", d=f"M{frame.left:.1f} {frame.bottom:.1f}H{frame.right:.1f}", stroke=LINE))
    return parts


def _cells(clock: Clock, at: int, frame: Frame, colour: str, shades: np.ndarray) -> list[str]:
    """Return weekdays by hours, the darker the more, with the hours below."""
    wide, parts = (frame.right - frame.left) / HOURS, []
    name, total = titled(clock.classes[at]), clock.totals[at]
    bottom = frame.top + DAYS * _ROW
    for day, weekday in enumerate(WEEKDAYS):
        y = frame.top + _ROW * day
        parts.append(words(frame.left - 6, y + 12, weekday[:3], "end"))
        # what no event is in has no element of its own: one ground is enough for all of them
        parts.append(tag("rect", x=frame.left, y=y + 0.8, width=frame.right - frame.left, height=_ROW - 1.6,
                         rx=2, fill=LINE, fill_opacity=0.45))  # fmt: skip
        for hour in np.flatnonzero(clock.counts[at, day]).tolist():
            count = int(clock.counts[at, day, hour])
            said = f"{name}, {weekday}, {hour} to {hour + 1} h: {count} of {total}"
            parts.append(_said("rect", said, x=frame.left + wide * hour + 0.8, y=y + 0.8, width=wide - 1.6,
                               height=_ROW - 1.6, rx=2, fill=colour,
                               fill_opacity=f"{_PALEST + (_DARKEST - _PALEST) * shades[day, hour]:.3f}"))  # fmt: skip
    for hour in range(0, HOURS + 1, 6):
        x = frame.left + wide * hour
        parts.append(tag("path", d=f"M{x:.1f} {bottom + 1:.1f}v4", stroke=SOFT))
        parts.append(words(x, bottom + 17, f"{hour} h" if not hour else f"{hour}"))
    span = shortest_span(clock.hours_of([clock.classes[at]]))
    if span.length <= _MARKED:
        told = f"{100 * span.share:.0f} % {hours_words(span.first, span.length)}"
        for first, last in _pieces(span.first, span.length):
            parts.append(_said("rect", told, x=frame.left + wide * first, y=bottom + 22, width=wide * (last - first),
                               height=3, rx=1.5, fill=colour))  # fmt: skip
        middle = frame.left + wide * (span.first + min(span.length, HOURS - span.first) / 2)
        half = LETTER * len(told) / 2
        parts.append(words(min(max(middle, frame.left + half), frame.right - half), bottom + 38, told))
    return parts


def _pieces(first: int, length: int) -> list[tuple[int, int]]:
    """Return a span of hours without what goes over midnight, and that as a piece of its own."""
    last = first + length
    return [(first, last)] if last <= HOURS else [(first, HOURS), (0, last - HOURS)]


def _said(name: str, text: str, **attributes: object) -> str:
    return tag(name, f"<title>{escape(text)}</title>", **attributes)


def _told(clock: Clock, shown: Sequence[int]) -> str:
    return "Events by weekday and hour: " + ", ".join(
        f"{clock.totals[at]:,} of {spoken(clock.classes[at])}" for at in shown
    )
