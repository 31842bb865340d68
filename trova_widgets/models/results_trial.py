"""The trial that is chosen on the results page: its card, matrix, curve, diagram, mistakes and remarks."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd
from traitlets import Bool, Dict, List, Unicode, observe

from trova_widgets.figures.confusion import Confusion, confusion
from trova_widgets.figures.diagram import LayerBox, diagram
from trova_widgets.figures.learning import LearningCurve, learning_curve
from trova_widgets.figures.screen.learning import learning_charts
from trova_widgets.models import results_display as words
from trova_widgets.models.application import ApplicationModel
from trova_widgets.models.background import InOrderQueue, in_background
from trova_widgets.models.changing import changing
from trova_widgets.models.page import PageModel
from trova_widgets.models.results_reading import Reading
from trova_widgets.space import Index

if TYPE_CHECKING:
    from trova_widgets.workspace import Workspace

_DETAILS_KEPT = 64


@dataclass(frozen=True, kw_only=True, eq=False)
class TrialDetails:
    """Everything about one finished trial.

    Attributes
    ----------
    trial_id : str
        Its identity.
    confusion : Confusion
        On the validation set.
    curve : LearningCurve
        Its training.
    diagram : tuple of LayerBox
        Its network.
    mistakes : DataFrame
        The records of the validation set that it took for something else, the surest mistake first.
    """

    trial_id: str
    confusion: Confusion
    curve: LearningCurve
    diagram: tuple[LayerBox, ...]
    mistakes: pd.DataFrame


class TrialModel(PageModel):
    """The state and the actions of the trial that is looked at.

    Attributes
    ----------
    trial_id : str
        The chosen trial of a combination, empty where there is none.
    trial, matrix, curve : dict, layers, learning : list of dict
        The card, the confusion matrix, the training in words, the diagram, and the pictures of the training of the
        chosen trial.
    pooled : bool
        Whether the matrix is that of all repeats of the combination together, where it has several on folds.
    mistakes, remarks : list of dict
        The records that the chosen trial took for something else, and what people wrote beside it.
    """

    trial_id = Unicode("")
    pooled = Bool(True)
    trial = Dict()
    matrix = Dict()
    layers = List(Dict())
    mistakes = List(Dict())
    remarks = List(Dict())
    curve = Dict()
    learning = List(Dict())

    def __init__(self, application: ApplicationModel) -> None:
        self._details: dict[str, TrialDetails] = {}
        self._looked_at: tuple[Reading, Index, TrialDetails | None] | None = None
        self._remembering = InOrderQueue()
        super().__init__(application)

    @changing
    def annotate(self, text: str, trial_id: str | None = None) -> None:
        """Leave a remark beside a trial, the chosen one where none is named."""
        subject, written = trial_id or self.trial_id, text.strip()
        if subject and written:
            self.do(
                "Keeping the remark",
                lambda: self.workspace.annotate(subject, written),
                lambda _: self._read_remarks(subject),
            )

    def show_trial(self, reading: Reading, position: Index) -> None:
        """Show the chosen trial of a combination, or another one of it where that is none."""
        trials = reading.trials_at(position)
        if self.trial_id not in set(trials["trial_id"]):
            finished = trials[trials["state"] == "finished"]
            chosen = finished if len(finished) else trials
            self.trial_id = str(chosen["trial_id"].iloc[0]) if len(chosen) else ""
        self.trial = words.trial_words(reading, position, self.trial_id)
        trial_id = self.trial_id
        self._read_remarks(trial_id)
        finished_ids = set(trials.loc[trials["state"] == "finished", "trial_id"])
        if trial_id not in finished_ids:
            self._show_details(reading, position, None)
        elif trial_id in self._details:
            self._show_details(reading, position, self._details[trial_id])
        else:
            self._looked_at = (reading, position, None)
            values = reading.quality.cell(position)
            in_background(
                lambda: read_trial(self.workspace, trial_id, values), self._keep_details, self.application.notify
            )

    def forget_trials(self) -> None:
        """Forget what was read of trials: another experiment is looked at."""
        self._details.clear()

    def _read_remarks(self, trial_id: str) -> None:
        """Read what people wrote: unlike all else about a finished trial it grows."""
        if not trial_id:
            self.remarks = []
            return
        self._remembering.submit(
            lambda: words.remark_words(self.workspace.annotations(trial_id)),
            lambda remarks: self._show_remarks(trial_id, remarks),
            self.application.notify,
        )

    def _show_remarks(self, trial_id: str, remarks: list[dict[str, str]]) -> None:
        if trial_id == self.trial_id:
            self.remarks = remarks

    def _keep_details(self, details: TrialDetails) -> None:
        while len(self._details) >= _DETAILS_KEPT:
            del self._details[next(iter(self._details))]
        self._details[details.trial_id] = details
        # meanwhile another one may have been chosen
        if details.trial_id == self.trial_id and self._looked_at is not None:
            self._show_details(*self._looked_at[:2], details)

    def _show_details(self, reading: Reading, position: Index, details: TrialDetails | None) -> None:
        self._looked_at = (reading, position, details)
        self._show_matrix()
        self.layers = words.layer_words(details.diagram) if details else []
        self.mistakes = words.mistake_words(details.mistakes) if details else []
        self.curve = words.curve_words(details.curve) if details else {}
        svg = learning_charts(details.curve) if details else ""
        self.learning = [{"title": "", "note": "", "panels": [{"title": "", "svg": svg, "here": False}]}] if svg else []

    @observe("pooled")
    def _show_matrix(self, _: Any = None) -> None:
        """Show the matrix of the combination where its records were told on folds, or that of the trial alone."""
        if self._looked_at is None:
            return
        reading, position, details = self._looked_at
        if details is None:
            self.matrix = {}
            return
        matrix = details.confusion
        if self.pooled and reading.indistinct is not None:
            place = position if reading.results.grid.shape else ()
            matrix = confusion(reading.results.counts_at(place), matrix.classes)
        self.matrix = words.matrix_words(matrix)


def read_trial(workspace: "Workspace", trial_id: str, varied: dict[str, Any]) -> TrialDetails:
    """Read what is drawn of a finished trial.

    Parameters
    ----------
    workspace : Workspace
        The open study.
    trial_id : str
        Its identity.
    varied : dict
        The varied parameters and the trial's values.

    Returns
    -------
    TrialDetails
    """
    trial = workspace.trial(trial_id)
    counts, curve, predictions = trial.confusion, trial.curve, trial.predictions
    said = predictions.query("split == 'validation' and predicted != event_class")
    return TrialDetails(
        trial_id=trial_id,
        confusion=confusion(counts.to_numpy(), [str(name) for name in counts.index]),
        curve=learning_curve({str(name): list(curve[name]) for name in curve.columns}),
        diagram=diagram(trial.diagram, varied),
        mistakes=said.sort_values(["probability", "record_id"], ascending=[False, True]),
    )
