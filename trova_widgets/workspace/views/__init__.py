"""What can be seen of an experiment's results, in a notebook and as files."""

from trova_widgets.workspace.views.view import View
from trova_widgets.workspace.views.whole import OF_A_CELL, VIEWS, ResultViews

__all__ = ["OF_A_CELL", "VIEWS", "ResultViews", "View"]
