"""The views of all cells at once: an objective over the settings that vary."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from trova_widgets.errors import PlanError
from trova_widgets.figures.colour import scale_of
from trova_widgets.figures.parallel import parallel
from trova_widgets.figures.printed.influence import draw_influence
from trova_widgets.figures.printed.landscape import Landscape
from trova_widgets.figures.tradeoff import tradeoff
from trova_widgets.space import Floats, short_name
from trova_widgets.workspace.beside import beside
from trova_widgets.workspace.views.cells import Cell, Cells
from trova_widgets.workspace.views.effects import influenced
from trova_widgets.workspace.views.view import View

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from trova_widgets.workspace.results import ExperimentResults

Shown = Literal["quality", "gradient"]

_WHAT = {"quality": "Quality", "gradient": "Gradient of the quality"}
_LABELS = {"quality": "Quality Q [%]", "gradient": "Gradient |∇Q| [points a step]"}


class LandscapeViews(Cells):
    """What can be seen of all cells.

    All views take ``of``, which is the ``"quality"`` or its ``"gradient"``; ``axes``, the settings that are drawn, by
    their names or short names, in this order (the first ones of the plan, if left out); and ``cell``, the one that is
    picked and at which the other settings are held (the best one, if left out).
    """

    def cube(self, of: Shown = "quality", *, axes: Sequence[str] = (), cell: Cell = None) -> View:
        """Draw an objective as colour at every node of a grid of three settings; of a fourth, a cube for each value.

        One or two settings are a row or a plane of nodes. In a notebook the cube turns.

        Parameters
        ----------
        of, axes, cell
            As of `LandscapeViews`; up to four axes.
        """
        from trova_widgets.figures.printed.cube import draw_cube
        from trova_widgets.workspace.views.document import cube_page

        shown, drawn = self._landscape(of, cell), self._axes(axes, 4)
        key = self._key(shown, drawn, ring="Ring", picked="Orange ring", hole="Cross")
        turning = partial(cube_page, self.results, of, drawn, shown.place)
        return self._over(of, "cube", drawn, key, partial(draw_cube, shown, drawn), turning)

    def images(self, of: Shown = "quality", *, axes: Sequence[str] = (), cell: Cell = None) -> View:
        """Draw an objective over two settings, an image for each value of a third, a row of them for each of a fourth.

        Parameters
        ----------
        of, axes, cell
            As of `LandscapeViews`; up to four axes.
        """
        from trova_widgets.figures.printed.images import draw_images

        shown, drawn = self._landscape(of, cell), self._axes(axes, 4)
        key = self._key(shown, drawn, ring="Point", picked="Orange frame", hole="Hatched")
        return self._over(of, "images", drawn, key, partial(draw_images, shown, drawn))

    def lines(self, of: Shown = "quality", *, axes: Sequence[str] = (), cell: Cell = None) -> View:
        """Draw an objective over the third setting, a chart for each pair of values of the first two.

        Parameters
        ----------
        of, axes, cell
            As of `LandscapeViews`; up to four axes, of which the last has a line for each value.
        """
        from trova_widgets.figures.printed.lines import draw_lines

        shown, drawn = self._landscape(of, cell), self._axes(axes, 4)
        band = "Band: 95 % interval by event." if shown.low is not None else ""
        key = self._key(shown, drawn, ring="Dark ring", picked="Orange ring", hole="Hatched")
        return self._over(of, "lines", drawn, (band, *key), partial(draw_lines, shown, drawn))

    def surfaces(self, of: Shown = "quality", *, axes: Sequence[str] = (), cell: Cell = None) -> View:
        """Draw an objective as height over two settings, a surface for each value of a third.

        Parameters
        ----------
        of, axes, cell
            As of `LandscapeViews`; up to three axes.
        """
        from trova_widgets.figures.printed.surfaces import draw_surfaces

        shown, drawn = self._landscape(of, cell), self._axes(axes, 3)
        key = self._key(shown, drawn, ring="Dark point", picked="Orange", hole="Cross on the ground")
        return self._over(of, "surfaces", drawn, key, partial(draw_surfaces, shown, drawn))

    def beside(self, other: ExperimentResults, *, axes: Sequence[str] = (), cell: Cell = None) -> View:
        """Draw the quality of this experiment, of another one, and the difference, over the cells that both have.

        ``ws.results("a").beside(ws.results("b"))``.

        Parameters
        ----------
        other : ExperimentResults
            The other one; where it holds a setting that varies here, it stands at that value.
        axes, cell
            As of `LandscapeViews`; up to three axes.

        Raises
        ------
        PlanError
            When they have no cell in common, or show different objectives.
        """
        from trova_widgets.figures.printed.beside import draw_beside

        found = beside(self.results, other)
        drawn, place = self._axes(axes, 3), self.place_of(cell)
        both = scale_of("quality", np.stack([found.one.mean, found.other.mean]), stretched=True)
        apart = scale_of("difference", found.difference.mean)
        kinds = [
            (found.first, found.one, both, _LABELS["quality"], None),
            (found.second, found.other, both, _LABELS["quality"], None),
            ("difference", found.difference, apart, "Difference [points]", found.apart),
        ]
        rows = [
            (name, Landscape(grid=grid, scale=scale, label=label, place=place, inside=inside))
            for name, grid, scale, label, inside in kinds
        ]
        held = rows[0][1].held(drawn)
        point = "Point: the difference can be told from nothing, each cell for itself." if found.low is not None else ""
        table = self._cells()[list(found.one.names)]
        columns = {found.first: found.one, found.second: found.other, "difference": found.difference}
        table = table.assign(**{name: grid.mean.ravel() for name, grid in columns.items()})
        if found.low is not None and found.high is not None:
            table = table.assign(low=found.low.ravel(), high=found.high.ravel())
        return View(
            "beside",
            f"{found.first} beside {found.second}: quality, and how much better {found.first} is",
            (found.sentence, point, "Hatched: one of them has no result.", f"At {held}." if held else ""),
            table,
            lambda: draw_beside(rows, drawn),
        )

    def parallel(self, *, cell: Cell = None) -> View:
        """Draw each cell as a line through its values to its quality and its gradient.

        Parameters
        ----------
        cell
            As of `LandscapeViews`.
        """
        from trova_widgets.figures.printed.parallel import draw_parallel

        shown, steep = self._landscape("quality", cell), self._landscape("gradient", cell)
        both = (shown.grid, shown.scale), (steep.grid, steep.scale)
        lines = parallel(*both, shown.place, logarithmic=self.logarithmic)
        left = f"The best {len(lines.index)} cells are drawn, {lines.left_out} are not." if lines.left_out else ""
        strong = self._sure(shown, "Strong")
        return View(
            "parallel",
            f"{self.results.experiment}: every combination, its quality and its gradient",
            (strong, self._picked(shown, "Orange"), left, self._measured("quality")),
            self._cells(),
            lambda: draw_parallel(lines, shown.scale, shown.label, shown.inside),
        )

    def influence(self, *, cell: Cell = None) -> View:
        """Draw how much each setting moves the quality, with its interval, and the mean at each of its values.

        Parameters
        ----------
        cell
            As of `LandscapeViews`: its values are ringed.
        """
        shown = self._landscape("quality", cell)
        settings = influenced(self.results, shown)
        sure = any(np.isfinite(each.size_low) for each in settings)
        said = (
            "Influence: the standard deviation of these means from value to value, what chance adds taken off."
            if sure
            else "Influence: the mean difference between the best and the worst value, all else equal; how sure it is "
            "cannot be told."
        )
        table = pd.DataFrame(
            [
                {"setting": each.name, "value": label, "mean": mean, "low": low, "high": high}
                | {"influence": each.size, "influence_low": each.size_low, "influence_high": each.size_high}
                for each in settings
                for label, mean, low, high in zip(each.labels, each.means, each.low, each.high, strict=True)
            ]
        )
        return View(
            "influence",
            f"{self.results.experiment}: influence of each setting on the quality",
            (
                said,
                "Whiskers: 95 %. Pale: cannot be told from nothing." if sure else "",
                f"{self._picked(shown, 'Ring')[:-1]}, over all other settings.",
                self._measured("quality"),
            ),
            table,
            lambda: draw_influence(settings, "Mean quality [%]"),
        )

    def tradeoff(self, *, cell: Cell = None) -> View:
        """Draw the quality of each cell against its gradient, with the Pareto front.

        Parameters
        ----------
        cell
            As of `LandscapeViews`.
        """
        from trova_widgets.figures.printed.tradeoff import draw_tradeoff

        shown, steep = self._landscape("quality", cell), self._landscape("gradient", cell)
        points = tradeoff(shown.grid, steep.grid, shown.scale)
        ring = self._sure(shown, "Dark ring")
        bars = "Bars: 95 % interval by event." if shown.low is not None and len(points.index) <= 500 else ""
        front = "Dashed: the Pareto front, of which nothing is both better and more stable."
        return View(
            "tradeoff",
            f"{self.results.experiment}: quality against gradient",
            (front, ring, bars, self._picked(shown, "Orange ring"), self._measured("quality")),
            self._cells(),
            lambda: draw_tradeoff(points, shown),
        )

    def _over(
        self,
        of: Shown,
        name: str,
        drawn: Sequence[int],
        key: Sequence[str],
        draw: Callable[[], Figure],
        turning: Callable[[], str] | None = None,
    ) -> View:
        return View(name, self._title(of, drawn), (*key, self._measured(of)), self._cells(), draw, turning)

    def _key(self, shown: Landscape, drawn: Sequence[int], *, ring: str, picked: str, hole: str) -> tuple[str, ...]:
        held = shown.held(drawn)
        at = f"At {held}." if held else ""
        return self._sure(shown, ring), self._picked(shown, picked), self._holes(hole), at

    @staticmethod
    def _sure(shown: Landscape, mark: str) -> str:
        return f"{mark}: cannot be told from the best (90 %)." if shown.inside is not None else ""

    def _axes(self, names: Sequence[str], at_most: int) -> list[int]:
        if isinstance(names, str):
            names = [names]
        if len(names) > at_most:
            raise PlanError(f"{len(names)} settings cannot be drawn here at once; name {at_most} at most.")
        axes = [self._axis(name) for name in names]
        if len(set(axes)) < len(axes):
            raise PlanError(f"A setting is named twice: {', '.join(names)}.")
        # nothing varies: the one cell has an axis of its own
        return axes or list(range(max(len(self.results.grid.shape), 1)))[:at_most]

    def _landscape(self, of: Shown, cell: Cell) -> Landscape:
        if of not in _WHAT:
            raise PlanError(f"{of!r} cannot be shown; there are quality and gradient.")
        quality = self.shown_grid
        grid = quality if of == "quality" else quality.of_gradient()
        ends: tuple[Floats | None, ...] = (None, None)
        if self.is_sure and of == "quality":
            ends = tuple(each.reshape(grid.shape) for each in self.results.intervals)
        return Landscape(
            grid=grid,
            scale=scale_of(of, grid.mean, stretched=True),
            label=_LABELS[of],
            place=self.place_of(cell) or (0,),
            inside=self.results.indistinct.reshape(grid.shape) if self.is_sure else None,
            low=ends[0],
            high=ends[1],
            logarithmic=self.logarithmic,
        )

    def _title(self, of: Shown, axes: Sequence[int]) -> str:
        names = [short_name(self.shown_grid.names[axis]) for axis in axes]
        over = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
        return f"{self.results.experiment}: {_WHAT[of].lower()} over {over}"

    def _picked(self, shown: Landscape, mark: str) -> str:
        place = shown.place if self.results.grid.shape else ()
        words = self.words_of(place)
        if self.results.grid.holes.all():
            return "No trial has finished yet."
        if place == tuple(self.results.best.place):
            return f"{mark}: the best cell, {words}."
        return f"{mark}: {words}."

    def _holes(self, mark: str) -> str:
        states, counts = np.unique(self.results.grid.state[self.results.grid.holes], return_counts=True)
        if not len(states):
            return ""
        why = {"impossible": "cannot be built", "missing": "not run yet"}
        told = ", ".join(f"{count} {why.get(str(state), state)}" for state, count in zip(states, counts, strict=True))
        return f"{mark}: without a result ({told})."

    def _measured(self, of: Shown) -> str:
        counts = self.results.grid.count[~self.results.grid.holes]
        if not counts.size:
            return ""
        few, many = int(counts.min()), int(counts.max())
        repeats = f"{few}" if few == many else f"{few} to {many}"
        found = self.results
        told = f"Quality: {found.objective} by {found.by} on {found.measured_on:,} records, {repeats} trainings a cell."
        steep = "Gradient: the length of the largest steps to the neighbours along each axis."
        return f"{steep} {told}" if of == "gradient" else told

    def _cells(self) -> pd.DataFrame:
        """Return the numbers that are drawn: a row a cell."""
        grid = self.shown_grid
        places = np.indices(grid.shape).reshape(len(grid.shape), -1)
        columns: dict[str, Any] = {
            name: [values[at] for at in place]
            for name, values, place in zip(grid.names, grid.values, places, strict=True)
        }
        columns |= {"quality": grid.mean.ravel()}
        if self.is_sure:
            low, high = self.results.intervals
            columns |= {"quality_low": low.ravel(), "quality_high": high.ravel()}
            columns |= {"in_confidence_set": self.results.indistinct.ravel()}
        columns |= {"gradient": grid.gradient.ravel(), "repeats": grid.count.ravel(), "state": grid.state.ravel()}
        return pd.DataFrame(columns)
