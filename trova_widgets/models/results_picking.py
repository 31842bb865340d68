"""Which combination is picked, in whatever view, and which parameters are fixed there."""

from typing import Any

import traitlets
from traitlets import Dict, List, Unicode

from trova_widgets.models.application import ApplicationModel
from trova_widgets.models.results_display import held_words
from trova_widgets.models.results_drawn import EDGES
from trova_widgets.models.results_reading import Reading
from trova_widgets.models.results_taking import TakingModel
from trova_widgets.space import Grid, Index, format_value, short_name


class PickingModel(TakingModel):
    """The picked combination of an experiment; `_draw` lets everything follow it.

    Attributes
    ----------
    series : str
        The parameter with an image, a surface or a horizontal axis of its own.
    sliders : list of dict
        A slider a parameter: ``name``, ``title``, ``labels``, ``at`` (place of its value), ``locked``.
    held : str
        Which parameters are held because a cube has three edges, and how to see them.
    told : dict
        What the combination under the pointer says of itself: ``at`` (its place) and ``text``.
    said : str
        The same of the chosen combination, for who cannot see it.
    cube : Cube
        Figure data of the cube, whose nodes can be picked; None before anything is there.
    """

    series = Unicode("")
    sliders = List(Dict())
    held = Unicode("")
    told = Dict()
    said = Unicode("")
    cube = traitlets.Any(None)

    def __init__(self, application: ApplicationModel) -> None:
        self._locked: frozenset[int] = frozenset()
        self._recalled = ""
        super().__init__(application)

    def recall(self, kept: dict[str, Any]) -> None:
        """Come back to the tab, and to the trial as soon as its experiment has been read."""
        self._recalled = str(kept.get("trial_id", ""))
        super().recall({name: value for name, value in kept.items() if name != "trial_id"})
        self.select_trial(self._recalled)

    def forget_recalled(self) -> None:
        """Come to what an address says, and not to what was open before it."""
        self._recalled = ""

    def select(self, index: Index) -> None:
        """Choose a combination: the sliders go there, and everything follows."""
        if not self._is_place(index) or tuple(index) == self.position:
            return
        self.position = tuple(int(place) for place in index)
        self.pooled = True
        self._draw()

    def select_node(self, node: int) -> None:
        """Choose the combination of a node of the cube."""
        if self.cube is not None and 0 <= node < len(self.cube.index):
            self.select(tuple(int(place) for place in self.cube.index[node]))

    def select_trial(self, trial_id: str) -> None:
        """Choose a trial, that is a combination and a seed."""
        index = self.reading.index_of(trial_id) if self.reading is not None else None
        if index is not None:
            self.position, self.trial_id, self._recalled = index, trial_id, ""
            self.pooled = False
            self._draw()

    def look(self, index: Index) -> None:
        """Say of a combination what it is, in `told`; of none, where the pointer is on nothing."""
        if self._is_place(index) and self.reading is not None:
            place = tuple(int(each) for each in index)
            self.told = {"at": ",".join(map(str, place)), "text": self.reading.told(place)}
        else:
            self.told = {}

    def look_at_node(self, node: int | None) -> None:
        """Say what a node of the cube is."""
        known = self.cube is not None and node is not None and 0 <= node < len(self.cube.index)
        self.look(tuple(self.cube.index[node].tolist()) if known else ())

    def move(self, axis: int, place: int) -> None:
        """Move a slider."""
        if 0 <= axis < len(self.sliders) and 0 <= place < len(self.sliders[axis]["labels"]):
            self.select((*self.position[:axis], place, *self.position[axis + 1 :]))

    def step(self, axis: int, by: int) -> None:
        """Walk to the next combination along a parameter."""
        if 0 <= axis < len(self.position):
            self.move(axis, self.position[axis] + by)

    def lock(self, axis: int, locked: bool) -> None:
        """Fix a parameter at its slider, or set it free; at most three are free at once, and `held` says so."""
        if self.reading is None:
            return
        fixed = set(self._locked) | {axis} if locked else set(self._locked) - {axis}
        free = [other for other in range(len(self.position)) if other not in fixed]
        if len(free) > EDGES:
            fixed.add(next(other for other in reversed(free) if other != axis))
        self.lock_all(frozenset(fixed))

    def lock_all(self, locked: frozenset[int]) -> None:
        """Fix these parameters at their sliders, and set the others free."""
        self._locked = locked
        names = self.reading.quality.names if self.reading is not None else ()
        free = [name for axis, name in enumerate(names) if axis not in locked]
        # what is held has no row of images of its own
        if free and self.series not in free:
            self.series = free[-1]
        self._draw()

    @property
    def locked(self) -> frozenset[int]:
        """The axes that are fixed at their sliders."""
        return self._locked

    def _draw(self) -> None:
        """Draw what is seen of the picked combination."""
        raise NotImplementedError

    def _is_place(self, index: Index) -> bool:
        """Whether it is a combination of this experiment: it may have been picked in a picture of another one."""
        shape = self.reading.quality.shape if self.reading is not None else ()
        return bool(shape) and len(index) == len(shape) and all(0 <= at < n for at, n in zip(index, shape, strict=True))

    def _tell_picked(self, reading: Reading) -> None:
        """Say what is picked, and what is fixed."""
        self.sliders = self._sliders(reading.quality)
        self.held = held_words(reading.quality, self._locked, self.position, EDGES)
        self.said = reading.told(self.position)

    def _sliders(self, grid: Grid) -> list[dict[str, Any]]:
        return [
            {
                "name": name,
                "title": short_name(name),
                "labels": [format_value(value) for value in values],
                "at": self.position[axis],
                "locked": axis in self._locked,
            }
            for axis, (name, values) in enumerate(zip(grid.names, grid.values, strict=True))
        ]
