"""The results page: an experiment's objectives over its parameters, and one combination that everything follows."""

from typing import Any, NamedTuple

import numpy as np
import traitlets
from numpy.typing import NDArray
from traitlets import Bool, Dict, Int, List, Unicode, observe

from trova_widgets.figures.colour import ColourScale, scale_of
from trova_widgets.figures.cube import cube
from trova_widgets.figures.field import Field, Index, short_name, spoken
from trova_widgets.figures.images import image_series, slices
from trova_widgets.figures.influence import influence
from trova_widgets.figures.linecharts import line_charts
from trova_widgets.figures.parallel import parallel
from trova_widgets.figures.surfaces import surface_series
from trova_widgets.figures.tradeoff import tradeoff
from trova_widgets.models import results_table as table_of
from trova_widgets.models import results_words as words
from trova_widgets.models.application import ApplicationModel
from trova_widgets.models.background import InOrder, in_background
from trova_widgets.models.page import PageModel
from trova_widgets.models.results_reading import Reading, TrialDetails, read_experiment, read_trial
from trova_widgets.records.catalogues.sheets import marked_frame

TABS = ("images", "lines", "surfaces", "parallel", "influence", "table")
_TOP = 0.1
#: More axes than this cannot be looked at together; the others are fixed at their sliders.
_TOGETHER = 3
_DETAILS_KEPT = 64


class _Drawn(NamedTuple):
    """An objective with its colours."""

    field: Field
    scale: ColourScale


