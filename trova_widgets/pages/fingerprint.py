"""The fingerprint page: a record's scalogram, Haar plane and fingerprint, live while the recipe changes."""

from typing import TYPE_CHECKING, Any

import traitlets
from ipywidgets import widget_serialization
from traitlets import Dict

from trova_widgets.models.application import ApplicationModel
from trova_widgets.models.fingerprint import FingerprintModel
from trova_widgets.pages.page import Page
from trova_widgets.widgets.event_classes import MARKS
from trova_widgets.widgets.fingerprint_squares import FingerprintSeismogram, FingerprintSquares
from trova_widgets.widgets.view import Part

if TYPE_CHECKING:
    from trova_widgets.workspace import Workspace


class FingerprintPage(Page[FingerprintModel]):
    """The fingerprint page, bound to its model.

    Parameters
    ----------
    model : FingerprintModel
        Its state.
    """

    template_file = (__file__, "fingerprint.vue")
    hidden = frozenset({"picture", "window_s", "lit_s"})

    marks = Dict().tag(sync=True)
    seismogram = traitlets.Any().tag(sync=True, **widget_serialization)
    squares = traitlets.Any().tag(sync=True, **widget_serialization)

    def __init__(self, model: FingerprintModel) -> None:
        super().__init__(
            model,
            Part(model.seismogram, ("passband",)),
            marks=MARKS,
            seismogram=FingerprintSeismogram(model),
            squares=FingerprintSquares(model),
        )

    def vue_select(self, record_id: str) -> None:
        """Show a record."""
        self.model.select(record_id)

    def vue_take_recipe(self, recipe_id: str) -> None:
        """Go on from another recipe."""
        self.model.take_recipe(recipe_id)

    def vue_use_recipe(self, form: dict[str, Any] | None = None) -> None:
        """Make the recipe the workspace's default."""
        self.take(form)
        self.model.use_recipe()

    def vue_fit(self, form: dict[str, Any] | None = None) -> None:
        """Fit the medians that the recipe's selection compares with."""
        self.take(form)
        self.model.fit()

    def vue_compute_all(self, form: dict[str, Any] | None = None) -> None:
        """Compute the fingerprints of all records."""
        self.take(form)
        self.model.compute_all()

    def vue_keep_cutoff(self, kept: list[Any]) -> None:
        """Overrule the cut-off of a record: its name, and the cut-off in Hz."""
        self.model.keep_cutoff(*kept)

    def vue_undo_cutoff(self, _: Any = None) -> None:
        """Give an analyst's cut-off up for the one that was found."""
        self.model.undo_cutoff()


def fingerprint_page(workspace: "Workspace", application: ApplicationModel) -> FingerprintPage:
    """Return the fingerprint page of a workspace."""
    return FingerprintPage(FingerprintModel(application))
