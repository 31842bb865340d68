"""Line charts on a page: an objective over one parameter, with bands, a chart for each pair of values of two others."""

from collections.abc import Collection, Sequence

import numpy as np

from trova_widgets.figures.colour import ColourScale
from trova_widgets.figures.panels import window
from trova_widgets.figures.screen.svg import (
    ACCENT,
    INK,
    LETTER,
    LINE,
    SOFT,
    Frame,
    path,
    picture,
    place_of,
    tag,
    upright_axis,
    words,
)
from trova_widgets.figures.spread import axis_title, shares
from trova_widgets.figures.telling import UNSURE, Certainty
from trova_widgets.space import Floats, Grid, Index, format_value, short_name

#: More charts a side than this are looked at through a window around the sliders.
CHARTS_AT_MOST = 12
_WIDE, _HIGH, _GAP = 80.0, 74.0, 8.0
_ALONE = 420.0


def line_charts(
    grid: Grid,
    scale: ColourScale,
    axes: Sequence[int],
    position: Index,
    certainty: Certainty = UNSURE,
    *,
    upright: ColourScale | None = None,
    room_px: float = 800.0,
    high_px: float | None = None,
    logarithmic: Collection[str] = (),
) -> str:
    """Draw a chart over the last parameter for each pair of values of the others, all over one upright axis.

    Parameters
    ----------
    grid : Grid
        The objective.
    scale : ColourScale
        The colours of the points, and the ends of the upright axis.
    axes : sequence of int, length 1 to 3
        Columns, rows, horizontal axis. With two there is one row, with one a single chart.
    position : tuple of int
        The chosen combination: its chart has a frame, its point a ring.
    certainty : Certainty
        The bands, and the confidence set, whose points have a dark edge. Without intervals the band is the standard
        deviation over seeds.
    upright : ColourScale, optional
        Other ends of the upright axis, so that bands have room.
    room_px : float
        How wide all the charts may be; they are never narrower than can be read.
    high_px : float, optional
        How high they are, where they are one row that fills the room.
    logarithmic : collection of str
        The settings of which equal ratios are equal steps.

    Returns
    -------
    str
        An ``svg`` element.
    """
    *outer, along = axes
    ends = upright or scale
    columns = window(grid.shape[outer[0]], CHARTS_AT_MOST, position[outer[0]]) if outer else range(1)
    rows = window(grid.shape[outer[1]], CHARTS_AT_MOST, position[outer[1]]) if len(outer) > 1 else range(1)
    row_labels = [format_value(grid.values[outer[1]][place]) for place in rows] if len(outer) > 1 else [""]
    left, top = 58.0, 44.0 if outer else 24.0
    right = 14 + LETTER * max(max(map(len, row_labels)), len(short_name(grid.names[outer[1]])) if len(outer) > 1 else 0)
    fitting = (room_px - left - right) / len(columns) - _GAP
    wide = min(max(_WIDE, fitting), _ALONE if len(columns) < 3 else 2.8 * _WIDE)
    high = _HIGH if len(rows) > 1 else 1.7 * _HIGH
    if high_px is not None and len(rows) == 1:
        wide, high = max(_WIDE, fitting), high_px
    labels = [format_value(value) for value in grid.values[along]]
    is_log = grid.names[along] in logarithmic
    share = shares(grid.values[along], logarithmic=is_log)
    parts = [words(left - 40, 14, f"{scale.title} ↑", "start", strong=True)]
    if outer:
        parts.append(
            words(left + (wide + _GAP) * len(columns), 14, short_name(grid.names[outer[0]]), "end", strong=True)
        )
    if len(outer) > 1:
        side = left + (wide + _GAP) * len(columns) + 2
        parts.append(words(side, top - 8, short_name(grid.names[outer[1]]), "start", strong=True))
    for below, row in enumerate(rows):
        for beside, column in enumerate(columns):
            held = list(position)
            if outer:
                held[outer[0]] = column
            if len(outer) > 1:
                held[outer[1]] = row
            x, y = left + (wide + _GAP) * beside, top + (high + _GAP) * below
            frame = Frame(x, y, x + wide, y + high)
            if beside == 0:
                parts.append(upright_axis(frame, ends, count=3, grid=False))
            parts.append(_chart(grid, scale, ends, along, held, position, certainty, frame, share))
            if below == 0 and outer:
                parts.append(words(x + wide / 2, top - 8, format_value(grid.values[outer[0]][column])))
            if below == len(rows) - 1:
                parts += [words(x + at, y + high + 15, text) for at, text in _fitting(labels, wide * share)]
        if len(outer) > 1:
            parts.append(
                words(
                    left + (wide + _GAP) * len(columns) + 2,
                    top + (high + _GAP) * below + high / 2 + 4,
                    row_labels[below],
                    "start",
                )
            )
    bottom = top + (high + _GAP) * len(rows) + 10
    parts.append(
        words(
            left + (wide + _GAP) * len(columns) - _GAP,
            bottom + 14,
            f"{axis_title(grid.names[along], grid.values[along], logarithmic=is_log)} →",
            "end",
            strong=True,
        )
    )
    title = f"{scale.title} over {short_name(grid.names[along])}"
    return picture(left + (wide + _GAP) * len(columns) + right, bottom + 22, parts, title, class_="ts-lines")


