"""A workspace: one study in one folder; what can be done with it, from a notebook, a page or the command line.

`Workspace` is loaded when it is first used: the processes that read files for an import need a module of this package,
and none of the rest.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from trova_widgets.workspace.study import Workspace

__all__ = ["Workspace"]


def __getattr__(name: str) -> Any:
    if name == "Workspace":
        from trova_widgets.workspace.study import Workspace

        return Workspace
    raise AttributeError(f"trova_widgets.workspace has no public name {name!r}")
