"""Small pictures as SVG text, for documents that are read without Trova: images, charts of means, bars.

Colours of text and lines are the document's: ``var(--ink)``, ``var(--soft)``, ``var(--line)`` and ``var(--accent)``.
"""

from collections.abc import Callable, Sequence
from html import escape

import numpy as np
from numpy.typing import NDArray

from trova_widgets.figures.colour import HATCH, HOLE, ColourScale, ink_on, round_ticks
from trova_widgets.space import Floats, Index, Value, format_value

_PIXEL = 20
_LETTER = 6.2
_CHART = (230, 120)


def image(
    rows: Sequence[Value],
    columns: Sequence[Value],
    values: Floats,
    scale: ColourScale,
    told: Callable[[Index], str],
    *,
    marked: NDArray[np.bool_],
    taken: Index | None = None,
    names: tuple[str, str] = ("", ""),
    title: str = "",
) -> str:
    """Draw an objective over two settings as an image.

    Parameters
    ----------
    rows, columns : sequence
        The values of the settings upwards and to the right.
    values : ndarray of float, shape (rows, columns)
        The objective; NaN is a hole.
    scale : ColourScale
        Its colours.
    told : callable
        Returns what a pixel says of itself where a pointer rests on it.
    marked : ndarray of bool, shape (rows, columns)
        Pixels that get a point.
    taken : tuple of int, optional
        The pixel that gets a ring.
    names : tuple of str
        What stands beside the rows and under the columns.
    title : str
        What stands above.

    Returns
    -------
    str
        An ``svg`` element.
    """
    left = 24 + _LETTER * max(len(format_value(value)) for value in rows)
    # as wide as the longest value below
    across = max(_PIXEL, 6 + _LETTER * max(len(format_value(value)) for value in columns))
    top, wide, high = 20, across * len(columns), _PIXEL * len(rows)
    parts = [_text(left + wide / 2, 12, title, "middle", bold=True)]
    colours = scale.hexadecimal(values)
    inks = [ink_on(colour) for colour in scale.rgb(values.ravel())]
    for place in np.ndindex(*values.shape):
        row, column = (int(each) for each in place)
        x, y = left + across * column, top + high - _PIXEL * (row + 1)
        flat = row * len(columns) + column
        hole = bool(np.isnan(values[row, column]))
        shape = (
            f'<rect x="{x:g}" y="{y:g}" width="{across:g}" height="{_PIXEL}" fill="{HOLE if hole else colours[flat]}"'
        )
        parts.append(f"{shape}><title>{escape(told((row, column)))}</title></rect>")
        if hole:
            parts.append(f'<path d="M{x + across / 2 - 6:g} {y + 16:g}l12 -12" stroke="{HATCH}"/>')
        middle = f'cx="{x + across / 2:g}" cy="{y + _PIXEL / 2:g}"'
        if marked[row, column] and not hole:
            parts.append(f'<circle {middle} r="2.2" fill="{inks[flat]}" pointer-events="none"/>')
        if (row, column) == taken:
            ring = f'r="7" fill="none" stroke="{inks[flat]}" stroke-width="2"'
            parts.append(f'<circle {middle} {ring} pointer-events="none"/>')
    parts += [_text(left - 5, top + high - _PIXEL * at - 6, format_value(each), "end") for at, each in enumerate(rows)]
    parts += [_text(left + across * (at + 0.5), top + high + 13, format_value(each)) for at, each in enumerate(columns)]
    parts.append(_text(left + wide / 2, top + high + 28, names[1]))
    turned = f'transform="rotate(-90 10 {top + high / 2:g})"'
    parts.append(_text(10, top + high / 2, names[0], extra=turned))
    return _svg(
        max(left + wide + 8, left + _LETTER * len(names[1])), top + high + 34, parts, title or " and ".join(names)
    )


