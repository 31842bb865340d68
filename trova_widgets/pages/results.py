"""The results page: the cube and its other views, and everything about the combination that is picked."""

from typing import TYPE_CHECKING, Any

import ipywidgets
from traitlets import Bool, Dict, Instance, Int, List, Unicode

from trova_widgets.models.application import ApplicationModel
from trova_widgets.models.results import ResultsModel
from trova_widgets.pages.page import Page
from trova_widgets.widgets.results_charts import CurveView, TradeoffView
from trova_widgets.widgets.sheets import ImagesView, LinesView
from trova_widgets.widgets.volume import CubeView

if TYPE_CHECKING:
    from trova_widgets.workspace import Workspace


class ResultsPage(Page[ResultsModel]):
    """The results page, bound to its model."""

    template_file = (__file__, "results.vue")

    experiments = List(Unicode()).tag(sync=True)
    experiment = Unicode().tag(sync=True)
    objective = Unicode().tag(sync=True)
    show = Unicode().tag(sync=True)
    stretched = Bool().tag(sync=True)
    tab = Unicode().tag(sync=True)
    series = Unicode().tag(sync=True)
    sliders = List(Dict()).tag(sync=True)
    trial = Dict().tag(sync=True)
    matrix = Dict().tag(sync=True)
    mistakes = List(Dict()).tag(sync=True)
    remarks = List(Dict()).tag(sync=True)
    curve_names = List(Unicode()).tag(sync=True)
    layers = List(Dict()).tag(sync=True)
    surfaces = Dict().tag(sync=True)
    parallel = Dict().tag(sync=True)
    influence = List(Dict()).tag(sync=True)
    legends = List(Dict()).tag(sync=True)
    counts = Dict().tag(sync=True)
    edges = List(Dict()).tag(sync=True)
    columns = List(Dict()).tag(sync=True)
    rows = List(Dict()).tag(sync=True)
    row_count = Int().tag(sync=True)
    table_page = Int().tag(sync=True)
    sort = Unicode().tag(sync=True)
    descending = Bool().tag(sync=True)
    trial_id = Unicode().tag(sync=True)
    busy = Unicode().tag(sync=True)
    problem = Unicode().tag(sync=True)
    read = Bool().tag(sync=True)
    table_file = Unicode().tag(sync=True)

    cube_view = Instance(ipywidgets.DOMWidget).tag(sync=True, **ipywidgets.widget_serialization)
    images_view = Instance(ipywidgets.DOMWidget).tag(sync=True, **ipywidgets.widget_serialization)
    slices_view = Instance(ipywidgets.DOMWidget).tag(sync=True, **ipywidgets.widget_serialization)
    lines_view = Instance(ipywidgets.DOMWidget).tag(sync=True, **ipywidgets.widget_serialization)
    tradeoff_view = Instance(ipywidgets.DOMWidget).tag(sync=True, **ipywidgets.widget_serialization)
    curve_view = Instance(ipywidgets.DOMWidget).tag(sync=True, **ipywidgets.widget_serialization)

    def vue_choose(self, experiment: str) -> None:
        """Look at another experiment."""
        self.model.choose(experiment)

    def vue_move(self, slider: list[int]) -> None:
        """Move a slider."""
        self.model.move(*slider)

    def vue_lock(self, slider: list[Any]) -> None:
        """Fix a slider, or set it free."""
        self.model.lock(*slider)

    def vue_pick(self, index: list[int]) -> None:
        """Choose a combination."""
        self.model.select(tuple(index))

    def vue_pick_trial(self, trial_id: str) -> None:
        """Choose a trial."""
        self.model.select_trial(trial_id)

    def vue_annotate(self, remark: list[str]) -> None:
        """Leave a remark: the text, and the trial."""
        self.model.annotate(*remark)

    def vue_save_table(self, _: Any = None) -> None:
        """Hand the table over to the browser."""
        self.table_file = ""
        self.table_file = self.model.export()


def results_page(workspace: "Workspace", application: ApplicationModel) -> ResultsPage:
    """Return the results page of a workspace."""
    model = ResultsModel(application)
    return ResultsPage(
        model,
        cube_view=CubeView(model).figure,
        images_view=ImagesView(model, "images").figure,
        slices_view=ImagesView(model, "slices").figure,
        lines_view=LinesView(model).figure,
        tradeoff_view=TradeoffView(model).figure,
        curve_view=CurveView(model).figure,
    )
