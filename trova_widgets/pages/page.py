"""What the pages have in common."""

from typing import TypeVar

from traitlets import HasTraits

from trova_widgets.widgets.view import View

Model = TypeVar("Model", bound=HasTraits)


class Page(View[Model]):
    """A page, bound to its models: what `View` says, on a whole page."""
