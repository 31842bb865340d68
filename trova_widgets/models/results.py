"""The results page: an experiment's objectives over its parameters, and one combination that everything follows."""

from typing import TYPE_CHECKING, Any

import numpy as np
import traitlets
from numpy.typing import NDArray
from traitlets import Bool, Dict, Enum, Float, Int, List, Unicode, observe

from trova_widgets.errors import TrovaError
from trova_widgets.figures.screen.svg import Markable
from trova_widgets.models import results_columns as columns_of
from trova_widgets.models import results_display as words
from trova_widgets.models import results_table as table_of
from trova_widgets.models.application import ApplicationModel
from trova_widgets.models.results_address import ResultsAddress
from trova_widgets.models.results_drawn import EDGES
from trova_widgets.models.results_filters import Filters
from trova_widgets.models.results_reading import Reading
from trova_widgets.models.results_taking import TakingModel
from trova_widgets.models.results_views import Views
from trova_widgets.space import Grid, Index, format_value, short_name

if TYPE_CHECKING:
    from trova_widgets.workspace.beside import Beside

TABS = ("images", "lines", "surfaces", "parallel", "influence", "beside", "table")
#: What decides which combinations, and which rows, are in the foreground.
_FILTERS = ("show", "top", "limits", "row_limits", "missed")
#: A view is never narrower than this, nor wider, pixels.
_ROOM = (300, 2400)
_FRAME = 12
#: So many pictures are kept of one state of the page, in which another combination need only be marked.
_DRAWN_AT_MOST = 200


