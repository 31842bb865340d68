"""What the pages have in common."""

from typing import TypeVar

from trova_widgets.models.page import PageModel
from trova_widgets.widgets.view import View

Model = TypeVar("Model", bound=PageModel)


class Page(View[Model]):
    """A page, bound to its models: what `View` says, and the way to the other pages."""

    def vue_open(self, place: list[str]) -> None:
        """Go to another page, and there to something, where it is named."""
        self.model.application.open(*place)
