"""What changes a workspace is marked, and refused where nothing may be changed."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

Method = TypeVar("Method", bound=Callable[..., Any])


def changing(method: Method) -> Method:
    """Mark a method of a workspace that changes it: on a copy, and for a visitor, it is refused before it begins.

    The connection to the database refuses as well; this comes first, before a file is touched or anybody is asked.

    Parameters
    ----------
    method : callable
        A method of an object that has ``must_write``.

    Examples
    --------
    >>> from trova_widgets.errors import StoreError
    >>> class Copy:
    ...     def must_write(self):
    ...         raise StoreError("This is a copy.")
    ...     @changing
    ...     def label(self):
    ...         print("labelled")
    >>> Copy().label()
    Traceback (most recent call last):
    ...
    trova_widgets.errors.StoreError: This is a copy.
    """

    @wraps(method)
    def guarded(self: Any, /, *args: Any, **kwargs: Any) -> Any:
        self.must_write()
        return method(self, *args, **kwargs)

    guarded.changes_workspace = True  # type: ignore[attr-defined]
    return cast(Method, guarded)


def changes_workspace(method: object) -> bool:
    """Return whether a method was marked with `changing`."""
    return getattr(method, "changes_workspace", False)