def colour_bar(scale: ColourScale, title: str) -> str:
    """Draw the legend of a scale of shares, in per cent."""
    width, parts = 220.0, []
    steps = 44
    numbers = np.linspace(scale.low, scale.high, steps)
    for at, colour in enumerate(scale.hexadecimal(numbers)):
        x = 10 + width * at / steps
        parts.append(f'<rect x="{x:.1f}" y="18" width="{width / steps + 0.5:.1f}" height="10" fill="{colour}"/>')
    for tick in scale.ticks(4):
        x = 10 + width * float(scale.share(tick))
        parts.append(_text(x, 42, f"{100 * tick:.3g}"))
    parts.append(_text(10, 12, title, "start"))
    return _svg(width + 20, 48, parts, title)


def means_chart(
    values: Sequence[Value],
    means: Floats,
    low: Floats,
    high: Floats,
    ends: tuple[float, float],
    *,
    taken: int | None = None,
) -> str:
    """Draw the mean quality at each value of a setting, with its interval.

    Parameters
    ----------
    values : sequence
        The setting's values.
    means, low, high : ndarray of float, shape (value,)
        Shares; NaN where there is nothing.
    ends : tuple of float
        The ends of the axis, the same for charts that stand side by side.
    taken : int, optional
        Which value gets a ring.
    """
    width, height = _CHART
    left, bottom, top = 34, height - 22, 8

    def x(at: float) -> float:
        return left + (width - left - 10) * (at + 0.5) / len(values)

    def y(share: float) -> float:
        return bottom - (bottom - top) * (share - ends[0]) / (ends[1] - ends[0])

    parts = []
    for tick in round_ticks(*ends, 3):
        parts.append(f'<path d="M{left} {y(tick):.1f}H{width - 6}" stroke="var(--line)"/>')
        parts.append(_text(left - 5, y(tick) + 4, f"{100 * tick:.3g}", "end"))
    known = [int(at) for at in np.flatnonzero(np.isfinite(means))]
    line = " ".join(f"{x(at):.1f},{y(means[at]):.1f}" for at in known)
    parts.append(f'<polyline points="{line}" fill="none" stroke="var(--accent)" stroke-width="1.5" opacity=".6"/>')
    for at in known:
        ends_ = f"M{x(at):.1f} {y(low[at]):.1f}V{y(high[at]):.1f}"
        parts.append(f'<path d="{ends_}" stroke="var(--accent)" stroke-width="2.5" opacity=".35"/>')
        said = f"{format_value(values[at])}: {100 * means[at]:.1f} % ({100 * low[at]:.1f} to {100 * high[at]:.1f})"
        dot = f'<circle cx="{x(at):.1f}" cy="{y(means[at]):.1f}" r="3.2" fill="var(--accent)">'
        parts.append(f"{dot}<title>{escape(said)}</title></circle>")
        if at == taken:
            ring = 'r="6.5" fill="none" stroke="var(--ink)" stroke-width="1.5"'
            parts.append(f'<circle cx="{x(at):.1f}" cy="{y(means[at]):.1f}" {ring}/>')
    parts += [_text(x(at), height - 6, format_value(each)) for at, each in enumerate(values)]
    return _svg(width, height, parts, "mean quality at each value")


#: So wide is what stands at the right of a bar, pixels.
_BESIDE = 190.0


