"""The trial that is chosen on the results page: its card, matrix and who is in it, curve, diagram and remarks."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from traitlets import Bool, Dict, List, Unicode, observe

from trova_widgets.figures.diagram import diagram
from trova_widgets.figures.learning import learning_curve
from trova_widgets.figures.screen.learning import learning_charts
from trova_widgets.models import results_display as words
from trova_widgets.models.application import ApplicationModel
from trova_widgets.models.background import InOrderQueue, in_background, later
from trova_widgets.models.changing import changing
from trova_widgets.models.page import PageModel
from trova_widgets.models.results_reading import Reading
from trova_widgets.space import Index

if TYPE_CHECKING:
    from trova_widgets.workspace import Workspace
    from trova_widgets.workspace.classified import Classified

_DETAILS_KEPT = 64
#: Who walks on to another combination before so long, has not read what stands beside this one [s].
_RESTS_AFTER_S = 0.2


@dataclass(frozen=True, kw_only=True, eq=False)
class TrialDetails:
    """Everything about one finished trial.

    Attributes
    ----------
    trial_id : str
        Its identity.
    own, pooled : Classified
        What it took each record for, and what all trials of its combination together did.
    curve, learning : dict, list of dict
        Its training in words, and in pictures.
    layers : list of dict
        Its network.
    """

    trial_id: str
    own: "Classified"
    pooled: "Classified"
    curve: dict[str, Any]
    learning: list[dict[str, Any]]
    layers: list[dict[str, Any]]


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
    confused : list of str
        The cell of the matrix whose records are listed: true and predicted class. All mistakes are, where it is empty.
    taken : dict
        That list: its ``title``, its ``records`` where it is open, and how to have ``more`` of them.
    listed : bool
        Whether the list is open.
    remarks : list of dict
        What people wrote beside the chosen trial.
    """

    trial_id = Unicode("")
    pooled = Bool(True)
    trial = Dict()
    matrix = Dict()
    layers = List(Dict())
    confused = List(Unicode())
    taken = Dict()
    listed = Bool(False)
    remarks = List(Dict())
    curve = Dict()
    learning = List(Dict())

    def __init__(self, application: ApplicationModel) -> None:
        self._details: dict[str, TrialDetails] = {}
        # those that are being read
        self._coming: set[tuple[Reading, str]] = set()
        self._looked_at: tuple[Reading, Index, TrialDetails | None] | None = None
        self._remembering = InOrderQueue()
        # whose remarks are shown, or are going to be
        self._remarked = ""
        self._picks = 0
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

    def confuse(self, true: str, predicted: str) -> None:
        """List the records in a cell of the matrix; once more, and all mistakes are listed again."""
        classes = {row["slug"] for row in self.matrix.get("rows", [])}
        if {true, predicted} <= classes:
            self.confused = [] if self.confused == [true, predicted] else [true, predicted]

    def show_trial(self, reading: Reading, position: Index) -> None:
        """Show the chosen trial of a combination, or another one of it where that is none."""
        trials = reading.trials_at(position)
        every = [str(trial["trial_id"]) for trial in trials]
        finished = [str(trial["trial_id"]) for trial in trials if trial["state"] == "finished"]
        if self.trial_id not in every:
            self.trial_id = next(iter(finished or every), "")
        self.trial = words.trial_words(reading, position, self.trial_id)
        trial_id = self.trial_id
        self._remark(trial_id)
        if trial_id not in finished:
            self._show_details(reading, position, None)
        elif trial_id in self._details:
            self._show_details(reading, position, self._details[trial_id])
        else:
            self._looked_at = (reading, position, None)
            asked = (reading, trial_id)
            if asked in self._coming:
                return
            self._coming.add(asked)
            values = reading.quality.cell(position)
            in_background(
                lambda: read_trial(self.workspace, reading, trial_id, values),
                lambda details: self._keep_details(asked, details),
                lambda sentence: self._excuse(asked, sentence),
            )

    def forget_trials(self) -> None:
        """Forget what was read of trials: another experiment is looked at, or this one anew."""
        self._details.clear()
        self._coming.clear()

    def _remark(self, trial_id: str) -> None:
        """Show what people wrote beside a trial as soon as nobody walks on to another one."""
        if trial_id != self._remarked:
            self._remarked, self.remarks = trial_id, []
        self._picks += 1
        pick = self._picks
        later(_RESTS_AFTER_S, lambda: self._read_remarks(trial_id) if pick == self._picks else None)

    def _read_remarks(self, trial_id: str) -> None:
        """Read what people wrote: unlike all else about a finished trial it grows."""
        if not trial_id or trial_id != self.trial_id:
            return
        self._remembering.submit(
            lambda: words.remark_words(self.workspace.annotations(trial_id)),
            lambda remarks: self._show_remarks(trial_id, remarks),
            self.application.notify,
        )

    def _show_remarks(self, trial_id: str, remarks: list[dict[str, str]]) -> None:
        if trial_id == self.trial_id:
            self.remarks = remarks

    def _excuse(self, asked: tuple[Reading, str], sentence: str) -> None:
        self._coming.discard(asked)
        self.application.notify(sentence)

    def _keep_details(self, asked: tuple[Reading, str], details: TrialDetails) -> None:
        if asked not in self._coming:
            # forgotten meanwhile
            return
        self._coming.discard(asked)
        while len(self._details) >= _DETAILS_KEPT:
            del self._details[next(iter(self._details))]
        self._details[details.trial_id] = details
        # meanwhile another one may have been chosen
        if details.trial_id == self.trial_id and self._looked_at is not None:
            self._show_details(*self._looked_at[:2], details)

    def _show_details(self, reading: Reading, position: Index, details: TrialDetails | None) -> None:
        self._looked_at = (reading, position, details)
        with self.hold_trait_notifications():
            self._show_matrix()
            self.layers = details.layers if details else []
            self.curve = details.curve if details else {}
            self.learning = details.learning if details else []

    @observe("pooled", "confused", "listed")
    def _show_matrix(self, change: Any = None) -> None:
        """Show the matrix of the combination where its records were told on folds, or that of the trial alone."""
        if change is not None and change["name"] == "confused" and self.confused and not self.listed:
            # a cell that is picked shows its records, which leads here again
            self.listed = True
            return
        if self._looked_at is None:
            return
        reading, position, details = self._looked_at
        if details is None:
            self.matrix, self.taken = {}, {}
            return
        is_pooled = self.pooled and reading.indistinct is not None
        told = details.pooled if is_pooled else details.own
        self.matrix = words.matrix_words(told.matrix, told.by)
        cell = self.confused if len(self.confused) == 2 and set(self.confused) <= set(told.classes) else []
        given = f"{list(position)}" if reading.results.grid.shape else "None"
        line = f"ws.results({reading.experiment!r}{words.measured_words(reading.results)}).classified({given}"
        line += ")" if is_pooled else f", {details.trial_id!r})"
        self.taken = words.taken_words(told, cell, line, listed=self.listed)


