"""The results page: an experiment's objectives over its parameters, and one combination that everything follows."""

from typing import TYPE_CHECKING, Any

import numpy as np
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
from trova_widgets.models.results_picking import PickingModel
from trova_widgets.models.results_reading import Reading
from trova_widgets.models.results_table import ROWS_A_PAGE
from trova_widgets.models.results_views import Views

if TYPE_CHECKING:
    from trova_widgets.workspace.beside import Beside

TABS = ("images", "lines", "surfaces", "parallel", "influence", "beside", "table")
#: A view is never narrower than this, nor wider, pixels.
_ROOM = (300, 2400)
_FRAME = 12
#: So many pictures are kept of one state of the page, in which another combination need only be marked.
_DRAWN_AT_MOST = 200


class ResultsModel(PickingModel):
    """The state and the actions of the results page.

    The experiment that is looked at is of `ExperimentModel`, the combination that is picked of `PickingModel`, and the
    trial that is chosen of `TrialModel`.

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
    room : int
        How wide a view may be, pixels.
    cube_words : dict
        What stands around the cube.
    picked_node : dict
        Where in the cube the picked node is, and its diameter.
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
    room = Int(800)
    cube_words = Dict()
    picked_node = Dict()
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
        self.row_limits, self.table_page = {}, 0
        self.limits, self.threshold, self.told, self.missed, self.second = {}, 0.0, {}, "", ""

    # -- actions -------------------------------------------------------------------------------------------------

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
            self._tell_picked(reading)
            self.sentence = reading.sentence
            self.notebook_line = views.notebook_line(self.tab)
            self.legends = [words.legend_words(each.scale) for each in views.drawn]
            states, numbers = np.unique(reading.quality.state, return_counts=True)
            self.counts = {str(state): int(number) for state, number in zip(states, numbers, strict=True)}
            self.missed_words = words.missed_words(reading, self.missed) if self.missed else ""
            self.cube = views.cube()
            self.cube_words = views.cube_words(self.cube)
            self.picked_node = views.picked_node(self.cube)
            self.plane = [] if views.is_spatial else views.plane()
            self.cubes = views.cubes()
            self.tradeoff = views.tradeoff()
            self._draw_tab(views)
            self.show_trial(reading, self.position)
        # what is seen comes first
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
            # an address, or an experiment that was open before, may have had more pages
            self.table_page = min(self.table_page, max(len(order) - 1, 0) // ROWS_A_PAGE)
            self.rows = table_of.page_of_rows(reading, order, self.table_page)

    def _passing(self, reading: Reading) -> NDArray[np.bool_] | None:
        return Filters(
            show=self.show, top=self.top, objective=self.objective, limits=self.limits, missed=self.missed
        ).passing(reading)
