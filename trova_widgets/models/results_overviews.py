"""The views of the results page that show every combination at once, along whichever parameters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from trova_widgets.figures.drawings import bars, means_chart
from trova_widgets.figures.parallel import parallel
from trova_widgets.figures.screen.parallel import parallel_picture
from trova_widgets.figures.screen.tradeoff import TradeoffChart, tradeoff_chart
from trova_widgets.figures.spread import spans
from trova_widgets.figures.tradeoff import tradeoff
from trova_widgets.models.results_drawn import DrawnState, Group
from trova_widgets.space import Floats, influence, short_name


@dataclass(frozen=True, kw_only=True, eq=False)
class Overviews(DrawnState):
    """Parallel coordinates, influence, and quality against gradient."""

    def parallel(self, limits: Mapping[str, Sequence[float]]) -> list[Group]:
        """Return parallel coordinates, with what was brushed."""
        lines = parallel(
            (self.quality.grid, self.quality.scale),
            (self.gradient.grid, self.gradient.scale),
            self.position,
            shown=self.passing,
            logarithmic=self.reading.logarithmic,
        )
        brushed = {
            number: (self._height(name, float(limits[name][0])), self._height(name, float(limits[name][1])))
            for number, name in enumerate(self.brushable)
            if name in limits
        }
        svg = parallel_picture(lines, brushed, room_px=self.room_px)
        count = len(lines.index)
        note = (
            f"{count} combination{'' if count == 1 else 's'}. Drag along an axis to keep a range in every view; click "
            "it for all again."
        )
        if lines.left_out:
            note += f" The best are drawn; {lines.left_out} are not."
        return [self._group("", [{"title": "", "svg": svg, "here": False}], note=note, wide=True)]

    @property
    def brushable(self) -> tuple[str, ...]:
        """What the upright axes of the parallel coordinates are."""
        return (*self.quality.grid.names, "quality", "gradient")

    def brush(self, axis: int, low: float, high: float) -> tuple[str, tuple[float, float]]:
        """Return what a brush over a part of an axis means: the name, and the ends (places for a setting)."""
        name = self.brushable[axis]
        if axis < len(self.position):
            heights = self._heights(axis)
            # half a step of room, so that a value is in where its tick is
            below, above = (float(np.interp(end, heights, np.arange(len(heights)))) for end in (low, high))
            return name, (max(0.0, below - 0.5), min(float(len(heights) - 1), above + 0.5))
        scale = self.quality.scale if name == "quality" else self.gradient.scale
        ends = (scale.low + low * (scale.high - scale.low), scale.low + high * (scale.high - scale.low))
        return name, ends

    def influence(self) -> list[Group]:
        """Return how much each parameter acts, with its interval where that is known."""
        results = self.reading.results
        if self.objective == "gradient" or self.reading.indistinct is None or not results.grid.shape:
            return []
        known = [each for each in results.effects if np.isfinite(each.size)]
        if not known:
            return []
        order = sorted(known, key=lambda each: -each.size)
        rows = [
            (short_name(each.name), 100 * each.size, 100 * each.size_low, 100 * each.size_high, each.is_told)
            for each in order
        ]
        lows, highs = (np.concatenate([getattr(each, end) for each in order]) for end in ("low", "high"))
        ends = (float(np.nanmin(lows)), float(np.nanmax(highs)))
        names = self.quality.grid.names
        charts = [
            {
                "title": short_name(each.name),
                "svg": means_chart(
                    each.values, each.means, each.low, each.high, ends, taken=self.position[names.index(each.name)]
                ),
                "here": False,
            }
            for each in order
        ]
        said = (
            "How far the mean quality goes up and down with a parameter, chance taken off; a pale bar cannot be told "
            "from nothing."
        )
        means = (
            "The mean over all values of the others, in per cent, with its interval by event at 95 %; the picked value "
            "has a ring."
        )
        bar = [{"title": "", "svg": bars(rows, "points", self.room_px), "here": False}]
        return [self._group("", bar, note=said, wide=True), self._group("Quality at each value", charts, note=means)]

    def variances(self) -> list[dict[str, Any]]:
        """Return the influence of each parameter in words, of whatever is drawn first."""
        sizes = {}
        if self.objective != "gradient" and self.reading.indistinct is not None and self.reading.results.grid.shape:
            sizes = {each.name: each for each in self.reading.results.effects if np.isfinite(each.size)}
        return [
            {
                "name": short_name(each.name),
                "size": f"{100 * sizes[each.name].size:.1f} points ({100 * sizes[each.name].size_low:.1f} to "
                f"{100 * sizes[each.name].size_high:.1f})"
                if each.name in sizes
                else "–",
                "main": f"{100 * each.main:.1f} %" if np.isfinite(each.main) else "–",
                "width": round(100 * float(np.nan_to_num(each.main)), 1),
                "step": f"{each.step:.4f}" if np.isfinite(each.step) else "–",
                "reach": f"{each.reach:.4f}" if np.isfinite(each.reach) else "–",
            }
            for each in influence(self.drawn[0].grid)
        ]

    def tradeoff(self) -> list[Group]:
        """Return quality against gradient, coloured as the cube."""
        by_gradient = self.objective == "gradient"
        colours = self.gradient.scale if by_gradient else self.quality.scale

        def draw() -> TradeoffChart:
            points = tradeoff(
                self.quality.grid, self.gradient.grid, colours, shown=self.passing, by_gradient=by_gradient
            )
            return tradeoff_chart(points, self.quality.scale, self.reading.certainty, width=self.half_px)

        chart = self._picture(("tradeoff",), draw)
        svg = chart.marked(self.position)
        note = (
            f"Dashed: the Pareto front, {len(chart.points.front)} of which nothing is both better and more stable. "
            f"Colour: {colours.title}."
        )
        if self.ringed is not None:
            note += " A strong edge: cannot be told from the best."
        return [self._group("", [{"title": "", "svg": svg, "here": False}], note=note)]

    def _height(self, name: str, number: float) -> float:
        """Return where a number lies on an upright axis of the parallel coordinates, 0 to 1."""
        if name in ("quality", "gradient"):
            scale = self.quality.scale if name == "quality" else self.gradient.scale
            return float(scale.share(number))
        heights = self._heights(self.quality.grid.names.index(name))
        return float(np.interp(number, np.arange(len(heights)), heights))

    def _heights(self, axis: int) -> Floats:
        """Return where the values of a setting stand on its upright axis, 0 to 1."""
        grid = self.quality.grid
        return spans(grid.values[axis], logarithmic=grid.names[axis] in self.reading.logarithmic)
