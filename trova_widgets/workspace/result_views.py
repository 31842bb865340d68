"""The views of an experiment's results, each in one line: in a notebook, and as files without a browser."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast

import numpy as np
import pandas as pd

from trova_widgets.errors import PlanError, StoreError
from trova_widgets.figures.colour import scale_of
from trova_widgets.figures.confusion import confusion
from trova_widgets.figures.diagram import diagram
from trova_widgets.figures.learning import learning_curve
from trova_widgets.figures.parallel import parallel
from trova_widgets.figures.printed.influence import Influenced, draw_influence
from trova_widgets.figures.printed.landscape import Landscape
from trova_widgets.figures.tradeoff import tradeoff
from trova_widgets.names import nearest
from trova_widgets.networks import summary
from trova_widgets.space import Floats, Grid, Index, Value, format_value, influence, short_name
from trova_widgets.workspace.view import View, framed, write_file

if TYPE_CHECKING:
    from trova_widgets.workspace.results import ExperimentResults

Shown = Literal["quality", "gradient"]
Cell = Mapping[str, Value] | Sequence[int] | None
#: The views that are there, as methods of the results.
VIEWS = (
    *("cube", "images", "lines", "surfaces", "parallel", "influence", "tradeoff"),
    *("confusion", "diagram", "learning"),
)
#: Those of one cell.
OF_A_CELL = ("confusion", "diagram", "learning")

_WHAT = {"quality": "Quality", "gradient": "Gradient of the quality"}
_LABELS = {"quality": "Quality Q [%]", "gradient": "Gradient |∇Q| [points a step]"}


class ResultViews:
    """What can be seen of results.

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
            As of `ResultViews`; up to four axes.
        """
        from trova_widgets.figures.printed.cube import draw_cube
        from trova_widgets.workspace.experiment_document import cube_page

        shown, drawn = self._landscape(of, cell), self._axes(axes, 4)
        ring = "Ring: cannot be told from the best (90 %)." if shown.inside is not None else ""
        sentences = (ring, self._picked(shown, "Orange ring"), self._holes("Cross"), self._held(shown, drawn))
        return View(
            "cube",
            self._title(of, drawn),
            (*sentences, self._measured(of)),
            self._cells(),
            lambda: draw_cube(shown, drawn),
            lambda: cube_page(self._found, of, drawn, shown.place),
        )

    def images(self, of: Shown = "quality", *, axes: Sequence[str] = (), cell: Cell = None) -> View:
        """Draw an objective over two settings, an image for each value of a third, a row of them for each of a fourth.

        Parameters
        ----------
        of, axes, cell
            As of `ResultViews`; up to four axes.
        """
        from trova_widgets.figures.printed.images import draw_images

        shown, drawn = self._landscape(of, cell), self._axes(axes, 4)
        point = "Point: cannot be told from the best (90 %)." if shown.inside is not None else ""
        sentences = (point, self._picked(shown, "Orange frame"), self._holes("Hatched"), self._held(shown, drawn))
        return View(
            "images",
            self._title(of, drawn),
            (*sentences, self._measured(of)),
            self._cells(),
            lambda: draw_images(shown, drawn),
        )

    def lines(self, of: Shown = "quality", *, axes: Sequence[str] = (), cell: Cell = None) -> View:
        """Draw an objective over the third setting, a chart for each pair of values of the first two.

        Parameters
        ----------
        of, axes, cell
            As of `ResultViews`; up to four axes, of which the last has a line for each value.
        """
        from trova_widgets.figures.printed.lines import draw_lines

        shown, drawn = self._landscape(of, cell), self._axes(axes, 4)
        ring = "Dark ring: cannot be told from the best (90 %)." if shown.inside is not None else ""
        band = "Band: 95 % interval by event." if shown.low is not None else ""
        sentences = (band, ring, self._picked(shown, "Orange ring"), self._holes("Hatched"), self._held(shown, drawn))
        return View(
            "lines",
            self._title(of, drawn),
            (*sentences, self._measured(of)),
            self._cells(),
            lambda: draw_lines(shown, drawn),
        )

    def surfaces(self, of: Shown = "quality", *, axes: Sequence[str] = (), cell: Cell = None) -> View:
        """Draw an objective as height over two settings, a surface for each value of a third.

        Parameters
        ----------
        of, axes, cell
            As of `ResultViews`; up to three axes.
        """
        from trova_widgets.figures.printed.surfaces import draw_surfaces

        shown, drawn = self._landscape(of, cell), self._axes(axes, 3)
        point = "Dark point: cannot be told from the best (90 %)." if shown.inside is not None else ""
        sentences = (point, self._picked(shown, "Orange"), self._holes("Cross on the ground"), self._held(shown, drawn))
        return View(
            "surfaces",
            self._title(of, drawn),
            (*sentences, self._measured(of)),
            self._cells(),
            lambda: draw_surfaces(shown, drawn),
        )

    def parallel(self, *, cell: Cell = None) -> View:
        """Draw each cell as a line through its values to its quality and its gradient.

        Parameters
        ----------
        cell
            As of `ResultViews`.
        """
        from trova_widgets.figures.printed.parallel import draw_parallel

        shown, steep = self._landscape("quality", cell), self._landscape("gradient", cell)
        lines = parallel((shown.grid, shown.scale), (steep.grid, steep.scale), shown.place)
        left = f"The best {len(lines.index)} cells are drawn, {lines.left_out} are not." if lines.left_out else ""
        strong = "Strong: cannot be told from the best (90 %)." if shown.inside is not None else ""
        return View(
            "parallel",
            f"{self._found.experiment}: every combination, its quality and its gradient",
            (strong, self._picked(shown, "Orange"), left, self._measured("quality")),
            self._cells(),
            lambda: draw_parallel(lines, shown.scale, shown.label, shown.inside),
        )

    def influence(self, *, cell: Cell = None) -> View:
        """Draw how much each setting moves the quality, with its interval, and the mean at each of its values.

        Parameters
        ----------
        cell
            As of `ResultViews`: its values are ringed.
        """
        shown = self._landscape("quality", cell)
        settings = _influenced(self._found, shown)
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
            f"{self._found.experiment}: influence of each setting on the quality",
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
            As of `ResultViews`.
        """
        from trova_widgets.figures.printed.tradeoff import draw_tradeoff

        shown, steep = self._landscape("quality", cell), self._landscape("gradient", cell)
        points = tradeoff(shown.grid, steep.grid, shown.scale, shown.place)
        ring = "Dark ring: cannot be told from the best (90 %)." if shown.inside is not None else ""
        bars = "Bars: 95 % interval by event." if shown.low is not None and len(points.index) <= 500 else ""
        front = "Dashed: the Pareto front, of which nothing is both better and more stable."
        return View(
            "tradeoff",
            f"{self._found.experiment}: quality against gradient",
            (front, ring, bars, self._picked(shown, "Orange ring"), self._measured("quality")),
            self._cells(),
            lambda: draw_tradeoff(points, shown),
        )

    def confusion(self, cell: Cell = None) -> View:
        """Draw the confusion matrix of a cell, pooled over its repeats, with its margins.

        Parameters
        ----------
        cell
            As of `ResultViews`.

        Raises
        ------
        PlanError
            When no trial of it has finished.
        """
        from trova_widgets.figures.printed.matrix import draw_matrix

        place = self.place_of(cell)
        matrix = confusion(self._found.counts_at(place), self._found.classes)
        repeats = int(self._found.grid.count[place])
        each = "event" if self._found.by == "event" else "record"
        pooled = f"Each {each} is told once for each seed, by a network that never saw its event; {repeats} trainings."
        return View(
            "confusion",
            f"{self._found.experiment}: confusion matrix of {self.words_of(place)}",
            ("In each cell the count, and its share of the true class.", pooled if self._found.has_folds else ""),
            pd.DataFrame(
                matrix.counts,
                index=pd.Index(self._found.classes, name="true"),
                columns=pd.Index(self._found.classes, name="predicted"),
            ),
            lambda: draw_matrix(matrix),
        )

    def diagram(self, cell: Cell = None) -> View:
        """Draw the network of a cell, a box a layer, with what varies in the accent colour.

        Parameters
        ----------
        cell
            As of `ResultViews`.
        """
        from trova_widgets.figures.printed.layers import draw_layers

        place = self.place_of(cell)
        values = self._found.grid.cell(place)
        settings = {**self._found.plan.settings, **values}
        model = self._found.plan.model
        own = {name: settings[name] for name in model.space if name in settings}
        layers = summary(model, own, int(settings.get("fingerprint.size", 64)), len(self._found.classes))
        boxes = diagram(layers, values)
        elsewhere = [f"{name} {format_value(value)}" for name, value in values.items() if name not in model.space]
        return View(
            "diagram",
            f"{self._found.experiment}: network of {self.words_of(place)}",
            (
                "Orange: what the experiment varies. Bar: the size of the output.",
                f"Varied outside of the network: {', '.join(elsewhere)}." if elsewhere else "",
                f"{sum(box.parameters for box in boxes):,} numbers to learn.",
            ),
            pd.DataFrame(
                {
                    "layer": [box.position for box in boxes],
                    "kind": [box.title for box in boxes],
                    "values": [box.text for box in boxes],
                    "varied": [", ".join(f"{name} {value}" for name, value in box.varied) for box in boxes],
                    "output": [box.shape for box in boxes],
                    "parameters": [box.parameters for box in boxes],
                }
            ).set_index("layer"),
            lambda: draw_layers(boxes),
        )

    def learning(self, cell: Cell = None) -> View:
        """Draw the learning curves of all finished trainings of a cell, and their mean.

        Parameters
        ----------
        cell
            As of `ResultViews`.

        Raises
        ------
        PlanError
            When no trial of it has finished, or these results come from no workspace.
        """
        from trova_widgets.figures.printed.learning import draw_learning

        place = self.place_of(cell)
        trials = self._found.trials_of(place)
        if trials.empty:
            raise PlanError(f"No trial of the cell {self.words_of(place)} has finished; run the experiment first.")
        if self._found.read_trial is None:
            raise PlanError(f"The results of {self._found.experiment} come from no workspace; ask one for them.")
        told = {str(trial_id): self._found.read_trial(str(trial_id)).curve for trial_id in trials["trial_id"]}
        curves = [learning_curve({str(name): list(frame[name]) for name in frame}) for frame in told.values()]
        several = f"Pale: each of {len(curves)} trainings. Strong: their mean. " if len(curves) > 1 else ""
        frames = [frame.assign(trial_id=trial_id, epoch=range(1, len(frame) + 1)) for trial_id, frame in told.items()]
        return View(
            "learning",
            f"{self._found.experiment}: learning of {self.words_of(place)}",
            (f"{several}After each epoch: training, what was learnt from; test, what was only looked at.",),
            pd.concat(frames, ignore_index=True),
            lambda: draw_learning(curves),
        )

    # -- the whole -----------------------------------------------------------------------------------------------

    @property
    def html(self) -> str:
        """All of it as one page of HTML that works offline and whose cube turns; see `save`."""
        from trova_widgets.workspace.experiment_document import experiment_page

        return experiment_page(self._found)

    def save(self, path: str | Path) -> Path:
        """Write all of it into one file of HTML, which needs no other one and no network.

        Its cube turns; images, line charts, the trade-off, the confusion matrix and the table follow the cell that is
        picked; influence, network, learning and where it all comes from are there too.

        Parameters
        ----------
        path : path
            ``experiment-1.html``.

        Returns
        -------
        Path
            The file.

        Raises
        ------
        PlanError
            When no trial has finished.
        StoreError
            When the name does not end in ``.html``, or the file cannot be written.
        """
        file = Path(path).expanduser()
        if file.suffix.lower() not in (".html", ".htm"):
            raise StoreError(
                f"Results are saved as one page, {file.stem}.html for instance; export writes tables, and each view "
                "has a save of its own for pictures."
            )
        return write_file(file, self.html.encode())

    def __repr__(self) -> str:
        said = self._found.sentence or "no trial has finished yet."
        return f"{self._found.experiment}: {said}"

    def _repr_html_(self) -> str:
        """Return the whole for a notebook."""
        if self._found.grid.holes.all():
            return f"<p>{escape(self._found.experiment)}: no trial has finished yet.</p>"
        return framed(self.html, f"Results of {self._found.experiment}", 820)

    # -- what they share -----------------------------------------------------------------------------------------

    @property
    def _found(self) -> ExperimentResults:
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
        grid = self._found.grid
        place = (0,) * len(grid.shape) if grid.holes.all() else tuple(self._found.best.place)
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
                    f"{name} does not take the value {value!r} in {self._found.experiment}; it has {', '.join(words)}."
                )
            moved[axis] = words.index(format_value(value))
        return tuple(moved)

    def words_of(self, place: Index) -> str:
        """Return the values of a cell: ``filterSize (2) 2, numFilters (2) 8``."""
        values = [f"{short_name(name)} {format_value(value)}" for name, value in self._found.grid.cell(place).items()]
        return ", ".join(values) or "the network as saved"

    def _axis(self, name: str) -> int:
        """Return the axis of a setting, by its name or as much of it as tells it from the others."""
        names = self._found.grid.names
        short = [short_name(each) for each in names]
        bare = [each.partition(" (")[0] for each in short]
        for known in (list(names), short, bare):
            if known.count(name) == 1:
                return known.index(name)
        if name in bare:
            several = [each for each, own in zip(names, bare, strict=True) if own == name]
            raise PlanError(f"Several settings are called {name}; name one of {', '.join(several)}.")
        raise PlanError(f"{name} does not vary in {self._found.experiment}; {nearest(name, names)}.")

    def _axes(self, names: Sequence[str], at_most: int) -> list[int]:
        if isinstance(names, str):
            names = [names]
        if len(names) > at_most:
            raise PlanError(f"{len(names)} settings cannot be drawn here at once; name {at_most} at most.")
        axes = [self._axis(name) for name in names]
        if len(set(axes)) < len(axes):
            raise PlanError(f"A setting is named twice: {', '.join(names)}.")
        # nothing varies: the one cell has an axis of its own
        return axes or list(range(max(len(self._found.grid.shape), 1)))[:at_most]

    def _landscape(self, of: Shown, cell: Cell) -> Landscape:
        if of not in _WHAT:
            raise PlanError(f"{of!r} cannot be shown; there are quality and gradient.")
        quality = self.shown_grid
        grid = quality if of == "quality" else quality.of_gradient()
        ends: tuple[Floats | None, ...] = (None, None)
        if self.is_sure and of == "quality":
            ends = tuple(each.reshape(grid.shape) for each in self._found.intervals)
        return Landscape(
            grid=grid,
            scale=scale_of(of, grid.mean, stretched=True),
            label=_LABELS[of],
            place=self.place_of(cell) or (0,),
            inside=self._found.indistinct.reshape(grid.shape) if self.is_sure else None,
            low=ends[0],
            high=ends[1],
        )

    @property
    def shown_place(self) -> Index:
        """The best cell's place in `shown_grid`."""
        return self.place_of(None) or (0,)

    @property
    def is_sure(self) -> bool:
        """Whether it is known how sure the qualities are."""
        return self._found.read is not None and not self._found.grid.holes.all()

    @property
    def shown_grid(self) -> Grid:
        """The quality with at least one axis: where nothing varies, that of the network."""
        grid = self._found.grid
        if grid.names:
            return grid
        shape = {name: getattr(grid, name).reshape(1) for name in ("mean", "deviation", "count", "state")}
        return Grid(names=("network",), values=(("as saved",),), **shape)

    def _title(self, of: Shown, axes: Sequence[int]) -> str:
        names = [short_name(self.shown_grid.names[axis]) for axis in axes]
        over = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
        return f"{self._found.experiment}: {_WHAT[of].lower()} over {over}"

    def _picked(self, shown: Landscape, mark: str) -> str:
        place = shown.place if self._found.grid.shape else ()
        words = self.words_of(place)
        if self._found.grid.holes.all():
            return "No trial has finished yet."
        if place == tuple(self._found.best.place):
            return f"{mark}: the best cell, {words}."
        return f"{mark}: {words}."

    def _holes(self, mark: str) -> str:
        states, counts = np.unique(self._found.grid.state[self._found.grid.holes], return_counts=True)
        if not len(states):
            return ""
        why = {"impossible": "cannot be built", "missing": "not run yet"}
        told = ", ".join(f"{count} {why.get(str(state), state)}" for state, count in zip(states, counts, strict=True))
        return f"{mark}: without a result ({told})."

    @staticmethod
    def _held(shown: Landscape, drawn: Sequence[int]) -> str:
        held = shown.held(drawn)
        return f"At {held}." if held else ""

    def _measured(self, of: Shown) -> str:
        counts = self._found.grid.count[~self._found.grid.holes]
        if not counts.size:
            return ""
        few, many = int(counts.min()), int(counts.max())
        repeats = f"{few}" if few == many else f"{few} to {many}"
        found = self._found
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
            low, high = self._found.intervals
            columns |= {"quality_low": low.ravel(), "quality_high": high.ravel()}
            columns |= {"in_confidence_set": self._found.indistinct.ravel()}
        columns |= {"gradient": grid.gradient.ravel(), "repeats": grid.count.ravel(), "state": grid.state.ravel()}
        return pd.DataFrame(columns)


