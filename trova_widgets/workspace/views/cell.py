"""The views of one cell: what it takes for what, its network, and how it learnt."""

from __future__ import annotations

import pandas as pd

from trova_widgets.errors import PlanError
from trova_widgets.figures.diagram import diagram
from trova_widgets.figures.learning import learning_curve
from trova_widgets.networks import summary
from trova_widgets.space import format_value
from trova_widgets.workspace.classified import Classified, classified
from trova_widgets.workspace.views.cells import Cell, Cells
from trova_widgets.workspace.views.view import View


class CellViews(Cells):
    """What can be seen of one cell: ``cell`` is by its values or its place; the best one, if left out."""

    def classified(self, cell: Cell = None, trial_id: str = "") -> Classified:
        """Return which class the networks of a cell told each record: ``.records("earthquake", "quarry_blast")``.

        Parameters
        ----------
        cell
            As of `CellViews`.
        trial_id : str
            One trial of the cell alone; all of them, if left out.

        Raises
        ------
        PlanError
            When no trial of it has finished.
        """
        return classified(self.results, self.place_of(cell), trial_id)

    def confusion(self, cell: Cell = None) -> View:
        """Draw the confusion matrix of a cell, pooled over its repeats, with its margins.

        Parameters
        ----------
        cell
            As of `CellViews`.

        Raises
        ------
        PlanError
            When no trial of it has finished.
        """
        from trova_widgets.figures.printed.matrix import draw_matrix

        place = self.place_of(cell)
        matrix = self.classified(place).matrix
        repeats = int(self.results.grid.count[place])
        each = "event" if self.results.by == "event" else "record"
        pooled = f"Each {each} is told once for each seed, by a network that never saw its event; {repeats} trainings."
        return View(
            "confusion",
            f"{self.results.experiment}: confusion matrix of {self.words_of(place)}",
            (
                "In each cell the count, its share of the true class, and the 95 % interval of that share by event.",
                pooled if self.results.has_folds else "",
            ),
            pd.DataFrame(
                matrix.counts,
                index=pd.Index(self.results.classes, name="true"),
                columns=pd.Index(self.results.classes, name="predicted"),
            ),
            lambda: draw_matrix(matrix),
        )

    def diagram(self, cell: Cell = None) -> View:
        """Draw the network of a cell, a box a layer, with what varies in the accent colour.

        Parameters
        ----------
        cell
            As of `CellViews`.
        """
        from trova_widgets.figures.printed.layers import draw_layers

        place = self.place_of(cell)
        values = self.results.grid.cell(place)
        settings = {**self.results.plan.settings, **values}
        model = self.results.plan.model
        own = {name: settings[name] for name in model.space if name in settings}
        layers = summary(model, own, int(settings.get("fingerprint.size", 64)), len(self.results.classes))
        boxes = diagram(layers, values)
        elsewhere = [f"{name} {format_value(value)}" for name, value in values.items() if name not in model.space]
        return View(
            "diagram",
            f"{self.results.experiment}: network of {self.words_of(place)}",
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
            As of `CellViews`.

        Raises
        ------
        PlanError
            When no trial of it has finished, or these results come from no workspace.
        """
        from trova_widgets.figures.printed.learning import draw_learning

        place = self.place_of(cell)
        trials = self.results.trials_of(place)
        if trials.empty:
            raise PlanError(f"No trial of the cell {self.words_of(place)} has finished; run the experiment first.")
        if self.results.read_trial is None:
            raise PlanError(f"The results of {self.results.experiment} come from no workspace; ask one for them.")
        told = {str(trial_id): self.results.read_trial(str(trial_id)).curve for trial_id in trials["trial_id"]}
        curves = [learning_curve({str(name): list(frame[name]) for name in frame}) for frame in told.values()]
        several = f"Pale: each of {len(curves)} trainings. Strong: their mean. " if len(curves) > 1 else ""
        frames = [frame.assign(trial_id=trial_id, epoch=range(1, len(frame) + 1)) for trial_id, frame in told.items()]
        return View(
            "learning",
            f"{self.results.experiment}: learning of {self.words_of(place)}",
            (f"{several}After each epoch: training, what was learnt from; test, what was only looked at.",),
            pd.concat(frames, ignore_index=True),
            lambda: draw_learning(curves),
        )
