"""One state of the results page, and the pieces of which its views are made."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from trova_widgets.figures.colour import ColourScale, scale_of
from trova_widgets.figures.screen.images import Image, image
from trova_widgets.figures.screen.lines import line_charts
from trova_widgets.figures.screen.svg import Markable
from trova_widgets.figures.telling import Certainty
from trova_widgets.models.results_reading import Reading
from trova_widgets.space import Grid, Index, format_value, short_name

if TYPE_CHECKING:
    from trova_widgets.workspace.beside import Beside

Picture = TypeVar("Picture", bound=Markable)
#: Pictures side by side: ``title``, ``panels`` (each a ``title``, an ``svg``, and whether it is ``here``), ``note``.
Group = dict[str, Any]
#: A cube has so many edges.
EDGES = 3
#: Where there is no cube, a picture is so high.
PLANE_PX = 252.0
#: In less room than this no two pictures stand side by side.
_STACKED_PX = 620.0


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
class DrawnState:
    """One state of the page, of which everything is drawn.

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
    pictures : dict of tuple to Markable
        What was drawn at other positions of the same state.
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
    pictures: dict[tuple[object, ...], Any] = field(default_factory=dict)

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
        if self.room_px < _STACKED_PX:
            # there the one stands below the other
            return max(self.room_px - 8, 270.0)
        # a cube stands in a column of its own on a large screen; a plane or a line has half of the page
        return min(max((self.room_px - 60) / 2, 270.0), 440.0 if self.is_spatial else 1000.0)

    @property
    def high_px(self) -> float | None:
        """How high the pixels of an image are together that fills its room: those of one or two parameters do."""
        return None if self.is_spatial else PLANE_PX

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
        self,
        each: Drawn,
        span: Sequence[int],
        held: Index,
        title: str = "",
        room_px: float | None = None,
        beside: int = 1,
    ) -> dict[str, Any]:
        span = tuple(span[:2])
        # of the axes that it spans, it has every value
        place = tuple(0 if axis in span else at for axis, at in enumerate(held))
        key = (each.scale.title, title, span, place, room_px, beside)

        def draw() -> Image:
            return image(
                each.grid,
                each.scale,
                span,
                place,
                title=f"{each.scale.title} {title}".strip(),
                marked=self.passing,
                ringed=self.ringed,
                room_px=room_px or self.room_px,
                high_px=self.high_px,
                beside=beside,
            )

        svg = self._picture(key, draw).marked(self.position)
        return {"title": title, "svg": svg, "here": held == self.position}

    def _picture(self, key: tuple[object, ...], draw: Callable[[], Picture]) -> Picture:
        """Return a picture that was drawn before, or draw it."""
        if key not in self.pictures:
            self.pictures[key] = draw()
        found: Picture = self.pictures[key]
        return found

    def _line_group(self, each: Drawn, room_px: float) -> Group:
        svg = line_charts(
            each.grid,
            each.scale,
            self.free,
            self.position,
            each.certainty,
            upright=self._wide_enough(each),
            room_px=room_px,
            high_px=self.high_px,
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


def moved(position: Index, axis: int, place: int) -> Index:
    """Return a combination with another value of one parameter."""
    return (*position[:axis], place, *position[axis + 1 :])