def _influenced(results: ExperimentResults, shown: Landscape) -> list[Influenced]:
    """Return how each setting acts: with intervals where they are known, else the plain means."""
    grid = shown.grid
    if results.is_sure and results.grid.shape:
        return [
            Influenced(
                name=short_name(each.name),
                labels=tuple(shown.labels(axis)),
                means=each.means,
                low=each.low,
                high=each.high,
                size=each.size,
                size_low=each.size_low,
                size_high=each.size_high,
                chosen=shown.place[axis],
            )
            for axis, each in enumerate(results.effects)
        ]
    reach = {each.axis: each.reach for each in influence(grid)}
    found = []
    for axis, name in enumerate(grid.names):
        lines = np.moveaxis(grid.mean, axis, 0).reshape(grid.shape[axis], -1)
        known = np.isfinite(lines)
        means = np.where(known.any(axis=1), np.nansum(lines, axis=1) / np.maximum(known.sum(axis=1), 1), np.nan)
        nothing = np.full(len(means), np.nan)
        found.append(
            Influenced(
                name=short_name(name),
                labels=tuple(shown.labels(axis)),
                means=means,
                low=nothing,
                high=nothing,
                size=reach[axis],
                size_low=np.nan,
                size_high=np.nan,
                chosen=shown.place[axis],
            )
        )
    return found
