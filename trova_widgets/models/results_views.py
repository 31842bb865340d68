"""What the results page draws of a reading: each view as pictures and words, from one state of the page."""

from dataclasses import dataclass

import numpy as np

from trova_widgets.figures.colour import scale_of
from trova_widgets.figures.panels import window
from trova_widgets.figures.screen.images import image
from trova_widgets.figures.screen.surfaces import surface_picture
from trova_widgets.figures.surfaces import surface_series
from trova_widgets.figures.telling import cell_words
from trova_widgets.models.results_cubes import CubeViews
from trova_widgets.models.results_display import legend_words, measured_words
from trova_widgets.models.results_drawn import EDGES, Group, moved
from trova_widgets.models.results_overviews import Overviews
from trova_widgets.space import Index

#: More images at once than this are looked at through a window around the slider.
IMAGES_AT_MOST = 24


@dataclass(frozen=True, kw_only=True, eq=False)
class Views(CubeViews, Overviews):
    """Everything that is drawn of one state of the page."""

    def images(self) -> list[Group]:
        """Return a row of images for each objective."""
        groups = []
        for each in self.drawn:
            held = self._each_of_series(IMAGES_AT_MOST)
            panels = [self._panel(each, self.free, place, title, beside=len(held)) for place, title in held]
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
                        title=f"{name}: {scale.title} {title}".strip(),
                        marked=self.passing,
                        ringed=ringed,
                        # three stand side by side
                        room_px=self.room_px if self.is_spatial else max(self.room_px / 3 - 20, 270.0),
                        high_px=self.high_px,
                        beside=len(columns) if self.is_spatial else 1,
                        said=self._told_beside,
                    ).marked(self.position),
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
        return [(moved(self.position, series, place), self._value(series, place)) for place in places]

    def slices(self) -> list[Group]:
        """Return the planes at the sliders: each free parameter is held once, two others span an image."""
        if len(self.free) < EDGES:
            return []
        first, second, third = self.free[:EDGES]
        planes = [([first, second], third), ([first, third], second), ([second, third], first)]
        panels = [
            self._panel(each, span, self.position, self._value(held, self.position[held]), beside=len(planes))
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
            logarithmic=self.reading.logarithmic,
        )
        panels = [
            {"title": each.title, "here": each.at_slider, "svg": surface_picture(sheet, each, self.ringed)}
            for each in sheet.surfaces
        ]
        of_colour = f". Colour: {colour.scale.title}." if colour is not height else ", as the colour."
        return [self._group("", panels, note=f"Height: {height.scale.title}{of_colour}", walk=self.free)]

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