class ResultsModel(PageModel):
    """The state and the actions of the results page.

    Attributes
    ----------
    experiments : list of str
        What can be looked at.
    experiment : str
        What is looked at.
    objective : {"quality", "gradient", "both"}
        What the views show.
    show : {"all", "top", "finished", "failed", "missing"}
        Which combinations are in the foreground, and in the table.
    stretched : bool
        Whether colours and heights run from the lowest to the highest number, and not from 0 to 1.
    tab : str
        One of `TABS`; only the open one is computed.
    series : str
        The parameter with an image, a surface or a horizontal axis of its own.
    sliders : list of dict
        A slider a parameter: ``name``, ``title``, ``labels``, ``at`` (place of its value), ``locked``.
    position : tuple of int
        Where the sliders stand: the chosen combination.
    trial_id : str
        The chosen trial of it, empty where there is none.
    trial, matrix : dict, layers : list of dict, curve : LearningCurve or None
        The card, the confusion matrix, the diagram and the training of the chosen trial.
    mistakes, remarks : list of dict
        The records that the chosen trial took for something else, and what people wrote beside it.
    curve_names : list of str
        What the training was measured on, in the order of the curve's colours.
    cube, images, slices, lines, tradeoff
        Figure data (see `trova_widgets.figures`), None before anything is there.
    edges : list of dict
        The parameters along the cube's edges x, y and z: ``title`` and ``range``.
    surfaces, parallel : dict, influence : list of dict
        Figure data as words.
    legends : list of dict
        The colour scales.
    counts : dict of str to int
        How many combinations are in which state.
    columns, rows : list of dict, row_count, table_page : int, sort : str, descending : bool
        One page of the table.
    """

    slug = "results"

    experiments = List(Unicode())
    experiment = Unicode("")
    objective = Unicode("quality")
    show = Unicode("all")
    stretched = Bool(True)
    tab = Unicode("images")
    series = Unicode("")
    sliders = List(Dict())
    position = traitlets.Tuple()
    trial_id = Unicode("")
    trial = Dict()
    matrix = Dict()
    layers = List(Dict())
    mistakes = List(Dict())
    remarks = List(Dict())
    curve = traitlets.Any(None)
    curve_names = List(Unicode())
    reading = traitlets.Instance(Reading, allow_none=True)
    cube = traitlets.Any(None)
    edges = List(Dict())
    images = traitlets.Any(None)
    slices = traitlets.Any(None)
    lines = traitlets.Any(None)
    tradeoff = traitlets.Any(None)
    surfaces = Dict()
    parallel = Dict()
    influence = List(Dict())
    legends = List(Dict())
    counts = Dict()
    columns = List(Dict())
    rows = List(Dict())
    row_count = Int(0)
    table_page = Int(0)
    sort = Unicode("quality")
    descending = Bool(True)

    def __init__(self, application: ApplicationModel) -> None:
        self._locked: frozenset[int] = frozenset()
        self._details: dict[str, TrialDetails] = {}
        self._wanted = ""
        self._remembering = InOrder()
        super().__init__(application)
        application.observe(self._follow_address, ["page", "subject"])

    # -- reading -------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Read the experiment again; what is chosen stays chosen."""
        wanted = self.application.subject if self.application.page == self.slug else ""
        self._wanted = wanted = wanted or self.experiment

        def read() -> tuple[list[str], Reading | None]:
            names = [str(name) for name in self.workspace.experiments()["name"]]
            name = wanted if wanted in names else (names[0] if names else "")
            return names, read_experiment(self.workspace, name) if name else None

        def show(found: tuple[list[str], Reading | None]) -> None:
            # meanwhile another one may have been chosen
            if wanted == self._wanted:
                self._take(found)

        self.do("" if self.read else "Reading the experiments", read, show, self._reading)

    def _take(self, found: tuple[list[str], Reading | None]) -> None:
        names, reading = found
        before = self.reading
        with self.hold_trait_notifications():
            self.experiments = names
            self.reading = reading
            self.read = True
            if reading is None:
                return
            self._place(before, reading)
            self.experiment = self._wanted = reading.experiment
        self._draw()

    def _place(self, before: Reading | None, reading: Reading) -> None:
        """Stay at the same values where the experiment is the same, otherwise go to the best combination."""
        field = reading.quality
        if before is not None and before.experiment == reading.experiment and before.quality.names == field.names:
            old = before.quality.value_at(self.position)
            if all(old[name] in values for name, values in zip(field.names, field.values, strict=True)):
                self.position = tuple(
                    values.index(old[name]) for name, values in zip(field.names, field.values, strict=True)
                )
                return
        self._details.clear()
        self._locked = frozenset(range(_TOGETHER, len(field.shape)))
        self.position, self.trial_id = reading.best(), ""
        self.series = field.names[min(len(field.names), _TOGETHER) - 1]

    def _follow_address(self, _: Any = None) -> None:
        subject = self.application.subject
        if self.application.page == self.slug and subject and subject != self._wanted:
            self.refresh()

    # -- actions -------------------------------------------------------------------------------------------------

    def choose(self, experiment: str) -> None:
        """Look at another experiment; the address follows."""
        self.application.open(self.slug, experiment)

    def select(self, index: Index) -> None:
        """Choose a combination: the sliders go there, and everything follows."""
        if self.reading is None or tuple(index) == self.position:
            return
        shape = self.reading.quality.shape
        if len(index) != len(shape) or not all(0 <= place < size for place, size in zip(index, shape, strict=True)):
            # it was picked in a picture of another experiment
            return
        self.position = tuple(int(place) for place in index)
        self._draw()

    def select_node(self, node: int) -> None:
        """Choose the combination of a node of the cube."""
        if self.cube is not None and 0 <= node < len(self.cube.index):
            self.select(tuple(int(place) for place in self.cube.index[node]))

    def select_trial(self, trial_id: str) -> None:
        """Choose a trial, that is a combination and a seed."""
        index = self.reading.index_of(trial_id) if self.reading is not None else None
        if index is not None:
            self.position, self.trial_id = index, trial_id
            self._draw()

    def move(self, axis: int, place: int) -> None:
        """Move a slider."""
        if 0 <= axis < len(self.sliders) and 0 <= place < len(self.sliders[axis]["labels"]):
            self.select((*self.position[:axis], place, *self.position[axis + 1 :]))

    def lock(self, axis: int, locked: bool) -> None:
        """Fix a parameter at its slider, or set it free; at most three are free at once."""
        if self.reading is None:
            return
        fixed = set(self._locked) | {axis} if locked else set(self._locked) - {axis}
        free = [other for other in range(len(self.position)) if other not in fixed]
        if len(free) > _TOGETHER:
            fixed.add(next(other for other in reversed(free) if other != axis))
        self._locked = frozenset(fixed)
        self._draw()

    def export(self) -> str:
        """Return all trials as comma-separated values."""
        return "" if self.reading is None else str(marked_frame(self.reading.table).to_csv(index=False))

    def annotate(self, text: str, trial_id: str | None = None) -> None:
        """Leave a remark beside a trial, the chosen one where none is named."""
        subject, written = trial_id or self.trial_id, text.strip()
        if subject and written:
            self.do(
                "Keeping the remark",
                lambda: self.workspace.annotate(subject, written),
                lambda _: self._read_remarks(subject),
            )

    # -- what is seen --------------------------------------------------------------------------------------------

    @observe("objective", "show", "stretched", "tab", "series")
    def _changed_view(self, change: Any) -> None:
        if change["name"] == "show":
            self.table_page = 0
        self._draw()

    @observe("sort", "descending", "table_page")
    def _changed_table(self, _: Any) -> None:
        if self.reading is not None:
            self._draw_table(self.reading, self._passing(self.reading))

    def _draw(self) -> None:
        reading = self.reading
        if reading is None or not self.position:
            return
        passing = self._passing(reading)
        quality = _Drawn(reading.quality, self._scale("quality", reading.quality))
        gradient = _Drawn(reading.gradient, self._scale("gradient", reading.gradient))
        drawn = {"quality": [quality], "gradient": [gradient], "both": [quality, gradient]}[self.objective]
        with self.hold_trait_notifications():
            self.sliders = self._sliders(reading.quality)
            self.legends = [words.legend_words(scale) for _, scale in drawn]
            states, numbers = np.unique(reading.quality.state, return_counts=True)
            self.counts = {str(state): int(number) for state, number in zip(states, numbers, strict=True)}
            self.cube = cube(
                *drawn[0],
                self._cube_axes(),
                self.position,
                shown=passing,
                locked=tuple(self._locked),
                weight=1 - gradient.scale.share(gradient.field.mean) if self.objective == "both" else None,
            )
            self.edges = [words.edge_words(quality.field, axis) for axis in self._cube_axes()]
            self.tradeoff = tradeoff(quality.field, gradient.field, quality.scale, self.position, shown=passing)
            self._draw_tab(reading, drawn, quality, gradient, passing)
            self._show_trial(reading)

    def _draw_tab(
        self,
        reading: Reading,
        drawn: list[_Drawn],
        quality: _Drawn,
        gradient: _Drawn,
        passing: NDArray[np.bool_] | None,
    ) -> None:
        axes = self._axes()
        if self.tab == "images":
            self.images = image_series(drawn, axes, self.position, marked=passing)
            self.slices = slices(drawn, axes, self.position, marked=passing)
        elif self.tab == "lines":
            self.lines = line_charts(drawn, axes, self.position)
        elif self.tab == "surfaces":
            colour = drawn[1] if len(drawn) > 1 else None
            self.surfaces = words.surface_words(surface_series(drawn[0], axes, self.position, colour=colour))
        elif self.tab == "parallel":
            self.parallel = words.parallel_words(parallel(quality, gradient, self.position, shown=passing))
        elif self.tab == "influence":
            self.influence = words.influence_words(influence(drawn[0].field))
        else:
            self._draw_table(reading, passing)

    def _draw_table(self, reading: Reading, passing: NDArray[np.bool_] | None) -> None:
        order = table_of.ordered(reading, passing, self.sort, self.descending)
        self.columns = table_of.headers(reading)
        self.row_count = len(order)
        self.rows = table_of.page_of_rows(reading, order, self.table_page)

    def _show_trial(self, reading: Reading) -> None:
        trials = reading.trials_at(self.position)
        if self.trial_id not in set(trials["trial_id"]):
            finished = trials[trials["state"] == "finished"]
            chosen = finished if len(finished) else trials
            self.trial_id = str(chosen["trial_id"].iloc[0]) if len(chosen) else ""
        self.trial = words.trial_words(reading, self.position, self.trial_id)
        trial_id = self.trial_id
        self._read_remarks(trial_id)
        finished_ids = set(trials.loc[trials["state"] == "finished", "trial_id"])
        if trial_id not in finished_ids:
            self._show_details(None)
        elif trial_id in self._details:
            self._show_details(self._details[trial_id])
        else:
            values = reading.quality.value_at(self.position)
            in_background(
                lambda: read_trial(self.workspace, trial_id, values), self._keep_details, self.application.tell
            )

    def _read_remarks(self, trial_id: str) -> None:
        """Read what people wrote: unlike all else about a finished trial it grows."""
        if not trial_id:
            self.remarks = []
            return
        self._remembering.ask(
            lambda: words.remark_words(self.workspace.annotations(trial_id)),
            lambda remarks: self._show_remarks(trial_id, remarks),
            self.application.tell,
        )

    def _show_remarks(self, trial_id: str, remarks: list[dict[str, str]]) -> None:
        if trial_id == self.trial_id:
            self.remarks = remarks

    def _keep_details(self, details: TrialDetails) -> None:
        while len(self._details) >= _DETAILS_KEPT:
            del self._details[next(iter(self._details))]
        self._details[details.trial_id] = details
        # meanwhile another one may have been chosen
        if details.trial_id == self.trial_id:
            self._show_details(details)

    def _show_details(self, details: TrialDetails | None) -> None:
        self.matrix = words.matrix_words(details.confusion) if details else {}
        self.layers = words.layer_words(details.diagram) if details else []
        self.mistakes = words.mistake_words(details.mistakes) if details else []
        self.curve = details.curve if details else None
        self.curve_names = words.curve_words(details.curve) if details else []

    def _passing(self, reading: Reading) -> NDArray[np.bool_] | None:
        if self.show == "all":
            return None
        if self.show == "top":
            lowest = self.objective == "gradient"
            return (reading.gradient if lowest else reading.quality).top(_TOP, lowest=lowest)
        return np.asarray(reading.quality.state == self.show)

    def _scale(self, objective: str, field: Field) -> ColourScale:
        return scale_of(objective, field.mean, stretched=self.stretched)

    def _axes(self) -> list[int]:
        """Return the free axes, that of the series last."""
        free = [axis for axis in range(len(self.position)) if axis not in self._locked] or [0]
        return sorted(free, key=lambda axis: self.sliders[axis]["name"] == self.series)

    def _cube_axes(self) -> list[int]:
        """Return the free axes, and fixed ones as far as a cube has edges."""
        every = sorted(range(len(self.position)), key=lambda axis: axis in self._locked)
        return sorted(every[:_TOGETHER])

    def _sliders(self, field: Field) -> list[dict[str, Any]]:
        return [
            {
                "name": name,
                "title": short_name(name),
                "labels": [spoken(value) for value in values],
                "at": self.position[axis],
                "locked": axis in self._locked,
            }
            for axis, (name, values) in enumerate(zip(field.names, field.values, strict=True))
        ]
