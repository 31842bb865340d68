"""Quality against gradient on a page, with the Pareto front, the confidence set, and a legend of its own."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from trova_widgets.figures.colour import ColourScale
from trova_widgets.figures.screen.svg import (
    ACCENT,
    INK,
    LINE,
    SOFT,
    Frame,
    Markable,
    around_mark,
    dot,
    level_axis,
    path,
    tag,
    upright_axis,
    words,
)
from trova_widgets.figures.telling import UNSURE, Certainty
from trova_widgets.figures.tradeoff import Tradeoff
from trova_widgets.space import Index

#: Beyond this many points those that pass no filter are left out.
POINTS_AT_MOST = 3_000


@dataclass(frozen=True, kw_only=True, eq=False)
class TradeoffChart(Markable):
    """Quality against gradient, in which a combination gets a ring, and its interval.

    Attributes
    ----------
    points : Tradeoff
        The combinations.
    certainty : Certainty
        It has the interval of the picked one.
    frame : Frame
        What the axes span.
    before, after : str
        As of `Markable`.
    """

    points: Tradeoff
    certainty: Certainty
    frame: Frame

    def mark(self, position: Index) -> list[str]:
        """Return a ring around a combination, and its interval."""
        at = self.points.point_of(position)
        if at is None:
            return []
        across, up = _places(self.points, self.frame)
        x, y = across(float(self.points.gradient[at])), up(float(self.points.quality[at]))
        ring = tag("circle", cx=x, cy=y, r=8, fill="none", stroke=ACCENT, stroke_width=2.4, class_="ts-chosen")
        interval, (low, high) = "", self.points.up
        if self.certainty.low is not None and self.certainty.high is not None:
            index = tuple(int(place) for place in position)
            ends = [up(float(np.clip(each[index], low, high))) for each in (self.certainty.low, self.certainty.high)]
            line = f"M{x:.1f} {ends[0]:.1f}V{ends[1]:.1f}"
            interval = tag("path", d=line, stroke=ACCENT, stroke_width=1.6, class_="ts-interval")
        return [interval, ring]


def tradeoff_chart(
    points: Tradeoff,
    quality: ColourScale,
    certainty: Certainty = UNSURE,
    *,
    width: float = 400.0,
    height: float = 320.0,
) -> TradeoffChart:
    """Draw quality against gradient.

    Parameters
    ----------
    points : Tradeoff
        The combinations.
    quality : ColourScale
        How quality is written.
    certainty : Certainty
        The confidence set: its points have a dark edge. The interval of a picked point is drawn too.
    width, height : float
        The picture's size, pixels.

    Returns
    -------
    TradeoffChart
    """
    frame = Frame(58, 26, width - 12, height - 40)
    low, high = points.up
    scale = replace(quality, low=low, high=high)
    x, y = _places(points, frame)
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
    drawn = np.arange(len(points.index))
    if len(drawn) > POINTS_AT_MOST:
        drawn = drawn[points.shown][-POINTS_AT_MOST:]
    edges = {True: f'stroke="{INK}" stroke-width="1.5"', False: f'stroke="{SOFT}" stroke-width="0.4"'}
    faint, indices = {True: "", False: ' opacity="0.15"'}, points.index[drawn]
    inside = np.zeros(len(drawn), bool) if certainty.inside is None else certainty.inside[tuple(indices.T)]
    places = zip(
        drawn.tolist(),
        indices.tolist(),
        inside.tolist(),
        points.shown[drawn].tolist(),
        map(x, points.gradient[drawn].tolist()),
        map(y, points.quality[drawn].tolist()),
        strict=True,
    )
    kinds = {True: "ts-touch ts-ring", False: "ts-touch"}
    parts += [
        dot(across, up, 4.2, points.colours[at], kinds[ringed], index, edges[ringed] + faint[shown])
        for at, index, ringed, shown, across, up in places
    ]
    before, after = around_mark(width, height, parts, [], "Quality against gradient", class_="ts-tradeoff")
    return TradeoffChart(points=points, certainty=certainty, frame=frame, before=before, after=after)


def _places(points: Tradeoff, frame: Frame) -> tuple[Callable[[float], float], Callable[[float], float]]:
    """Return where in the picture a gradient lies, and a quality."""
    (left, right), (low, high) = points.across, points.up
    return (
        lambda gradient: frame.x((gradient - left) / (right - left)),
        lambda quality: frame.y((quality - low) / (high - low)),
    )
