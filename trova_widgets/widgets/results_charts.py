"""The two small charts of the results page: quality against gradient, and the learning curve."""

from typing import Any

import bqplot
import numpy as np
from ipywidgets import Layout

from trova_widgets.figures.colour import round_ticks
from trova_widgets.figures.learning import LearningCurve
from trova_widgets.figures.tradeoff import Tradeoff
from trova_widgets.models.results import ResultsModel

_ACCENT, _FRONT = "#c2410c", "#55636f"
_COLOURS = ("#2f5d8c", "#D55E00", "#7f7f7f", "#009E73")
#: A line of no length: bqplot stumbles over one without points.
_NOTHING = [0.0, 0.0]
_MARGIN = {"top": 10, "bottom": 50, "left": 54, "right": 14}


class TradeoffView:
    """Quality against gradient with the Pareto front; a point is picked by a click.

    Attributes
    ----------
    figure : bqplot.Figure
        What stands on the page.
    """

    def __init__(self, model: ResultsModel) -> None:
        self._model = model
        self._steep, self._good = bqplot.LinearScale(), bqplot.LinearScale()
        scales = {"x": self._steep, "y": self._good}
        self._points = bqplot.Scatter(x=[], y=[], scales=scales, colors=["#cccccc"], default_size=26, stroke_width=0)
        self._front = bqplot.Lines(
            x=_NOTHING, y=_NOTHING, scales=scales, colors=[_FRONT], stroke_width=1.4, line_style="dashed"
        )
        self._chosen = bqplot.Scatter(
            x=[], y=[], scales=scales, colors=["transparent"], stroke=_ACCENT, stroke_width=2.4, default_size=110
        )
        axes = [
            bqplot.Axis(scale=self._steep, label="Gradient (low is stable)", label_offset="32px"),
            bqplot.Axis(scale=self._good, side="left", label="Quality Q", label_offset="40px"),
        ]
        for axis in axes:
            axis.grid_lines = "none"
        self._axes = axes
        self.figure = _figure([self._front, self._points, self._chosen], axes, "340px")
        self.figure.add_class("trova-tradeoff")
        self._points.on_element_click(lambda _, event: self._clicked(int(event["data"]["index"])))
        model.observe(self._draw, "tradeoff")
        self._draw()

    def _draw(self, _: Any = None) -> None:
        points: Tradeoff | None = self._model.tradeoff
        if points is None:
            return
        for scale, axis, ends in ((self._steep, self._axes[0], points.across), (self._good, self._axes[1], points.up)):
            scale.min, scale.max = ends
            axis.tick_values = list(round_ticks(*ends))
        with self._points.hold_sync():
            self._points.x, self._points.y = points.gradient, points.quality
            self._points.colors = points.colours or ["#cccccc"]
            self._points.opacities = np.where(points.shown, 1.0, 0.15).tolist()
        with self._front.hold_sync():
            there = len(points.front) > 0
            self._front.x = points.gradient[points.front] if there else _NOTHING
            self._front.y = points.quality[points.front] if there else _NOTHING
        chosen = [] if points.chosen is None else [points.chosen]
        with self._chosen.hold_sync():
            self._chosen.x, self._chosen.y = points.gradient[chosen], points.quality[chosen]

    def _clicked(self, point: int) -> None:
        self._model.select(tuple(int(axis) for axis in self._model.tradeoff.index[point]))


class CurveView:
    """Accuracy (left axis) and loss (right axis, dashed) after each epoch.

    Attributes
    ----------
    figure : bqplot.Figure
        What stands on the page.
    """

    def __init__(self, model: ResultsModel) -> None:
        self._model = model
        epoch, share = bqplot.LinearScale(), bqplot.LinearScale(min=0.0, max=1.0)
        loss = self._loss = bqplot.LinearScale(min=0.0, max=1.0)
        self._shares = bqplot.Lines(
            x=_NOTHING, y=_NOTHING, scales={"x": epoch, "y": share}, colors=list(_COLOURS), stroke_width=1.8,
            labels=[], marker_size=24,
        )  # fmt: skip
        self._losses = bqplot.Lines(
            x=_NOTHING, y=_NOTHING, scales={"x": epoch, "y": loss}, colors=list(_COLOURS), stroke_width=1.3,
            line_style="dashed", labels=[], marker_size=24,
        )  # fmt: skip
        axes = [
            bqplot.Axis(scale=epoch, label="Epoch", label_offset="30px", tick_format="d", grid_lines="none"),
            bqplot.Axis(
                scale=share, side="left", label="Accuracy", label_offset="36px", tick_values=[0, 0.25, 0.5, 0.75, 1]
            ),
            bqplot.Axis(
                scale=loss,
                side="right",
                label="Loss (dashed)",
                label_offset="42px",
                tick_format=".2~f",
                grid_lines="none",
            ),
        ]
        self._epoch_axis, self._loss_axis = axes[0], axes[2]
        self.figure = _figure([self._shares, self._losses], axes, "190px", right=58)
        self.figure.add_class("trova-curve")
        model.observe(self._draw, "curve")
        self._draw()

    def _draw(self, _: Any = None) -> None:
        curve: LearningCurve | None = self._model.curve
        self._loss.max = curve.highest_loss if curve else 1.0
        self._loss_axis.tick_values = list(round_ticks(0.0, self._loss.max, 4))
        self._epoch_axis.tick_values = list(curve.epoch_ticks) if curve else [1.0]
        for mark, series in (
            (self._shares, curve.shares if curve else {}),
            (self._losses, curve.losses if curve else {}),
        ):
            with mark.hold_sync():
                mark.x = curve.epochs if curve and series else _NOTHING
                mark.y = np.array(list(series.values())) if series else _NOTHING
                # a line needs two points to be seen
                mark.marker = "circle" if curve and len(curve.epochs) == 1 else None
                mark.labels = [name.replace("_", " ") for name in series]


def _figure(marks: list[Any], axes: list[Any], height: str, right: int = 14) -> Any:
    return bqplot.Figure(
        marks=marks,
        axes=axes,
        animation_duration=0,
        fig_margin={**_MARGIN, "right": right},
        padding_x=0,
        padding_y=0,
        layout=Layout(width="100%", height=height, min_width="0"),
        background_style={"fill": "transparent"},
    )
