"""The cube of the results page, a row of cubes for a fourth parameter, and what stands in its place."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from trova_widgets.figures.cube import Cube, cube
from trova_widgets.figures.panels import window
from trova_widgets.figures.screen.cubes import small_cube
from trova_widgets.models.results_drawn import DrawnState, Group, moved
from trova_widgets.space import Floats, Index, short_name

#: So many small cubes are drawn at once at most, and so many nodes in them all together.
CUBES_AT_MOST, CUBE_NODES_AT_MOST = 12, 6_000
#: More rings than this are not drawn in the cube.
RINGS_AT_MOST = 1_000


@dataclass(frozen=True, kw_only=True, eq=False)
class CubeViews(DrawnState):
    """The views in three dimensions."""

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
            held = moved(self.position, series, place)
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
        """Return what stands around the cube whichever node is picked: values along its edges, rings, its key."""
        return {
            "spatial": self.is_spatial,
            "axes": [
                {"title": edge.title, "ticks": [[share, text] for share, text in edge.ticks]} for edge in nodes.axes
            ],
            "sizes": self._weight()[1],
            "rings": self._rings(nodes),
            "hidden": int(nodes.hidden.sum()),
            "count": len(nodes.x),
        }

    def picked_node(self, nodes: Cube) -> dict[str, Any]:
        """Return where in the cube the picked node is, 0 to 1 along each edge, and its diameter."""
        return {
            "at": [edge.share(edge.slider) for edge in nodes.axes],
            "size": float(nodes.sizes[nodes.chosen]),
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
