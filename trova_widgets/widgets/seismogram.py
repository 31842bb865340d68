"""A seismogram as a line, with its onset; the mouse wheel looks closer."""

from typing import Any

import bqplot
import numpy as np
from ipywidgets import Layout

from trova_widgets.models.seismogram import SeismogramModel


class Seismogram:
    """The line of a seismogram, bound to its model.

    Parameters
    ----------
    model : SeismogramModel
        What is shown.
    height : str
        Height on the screen.

    Attributes
    ----------
    figure : bqplot.Figure
        What stands on the page.
    """

    def __init__(self, model: SeismogramModel, height: str = "220px") -> None:
        self._model = model
        self._time, self._value = bqplot.LinearScale(), bqplot.LinearScale()
        self._line = bqplot.Lines(
            scales={"x": self._time, "y": self._value}, colors=["#4a7298"], stroke_width=1, x=[], y=[]
        )
        self._onset = bqplot.Lines(
            scales={"x": self._time, "y": self._value},
            colors=["#a4262c"],
            stroke_width=1.5,
            line_style="dashed",
            x=[],
            y=[],
        )
        self._zoom = bqplot.PanZoom(scales={"x": [self._time]})
        axes = [
            bqplot.Axis(scale=self._time, label="Time after the start of the record, s"),
            bqplot.Axis(scale=self._value, side="left", tick_format=".2s"),
        ]
        self.figure = bqplot.Figure(
            marks=[self._line, self._onset],
            axes=axes,
            interaction=self._zoom,
            animation_duration=0,
            fig_margin={"top": 8, "bottom": 42, "left": 58, "right": 16},
            layout=Layout(width="100%", height=height, min_width="0"),
            background_style={"fill": "transparent"},
        )
        self.figure.add_class("trova-seismogram")
        model.observe(self._draw, ["times_s", "values"])
        self._time.observe(self._looked, ["min", "max"])
        self._draw()

    def _draw(self, _: Any = None) -> None:
        model = self._model
        with self._line.hold_sync():
            self._line.x, self._line.y = model.times_s, model.values
        if len(model.values):
            # the scale is the record's own, so that a zoom in time leaves the amplitudes where they are
            reach = float(np.abs(model.values).max()) or 1.0
            if model.to_s - model.from_s >= model.duration_s:
                self._value.min, self._value.max = -1.05 * reach, 1.05 * reach
            self._set_window(model.from_s, model.to_s)
        with self._onset.hold_sync():
            known = model.onset_s >= 0
            self._onset.x = [model.onset_s, model.onset_s] if known else []
            self._onset.y = [self._value.min, self._value.max] if known else []

    def _set_window(self, from_s: float, to_s: float) -> None:
        self._time.unobserve(self._looked, ["min", "max"])
        self._time.min, self._time.max = from_s, to_s
        self._time.observe(self._looked, ["min", "max"])

    def _looked(self, _: Any) -> None:
        if self._time.min is not None and self._time.max is not None:
            self._model.look(self._time.min, self._time.max)
