"""Records fetched from a data centre: the form, how far it is, the report."""

from typing import Any

import traitlets
from ipywidgets import widget_serialization
from traitlets import Bool

from trova_widgets.models.fetching import FetchModel
from trova_widgets.widgets.catalog_columns import CatalogColumns
from trova_widgets.widgets.task_status import TaskStatus
from trova_widgets.widgets.upload import Upload
from trova_widgets.widgets.view import View


class RecordFetch(View[FetchModel]):
    """The form of a fetch, bound to its model.

    Parameters
    ----------
    model : FetchModel
        Its state.
    """

    template_file = (__file__, "record_fetch.vue")

    by_region = Bool(False).tag(sync=True)
    catalog_upload = traitlets.Any().tag(sync=True, **widget_serialization)
    catalog_columns = traitlets.Any().tag(sync=True, **widget_serialization)
    status = traitlets.Any().tag(sync=True, **widget_serialization)

    def __init__(self, model: FetchModel) -> None:
        self._catalog = Upload(label="Catalogue of events", accept=".xml,.quakeml,.csv,.txt", multiple=False)
        super().__init__(
            model,
            catalog_upload=self._catalog,
            catalog_columns=CatalogColumns(model.columns),
            status=TaskStatus(model),
        )
        self._catalog.observe(lambda change: model.look_at_catalog(next(iter(change["new"]), None)), "paths")

    def vue_fetch(self, form: dict[str, Any] | None = None) -> None:
        """Fetch what the form says."""
        self.take(form)
        self.model.fetch(None if self.by_region else next(iter(self._catalog.paths), None))

    def vue_stop(self, _: Any = None) -> None:
        """Stop after the event in hand."""
        self.model.stop()
