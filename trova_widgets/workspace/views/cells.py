"""Which cell of an experiment is meant: by its values, by its place, or the best one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, cast

from trova_widgets.errors import PlanError
from trova_widgets.names import nearest
from trova_widgets.space import Grid, Index, Value, format_value, short_name

if TYPE_CHECKING:
    from trova_widgets.workspace.results import ExperimentResults

Cell = Mapping[str, Value] | Sequence[int] | None


class Cells:
    """The cells of results, as a person names them."""

    @property
    def results(self) -> ExperimentResults:
        """The results that are looked at."""
        # the views are a part of the results, which have them as their base
        return cast("ExperimentResults", self)

    def place_of(self, cell: Cell) -> Index:
        """Return the place of a cell in the grid.

        Parameters
        ----------
        cell : mapping, sequence of int, or None
            Values by the names or short names of settings, those that are left out as in the best cell; or a place; or
            None for the best cell.

        Raises
        ------
        PlanError
            When a setting does not vary, or not at this value.
        """
        grid = self.results.grid
        place = (0,) * len(grid.shape) if grid.holes.all() else tuple(self.results.best.place)
        if cell is None:
            return place
        if not isinstance(cell, Mapping):
            at = tuple(int(each) for each in cell)
            inside = len(at) == len(grid.shape) and all(
                0 <= each < size for each, size in zip(at, grid.shape, strict=True)
            )
            if not inside:
                raise PlanError(f"{at} is no place in a grid of {' x '.join(map(str, grid.shape)) or 'one cell'}.")
            return at
        moved = list(place)
        for name, value in cell.items():
            axis = self._axis(name)
            words = [format_value(each) for each in grid.values[axis]]
            if format_value(value) not in words:
                raise PlanError(
                    f"{name} does not take the value {value!r} in {self.results.experiment}; it has {', '.join(words)}."
                )
            moved[axis] = words.index(format_value(value))
        return tuple(moved)

    def words_of(self, place: Index) -> str:
        """Return the values of a cell: ``filterSize (2) 2, numFilters (2) 8``."""
        values = [f"{short_name(name)} {format_value(value)}" for name, value in self.results.grid.cell(place).items()]
        return ", ".join(values) or "the network as saved"

    def _axis(self, name: str) -> int:
        """Return the axis of a setting, by its name or as much of it as tells it from the others."""
        names = self.results.grid.names
        short = [short_name(each) for each in names]
        bare = [each.partition(" (")[0] for each in short]
        for known in (list(names), short, bare):
            if known.count(name) == 1:
                return known.index(name)
        if name in bare:
            several = [each for each, own in zip(names, bare, strict=True) if own == name]
            raise PlanError(f"Several settings are called {name}; name one of {', '.join(several)}.")
        raise PlanError(f"{name} does not vary in {self.results.experiment}; {nearest(name, names)}.")

    @property
    def shown_place(self) -> Index:
        """The best cell's place in `shown_grid`."""
        return self.place_of(None) or (0,)

    @property
    def logarithmic(self) -> frozenset[str]:
        """The varied settings of which equal ratios are equal steps."""
        space = self.results.plan.space
        return frozenset(
            name for name in self.results.grid.names if name in space and space[name].order == "logarithmic"
        )

    @property
    def is_sure(self) -> bool:
        """Whether it is known how sure the qualities are."""
        return self.results.read is not None and not self.results.grid.holes.all()

    @property
    def shown_grid(self) -> Grid:
        """The quality with at least one axis: where nothing varies, that of the network."""
        grid = self.results.grid
        if grid.names:
            return grid
        shape = {name: getattr(grid, name).reshape(1) for name in ("mean", "deviation", "count", "state")}
        return Grid(names=("network",), values=(("as saved",),), **shape)
