"""Surfaces on a page: an objective as height over two parameters, with the values along their edges."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from trova_widgets.figures.screen.svg import ACCENT, HATCHED, INK, LINE, SOFT, path, picture, place_of, tag, words
from trova_widgets.figures.surfaces import Surface, SurfaceSheet
from trova_widgets.space import Floats

_UNIT = 165.0
_LEFT, _RIGHT, _TOP, _BELOW = 46.0, 46.0, 10.0, 36.0


def surface_picture(sheet: SurfaceSheet, surface: Surface, ringed: NDArray[np.bool_] | None = None) -> str:
    """Draw one surface of a series.

    Parameters
    ----------
    sheet : SurfaceSheet
        The series, whose surfaces share their projection, ticks and names.
    surface : Surface
        The surface.
    ringed : ndarray of bool, shape of the grid, optional
        The confidence set: its nodes have a ring.

    Returns
    -------
    str
        An ``svg`` element.
    """
    left, top, wide, high = sheet.bounds

    def at(point: ArrayLike) -> tuple[float, float]:
        x, y = np.asarray(point, dtype=float)
        return float(_LEFT + (x - left) * _UNIT), float(_TOP + (y - top) * _UNIT)

    def corners(piece: Floats) -> str:
        return " ".join(f"{x:.1f},{y:.1f}" for x, y in map(at, piece))

    parts = [path(map(at, line), stroke=LINE, stroke_width=1.1) for line in surface.frame]
    parts += [tag("polygon", points=corners(piece), fill=HATCHED, class_="ts-hole") for piece in surface.hole_patches]
    parts += [
        tag("polygon", points=corners(piece), fill=colour, stroke="rgba(20,30,40,.35)", stroke_width=0.6)
        for piece, colour in zip(surface.patches, surface.colours, strict=True)
    ]
    if len(surface.stem):
        parts.append(path(map(at, surface.stem), stroke=ACCENT, stroke_width=2))
    for point, index in zip(surface.nodes, surface.index, strict=True):
        if not np.isfinite(point).all():
            continue
        x, y = at(point)
        if ringed is not None and ringed[tuple(index)]:
            parts.append(
                tag("circle", cx=x, cy=y, r=2.6, fill="none", stroke="#22303c", stroke_width=1.2, class_="ts-ring")
            )
        parts.append(tag("circle", cx=x, cy=y, r=7, fill="transparent", data_at=place_of(index), class_="ts-touch"))
    if surface.chosen is not None:
        x, y = at(surface.nodes[surface.chosen])
        parts.append(
            tag(
                "circle",
                cx=x,
                cy=y,
                r=5.5,
                fill="none",
                stroke=ACCENT,
                stroke_width=2.2,
                class_="ts-chosen",
                pointer_events="none",
            )
        )
    foot = at(max((point for line in surface.frame for point in line), key=lambda point: float(point[0])))[1]
    for x, y, text in sheet.height_ticks:
        across, down = at((x, y))
        # outside of the post, and above the values along the ground
        parts.append(words(across + 5, min(down + 4, foot - 10), text, "start", fill=SOFT))
    # the edge at the left has its values and its name to its left, the other one to its right
    to_left = not sheet.up or sheet.across_end[0] <= sheet.up_end[0]
    edges = [(sheet.across, sheet.across_end, sheet.across_ticks, to_left)]
    if sheet.up:
        edges.append((sheet.up, sheet.up_end, sheet.up_ticks, not to_left))
    for name, middle, ticks, is_left in edges:
        anchor, side = ("end", -1) if is_left else ("start", 1)
        for x, y, text in ticks:
            across, down = at((x, y))
            parts.append(words(across + 3 * side, down + 12, text, anchor))
        across, down = at(middle)
        parts.append(words(across + 12 * side, down + 30, name, anchor, fill=INK))
    return picture(
        _LEFT + wide * _UNIT + _RIGHT,
        _TOP + high * _UNIT + _BELOW,
        parts,
        surface.title or "Surface",
        class_="ts-surface",
    )
