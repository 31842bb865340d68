"""Sheets of small multiples in bqplot: images, slices, line charts. A change sets marks' data; nothing is rebuilt."""

from typing import Any

import bqplot
import numpy as np
from ipywidgets import Layout

from trova_widgets.figures.colour import HATCH, HOLE
from trova_widgets.figures.images import ImageSheet
from trova_widgets.figures.linecharts import ChartSheet
from trova_widgets.figures.panels import Text, strokes
from trova_widgets.models.results import ResultsModel

_ACCENT = "#c2410c"
_INK, _SOFT, _LINE = "#33414e", "#5f6c78", "#c3cad1"
_SECOND = "#b83289"
#: Few images are drawn no larger than this, many share the width that a page has for them; pixels.
_SIDE_AT_MOST, _CHART_AT_MOST, _ROOM = 165, 90, 760
#: A row of charts is at least so high.
_CHART_AT_LEAST = 62


class _Sheet:
    """A figure without axes, whose texts are marks.

    Attributes
    ----------
    figure : bqplot.Figure
        What stands on the page.
    """

    def __init__(self, class_name: str) -> None:
        self._x, self._y = (bqplot.LinearScale(min=0.0, max=1.0) for _ in range(2))
        self._scales = {"x": self._x, "y": self._y}
        self._texts = [self._label("middle", 12), self._label("start", 12), self._label("end", 12)]
        self.figure = bqplot.Figure(
            marks=[],
            axes=[],
            animation_duration=0,
            fig_margin={"top": 2, "bottom": 2, "left": 2, "right": 2},
            layout=Layout(width="100%", height="300px", min_width="0"),
            background_style={"fill": "transparent"},
            padding_x=0,
            padding_y=0,
        )
        self.figure.add_class(class_name)

    def _label(self, align: str, size: int) -> Any:
        return bqplot.Label(
            x=[],
            y=[],
            text=[],
            scales=self._scales,
            align=align,
            default_size=size,
            font_weight="normal",
            colors=[_SOFT],
        )

    def _lines(self, colour: str, width: float, **options: Any) -> Any:
        return bqplot.Lines(
            x=[0.0, 0.0], y=[0.0, 0.0], scales=self._scales, colors=[colour], stroke_width=width, **options
        )

    def _raise(self, height_px: float) -> None:
        height = f"{height_px:.0f}px"
        if self.figure.layout.height != height:
            self.figure.layout.height = height

    def _frame(self, left: float, bottom: float, width: float, height: float) -> None:
        for scale, low, reach in ((self._x, left, width), (self._y, bottom, height)):
            if (scale.min, scale.max) != (low, low + reach):
                with scale.hold_sync():
                    scale.min, scale.max = low, low + reach
        ratio = width / height
        if self.figure.max_aspect_ratio != ratio:
            with self.figure.hold_sync():
                # in this order neither bound is ever beyond the other
                self.figure.min_aspect_ratio = min(ratio, self.figure.min_aspect_ratio)
                self.figure.max_aspect_ratio = ratio
                self.figure.min_aspect_ratio = ratio

    def _write(self, texts: tuple[Text, ...]) -> None:
        for mark in self._texts:
            chosen = [text for text in texts if text.align == mark.align]
            wanted = [text.text for text in chosen]
            with mark.hold_sync():
                mark.x = [text.x for text in chosen]
                mark.y = [text.y for text in chosen]
                if list(mark.text) != wanted:
                    mark.text = wanted

    @staticmethod
    def _stroke(mark: Any, pieces: list[Any]) -> None:
        x, y = strokes(pieces)
        with mark.hold_sync():
            mark.x, mark.y = x, y