def read_trial(workspace: "Workspace", reading: Reading, trial_id: str, varied: dict[str, Any]) -> TrialDetails:
    """Read what is drawn of a finished trial.

    Parameters
    ----------
    workspace : Workspace
        The open study.
    reading : Reading
        What was read of its experiment.
    trial_id : str
        Its identity.
    varied : dict
        The varied parameters and the trial's values.

    Returns
    -------
    TrialDetails
    """
    from trova_widgets.workspace.classified import classified

    trial, results = workspace.trial(trial_id), reading.results
    curve = trial.curve
    place = (reading.index_of(trial_id) or ()) if results.grid.shape else ()
    pooled = classified(results, place)
    trials = results.trials_of(place)
    row = trials[trials["trial_id"] == trial_id].iloc[0]
    own = pooled.of_trial(int(row["fold"]) if results.has_folds else None, int(row["seed"]))
    for each in (own, pooled):
        # kept there: how sure the shares are takes longer than all else of it
        _ = each.matrix
    learnt = learning_curve({str(name): list(curve[name]) for name in curve.columns})
    charts = learning_charts(learnt)
    return TrialDetails(
        trial_id=trial_id,
        own=own,
        pooled=pooled,
        curve=words.curve_words(learnt),
        learning=[{"title": "", "note": "", "panels": [{"title": "", "svg": charts, "here": False}]}] if charts else [],
        layers=words.layer_words(diagram(trial.diagram, varied)),
    )
