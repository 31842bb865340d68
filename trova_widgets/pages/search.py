"""The assistant of the strategy, a card of the experiments page."""

from typing import Any

from trova_widgets.models.search import SearchModel
from trova_widgets.pages.page import Page


class SearchCard(Page[SearchModel]):
    """What a search has found and proposes, bound to its model."""

    template_file = (__file__, "search.vue")

    def vue_begin(self, preset: str) -> None:
        """Begin a search over the form's network and data set."""
        self.model.begin(preset)

    def vue_take(self, _: Any = None) -> None:
        """Run what is proposed, and decide from it."""
        self.model.take()

    def vue_change(self, _: Any = None) -> None:
        """Fill the form with the proposal."""
        self.model.change()

    def vue_go_on(self, form: dict[str, Any] | None = None) -> None:
        """Go on by itself within the budget."""
        self.take(form)
        self.model.go_on()

    def vue_stop(self, _: Any = None) -> None:
        """Stop the search."""
        self.model.stop()

    def vue_report(self, _: Any = None) -> None:
        """Make the report."""
        self.model.report()
