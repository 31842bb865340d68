"""The columns of a table of events on the page: a field each, with the guess in it."""

from ipyvuetify.VuetifyTemplate import VuetifyTemplate
from traitlets import Dict, List, dlink

from trova_widgets.models.catalog_columns import CatalogColumnsModel


class CatalogColumns(VuetifyTemplate):
    """The fields, bound to their model; nothing is drawn as long as there is no table.

    Parameters
    ----------
    model : CatalogColumnsModel
        Its state.
    """

    template_file = (__file__, "catalog_columns.vue")

    choices = List(Dict()).tag(sync=True)
    fields = List(Dict()).tag(sync=True)

    def __init__(self, model: CatalogColumnsModel) -> None:
        super().__init__()
        self.model = model
        for name in ("choices", "fields"):
            dlink((model, name), (self, name))

    def vue_choose(self, choice: list[str]) -> None:
        """Take another column: the name of the field, and the column or nothing."""
        name, column = choice
        self.model.choose(name, column or "")
