"""Quality against gradient on a page, with the Pareto front, the confidence set, and a legend of its own."""

from dataclasses import replace

import numpy as np

from trova_widgets.figures.colour import ColourScale
from trova_widgets.figures.screen.svg import (
    ACCENT,
    INK,
    LINE,
    SOFT,
    Frame,
    level_axis,
    path,
    picture,
    place_of,
    tag,
    upright_axis,
    words,
)
from trova_widgets.figures.telling import UNSURE, Certainty
from trova_widgets.figures.tradeoff import Tradeoff

#: Beyond this many points those that pass no filter are left out.
POINTS_AT_MOST = 3_000


def tradeoff_chart(
    points: Tradeoff,
    quality: ColourScale,
    certainty: Certainty = UNSURE,
    *,
    width: float = 400.0,
    height: float = 320.0,
) -> str:
    """Draw quality against gradient.

    Parameters
    ----------
    points : Tradeoff
        The combinations.
    quality : ColourScale
        How quality is written.
    certainty : Certainty
        The confidence set: its points have a dark edge. The chosen point's interval is drawn too.
    width, height : float
        The picture's size, pixels.

    Returns
    -------
    str
        An ``svg`` element.
    """
    frame = Frame(58, 26, width - 12, height - 40)
    low, high = points.up
    scale = replace(quality, low=low, high=high)

    def x(gradient: float) -> float:
        return frame.x((gradient - points.across[0]) / (points.across[1] - points.across[0]))

    def y(share: float) -> float:
        return frame.y((share - low) / (high - low))

    parts = [
        words(6, 14, f"{quality.title} ↑", "start", strong=True),
        upright_axis(frame, scale, room=0.0),
        level_axis(frame, *points.across),
        tag("path", d=f"M{frame.left} {frame.top}V{frame.bottom}H{frame.right}", stroke=LINE, fill="none"),
        words(frame.right, height - 6, "Gradient (low is stable) →", "end", strong=True),
    ]
    parts.append(
        path(
            [(x(points.gradient[at]), y(points.quality[at])) for at in points.front],
            stroke=SOFT, stroke_width=1.6, stroke_dasharray="6 4", class_="ts-front",
        )
    )  # fmt: skip
    if points.chosen is not None and certainty.low is not None and certainty.high is not None:
        index = tuple(int(place) for place in points.index[points.chosen])
        ends = [y(float(np.clip(each[index], low, high))) for each in (certainty.low, certainty.high)]
        at = x(points.gradient[points.chosen])
        parts.append(
            tag(
                "path",
                d=f"M{at:.1f} {ends[0]:.1f}V{ends[1]:.1f}",
                stroke=ACCENT,
                stroke_width=1.6,
                class_="ts-interval",
            )
        )
    drawn = np.arange(len(points.index))
    if len(drawn) > POINTS_AT_MOST:
        drawn = drawn[points.shown][-POINTS_AT_MOST:]
    for at in drawn.tolist():
        index = tuple(int(place) for place in points.index[at])
        inside = certainty.inside is not None and bool(certainty.inside[index])
        parts.append(
            tag(
                "circle", cx=x(points.gradient[at]), cy=y(points.quality[at]), r=4.2, fill=points.colours[at],
                stroke=INK if inside else SOFT, stroke_width="1.5" if inside else "0.4",
                opacity="" if points.shown[at] else 0.15, data_at=place_of(index),
                class_="ts-touch ts-ring" if inside else "ts-touch",
            )
        )  # fmt: skip
    if points.chosen is not None:
        parts.append(
            tag(
                "circle", cx=x(points.gradient[points.chosen]), cy=y(points.quality[points.chosen]), r=8, fill="none",
                stroke=ACCENT, stroke_width=2.4, class_="ts-chosen", pointer_events="none",
            )
        )  # fmt: skip
    return picture(width, height, parts, "Quality against gradient", class_="ts-tradeoff")
