"""Grid of line charts: an objective over one parameter, a chart for each pair of two others (the article's Fig. 5)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trova_widgets.figures.colour import ColourScale
from trova_widgets.figures.field import Field, Floats, Index, short_name, spoken, window
from trova_widgets.figures.panels import Box, Text, layout

#: More charts a side than this are looked at through a window around the sliders.
CHARTS_AT_MOST = 12
_GAP = 0.10
_WIDTH = 1.3


@dataclass(frozen=True, kw_only=True, eq=False)
class Curves:
    """One objective in all the charts, in the sheet's units.

    Attributes
    ----------
    x, y : ndarray of float, shape (charts, values)
        The mean; NaN interrupts a line at a hole.
    low, high : ndarray of float, shape (charts, values)
        The mean minus and plus the standard deviation over seeds; NaN with fewer than two seeds.
    scale : ColourScale
        The numbers at the lower and the upper edge of a chart, and the points' colours.
    """

    x: Floats
    y: Floats
    low: Floats
    high: Floats
    scale: ColourScale


@dataclass(frozen=True, kw_only=True, eq=False)
class ChartSheet:
    """Line charts on one sheet.

    Attributes
    ----------
    boxes : tuple of Box
        The charts, from left to right, from top to bottom.
    index : ndarray of int, shape (charts, values, k)
        The combination of each point.
    curves : tuple of Curves
        One for each objective.
    points : ndarray of float, shape (points, 2)
        The means that are known, of all the objectives.
    point_index : ndarray of int, shape (points, k)
        The combination of each.
    point_colours : tuple of str
        The colour of each.
    holes : ndarray of float, shape (holes, 2)
        Where on the lower edge of a chart a combination has no result.
    chosen_chart : int
        The chart of the sliders' values.
    chosen_points : ndarray of float, shape (points, 2)
        The combination at the sliders, one point an objective; none at a hole.
    slider_x : float
        Where in the chosen chart the slider of the horizontal parameter stands.
    texts : tuple of Text
        Titles of rows and columns, and ticks.
    rows, columns : int
        How many charts.
    left, bottom, width, height : float
        The sheet with room for texts.
    """

    boxes: tuple[Box, ...]
    index: NDArray[np.int64]
    curves: tuple[Curves, ...]
    points: Floats
    point_index: NDArray[np.int64]
    point_colours: tuple[str, ...]
    holes: Floats
    chosen_chart: int
    chosen_points: Floats
    slider_x: float
    texts: tuple[Text, ...]
    rows: int
    columns: int
    left: float
    bottom: float
    width: float
    height: float


def line_charts(fields: Sequence[tuple[Field, ColourScale]], axes: Sequence[int], position: Index) -> ChartSheet:
    """Return a chart over the last parameter for each pair of values of the others.

    Parameters
    ----------
    fields : sequence of (Field, ColourScale)
        One objective, or two, drawn in the same charts, each over its own scale.
    axes : sequence of int, length 1 to 3
        Columns, rows, horizontal axis. With two there is one row, with one a single chart.
    position : tuple of int, length k
        Where the sliders stand.

    Returns
    -------
    ChartSheet
    """
    field = fields[0][0]
    *outer, along = axes
    column_places = window(field.shape[outer[0]], CHARTS_AT_MOST, position[outer[0]]) if outer else range(1)
    row_places = window(field.shape[outer[1]], CHARTS_AT_MOST, position[outer[1]]) if len(outer) > 1 else range(1)
    table = layout(len(row_places), len(column_places), gap_x=_GAP, gap_y=_GAP, width=_WIDTH)
    boxes = [box for row in table for box in row]
    count = field.shape[along]
    index = np.empty((len(boxes), count, len(field.shape)), dtype=np.int64)
    index[...] = position
    index[..., along] = np.arange(count)
    if outer:
        index[..., outer[0]] = np.tile(np.asarray(column_places), len(row_places))[:, np.newaxis]
    if len(outer) > 1:
        index[..., outer[1]] = np.repeat(np.asarray(row_places), len(column_places))[:, np.newaxis]
    share = (np.arange(count) + 0.5) / count
    x = np.stack([box.across(share) for box in boxes])
    curves = tuple(_curves(one, scale, index, x, boxes) for one, scale in fields)
    chosen_chart, chosen_place = np.argwhere(np.all(index == np.asarray(position), axis=-1))[0]
    at_slider = np.array([[one.x[chosen_chart, chosen_place], one.y[chosen_chart, chosen_place]] for one in curves])
    floors = np.array([box.bottom for box in boxes])[:, np.newaxis] + np.zeros(count)
    holes = field.holes[tuple(np.moveaxis(index, -1, 0))]
    right, top = boxes[len(column_places) - 1].right, boxes[0].top
    known = [np.isfinite(one.y) for one in curves]
    colours = [
        scale.hexadecimal(one.mean[tuple(index[where].T)]) for (one, scale), where in zip(fields, known, strict=True)
    ]
    return ChartSheet(
        boxes=tuple(boxes),
        index=index,
        curves=curves,
        points=np.concatenate(
            [np.column_stack([one.x[where], one.y[where]]) for one, where in zip(curves, known, strict=True)]
        ),
        point_index=np.concatenate([index[where] for where in known]),
        point_colours=tuple(colour for one in colours for colour in one),
        holes=np.column_stack([x[holes], floors[holes]]),
        chosen_chart=int(chosen_chart),
        chosen_points=at_slider[np.isfinite(at_slider[:, 1])],
        slider_x=float(x[chosen_chart, chosen_place]),
        texts=tuple(_texts(fields, table, outer, along, column_places, row_places)),
        rows=len(row_places),
        columns=len(column_places),
        left=-0.62,
        bottom=-0.62,
        width=right + 0.62 + 0.45,
        height=top + 0.62 + 0.52,
    )


def _curves(field: Field, scale: ColourScale, index: NDArray[np.int64], x: Floats, boxes: list[Box]) -> Curves:
    at = tuple(np.moveaxis(index, -1, 0))
    mean, deviation = field.mean[at], field.deviation[at]
    floor = np.array([box.bottom for box in boxes])[:, np.newaxis]
    height = np.array([box.height for box in boxes])[:, np.newaxis]
    # a little room, so that a point on the edge is whole
    to_sheet = [floor + height * (0.06 + 0.88 * scale.share(y)) for y in (mean, mean - deviation, mean + deviation)]
    return Curves(x=x, y=to_sheet[0], low=to_sheet[1], high=to_sheet[2], scale=scale)


def _texts(
    fields: Sequence[tuple[Field, ColourScale]],
    table: list[list[Box]],
    outer: Sequence[int],
    along: int,
    column_places: range,
    row_places: range,
) -> list[Text]:
    field = fields[0][0]
    texts = []
    top = table[0][0].top
    if outer:
        texts.append(Text(x=0, y=top + 0.32, text=short_name(field.names[outer[0]]), align="start", strong=True))
        texts += [
            Text(x=box.left + box.width / 2, y=top + 0.06, text=spoken(field.values[outer[0]][place]))
            for box, place in zip(table[0], column_places, strict=True)
        ]
    if len(outer) > 1:
        edge = table[0][-1].right
        texts.append(
            Text(x=edge + 0.40, y=top + 0.32, text=short_name(field.names[outer[1]]), align="end", strong=True)
        )
        texts += [
            Text(x=edge + 0.08, y=row[0].bottom + 0.45, text=spoken(field.values[outer[1]][place]), align="start")
            for row, place in zip(table, row_places, strict=True)
        ]
    scale = fields[0][1]
    texts.append(Text(x=-0.58, y=table[0][0].top + 0.06, text=f"{scale.title} ↑", align="start", strong=True))
    texts.append(Text(x=-0.06, y=table[0][0].top - 0.2, text=f"{scale.high:.2g}", align="end"))
    texts.append(Text(x=-0.06, y=table[-1][0].bottom, text=f"{scale.low:.2g}", align="end"))
    labels = [spoken(value) for value in field.values[along]]
    for box in table[-1]:
        for place in {0, len(labels) - 1}:
            share = (place + 0.5) / len(labels)
            texts.append(Text(x=float(box.across(share)), y=box.bottom - 0.24, text=labels[place]))
    texts.append(
        Text(x=table[-1][-1].right, y=-0.52, text=f"{short_name(field.names[along])} →", align="end", strong=True)
    )
    return texts
