"""One answer about a record, looked into: its seismogram, its fingerprint, what in it speaks for each class."""

from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from traitlets import Dict, Float, List, Unicode, observe

from trova_widgets.figures.colour import CLASS_COLOURS, OTHER_CLASS
from trova_widgets.figures.fingerprint_views import opacity_levels
from trova_widgets.models.answer_words import Asked, who_answered
from trova_widgets.models.application import ApplicationModel
from trova_widgets.models.background import LatestOnlyQueue
from trova_widgets.models.fingerprint_stages import Stages, stages
from trova_widgets.models.formatting import class_title
from trova_widgets.models.seismogram import CUTOFF, RAW, SeismogramModel, Trace
from trova_widgets.models.similar_records import shown_records
from trova_widgets.models.task import TaskModel
from trova_widgets.workspace.explaining import ExplainedAnswer

_SIMILAR = 5
_RECORD, _ONSET = "the start of the record", "the onset"


class Looked(NamedTuple):
    """What was found behind an answer."""

    explained: ExplainedAnswer
    """The record, and what in it speaks for each class."""
    stages: Stages
    """Its way to the fingerprint."""

    @property
    def onset_s(self) -> float | None:
        """The onset that counts, the engine's where none is known [s]."""
        recipe = self.explained.recipe
        if recipe.window_reference == "onset":
            return self.stages.window_s[0] - recipe.window_start_s
        return self.explained.onset_s


class AnswerModel(TaskModel):
    """What is shown of the answer that is looked into; read in the background when it is asked for.

    Attributes
    ----------
    seismogram : SeismogramModel
        The record.
    picture : dict
        Scalogram and fingerprint, see `Stages.picture`; their times count from the onset.
    cutoff_hz : float
        Cut-off of the high-pass, Hz; 0 where there is none.
    window_s, lit_s : list of float
        Start and end of what the network reads, and of the patch under the mouse (empty: none), s from `zero`.
    zero : str
        What times are counted from.
    spoken : str
        The class whose reasons lie over the scalogram; empty where none do.
    over : dict
        How they are drawn: ``levels`` (bytes, how opaque each pixel is) and ``colour``; empty where none are.
    reasons : list of dict
        Of each class, the likeliest first: ``slug``, ``title`` and ``sentence``, what in the record speaks for it.
    who : dict
        Who has answered, see `who_answered`.
    similar : list of dict
        The records that are most like this one, see `similar_records`.
    similar_note : str
        Why there are none.
    """

    picture = Dict()
    cutoff_hz = Float(0.0)
    window_s = List(Float())
    lit_s = List(Float())
    zero = Unicode(_RECORD)
    spoken = Unicode("")
    over = Dict()
    reasons = List(Dict())
    who = Dict()
    similar = List(Dict())
    similar_note = Unicode("")

    def __init__(self, application: ApplicationModel) -> None:
        self.seismogram = SeismogramModel()
        # as the network sees it
        self.seismogram.passband = CUTOFF
        self._pictures: dict[str, NDArray[np.float64]] = {}
        self._looking, self._comparing, self._asking = (LatestOnlyQueue() for _ in range(3))
        super().__init__(application)

    def clear(self) -> None:
        """Show nothing; what is still being read of an answer does not count any more."""
        self._forget()
        for queue in (self._looking, self._comparing, self._asking):
            queue.submit(lambda: None, lambda _: None)
        self.who, self.busy = {}, ""

    def show(self, asked: Asked) -> None:
        """Look into an answer.

        Parameters
        ----------
        asked : Asked
            Which one.
        """
        self._forget()
        workspace = self.workspace

        def look() -> Looked:
            explained = workspace.explain_file(asked.path, asked.place, asked.trial_id, asked.catalog)
            made = stages(
                explained.waveform.samples,
                explained.waveform.sampling_rate_hz,
                explained.recipe,
                onset_s=explained.onset_s,
                cutoff_hz=explained.cutoff_hz,
                statistics=explained.statistics,
            )
            return Looked(explained, made)

        self.do("Looking into the record", look, lambda looked: self._show(asked, looked), self._looking)
        if self.who.get("trial_id") != asked.trial_id:
            self.who = {}
            self._asking.submit(
                lambda: who_answered(workspace.who_answers(asked.trial_id)),
                lambda who: self.set_trait("who", who),
                self.application.notify,
            )

    @observe("spoken")
    def _speak(self, _: Any = None) -> None:
        picture = self._pictures.get(self.spoken)
        if picture is None or not picture.max() > 0:
            self.over = {}
        else:
            colour = CLASS_COLOURS.get(self.spoken, OTHER_CLASS)
            self.over = {"levels": opacity_levels(picture).tobytes(), "colour": colour}

    def _show(self, asked: Asked, looked: Looked) -> None:
        explained, made, onset_s = looked.explained, looked.stages, looked.onset_s
        zero_s = onset_s or 0.0
        # the cut-off is the answer's: nothing is dragged here
        picture = made.picture(zero_s) | {"cutoffs_hz": []}
        with self.hold_trait_notifications():
            self.zero = _RECORD if onset_s is None else _ONSET
            self.cutoff_hz = made.cutoff_hz
            self.window_s = [edge_s - zero_s for edge_s in made.window_s]
            self.picture = picture
            self.reasons = [
                {
                    "slug": said.event_class,
                    "title": class_title(said.event_class),
                    "sentence": f"For {class_title(said.event_class).lower()} speaks {said.reason.replace('-', '−')}.",
                }
                for said in explained.classes.itertuples(index=False)
            ]
        self._pictures = dict(zip(explained.classes["event_class"], explained.classes["picture"], strict=True))
        self.spoken = asked.event_class if asked.event_class in self._pictures else next(iter(self._pictures), "")
        if not made.cutoff_hz and self.seismogram.passband == CUTOFF:
            self.seismogram.passband = RAW
        self.seismogram.show(
            [
                Trace(
                    samples=explained.waveform.samples,
                    sampling_rate_hz=explained.waveform.sampling_rate_hz,
                    record_id=asked.key,
                    title=asked.title,
                    start_s=-zero_s,
                    onset_s=onset_s,
                    cutoff_hz=made.cutoff_hz,
                    order=explained.recipe.highpass_order,
                )
            ],
            self.zero,
        )
        self._compare(explained, onset_s, made.cutoff_hz)

    def _compare(self, explained: ExplainedAnswer, onset_s: float | None, cutoff_hz: float) -> None:
        def compare() -> list[dict[str, Any]]:
            found: pd.DataFrame = self.workspace.similar_to(
                explained.waveform,
                onset_s=onset_s,
                cutoff_hz=cutoff_hz or None,
                count=_SIMILAR,
                besides=explained.record_id,
            )
            return shown_records(self.workspace, found)

        def show(similar: list[dict[str, Any]]) -> None:
            self.similar, self.similar_note = similar, "" if similar else "No other record has a fingerprint yet."

        self._comparing.submit(compare, show, lambda sentence: self.set_trait("similar_note", sentence))

    def _forget(self) -> None:
        self._pictures = {}
        with self.hold_trait_notifications():
            self.picture, self.window_s, self.lit_s, self.reasons = {}, [], [], []
            self.spoken, self.over = "", {}
            self.similar, self.similar_note, self.problem = [], "", ""
        self.seismogram.show([], self.zero)
