"""What changes the workspace is marked, and refused where a person only looks."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

Action = TypeVar("Action", bound=Callable[..., None])


def changing(action: Action) -> Action:
    """Mark an action of a model that changes the workspace: who only looks is told so, and nothing is done.

    It asks the workspace itself, not a trait, which a message to a widget could set.

    Parameters
    ----------
    action : callable
        A method, without a result, of the application's model or of one that has it as ``application``.
    """

    @wraps(action)
    def guarded(self: Any, /, *args: Any, **kwargs: Any) -> None:
        application = getattr(self, "application", self)
        refusal = application.why_read_only()
        if refusal:
            application.notify(refusal)
        else:
            action(self, *args, **kwargs)

    guarded.changes_workspace = True  # type: ignore[attr-defined]
    return cast(Action, guarded)