def _fitting(labels: Sequence[str], places: Floats) -> list[tuple[float, str]]:
    """Return the labels that have room at their places, from the left, with the places."""
    room = max(map(len, labels)) * LETTER + 6
    kept: list[tuple[float, str]] = []
    for place, text in sorted(zip(places.tolist(), labels, strict=True)):
        if not kept or place - kept[-1][0] >= room:
            kept.append((place, text))
    return kept


def _chart(
    grid: Grid,
    scale: ColourScale,
    ends: ColourScale,
    along: int,
    held: Sequence[int],
    position: Index,
    certainty: Certainty,
    frame: Frame,
    share: Floats,
) -> str:
    index = [tuple(at if axis == along else held[axis] for axis in range(len(held))) for at in range(grid.shape[along])]
    at = tuple(np.array(index).T)
    mean = grid.mean[at]
    low, high = _band(grid, certainty, at)
    x = [frame.x(each) for each in share]
    y, y_low, y_high = ([frame.y(0.06 + 0.88 * each) for each in ends.share(numbers)] for numbers in (mean, low, high))
    here = all(place == position[axis] for axis, place in enumerate(held) if axis != along)
    parts = [
        tag(
            "rect", x=frame.left, y=frame.top, width=frame.right - frame.left, height=frame.bottom - frame.top,
            fill="none", stroke=ACCENT if here else LINE, stroke_width=1.8 if here else 1,
        )
    ]  # fmt: skip
    for run in _runs(np.isfinite(low) & np.isfinite(mean)):
        around = [(x[each], y_high[each]) for each in run] + [(x[each], y_low[each]) for each in reversed(run)]
        if len(run) == 1:
            (one,) = run
            around = [
                (x[one] - 2, y_high[one]),
                (x[one] + 2, y_high[one]),
                (x[one] + 2, y_low[one]),
                (x[one] - 2, y_low[one]),
            ]
        parts.append(
            tag(
                "polygon",
                points=" ".join(f"{a:.1f},{b:.1f}" for a, b in around),
                fill="#31688e",
                opacity=".22",
                class_="ts-band",
            )
        )
    for run in _runs(np.isfinite(mean)):
        parts.append(path([(x[each], y[each]) for each in run], stroke=SOFT, stroke_width=1.2))
    colours = scale.hexadecimal(mean)
    for each, place in enumerate(index):
        if np.isnan(mean[each]):
            cross = f"M{x[each] - 3:.1f} {frame.bottom - 7:.1f}l6 6m0 -6l-6 6"
            parts.append(tag("path", d=cross, stroke="#8a939c", stroke_width=1.4, class_="ts-hole"))
            parts.append(_touch(x[each], frame.bottom - 4, place))
            continue
        inside = certainty.inside is not None and bool(certainty.inside[place])
        parts.append(
            tag(
                "circle", cx=x[each], cy=y[each], r=3.2, fill=colours[each], stroke=INK if inside else SOFT,
                stroke_width="1.4" if inside else "0.4", class_="ts-dot ts-ring" if inside else "ts-dot",
            )
        )  # fmt: skip
        if place == tuple(position):
            parts.append(
                tag(
                    "circle",
                    cx=x[each],
                    cy=y[each],
                    r=6.5,
                    fill="none",
                    stroke=ACCENT,
                    stroke_width=2,
                    class_="ts-chosen",
                )
            )
        parts.append(_touch(x[each], y[each], place))
    return "".join(parts)


def _touch(x: float, y: float, index: Index) -> str:
    """Return what a pointer finds: larger than what is seen."""
    return tag("circle", cx=x, cy=y, r=8, fill="transparent", data_at=place_of(index), class_="ts-touch")


def _band(grid: Grid, certainty: Certainty, at: Index) -> tuple[Floats, Floats]:
    if certainty.low is not None and certainty.high is not None:
        return certainty.low[at], certainty.high[at]
    return grid.mean[at] - grid.deviation[at], grid.mean[at] + grid.deviation[at]


def _runs(known: np.ndarray) -> list[list[int]]:
    """Return the places that are known, a list for each stretch without a gap."""
    places = np.flatnonzero(known)
    return [run.tolist() for run in np.split(places, np.flatnonzero(np.diff(places) > 1) + 1) if run.size]
