"""Parallel coordinates on a page: a line a combination, and upright axes along which a range can be brushed."""

from collections.abc import Mapping

from trova_widgets.figures.parallel import Parallel
from trova_widgets.figures.screen.svg import ACCENT, INK, LETTER, SOFT, path, picture, place_of, tag, words

TOP, BOTTOM, HEIGHT = 34.0, 254.0, 270.0
"""Where the upright axes begin and end, pixels; a share of 1 is at the top."""


def parallel_picture(lines: Parallel, brushed: Mapping[int, tuple[float, float]], *, room_px: float = 800.0) -> str:
    """Draw the lines.

    Parameters
    ----------
    lines : Parallel
        The lines: those that pass every filter, the brushes among them.
    brushed : mapping of int to (float, float)
        The part of an axis that was brushed, as shares of its height.
    room_px : float
        How wide the picture may be.

    Returns
    -------
    str
        An ``svg`` element. An axis' touching ground has its number in ``data-axis``.
    """
    # as far apart as the names above the axes ask for
    apart = max(LETTER * max(len(axis.title) for axis in lines.axes) + 14, 96.0)
    apart = max(apart, min((room_px - 120) / max(len(lines.axes) - 1, 1), 320.0))
    left = 64.0
    across = [left + apart * number for number in range(len(lines.axes))]
    parts = []
    for place, (row, colour, index) in enumerate(zip(lines.heights, lines.colours, lines.index, strict=True)):
        points = [(x, BOTTOM - (BOTTOM - TOP) * float(height)) for x, height in zip(across, row, strict=True)]
        chosen = place == lines.chosen
        parts.append(
            path(
                points, stroke=ACCENT if chosen else colour, stroke_width=3 if chosen else 1.4,
                stroke_opacity="" if chosen else ".6", data_at=place_of(index),
                class_="ts-line ts-chosen" if chosen else "ts-line",
            )
        )  # fmt: skip
    for number, (x, axis) in enumerate(zip(across, lines.axes, strict=True)):
        parts.append(tag("path", d=f"M{x:.1f} {TOP}V{BOTTOM}", stroke=SOFT, stroke_width=1.2))
        parts.append(words(x, 16, axis.title, fill=INK, strong=True))
        for height, text in axis.ticks:
            y = BOTTOM - (BOTTOM - TOP) * height
            parts.append(tag("path", d=f"M{x - 4:.1f} {y:.1f}h8", stroke=SOFT, stroke_width=1))
            parts.append(words(x - 7, y + 4, text, "end").replace("<text ", '<text class="ts-halo" ', 1))
        if number in brushed:
            low, high = brushed[number]
            y = BOTTOM - (BOTTOM - TOP) * high
            parts.append(
                tag(
                    "rect", x=x - 7, y=y, width=14, height=max((BOTTOM - TOP) * (high - low), 3), fill=ACCENT,
                    fill_opacity=".25", stroke=ACCENT, stroke_width=1.2, class_="ts-brush",
                )
            )  # fmt: skip
        parts.append(
            tag(
                "rect",
                x=x - 12,
                y=TOP - 8,
                width=24,
                height=BOTTOM - TOP + 16,
                fill="transparent",
                data_axis=number,
                class_="ts-upright",
            )
        )
    return picture(across[-1] + 50, HEIGHT, parts, "Parallel coordinates", class_="ts-parallel")
