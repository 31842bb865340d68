"""The fingerprint of one record, drawn anew while its recipe changes."""

from dataclasses import asdict, replace
from functools import partial
from typing import Any

import pandas as pd
from traitlets import Dict, Float, Int, List, Unicode, observe

from trova_widgets.fingerprinting import FingerprintRecipe
from trova_widgets.models.application import ApplicationModel
from trova_widgets.models.background import InOrderQueue, LatestOnlyQueue, in_background
from trova_widgets.models.changing import changing
from trova_widgets.models.fingerprint_recipe import RecipeModel
from trova_widgets.models.fingerprint_stages import Stages, stages
from trova_widgets.models.formatting import quantity
from trova_widgets.models.record_choice import offered, titled
from trova_widgets.models.record_cutoff import RecordCutoff
from trova_widgets.models.seismogram import SeismogramModel, Trace
from trova_widgets.models.similar_records import similar_records
from trova_widgets.records import Waveform
from trova_widgets.store import measured_value


class FingerprintModel(RecipeModel):
    """The state and the actions of the fingerprint page; those of its recipe are `RecipeModel`'s.

    Where there is a `refusal`, the squares still show what could be drawn last.

    Attributes
    ----------
    words : str
        What is searched for among the records.
    offered : list of dict
        The records that are found, the first fifty: ``value`` (the record) and ``title``.
    all_records : int
        How many records the workspace has.
    selected : str
        The record that is shown.
    cutoff_hz : float
        Cut-off of the middle variant, Hz; 0 until one is known.
    cutoff : dict
        Where it is from: ``state`` ("found", "kept" by an analyst, "tried" or nothing), ``found_hz``, ``kept_hz``,
        ``confidence`` (0 to 1, of the one that was found) and ``by`` (who kept one); what is not known is None.
    variant : int
        Which variant the squares show, -2 to 2.
    picture : dict
        The three squares, see `Stages.picture`.
    strip, similar : list of dict
        The variants, and the records that are most like this one.
    similar_note : str
        Why there are no similar records.
    window_s, lit_s : list of float
        Start and end of the window, and of the white point's patch under the mouse (empty: none), s.
    compared : str
        What the coefficients are compared with, in words; nothing with another selection than "mad".
    """

    slug = "fingerprint"

    words = Unicode("")
    offered = List(Dict())
    all_records = Int(0)
    selected = Unicode("")
    cutoff_hz = Float(0.0)
    cutoff = Dict()
    variant = Int(0)
    picture = Dict()
    strip = List(Dict())
    similar = List(Dict())
    similar_note = Unicode("")
    window_s = List(Float())
    lit_s = List(Float())
    compared = Unicode("")

    def __init__(self, application: ApplicationModel) -> None:
        self.seismogram = SeismogramModel()
        self._records = pd.DataFrame()
        self._waveform: Waveform | None = None
        self._onset_s: float | None = None
        self._cutoff = RecordCutoff()
        self._drawing = self._again = False
        self._is_new = True
        self._looking, self._comparing = LatestOnlyQueue(), InOrderQueue()
        super().__init__(application)
        application.observe(lambda _: self._follow_address(), ["page", "subject"])
        self._follow_address()

    def refresh(self) -> None:
        """Read the records and recipes again; a recipe that is being tried is left alone."""
        self._reading.submit(self._read, self._show_workspace, self._say_problem)

    def select(self, record_id: str) -> None:
        """Show the fingerprint of a record."""
        if not record_id or record_id == self.selected or self._records.empty:
            return
        if record_id not in set(self._records["record_id"]):
            self.application.notify(f"No record {record_id} is in this workspace.")
            return
        self.selected, self.refusal, self.similar, self.similar_note = record_id, "", [], ""
        if self.application.page == self.slug:
            self.application.subject = record_id
        self._waveform, self._is_new = None, True
        # that of the record before must not be kept for this one
        self._cutoff, self.cutoff_hz = RecordCutoff(), 0.0
        self._tell_cutoff()
        self._looking.submit(
            lambda: (self.workspace.waveform(record_id), RecordCutoff.of(self.workspace.parameters(record_id))),
            partial(self._show_record, record_id),
            self._refuse,
        )
        self._find_similar()

    @changing
    def keep_cutoff(self, record_id: str = "", cutoff_hz: float = 0.0) -> None:
        """Overrule a record's cut-off; what was found stays in its history.

        Parameters
        ----------
        record_id : str, optional
            The record; the one that is shown where none is named.
        cutoff_hz : float, optional
            What is kept [Hz]; what is shown where nothing is named.
        """
        record_id, cutoff_hz = record_id or self.selected, cutoff_hz or self.cutoff_hz
        if record_id and cutoff_hz > 0:
            if record_id == self.selected:
                # a click may come before what was dragged just before it
                self.cutoff_hz = cutoff_hz
            self.do(
                "Keeping the cut-off",
                lambda: self.workspace.set_parameter(record_id, "cutoff_hz", cutoff_hz),
                lambda _: self._cutoff_kept(record_id, cutoff_hz),
            )

    @changing
    def undo_cutoff(self) -> None:
        """Give an analyst's cut-off up for the one that was found, which is then kept in its place."""
        if self._cutoff.found_hz:
            self.cutoff_hz = self._cutoff.found_hz
            self.keep_cutoff()

    @observe("words", "selected")
    def _offer(self, _: Any = None) -> None:
        self.offered = offered(self._records, self.words, self.selected)

    @observe("values", "variant")
    def _redraw(self, _: Any = None) -> None:
        """Draw in the background; what changes meanwhile is drawn once, when that is done."""
        waveform = self._waveform
        if waveform is None:
            return
        if self._drawing:
            self._again = True
            return
        if (recipe := self._fitted_recipe()) is None:
            return
        onset_s, cutoff_hz, variant = self._onset_s, self.cutoff_hz or None, self.variant

        def draw() -> tuple[Stages, int]:
            fitted = self.workspace.statistics(recipe) if recipe.selection == "mad" else None
            made = stages(
                waveform.samples,
                waveform.sampling_rate_hz,
                recipe,
                onset_s=onset_s,
                cutoff_hz=cutoff_hz,
                variant=variant,
                statistics=None if fitted is None else fitted.values,
            )
            return made, len(fitted.record_ids) if fitted else 0

        self._drawing = True
        in_background(
            draw,
            partial(self._drawn, waveform),
            partial(self._not_drawn, waveform),
        )

    @observe("cutoff_hz")
    def _cutoff_changed(self, _: Any = None) -> None:
        self._tell_cutoff()
        self._filter_seismogram()
        if self._drawing or not self.picture or self.cutoff_hz != self.picture["cutoffs_hz"][2]:
            self._redraw()

    def _read(self) -> tuple[pd.DataFrame, pd.DataFrame, FingerprintRecipe, list[str]]:
        workspace = self.workspace
        return workspace.records(), workspace.recipes(), workspace.recipe(), list(workspace.datasets()["name"])

    def _show_workspace(self, read: tuple[pd.DataFrame, pd.DataFrame, FingerprintRecipe, list[str]]) -> None:
        self._records, *about_recipes = read
        self._records = titled(self._records)
        self.all_records = len(self._records)
        self._show_recipes(*about_recipes)
        self._offer()
        self.read = True
        self._follow_address()
        if self.selected:
            self._find_similar()
        elif self.offered:
            self.select(self.offered[0]["value"])

    def _show_record(self, record_id: str, read: tuple[Waveform, RecordCutoff]) -> None:
        waveform, self._cutoff = read
        row = self._row(record_id)
        self._onset_s = measured_value(row, "onset_s")
        self.variant = 0
        self.cutoff_hz = self._cutoff.kept_hz or self._cutoff.found_hz or 0.0
        trace = Trace(
            samples=waveform.samples,
            sampling_rate_hz=waveform.sampling_rate_hz,
            record_id=record_id,
            title=row["title"],
            onset_s=self._onset_s,
            cutoff_hz=self.cutoff_hz,
        )
        self.seismogram.show([trace])
        self._tell_cutoff()
        self._waveform = waveform
        self._redraw()

    def _drawn(self, waveform: Waveform, drawn: tuple[Stages, int]) -> None:
        made, others = drawn
        self._drawing = False
        if waveform is self._waveform:
            self.refusal, self._is_new = "", False
            self.lit_s, self.window_s = [], list(made.window_s)
            self.picture, self.strip = made.picture(), made.strip()
            self.compared = f"Compared with the medians of {others:,} records." if others else ""
            if made.found and not self.cutoff_hz:
                self._cutoff = RecordCutoff(found_hz=made.found.cutoff_hz, confidence=made.found.confidence)
                self.cutoff_hz = made.cutoff_hz
            self._filter_seismogram()
        self._draw_again()

    def _not_drawn(self, waveform: Waveform, sentence: str) -> None:
        self._drawing = False
        if waveform is self._waveform:
            self._refuse(sentence)
        self._draw_again()

    def _draw_again(self) -> None:
        if self._again:
            self._again = False
            self._redraw()

    def _say_problem(self, sentence: str) -> None:
        self.problem = sentence

    def _refuse(self, sentence: str) -> None:
        super()._refuse(sentence)
        if self._is_new:
            # what is still to be seen is another record's
            self.picture, self.strip, self.lit_s, self.window_s = {}, [], [], []

    def _find_similar(self) -> None:
        record_id = self.selected

        def show(similar: list[dict[str, Any]]) -> None:
            if record_id == self.selected:
                self.similar, self.similar_note = similar, "" if similar else "No other record has a fingerprint yet."

        def fail(sentence: str) -> None:
            if record_id == self.selected:
                self.similar, self.similar_note = [], sentence

        self._comparing.submit(lambda: similar_records(self.workspace, record_id), show, fail)

    def _filter_seismogram(self) -> None:
        """Let the seismogram's high-pass be that of the variant that is shown."""
        if self.picture and self.cutoff_hz:
            recipe = self.picture["recipe"]
            # variants of the onset alone have the record's own cut-off
            steps = self.variant if any(self.picture["cutoffs_hz"]) else 0
            shift = 2.0 ** (steps * recipe["cutoff_step_octaves"])
            self.seismogram.set_cutoff(self.cutoff_hz * shift, recipe["highpass_order"])

    def _tell_cutoff(self) -> None:
        state = "" if not self.cutoff_hz else "tried"
        if self.cutoff_hz and self.cutoff_hz == self._cutoff.kept_hz:
            state = "kept"
        elif self.cutoff_hz and self.cutoff_hz == self._cutoff.found_hz and not self._cutoff.kept_hz:
            state = "found"
        self.cutoff = {"state": state, **asdict(self._cutoff)}

    def _cutoff_kept(self, record_id: str, cutoff_hz: float) -> None:
        if record_id == self.selected:
            # the value that was found, kept again, is not an analyst's own
            is_found = cutoff_hz == self._cutoff.found_hz
            self._cutoff = replace(self._cutoff, kept_hz=None if is_found else cutoff_hz, by="" if is_found else "you")
            self._tell_cutoff()
        self.application.notify(
            f"The record's cut-off is now {quantity(cutoff_hz, 'Hz', 2)}; compute its fingerprints again."
        )
        self.application.refresh()

    def _row(self, record_id: str) -> pd.Series:
        return self._records[self._records["record_id"] == record_id].iloc[0]

    def _follow_address(self) -> None:
        if self.application.page == self.slug and self.application.subject:
            self.select(self.application.subject)
