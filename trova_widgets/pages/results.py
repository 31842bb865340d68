"""The results page: the cube and its other views, and everything about the combination that is picked."""

from typing import TYPE_CHECKING, Any

import ipywidgets
from traitlets import Dict

from trova_widgets.models.application import ApplicationModel
from trova_widgets.models.results import ResultsModel
from trova_widgets.pages.page import Page
from trova_widgets.widgets.colour_legend import ColourLegend
from trova_widgets.widgets.confusion_matrix import ConfusionMatrix
from trova_widgets.widgets.cube_view import CubeView
from trova_widgets.widgets.results_pictures import PicturesView
from trova_widgets.widgets.taken_records import TakenRecords

if TYPE_CHECKING:
    from trova_widgets.workspace import Workspace


#: The views that are pictures, by the trait of the model that has them.
PICTURES = (
    *("plane", "cubes", "beside", "images", "slices", "lines", "surfaces", "parallel", "influence", "tradeoff"),
    "learning",
)


class ResultsPage(Page[ResultsModel]):
    """The results page, bound to its model."""

    template_file = (__file__, "results.vue")

    hidden = frozenset(
        {"cube_words", "picked_node", "matrix", "taken", "confused", "listed", "told", "threshold", *PICTURES}
    )

    views = Dict().tag(sync=True, **ipywidgets.widget_serialization)

    def vue_choose(self, experiment: str) -> None:
        """Look at another experiment."""
        self.model.choose(experiment)

    def vue_move(self, slider: list[int]) -> None:
        """Move a slider."""
        self.model.move(*slider)

    def vue_unlimit(self, name: str) -> None:
        """Keep all again, whatever was brushed along a parameter."""
        self.model.limit(name, None)

    def vue_compare(self, experiment: str) -> None:
        """Put another experiment beside this one, or none."""
        self.model.compare(experiment)

    def vue_filter_column(self, written: list[str]) -> None:
        """Keep what lies in a range: the column, and what was written above it."""
        self.model.filter_column(*written)

    def vue_miss(self, record_id: str) -> None:
        """Bring the combinations to the foreground that tell a record wrong, or all again."""
        self.model.miss(record_id)

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

    def vue_save_table(self, kind: str) -> None:
        """Hand the table over to the browser as a file of this kind."""
        self.model.export(kind)

    def vue_take(self, what: list[str]) -> None:
        """Hand a view, or all of it, over to the browser as a file: which, and of which kind."""
        self.model.take(*what)


def results_page(workspace: "Workspace", application: ApplicationModel) -> ResultsPage:
    """Return the results page of a workspace."""
    model = ResultsModel(application)
    views = {
        "legend": ColourLegend(model),
        "matrix": ConfusionMatrix(model),
        "taken": TakenRecords(model),
        "cube": CubeView(model),
        **{name: PicturesView(model, name) for name in PICTURES},
    }
    return ResultsPage(model, views=views)