class ImagesView(_Sheet):
    """Images with a pixel a combination, picked by a click.

    Parameters
    ----------
    model : ResultsModel
        What is shown.
    trait : {"images", "slices"}
        Which of the model's sheets.
    """

    def __init__(self, model: ResultsModel, trait: str) -> None:
        super().__init__(f"trova-{trait}")
        self._model, self._trait = model, trait
        self._maps: list[Any] = []
        self._holes = self._lines(HOLE, 0.5, fill="inside", fill_colors=[HOLE])
        self._hatches = self._lines(HATCH, 0.8)
        self._frames = self._lines(_SOFT, 1.2)
        self._cross = self._lines(_ACCENT, 2.5)
        self._marks = bqplot.Scatter(
            x=[], y=[], scales=self._scales, colors=["#ffffff"], stroke="#22303c", default_size=14, marker="circle"
        )
        model.observe(self._draw, trait)
        self._draw()

    def _draw(self, _: Any = None) -> None:
        sheet: ImageSheet | None = getattr(self._model, self._trait)
        if sheet is None:
            return
        # before the rest: the browser lays a figure out again when its aspect or its marks change, not its height
        self._raise(sheet.height * min(_SIDE_AT_MOST, _ROOM / sheet.width))
        self._frame(sheet.left, sheet.bottom, sheet.width, sheet.height)
        self._keep_maps(sheet)
        for mark, image in zip(self._maps, sheet.images, strict=True):
            rows, columns = image.values.shape
            scale, drawn = mark.scales["color"], sheet.scales[image.objective]
            wanted = (drawn.low, drawn.high, list(drawn.colours))
            if (scale.min, scale.max, scale.colors) != wanted:
                with scale.hold_sync():
                    scale.min, scale.max, scale.colors = wanted
            edges_x = image.box.across(np.linspace(0, 1, columns + 1))
            edges_y = image.box.up(np.linspace(0, 1, rows + 1))
            if not (np.array_equal(mark.column, edges_x) and np.array_equal(mark.row, edges_y)):
                with mark.hold_sync():
                    mark.color, mark.column, mark.row = image.values, edges_x, edges_y
            elif not np.array_equal(mark.color, image.values, equal_nan=True):
                mark.color = image.values
        self._stroke(self._holes, [box.outline() for box in sheet.hole_boxes])
        self._stroke(self._hatches, sheet.hatches)
        self._stroke(self._frames, [image.box.outline() for image in sheet.images if image.at_slider])
        self._stroke(self._cross, [box.outline() for box in sheet.crosses])
        with self._marks.hold_sync():
            self._marks.x, self._marks.y = sheet.marks[:, 0], sheet.marks[:, 1]
        self._write(sheet.texts)

    def _keep_maps(self, sheet: ImageSheet) -> None:
        """Make as many maps as there are images, and keep those that are there."""
        if len(self._maps) == len(sheet.images):
            return
        for place in range(len(self._maps), len(sheet.images)):
            mark = bqplot.GridHeatMap(
                color=np.zeros((2, 2)),
                scales={"row": self._y, "column": self._x, "color": bqplot.ColorScale()},
                null_color=HOLE,
                stroke="transparent",
                interactions={},
                anchor_style={},
            )
            mark.on_element_click(lambda _, event, place=place: self._clicked(place, event["data"]))
            self._maps.append(mark)
        del self._maps[len(sheet.images) :]
        over = [self._holes, self._hatches, self._frames, self._marks, self._cross, *self._texts]
        with self.figure.hold_sync():
            self.figure.marks = [*self._maps, *over]

    def _clicked(self, place: int, cell: dict[str, Any]) -> None:
        sheet: ImageSheet = getattr(self._model, self._trait)
        index = sheet.images[place].index[int(cell["rowNum"]), int(cell["columnNum"])]
        self._model.select(tuple(int(axis) for axis in index))


class LinesView(_Sheet):
    """Line charts, whose points are picked by a click.

    Parameters
    ----------
    model : ResultsModel
        What is shown.
    """

    def __init__(self, model: ResultsModel) -> None:
        super().__init__("trova-lines")
        self._model = model
        self._frames = self._lines(_LINE, 1.0)
        self._here = self._lines(_ACCENT, 1.8)
        self._bands = self._lines("#31688e", 3.0, opacities=[0.35])
        self._first, self._second = self._lines("#55636f", 1.2), self._lines(_SECOND, 1.2)
        self._points = bqplot.Scatter(x=[], y=[], scales=self._scales, colors=[HOLE], default_size=22, stroke_width=0)
        self._holes = bqplot.Scatter(
            x=[], y=[], scales=self._scales, colors=[HATCH], default_size=20, marker="cross", stroke_width=0
        )
        self._chosen = bqplot.Scatter(
            x=[], y=[], scales=self._scales, colors=["transparent"], stroke=_ACCENT, stroke_width=2.2, default_size=70
        )
        self._points.on_element_click(lambda _, event: self._clicked(int(event["data"]["index"])))
        self.figure.marks = [
            self._frames, self._bands, self._first, self._second, self._holes, self._points, self._here,
            self._chosen, *self._texts,
        ]  # fmt: skip
        model.observe(self._draw, "lines")
        self._draw()

    def _draw(self, _: Any = None) -> None:
        sheet: ChartSheet | None = self._model.lines
        if sheet is None:
            return
        self._raise(max(260, sheet.height * min(_CHART_AT_MOST, max(_CHART_AT_LEAST, _ROOM / sheet.width))))
        self._frame(sheet.left, sheet.bottom, sheet.width, sheet.height)
        self._stroke(self._frames, [box.outline() for box in sheet.boxes])
        here = sheet.boxes[sheet.chosen_chart]
        slider = ([sheet.slider_x, sheet.slider_x], [here.bottom, here.top])
        self._stroke(self._here, [here.outline(), slider])
        for place, mark in enumerate((self._first, self._second)):
            curves = sheet.curves[place] if place < len(sheet.curves) else None
            self._stroke(mark, list(zip(curves.x, curves.y, strict=True)) if curves else [])
        x, low, high = (getattr(sheet.curves[0], name).ravel() for name in ("x", "low", "high"))
        known = np.isfinite(low)
        self._stroke(
            self._bands,
            [([at, at], [below, above]) for at, below, above in zip(x[known], low[known], high[known], strict=True)],
        )
        with self._points.hold_sync():
            self._points.x, self._points.y = sheet.points.T
            self._points.colors = list(sheet.point_colours) or [HOLE]
        for mark, points in ((self._holes, sheet.holes), (self._chosen, sheet.chosen_points)):
            with mark.hold_sync():
                mark.x, mark.y = points.reshape(-1, 2).T
        self._write(sheet.texts)

    def _clicked(self, point: int) -> None:
        self._model.select(tuple(int(axis) for axis in self._model.lines.point_index[point]))
