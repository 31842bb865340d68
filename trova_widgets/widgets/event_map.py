"""Events on a map: longitude and latitude with a graticule, classes by colour and shape."""

from typing import Any

import bqplot
from ipywidgets import Layout

from trova_widgets.models.event_map import EventMapModel
from trova_widgets.widgets.event_classes import mark_of

_SIZE_PX = (382, 352)
_MARGIN = {"top": 8, "bottom": 40, "left": 52, "right": 14}


class EventMap:
    """A map of events, bound to its model; a click picks an event.

    Parameters
    ----------
    model : EventMapModel
        The events.
    height : str
        Height on the screen.

    Attributes
    ----------
    figure : bqplot.Figure
        What stands on the page.
    """

    def __init__(self, model: EventMapModel, height: str = "352px") -> None:
        self._model = model
        self._x, self._y = bqplot.LinearScale(), bqplot.LinearScale()
        self._ring = bqplot.Scatter(
            scales=self._scales(),
            x=[],
            y=[],
            marker="circle",
            default_size=220,
            colors=["#a4262c"],
            fill=False,
            stroke_width=2,
        )
        axes = [
            bqplot.Axis(scale=self._x, label="Longitude, °"),
            bqplot.Axis(scale=self._y, label="Latitude, °", side="left", label_offset="38px"),
        ]
        self.figure = bqplot.Figure(
            marks=[self._ring],
            axes=axes,
            animation_duration=0,
            min_aspect_ratio=_SIZE_PX[0] / _SIZE_PX[1],
            max_aspect_ratio=_SIZE_PX[0] / _SIZE_PX[1],
            fig_margin=_MARGIN,
            layout=Layout(width="100%", height=height, min_width="0"),
            background_style={"fill": "transparent"},
        )
        self.figure.add_class("trova-map")
        model.observe(self._draw, "points")
        model.observe(self._mark, "selected")
        self._draw()

    def _scales(self) -> dict[str, bqplot.Scale]:
        return {"x": self._x, "y": self._y}

    def _draw(self, _: Any = None) -> None:
        points = self._model.points
        marks = []
        for slug in sorted({point["event_class"] for point in points}):
            chosen = [point for point in points if point["event_class"] == slug]
            colour, shape = mark_of(slug)
            scatter = bqplot.Scatter(
                scales=self._scales(),
                x=[point["longitude"] for point in chosen],
                y=[point["latitude"] for point in chosen],
                colors=[colour],
                marker=shape,
                default_size=36,
                opacities=[0.75],
                names=[point["event_id"] for point in chosen],
                display_names=False,
            )
            scatter.on_element_click(self._picked)
            marks.append(scatter)
        self._frame_points(points)
        self.figure.marks = [*marks, self._ring]
        self._mark()

    def _frame_points(self, points: list[dict[str, Any]]) -> None:
        """Set the scales so that a kilometre is as long to the east as to the north."""
        if points:
            width = _SIZE_PX[0] - _MARGIN["left"] - _MARGIN["right"]
            height = _SIZE_PX[1] - _MARGIN["top"] - _MARGIN["bottom"]
            (self._x.min, self._x.max), (self._y.min, self._y.max) = self._model.frame(width / height)

    def _mark(self, _: Any = None) -> None:
        place = self._model.place(self._model.selected)
        with self._ring.hold_sync():
            self._ring.x, self._ring.y = ([place[0]], [place[1]]) if place else ([], [])

    def _picked(self, mark: bqplot.Scatter, target: dict[str, Any]) -> None:
        self._model.selected = str(mark.names[target["data"]["index"]])