def bars(rows: Sequence[tuple[str, float, float, float, bool]], unit: str, room_px: float = 800.0) -> str:
    """Draw figures as bars with their intervals.

    Parameters
    ----------
    rows : sequence of (name, figure, low, high, told)
        What is not told is drawn pale.
    unit : str
        Of the figures.
    room_px : float
        How wide all of it may be; it is never narrower than can be read.
    """
    left = 16 + _LETTER * max(len(name) for name, *_ in rows)
    # beside a bar its figure and its interval
    width, height = min(max(room_px - left - _BESIDE, 60.0), 640.0), 24 * len(rows) + 30
    most = max(max(high for _, _, _, high, _ in rows), 1e-9)
    parts = []
    for tick in round_ticks(0.0, most, 4):
        x = left + width * tick / most
        parts.append(f'<path d="M{x:.1f} 4V{height - 24}" stroke="var(--line)"/>{_text(x, height - 10, f"{tick:g}")}')
    for at, (name, figure, low, high, told) in enumerate(rows):
        y = 16 + 24 * at
        end, first, last = (width * each / most for each in (figure, low, high))
        pale = "" if told else ' opacity=".35"'
        parts.append(_text(left - 8, y + 4, name, "end"))
        parts.append(
            f'<rect x="{left:.1f}" y="{y - 6}" width="{end:.1f}" height="12" rx="2" fill="var(--accent)"{pale}/>'
        )
        whisker = f"M{left + first:.1f} {y}H{left + last:.1f}M{left + first:.1f} {y - 4}v8M{left + last:.1f} {y - 4}v8"
        parts.append(f'<path d="{whisker}" stroke="var(--ink)" stroke-width="1.2" fill="none"/>')
        parts.append(_text(left + last + 8, y + 4, f"{figure:.1f} ({low:.1f} to {high:.1f}) {unit}", "start"))
    return _svg(left + width + _BESIDE, height, parts, "influence of each setting")


def dots(rows: Sequence[tuple[str, float, float, float, float]], unit: str, room_px: float = 960.0) -> str:
    """Draw figures as dots with their intervals, each beside a ring for what it is compared with.

    Parameters
    ----------
    rows : sequence of (name, figure, low, high, compared)
        A name that begins with a space is moved in.
    unit : str
        Of the figures.
    room_px : float
        How wide all of it may be.

    Examples
    --------
    >>> dots([("north", 81.0, 76.0, 85.0, 84.0), ("south", 62.0, 51.0, 70.0, 80.0)], "%").count("<circle")
    4
    """
    left = 16 + _LETTER * max(len(name) for name, *_ in rows)
    width, height = min(max(room_px - left - 24, 120.0), 560.0), 24 * len(rows) + 34
    every = [each for _, *figures in rows for each in figures]
    first, last = min(every), max(every)
    slack = max((last - first) * 0.04, 0.5)
    first, last = first - slack, last + slack
    parts = []
    for tick in round_ticks(first, last, 6):
        x = left + width * (tick - first) / (last - first)
        parts.append(
            f'<path d="M{x:.1f} 4V{height - 26}" stroke="var(--line)"/>{_text(x, height - 10, f"{tick:g} {unit}")}'
        )
    for at, (name, *figures) in enumerate(rows):
        y = 16 + 24 * at
        figure, low, high, compared = (left + width * (each - first) / (last - first) for each in figures)
        whole = not name.startswith(" ")
        parts.append(_text(left - 10, y + 4, name.strip(), "end", bold=whole))
        parts.append(
            f'<path d="M{low:.1f} {y}H{high:.1f}" stroke="var(--accent)" stroke-width="{3 if whole else 1.6}"/>'
        )
        parts.append(f'<circle cx="{figure:.1f}" cy="{y}" r="5" fill="var(--accent)"/>')
        parts.append(f'<circle cx="{compared:.1f}" cy="{y}" r="5" fill="none" stroke="var(--ink)" stroke-width="1.6"/>')
    return _svg(left + width + 24, height, parts, "figures beside what they are compared with")


def _text(x: float, y: float, words: str, anchor: str = "middle", *, bold: bool = False, extra: str = "") -> str:
    weight = ' font-weight="600"' if bold else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{weight} {extra}>{escape(words)}</text>'


def _svg(width: float, height: float, parts: Sequence[str], title: str) -> str:
    head = f'<svg viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" height="{height:.0f}" role="img"'
    return f'{head} aria-label="{escape(title, quote=True)}">{"".join(parts)}</svg>'
