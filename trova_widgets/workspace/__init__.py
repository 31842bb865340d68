"""A workspace: one study in one folder; what can be done with it, from a notebook, a page or the command line."""

from trova_widgets.workspace.study import Workspace

__all__ = ["Workspace"]
