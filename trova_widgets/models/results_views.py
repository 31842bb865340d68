"""What the results page draws of a reading: each view as pictures and words, from one state of the page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from trova_widgets.figures.colour import ColourScale, scale_of
from trova_widgets.figures.cube import Cube, cube
from trova_widgets.figures.drawings import bars, means_chart
from trova_widgets.figures.panels import window
from trova_widgets.figures.parallel import parallel
from trova_widgets.figures.screen.cubes import small_cube
from trova_widgets.figures.screen.images import image
from trova_widgets.figures.screen.lines import line_charts
from trova_widgets.figures.screen.parallel import parallel_picture
from trova_widgets.figures.screen.surfaces import surface_picture
from trova_widgets.figures.screen.tradeoff import tradeoff_chart
from trova_widgets.figures.surfaces import surface_series
from trova_widgets.figures.telling import Certainty, cell_words
from trova_widgets.figures.tradeoff import tradeoff
from trova_widgets.models.results_display import legend_words, measured_words
from trova_widgets.models.results_reading import Reading
from trova_widgets.space import Floats, Grid, Index, format_value, influence, short_name

if TYPE_CHECKING:
    from trova_widgets.workspace.beside import Beside

#: More images at once than this are looked at through a window around the slider.
IMAGES_AT_MOST = 24
#: So many small cubes are drawn at once at most, and so many nodes in them all together.
CUBES_AT_MOST, CUBE_NODES_AT_MOST = 12, 6_000
#: Pictures side by side: ``title``, ``panels`` (each a ``title``, an ``svg``, and whether it is ``here``), ``note``.
Group = dict[str, Any]
#: More rings than this are not drawn in the cube.
RINGS_AT_MOST = 1_000
#: A cube has so many edges.
EDGES = 3


@dataclass(frozen=True, kw_only=True, eq=False)
class Drawn:
    """An objective that is drawn, with its colours and how sure it is.

    Attributes
    ----------
    grid : Grid
        The objective.
    scale : ColourScale
        Its colours.
    certainty : Certainty
        How sure it is; nothing is known of a gradient.
    """

    grid: Grid
    scale: ColourScale
    certainty: Certainty


@dataclass(frozen=True, kw_only=True, eq=False)
class Views:
    """Everything that is drawn of one state of the page.

    Attributes
    ----------
    reading : Reading
        What was read.
    objective : {"quality", "gradient", "both"}
        What is drawn.
    position : tuple of int
        The chosen combination.
    locked : frozenset of int
        The axes that are held at their sliders.
    series : str
        The parameter with an image, a surface or a horizontal axis of its own.
    stretched : bool
        Whether colours run from the lowest to the highest number.
    threshold : float
        The quality below which nothing is drawn in the cube.
    passing : ndarray of bool, shape of the grid, or None
        The combinations that pass the filters.
    room_px : float
        How wide a view may be.
    other : Beside or None
        Another experiment that stands beside this one.
    """

    reading: Reading
    objective: str
    position: Index
    locked: frozenset[int]
    series: str
    stretched: bool
    threshold: float
    passing: NDArray[np.bool_] | None
    room_px: float
    other: "Beside | None" = None

    @cached_property
    def quality(self) -> Drawn:
        """The quality."""
        grid = self.reading.quality
        scale = scale_of("quality", grid.mean, stretched=self.stretched)
        return Drawn(grid=grid, scale=scale, certainty=self.reading.certainty)

    @cached_property
    def gradient(self) -> Drawn:
        """The gradient; it is worked out from the qualities, and has their confidence set, but no interval."""
        grid, sure = self.reading.gradient, self.reading.certainty
        scale = scale_of("gradient", grid.mean, stretched=self.stretched)
        return Drawn(grid=grid, scale=scale, certainty=Certainty(inside=sure.inside, best=sure.best))

    @property
    def drawn(self) -> list[Drawn]:
        """What is drawn."""
        return {"quality": [self.quality], "gradient": [self.gradient]}.get(
            self.objective, [self.quality, self.gradient]
        )

    @property
    def ringed(self) -> NDArray[np.bool_] | None:
        """The confidence set."""
        return self.reading.indistinct

    @cached_property
    def free(self) -> list[int]:
        """The axes that vary in the views, that of the series last."""
        names = self.reading.quality.names
        free = [axis for axis in range(len(names)) if axis not in self.locked] or [0]
        return sorted(free, key=lambda axis: names[axis] == self.series)

    @cached_property
    def edges(self) -> list[int]:
        """The axes along the edges of the cube: the free ones, and held ones as far as it has edges."""
        every = sorted(range(len(self.position)), key=lambda axis: axis in self.locked)
        return sorted(every[:EDGES])

    @property
    def is_spatial(self) -> bool:
        """Whether there is a third dimension: one or two parameters are a line and an image."""
        return len(self.position) >= EDGES

    @property
    def half_px(self) -> float:
        """How wide one of two pictures may be that stand side by side."""
        return min(max((self.room_px - 60) / 2, 270.0), 440.0)

    # -- the cube ------------------------------------------------------------------------------------------------

    def cube(self) -> Cube:
        """Return the nodes of the cube."""
        return self._nodes(self.position)

    def cubes(self) -> list[Group]:
        """Return a cube for each value of a fourth parameter, side by side; nothing where there are three at most."""
        rest = [axis for axis in range(len(self.position)) if axis not in self.edges]
        if not rest:
            return []
        series, others = rest[0], rest[1:]
        size = int(np.prod([self.quality.grid.shape[axis] for axis in self.edges]))
        at_most = max(1, min(CUBES_AT_MOST, CUBE_NODES_AT_MOST // size))
        places = window(self.quality.grid.shape[series], at_most, self.position[series])
        panels = []
        for place in places:
            held = _moved(self.position, series, place)
            here = held == self.position
            title = self._value(series, place)
            said = f"{self.drawn[0].scale.title} at {title}"
            svg = small_cube(self._nodes(held), is_picked=here, title=said, room_px=self._cube_px(len(places)))
            panels.append({"title": title, "svg": svg, "here": here})
        name = short_name(self.quality.grid.names[series])
        count = self.quality.grid.shape[series]
        note = f"The {len(places)} of {count} values around the picked one. " if len(places) < count else ""
        if others:
            held_at = ", ".join(self._value(axis, self.position[axis]) for axis in others)
            note += f"Held at its slider: {held_at}." if len(others) == 1 else f"Held at their sliders: {held_at}."
        return [self._group(f"A cube for each value of {name}", panels, note=note, walk=[*self.edges, series])]

    def _cube_px(self, count: int) -> float:
        """Return how wide a small cube may be: up to four of them stand in a row where that leaves them legible."""
        return (self.room_px - 8) / count - 28 if count <= 4 else 200.0

    def _nodes(self, position: Index) -> Cube:
        """Return the cube in which the other parameters are held at a combination."""
        first = self.drawn[0]
        with np.errstate(invalid="ignore"):
            hidden = ~(self.quality.grid.mean >= self.threshold) if self.threshold > 0 else None
        return cube(
            first.grid,
            first.scale,
            self.edges,
            position,
            shown=self.passing,
            locked=tuple(self.locked & set(self.edges)),
            weight=self._weight()[0],
            ringed=self.ringed,
            hidden=hidden,
            logarithmic=self.reading.logarithmic,
        )

    def cube_words(self, nodes: Cube) -> dict[str, Any]:
        """Return what stands around the cube: values along its edges, the chosen node, and the key of sizes."""
        return {
            "spatial": self.is_spatial,
            "axes": [
                {"title": edge.title, "ticks": [[share, text] for share, text in edge.ticks]} for edge in nodes.axes
            ],
            "chosen": [edge.share(edge.slider) for edge in nodes.axes],
            "sizes": self._weight()[1],
            "rings": self._rings(nodes),
            "size": float(nodes.sizes[nodes.chosen]),
            "hidden": int(nodes.hidden.sum()),
            "count": len(nodes.x),
        }

    def _rings(self, nodes: Cube) -> list[list[float]]:
        """Return where in the cube the rings are, 0 to 1 along each edge, and their diameters."""
        ringed = np.flatnonzero(nodes.rings > 0)
        if len(ringed) > RINGS_AT_MOST:
            # where most cannot be told apart, rings would tell nothing; the other views have them
            return []
        places = [edge.shares(at[ringed]) for edge, at in zip(nodes.axes, (nodes.x, nodes.y, nodes.z), strict=True)]
        found: list[list[float]] = np.round(np.stack([*places, nodes.rings[ringed]], axis=-1), 4).tolist()
        return found

    def _weight(self) -> tuple[Floats | None, list[str]]:
        """Return what makes nodes large, and what a small and a large one mean; nothing where all are alike."""
        if self.objective == "both":
            return 1 - self.gradient.scale.share(self.gradient.grid.mean), ["steep", "stable"]
        count = self.quality.grid.count
        known = count[count > 0]
        if not known.size or known.min() == known.max():
            return None, []
        low, high = int(known.min()), int(known.max())
        return (count - low) / (high - low), [f"{low} repeat{'s' if low > 1 else ''}", f"{high} repeats"]

    def plane(self) -> list[Group]:
        """Return what stands in the place of a cube where there are two parameters, an image; or one, a line."""
        if len(self.position) == 1:
            return [self._line_group(each, self.half_px) for each in self.drawn]
        return [
            self._group(
                each.scale.title, [self._panel(each, self.edges, self.position, "", self.half_px)], walk=self.edges
            )
            for each in self.drawn
        ]

    # -- the tabs ------------------------------------------------------------------------------------------------

    def images(self) -> list[Group]:
        """Return a row of images for each objective."""
        groups = []
        for each in self.drawn:
            held = self._each_of_series(IMAGES_AT_MOST)
            panels = [self._panel(each, self.free, place, title) for place, title in held]
            groups.append(self._group(each.scale.title if len(self.drawn) > 1 else "", panels, walk=self.free))
        return groups

    def beside(self) -> list[Group]:
        """Return this experiment, another one, and how much better this one is, side by side."""
        found = self.other
        if found is None:
            return []
        both = scale_of("quality", np.stack([found.one.mean, found.other.mean]), stretched=self.stretched)
        apart = scale_of("difference", found.difference.mean)
        columns = [
            (found.first, found.one, both, None),
            (found.second, found.other, both, None),
            (f"{found.first} minus {found.second}", found.difference, apart, found.apart),
        ]
        groups = []
        for held, title in self._each_of_series(IMAGES_AT_MOST // 2):
            panels = [
                {
                    "title": name,
                    "svg": image(
                        grid,
                        scale,
                        self.free[:2],
                        held,
                        self.position,
                        title=f"{name}: {scale.title} {title}".strip(),
                        marked=self.passing,
                        ringed=ringed,
                        room_px=self.room_px,
                        said=self._told_beside,
                    ),
                    "here": False,
                }
                for name, grid, scale, ringed in columns
            ]
            groups.append(self._group(title, panels, walk=self.free))
        ring = " A ring: the difference can be told from nothing." if found.low is not None else ""
        groups[0] |= {"lead": f"{found.sentence}{ring}", "legends": [legend_words(both), legend_words(apart)]}
        return groups

    def _told_beside(self, index: Index) -> str:
        """Return what a combination says of both experiments."""
        told = self.other.told(index) if self.other is not None else ""
        return f"{cell_words(self.quality.grid, index)}: {told}"

    def _each_of_series(self, at_most: int) -> list[tuple[Index, str]]:
        """Return for each value of the series where the other parameters are held, and that value in words."""
        if len(self.free) < EDGES:
            return [(self.position, "")]
        series = self.free[2]
        places = window(self.quality.grid.shape[series], at_most, self.position[series])
        return [(_moved(self.position, series, place), self._value(series, place)) for place in places]

    def slices(self) -> list[Group]:
        """Return the planes at the sliders: each free parameter is held once, two others span an image."""
        if len(self.free) < EDGES:
            return []
        first, second, third = self.free[:EDGES]
        planes = [([first, second], third), ([first, third], second), ([second, third], first)]
        panels = [
            self._panel(each, span, self.position, self._value(held, self.position[held]))
            for each in self.drawn
            for span, held in planes
        ]
        return [self._group("Through the picked combination", [{**panel, "here": False} for panel in panels])]

    def lines(self) -> list[Group]:
        """Return the line charts of each objective, over an axis of its own."""
        return [self._line_group(each, self.room_px) for each in self.drawn]

    def surfaces(self) -> list[Group]:
        """Return a surface for each value of the series: the first objective is the height, the last the colour."""
        height, colour = self.drawn[0], self.drawn[-1]
        sheet = surface_series(
            (height.grid, height.scale),
            self.free,
            self.position,
            colour=(colour.grid, colour.scale) if colour is not height else None,
        )
        panels = [
            {"title": each.title, "here": each.at_slider, "svg": surface_picture(sheet, each, self.ringed)}
            for each in sheet.surfaces
        ]
        of_colour = f". Colour: {colour.scale.title}." if colour is not height else ", as the colour."
        return [self._group("", panels, note=f"Height: {height.scale.title}{of_colour}", walk=self.free)]

    def parallel(self, limits: Mapping[str, Sequence[float]]) -> list[Group]:
        """Return parallel coordinates, with what was brushed."""
        lines = parallel(
            (self.quality.grid, self.quality.scale),
            (self.gradient.grid, self.gradient.scale),
            self.position,
            shown=self.passing,
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
            last = self.quality.grid.shape[axis] - 1
            # half a step of room, so that a value is in where its tick is
            return name, (max(0.0, low * last - 0.5), min(float(last), high * last + 0.5))
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
        bar = [{"title": "", "svg": bars(rows, "points"), "here": False}]
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
        points = tradeoff(
            self.quality.grid,
            self.gradient.grid,
            colours,
            self.position,
            shown=self.passing,
            by_gradient=by_gradient,
        )
        svg = tradeoff_chart(points, self.quality.scale, self.reading.certainty, width=self.half_px)
        note = (
            f"Dashed: the Pareto front, {len(points.front)} of which nothing is both better and more stable. "
            f"Colour: {colours.title}."
        )
        if self.ringed is not None:
            note += " A strong edge: cannot be told from the best."
        return [self._group("", [{"title": "", "svg": svg, "here": False}], note=note)]

    def notebook_line(self, tab: str) -> str:
        """Return the line of a notebook that draws what an open tab shows; of two objectives the first one."""
        reading, grid = self.reading, self.quality.grid
        start = f"ws.results({reading.experiment!r}{measured_words(reading.results)})"
        if tab == "table":
            return f"{start}.table"
        given = []
        if tab == "beside":
            if self.other is None:
                return start
            given.append(f"ws.results({self.other.second!r}{measured_words(reading.results)})")
        if tab in ("images", "lines", "surfaces", "beside"):
            if tab != "beside" and self.objective == "gradient":
                given.append("'gradient'")
            free = [grid.names[axis] for axis in self.free]
            if free != list(grid.names):
                given.append(f"axes={free!r}")
        if reading.results.grid.shape and self.position != reading.best_place:
            given.append(f"cell={grid.cell(self.position)!r}")
        return f"{start}.{tab}({', '.join(given)})"

    # -- pieces --------------------------------------------------------------------------------------------------

    def _group(
        self, title: str, panels: list[dict[str, Any]], *, note: str = "", walk: Sequence[int] = (), wide: bool = False
    ) -> Group:
        """Return pictures side by side; `walk` are the axes that the arrow keys walk along."""
        group: Group = {"title": title, "panels": panels, "note": note, "wide": wide}
        if walk:
            names = ", ".join(short_name(self.quality.grid.names[axis]) for axis in walk)
            group |= {
                "walk": [int(axis) for axis in walk],
                "told": f"{names}: the arrow keys walk from one to the next",
            }
        return group

    def _panel(
        self, each: Drawn, span: Sequence[int], held: Index, title: str = "", room_px: float | None = None
    ) -> dict[str, Any]:
        svg = image(
            each.grid,
            each.scale,
            span[:2],
            held,
            self.position,
            title=f"{each.scale.title} {title}".strip(),
            marked=self.passing,
            ringed=self.ringed,
            room_px=room_px or self.room_px,
        )
        return {"title": title, "svg": svg, "here": held == self.position}

    def _line_group(self, each: Drawn, room_px: float) -> Group:
        svg = line_charts(
            each.grid,
            each.scale,
            self.free,
            self.position,
            each.certainty,
            upright=self._wide_enough(each),
            room_px=room_px,
            logarithmic=self.reading.logarithmic,
        )
        return self._group("", [{"title": "", "svg": svg, "here": False}], wide=True, walk=self.free)

    def _value(self, axis: int, place: int) -> str:
        grid = self.quality.grid
        return f"{short_name(grid.names[axis])} = {format_value(grid.values[axis][place])}"

    def _wide_enough(self, each: Drawn) -> ColourScale:
        """Return the upright axis of the line charts: wide enough for the bands, where it is stretched to the data."""
        low, high = each.certainty.low, each.certainty.high
        if not self.stretched or low is None or high is None or not np.isfinite(low).any():
            return each.scale
        return replace(each.scale, low=float(np.nanmin(low)), high=float(np.nanmax(high)))

    def _height(self, name: str, number: float) -> float:
        """Return where a number lies on an upright axis of the parallel coordinates, 0 to 1."""
        if name in ("quality", "gradient"):
            scale = self.quality.scale if name == "quality" else self.gradient.scale
            return float(scale.share(number))
        count = len(self.quality.grid.values[self.quality.grid.names.index(name)])
        return number / (count - 1) if count > 1 else 0.5


def _moved(position: Index, axis: int, place: int) -> Index:
    return (*position[:axis], place, *position[axis + 1 :])
