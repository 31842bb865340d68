"""The page that names the class of records: uploaded ones, or one of the study."""

from typing import TYPE_CHECKING, Any

import traitlets
from ipywidgets import widget_serialization
from traitlets import Dict, Int

from trova_widgets.models.application import ApplicationModel
from trova_widgets.models.classify import ClassifyModel
from trova_widgets.pages.page import Page
from trova_widgets.widgets.event_classes import MARKS
from trova_widgets.widgets.upload import Upload

if TYPE_CHECKING:
    from trova_widgets.workspace import Workspace


class ClassifyPage(Page[ClassifyModel]):
    """The page, bound to its model.

    Parameters
    ----------
    model : ClassifyModel
        Its state.
    """

    template_file = (__file__, "classify.vue")

    colours = Dict().tag(sync=True)
    upload = traitlets.Any().tag(sync=True, **widget_serialization)
    uploaded = Int(0).tag(sync=True)

    def __init__(self, model: ClassifyModel) -> None:
        self._files = Upload(label="Seismograms to classify")
        super().__init__(model, upload=self._files, colours={slug: colour for slug, (colour, _) in MARKS.items()})
        self._files.observe(lambda change: self.set_trait("uploaded", len(change["new"])), "paths")

    def vue_classify_files(self, form: dict[str, Any] | None = None) -> None:
        """Classify what was uploaded."""
        self.take(form)
        self.model.classify_files(self._files.paths)


def classify_page(workspace: "Workspace", application: ApplicationModel) -> ClassifyPage:
    """Return the page on which records of a workspace are classified."""
    return ClassifyPage(ClassifyModel(application))
