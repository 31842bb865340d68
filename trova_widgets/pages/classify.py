"""The page that names the class of records: uploaded ones, or one of the study; and shows why."""

from typing import TYPE_CHECKING, Any

import traitlets
from ipywidgets import widget_serialization
from traitlets import Dict, Int

from trova_widgets.models.application import ApplicationModel
from trova_widgets.models.classify import ClassifyModel
from trova_widgets.pages.page import Page
from trova_widgets.widgets.event_classes import MARKS
from trova_widgets.widgets.fingerprint_squares import ExplainedSquares
from trova_widgets.widgets.seismogram import Seismogram
from trova_widgets.widgets.upload import Upload
from trova_widgets.widgets.view import Part

if TYPE_CHECKING:
    from trova_widgets.workspace import Workspace

_CATALOGUES = ".xml,.quakeml,.csv,.txt,.dat,.out"
_OF_THE_ANSWER = ("spoken", "reasons", "who", "similar", "similar_note", "zero")


class ClassifyPage(Page[ClassifyModel]):
    """The page, bound to its model.

    Parameters
    ----------
    model : ClassifyModel
        Its state.
    """

    template_file = (__file__, "classify.vue")

    marks = Dict().tag(sync=True)
    looking = traitlets.Unicode("").tag(sync=True)
    refused = traitlets.Unicode("").tag(sync=True)
    upload = traitlets.Any().tag(sync=True, **widget_serialization)
    catalog = traitlets.Any().tag(sync=True, **widget_serialization)
    seismogram = traitlets.Any().tag(sync=True, **widget_serialization)
    squares = traitlets.Any().tag(sync=True, **widget_serialization)
    uploaded = Int(0).tag(sync=True)

    def __init__(self, model: ClassifyModel) -> None:
        answer = model.answer
        self._files = Upload(label="Seismograms to classify")
        self._catalog = Upload(label="Catalogue of events, if any", accept=_CATALOGUES, multiple=False)
        super().__init__(
            model,
            Part(answer, _OF_THE_ANSWER),
            upload=self._files,
            catalog=self._catalog,
            marks=MARKS,
            seismogram=Seismogram(answer.seismogram, 190, Part(answer, ("window_s", "lit_s"))),
            squares=ExplainedSquares(answer),
        )
        self._files.observe(lambda change: self.set_trait("uploaded", len(change["new"])), "paths")
        # they have names of their own here, beside the page's
        traitlets.dlink((answer, "busy"), (self, "looking"))
        traitlets.dlink((answer, "problem"), (self, "refused"))

    def vue_classify_files(self, form: dict[str, Any] | None = None) -> None:
        """Classify what was uploaded."""
        self.take(form)
        self.model.classify_files(self._files.paths, next(iter(self._catalog.paths), None))

    def vue_classify_again(self, form: dict[str, Any] | None = None) -> None:
        """Ask once more, at the rates that are typed."""
        self.take(form)
        self.model.classify_again()

    def vue_choose(self, place: int) -> None:
        """Look into one of the answers."""
        self.model.choose(place)

    def vue_save(self, kind: str) -> None:
        """Make a file of all answers."""
        self.model.save(kind)


def classify_page(workspace: "Workspace", application: ApplicationModel) -> ClassifyPage:
    """Return the page on which records of a workspace are classified."""
    return ClassifyPage(ClassifyModel(application))
