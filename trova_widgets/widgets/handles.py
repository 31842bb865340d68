"""The dialogs about networks, data sets or experiments: rename, copy, annotate, delete, compare."""

from typing import Any

from trova_widgets.models.application import ApplicationModel
from trova_widgets.models.handles import HandlesModel
from trova_widgets.store import Kind
from trova_widgets.widgets.view import View


class Handles(View[HandlesModel]):
    """The dialogs, bound to their model; a page opens them.

    Parameters
    ----------
    application : ApplicationModel
        What all pages share.
    kind : {"network", "dataset", "experiment"}
        What they are about.
    """

    template_file = (__file__, "handles.vue")

    def __init__(self, application: ApplicationModel, kind: Kind) -> None:
        super().__init__(HandlesModel(application, kind))

    def vue_rename(self, form: dict[str, Any] | None = None) -> None:
        """Give it the new name."""
        self.take(form)
        self.model.rename()

    def vue_copy(self, form: dict[str, Any] | None = None) -> None:
        """Make the copy."""
        self.take(form)
        self.model.copy()

    def vue_annotate(self, form: dict[str, Any] | None = None) -> None:
        """Keep the remark."""
        self.take(form)
        self.model.annotate()

    def vue_delete(self, _: object = None) -> None:
        """Delete it."""
        self.model.delete()

    def vue_close(self, _: object = None) -> None:
        """Close the dialog."""
        self.model.close()