class ResultsModel(TakingModel):
    """The state and the actions of the results page.

    The experiment that is looked at is of `ExperimentModel`, the trial that is chosen of `TrialModel`.

    Attributes
    ----------
    show : {"all", "top", "indistinct", "finished", "failed", "missing"}
        Which combinations are in the foreground, and in the table.
    top : int
        How many combinations are the top.
    limits : dict of str to list of float
        What was brushed in the parallel coordinates or set above a column: between which places of a setting, which
        qualities or gradients a combination passes.
    row_limits : dict of str to list of float
        Between which numbers of its column a row of the table passes.
    missed : str
        The record that is told wrong by the combinations in the foreground; nothing where that does not matter.
    missed_words : str
        How many that are.
    threshold : float
        The quality below which nothing is drawn in the cube, 0 where everything is.
    stretched : bool
        Whether colours and heights run from the lowest to the highest number, and not from 0 to 1.
    tab : str
        One of `TABS`; only the open one is computed.
    series : str
        The parameter with an image, a surface or a horizontal axis of its own.
    room : int
        How wide a view may be, pixels.
    sliders : list of dict
        A slider a parameter: ``name``, ``title``, ``labels``, ``at`` (place of its value), ``locked``.
    held : str
        Which parameters are held because a cube has three edges, and how to see them.
    told : dict
        What the combination under the pointer says of itself: ``at`` (its place) and ``text``.
    said : str
        The same of the chosen combination, for who cannot see it.
    cube : Cube
        Figure data of the cube, None before anything is there; ``cube_words`` is what stands around it.
    plane, cubes, beside, images, slices, lines, surfaces, parallel, influence, tradeoff : list of dict
        Groups of pictures (`trova_widgets.models.results_views.Group`).
    variances : list of dict
        The influence of each parameter in words.
    legends : list of dict
        The colour scales.
    counts : dict of str to int
        How many combinations are in which state.
    sentence : str
        Which combination is the best one, how good it is, and how many others are as good.
    notebook_line : str
        The line of a notebook that draws what is seen.
    columns, rows : list of dict, row_count, table_page : int, sort : str, descending : bool
        One page of the table.
    """

    slug = "results"
    remembered = ("tab", "objective", "measure", "by", "show", "trial_id")

    show = Unicode("all")
    top = Int(10)
    limits = Dict()
    row_limits = Dict()
    missed = Unicode("")
    missed_words = Unicode("")
    threshold = Float(0.0)
    stretched = Bool(True)
    tab = Enum(TABS, "images")
    series = Unicode("")
    room = Int(800)
    sliders = List(Dict())
    held = Unicode("")
    told = Dict()
    said = Unicode("")
    cube = traitlets.Any(None)
    cube_words = Dict()
    plane = List(Dict())
    cubes = List(Dict())
    beside = List(Dict())
    images = List(Dict())
    slices = List(Dict())
    lines = List(Dict())
    tradeoff = List(Dict())
    surfaces = List(Dict())
    parallel = List(Dict())
    influence = List(Dict())
    variances = List(Dict())
    legends = List(Dict())
    counts = Dict()
    columns = List(Dict())
    rows = List(Dict())
    row_count = Int(0)
    table_page = Int(0)
    sort = Unicode("cell_quality")
    sentence = Unicode("")
    notebook_line = Unicode("")
    descending = Bool(True)

    def __init__(self, application: ApplicationModel) -> None:
        self._locked: frozenset[int] = frozenset()
        self._recalled = ""
        self._beside: Beside | None = None
        self._drawn_of: tuple[Reading | None, tuple[object, ...]] = (None, ())
        self._drawn: dict[tuple[object, ...], Markable] = {}
        self._address = ResultsAddress(self, application)
        super().__init__(application)

    # -- reading -------------------------------------------------------------------------------------------------

    def _prepare(self, reading: Reading) -> None:
        if self.missed and reading.experiment == self.experiment:
            reading.missed_by(self.missed)

    def _come_back(self) -> None:
        self._address.apply()

    def _show(self) -> None:
        self._address.apply()
        self._draw()
        if self.second:
            self.compare(self.second)
        self.select_trial(self._recalled)

    def _arrive(self, before: Reading | None, reading: Reading) -> None:
        """Stay at the same values where the experiment is the same, otherwise go to the best combination."""
        self._beside = None
        grid = reading.quality
        if before is not None and before.experiment == reading.experiment and before.quality.names == grid.names:
            old = before.quality.cell(self.position)
            if all(old[name] in values for name, values in zip(grid.names, grid.values, strict=True)):
                self.position = tuple(
                    values.index(old[name]) for name, values in zip(grid.names, grid.values, strict=True)
                )
                return
        self._locked = frozenset(range(EDGES, len(grid.shape)))
        self.position = reading.best_place
        self.trial_id = "" if reading.best is None else reading.best.trial_id
        self.series = grid.names[min(len(grid.names), EDGES) - 1]
        if not any(column["key"] == self.sort for column in table_of.headers(reading)):
            # a setting that does not vary here
            self.sort = "cell_quality"
        # a tenth, until somebody says how many
        self.top = max(1, -(-int((~grid.holes).sum()) // 10))
        self.row_limits = {}
        self.limits, self.threshold, self.told, self.missed, self.second = {}, 0.0, {}, "", ""

    def recall(self, kept: dict[str, Any]) -> None:
        """Come back to the tab, and to the trial as soon as its experiment has been read."""
        self._recalled = str(kept.get("trial_id", ""))
        super().recall({name: value for name, value in kept.items() if name != "trial_id"})
        self.select_trial(self._recalled)

    def forget_recalled(self) -> None:
        """Come to what an address says, and not to what was open before it."""
        self._recalled = ""

    # -- actions -------------------------------------------------------------------------------------------------

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

    def brush(self, axis: int, low: float, high: float) -> None:
        """Keep what lies in a part of an upright axis of the parallel coordinates; a brush of no height keeps all."""
        views = self._views()
        if views is None or not 0 <= axis < len(views.brushable):
            return
        if high - low < 0.01:
            self.limit(views.brushable[axis], None)
        else:
            name, ends = views.brush(axis, max(0.0, low), min(1.0, high))
            self.limit(name, ends)

    def limit(self, name: str, ends: tuple[float, float] | None) -> None:
        """Keep the combinations between two ends (places of a setting, shares, gradients), or all again."""
        kept = {key: value for key, value in self.limits.items() if key != name}
        self.limits = kept if ends is None else {**kept, name: [float(end) for end in ends]}

    def filter_column(self, key: str, text: str) -> None:
        """Keep what lies in a range that was written above a column of the table: ``8``, ``8:16``, ``8:`` or ``:16``.

        What belongs to a combination, a setting for instance, holds in every view; what belongs to a trial, in the
        table alone.
        """
        reading = self.reading
        if reading is None or not any(column["key"] == key and column["filtered"] for column in self.columns):
            return
        labels = columns_of.labels_of(reading, key)
        try:
            ends = columns_of.read_range(text, key, labels) if text.strip() else None
        except TrovaError as error:
            self.application.notify(str(error))
            return
        if labels or key in ("cell_quality", "gradient"):
            self.limit(columns_of.limit_of(key), ends)
        else:
            kept = {name: value for name, value in self.row_limits.items() if name != key}
            self.row_limits = kept if ends is None else {**kept, key: list(ends)}

    def miss(self, record_id: str) -> None:
        """Bring those combinations to the foreground that tell a record wrong; all again for none, or the same one."""
        reading = self.reading
        if reading is None or record_id in ("", self.missed):
            self.missed = ""
            return
        self.do(
            "Asking every combination about it",
            lambda: reading.missed_by(record_id),
            lambda _: self.set_trait("missed", record_id) if reading is self.reading else None,
        )

    def compare(self, experiment: str) -> None:
        """Put another experiment beside this one, or none."""
        reading = self.reading
        if reading is None or experiment not in self.experiments or experiment == reading.experiment:
            self._beside, self.second = None, ""
            self._draw()
            return
        what: tuple[Any, Any] = (self.measure, self.by)

        def show(found: "Beside") -> None:
            if reading is self.reading:
                self._beside, self.second = found, experiment
                self._draw()

        self.do(
            "Reading the other experiment",
            lambda: reading.beside(self.workspace.results(experiment, *what)),
            show,
        )

    @property
    def locked(self) -> frozenset[int]:
        """The axes that are fixed at their sliders."""
        return self._locked

    # -- what is seen --------------------------------------------------------------------------------------------

    @observe(
        "objective", "show", "top", "limits", "row_limits", "missed", "threshold", "stretched", "tab", "series", "room"
    )
    def _changed_view(self, change: Any) -> None:
        if change["name"] in ("show", "top", "limits", "row_limits", "missed"):
            self.table_page = 0
        if not self._arriving:
            self._draw()

    @observe("confused", "pooled")
    def _changed_matrix(self, _: Any) -> None:
        self._address.write()

    @observe("sort", "descending", "table_page")
    def _changed_table(self, _: Any) -> None:
        if self.reading is not None:
            self._draw_table(self.reading, self._passing(self.reading))
            self._address.write()

    def _is_place(self, index: Index) -> bool:
        """Whether it is a combination of this experiment: it may have been picked in a picture of another one."""
        shape = self.reading.quality.shape if self.reading is not None else ()
        return bool(shape) and len(index) == len(shape) and all(0 <= at < n for at, n in zip(index, shape, strict=True))

    def _views(self) -> Views | None:
        if self.reading is None or not self.position:
            return None
        low, high = _ROOM
        # all that these pictures show; what is picked is marked in them
        state = (
            *(self.objective, self.series, self.stretched, self.room, self._locked),
            *(self.show, self.top, self.missed, repr(self.limits)),
        )
        if self._drawn_of != (self.reading, state):
            self._drawn_of, self._drawn = (self.reading, state), {}
        elif len(self._drawn) > _DRAWN_AT_MOST:
            self._drawn.clear()
        return Views(
            reading=self.reading,
            objective=self.objective,
            position=self.position,
            locked=self._locked,
            series=self.series,
            stretched=self.stretched,
            threshold=self.threshold,
            passing=self._passing(self.reading),
            # a picture has a frame of its own
            room_px=float(min(max(self.room, low), high) - _FRAME),
            other=self._beside,
            pictures=self._drawn,
        )

    def _draw(self) -> None:
        views = self._views()
        if views is None:
            return
        reading = views.reading
        with self.hold_trait_notifications():
            self.sliders = self._sliders(reading.quality)
            self.held = words.held_words(reading.quality, self._locked, self.position, EDGES)
            self.sentence = reading.sentence
            self.said = reading.told(self.position)
            self.notebook_line = views.notebook_line(self.tab)
            self.legends = [words.legend_words(each.scale) for each in views.drawn]
            states, numbers = np.unique(reading.quality.state, return_counts=True)
            self.counts = {str(state): int(number) for state, number in zip(states, numbers, strict=True)}
            self.missed_words = words.missed_words(reading, self.missed) if self.missed else ""
            self.cube = views.cube()
            self.cube_words = views.cube_words(self.cube)
            self.plane = [] if views.is_spatial else views.plane()
            self.cubes = views.cubes()
            self.tradeoff = views.tradeoff()
            self._draw_tab(views)
            self.show_trial(reading, self.position)
            self._address.write()

    def _draw_tab(self, views: Views) -> None:
        if self.tab == "images":
            self.images = views.images()
            self.slices = views.slices()
        elif self.tab == "lines":
            self.lines = views.lines()
        elif self.tab == "surfaces":
            self.surfaces = views.surfaces()
        elif self.tab == "parallel":
            self.parallel = views.parallel(self.limits)
        elif self.tab == "beside":
            self.beside = views.beside()
        elif self.tab == "influence":
            self.influence, self.variances = views.influence(), views.variances()
        else:
            self._draw_table(views.reading, views.passing)

    def _draw_table(self, reading: Reading, passing: NDArray[np.bool_] | None) -> None:
        here = columns_of.rows_within(reading.table, self.row_limits)
        if passing is not None:
            here = here & passing[tuple(reading.places.T)]
        order = table_of.ordered(reading, here, self.sort, self.descending)
        headers = table_of.headers(reading)
        with self.hold_trait_notifications():
            self.columns = columns_of.column_words(reading, headers, here, self.limits, self.row_limits)
            self.row_count = len(order)
            self.rows = table_of.page_of_rows(reading, order, self.table_page)

    def _passing(self, reading: Reading) -> NDArray[np.bool_] | None:
        return Filters(
            show=self.show, top=self.top, objective=self.objective, limits=self.limits, missed=self.missed
        ).passing(reading)

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
