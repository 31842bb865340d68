"""The columns of a table of events on the page: a field each, with the guess in it."""

from trova_widgets.models.catalog_columns import CatalogColumnsModel
from trova_widgets.widgets.view import View


class CatalogColumns(View[CatalogColumnsModel]):
    """The fields, bound to their model; nothing is drawn as long as there is no table.

    Parameters
    ----------
    model : CatalogColumnsModel
        Its state.
    """

    template_file = (__file__, "catalog_columns.vue")

    def vue_choose(self, choice: list[str]) -> None:
        """Take another column: the name of the field, and the column or nothing."""
        name, column = choice
        self.model.choose(name, column or "")
