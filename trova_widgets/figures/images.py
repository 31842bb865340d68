"""Series of images: an objective over two parameters, an image for each value of a third (the article's Fig. 4)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trova_widgets.figures.colour import ColourScale
from trova_widgets.figures.field import Field, Floats, Index, short_name, spoken, window
from trova_widgets.figures.panels import Box, Text, hatching, layout, pixels, ticks

#: More images at once than this are looked at through a window around the slider.
IMAGES_AT_MOST = 24
_COLUMNS_AT_MOST = 8
_GAP, _TITLE = 0.10, 0.30


@dataclass(frozen=True, kw_only=True, eq=False)
class Image:
    """One image.

    Attributes
    ----------
    box : Box
        Where it lies on the sheet.
    objective : int
        Which of the given fields it shows.
    index : ndarray of int, shape (rows, columns, k)
        The combination of each pixel.
    values : ndarray of float, shape (rows, columns)
        The objective; row 0 is the lowest; NaN is a hole.
    at_slider : bool
        Whether the third parameter's slider stands at this image.
    """

    box: Box
    objective: int
    index: NDArray[np.int64]
    values: Floats
    at_slider: bool


@dataclass(frozen=True, kw_only=True, eq=False)
class ImageSheet:
    """Images on one sheet.

    Attributes
    ----------
    images : tuple of Image
        From left to right, from top to bottom.
    scales : tuple of ColourScale
        One for each objective.
    texts : tuple of Text
        Titles and ticks.
    hatches : list of (x, y)
        The hatching of the holes.
    hole_boxes : tuple of Box
        The pixels without a result.
    crosses : tuple of Box
        The chosen pixel, in each image that has it.
    marks : ndarray of float, shape (marked, 2)
        Centres of the pixels that pass the filter, when there is one.
    width, height : float
        The sheet's size, room for texts included; its lower left corner is ``left``, ``bottom``.
    left, bottom : float
        The corner.
    """

    images: tuple[Image, ...]
    scales: tuple[ColourScale, ...]
    texts: tuple[Text, ...]
    hatches: list[tuple[list[float], list[float]]]
    hole_boxes: tuple[Box, ...]
    crosses: tuple[Box, ...]
    marks: Floats
    left: float
    bottom: float
    width: float
    height: float


def image_series(
    fields: Sequence[tuple[Field, ColourScale]],
    axes: Sequence[int],
    position: Index,
    *,
    marked: NDArray[np.bool_] | None = None,
) -> ImageSheet:
    """Return an image for each value of the last of three parameters.

    Parameters
    ----------
    fields : sequence of (Field, ColourScale)
        One objective, or two, which are drawn below each other.
    axes : sequence of int, length 1 to 3
        The field's axes: across, up, and the one with an image a value. With one, the image has one row; with
        two, there is one image.
    position : tuple of int, length k
        Where the sliders stand.
    marked : ndarray of bool, shape (n1, ..., nk), optional
        The combinations that pass a filter; they get a dot.

    Returns
    -------
    ImageSheet
    """
    field = fields[0][0]
    series = axes[2] if len(axes) > 2 else None
    places = window(field.shape[series], IMAGES_AT_MOST, position[series]) if series is not None else range(1)
    columns = min(len(places), _COLUMNS_AT_MOST)
    blocks = -(-len(places) // columns)
    boxes = layout(blocks * len(fields), columns, gap_x=_GAP, gap_y=_TITLE)
    images, texts = [], []
    for objective in range(len(fields)):
        for number, place in enumerate(places):
            row, column = objective * blocks + number // columns, number % columns
            held = list(position)
            title = fields[objective][1].title if series is None else ""
            if series is not None:
                held[series] = place
                title = f"{short_name(field.names[series])} = {spoken(field.values[series][place])}"
                title = title if number == 0 else spoken(field.values[series][place])
            at_slider = series is None or place == position[series]
            images.append(_image(fields[objective][0], boxes[row][column], objective, axes[:2], held, at_slider))
            texts.append(_title(boxes[row][column], title))
    for row in range(len(boxes)):
        texts += _up_ticks(field, boxes[row][0], axes)
    for column in range(columns):
        texts += _across_ticks(field, boxes[-1][column], axes)
    texts += _names(field, boxes[-1][0], axes)
    return _sheet(images, fields, texts, position, marked, 0.50)


def slices(
    fields: Sequence[tuple[Field, ColourScale]],
    axes: Sequence[int],
    position: Index,
    *,
    marked: NDArray[np.bool_] | None = None,
) -> ImageSheet:
    """Return the planes of a cube at its three sliders: each is held once, the other two span an image.

    Parameters
    ----------
    fields, axes, position, marked
        As for `image_series`.

    Returns
    -------
    ImageSheet
        Three images for three parameters, otherwise one; with two objectives twice as many.
    """
    field = fields[0][0]
    if len(axes) < 3:
        planes: list[tuple[list[int], int | None]] = [(list(axes), None)]
    else:
        first, second, third = axes[:3]
        planes = [([first, second], third), ([first, third], second), ([second, third], first)]
    gap_x = 0.42
    boxes = layout(len(fields), len(planes), gap_x=gap_x, gap_y=0.80)
    images, texts = [], []
    for objective, (shown_field, scale) in enumerate(fields):
        for column, (span, held) in enumerate(planes):
            box = boxes[objective][column]
            images.append(_image(shown_field, box, objective, span, position, True))
            title = (
                scale.title
                if held is None
                else f"{short_name(field.names[held])} = {spoken(field.values[held][position[held]])}"
            )
            texts += [_title(box, title), *_up_ticks(field, box, span), *_across_ticks(field, box, span)]
            texts += _names(field, box, span)
    return _sheet(images, fields, texts, position, marked, 0.50)


def _image(field: Field, box: Box, objective: int, span: Sequence[int], held: Sequence[int], at_slider: bool) -> Image:
    counts = [field.shape[axis] for axis in span] + [1] * (2 - len(span))
    # a single row or column is drawn twice: an image is never thinner than that
    rows, columns = max(counts[1], 2), max(counts[0], 2)
    index = np.empty((rows, columns, len(field.shape)), dtype=np.int64)
    index[...] = held
    index[..., span[0]] = np.minimum(np.arange(columns), counts[0] - 1)
    if len(span) > 1:
        index[..., span[1]] = np.minimum(np.arange(rows), counts[1] - 1)[:, np.newaxis]
    values = field.mean[tuple(np.moveaxis(index, -1, 0))]
    return Image(box=box, objective=objective, index=index, values=values, at_slider=at_slider)


def _sheet(
    images: list[Image],
    fields: Sequence[tuple[Field, ColourScale]],
    texts: list[Text],
    position: Index,
    marked: NDArray[np.bool_] | None,
    room_below: float,
) -> ImageSheet:
    hatches: list[tuple[list[float], list[float]]] = []
    hole_boxes: list[Box] = []
    crosses, marks = [], []
    for image in images:
        hole_boxes += pixels(image.box, np.isnan(image.values))
        hatches += hatching(image.box, np.isnan(image.values))
        rows, columns = image.values.shape
        chosen = np.all(image.index == np.asarray(position), axis=-1)
        if chosen.any():
            row, column = np.nonzero(chosen)
            crosses.append(
                Box(
                    left=float(image.box.across(column.min() / columns)),
                    bottom=float(image.box.up(row.min() / rows)),
                    width=image.box.width * float(np.ptp(column) + 1) / columns,
                    height=image.box.height * float(np.ptp(row) + 1) / rows,
                )
            )
        if marked is not None:
            row, column = np.nonzero(marked[tuple(np.moveaxis(image.index, -1, 0))])
            marks.append(
                np.column_stack([image.box.across((column + 0.5) / columns), image.box.up((row + 0.5) / rows)])
            )
    right = max(image.box.right for image in images)
    top = max(image.box.top for image in images)
    left, bottom = -0.36, -room_below
    return ImageSheet(
        images=tuple(images),
        scales=tuple(scale for _, scale in fields),
        texts=tuple(texts),
        hatches=hatches,
        hole_boxes=tuple(hole_boxes),
        crosses=tuple(crosses),
        marks=np.concatenate(marks) if marks else np.empty((0, 2)),
        left=left,
        bottom=bottom,
        width=right - left + 0.06,
        height=top - bottom + 0.26,
    )


def _title(box: Box, title: str) -> Text:
    return Text(x=box.left, y=box.top + 0.06, text=title, align="start", strong=True)


def _names(field: Field, box: Box, span: Sequence[int]) -> list[Text]:
    names = [Text(x=box.left, y=box.bottom - 0.30, text=f"→ {short_name(field.names[span[0]])}", align="start")]
    if len(span) > 1:
        names.append(Text(x=box.left, y=box.bottom - 0.44, text=f"↑ {short_name(field.names[span[1]])}", align="start"))
    return names


def _across_ticks(field: Field, box: Box, axes: Sequence[int]) -> list[Text]:
    labels = [spoken(value) for value in field.values[axes[0]]]
    return [Text(x=float(box.across(share)), y=box.bottom - 0.13, text=text) for share, text in ticks(labels)]


def _up_ticks(field: Field, box: Box, axes: Sequence[int]) -> list[Text]:
    if len(axes) < 2:
        return []
    labels = [spoken(value) for value in field.values[axes[1]]]
    return [
        Text(x=box.left - 0.04, y=float(box.up(share)) - 0.03, text=text, align="end") for share, text in ticks(labels)
    ]
