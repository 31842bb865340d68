"""What a person may call things: experiments, networks and data sets, and the classes of events."""

import re
from collections.abc import Collection
from itertools import count

from trova_widgets.errors import PlanError, StoreError
from trova_widgets.identity import identity_of

# that of an experiment is also the name of its run's files
_NAME = re.compile(r"[^\W_][\w .-]{0,79}")
# Windows takes a file of such a name, whatever its suffix, for a device
_DEVICE = re.compile(r"(con|prn|aux|nul|(com|lpt)\d)(\..*)?", re.IGNORECASE)
_CLASS = re.compile(r"[a-z][a-z0-9_]{0,39}")


def checked_name(name: str, what: str) -> str:
    """Return a name if it can be one.

    Parameters
    ----------
    name : str
        What is to be the name.
    what : str
        Of what, "a network" for instance.

    Raises
    ------
    PlanError
        If it cannot.

    Examples
    --------
    >>> checked_name("base-cnn", "a network")
    'base-cnn'
    """
    if not _NAME.fullmatch(name) or name != name.rstrip():
        raise PlanError(
            f"{name[:120]!r} cannot name {what}; use letters, digits, spaces, dots, dashes and underscores, "
            f"beginning with a letter or digit, 80 at most."
        )
    if _DEVICE.fullmatch(name):
        raise PlanError(f"{name!r} cannot name {what}: Windows knows a device of that name; choose another one.")
    return name


def new_identity(kind: str, name: str, taken: Collection[str]) -> str:
    """Return the identity of something new: that of its name, or another one where what was renamed since has that.

    Parameters
    ----------
    kind, name : str
        What it is, and what it is called.
    taken : collection of str
        The identities of others.

    Examples
    --------
    >>> first = new_identity("network", "base", ())
    >>> first == new_identity("network", "base", ()), first == new_identity("network", "base", [first])
    (True, False)
    """
    contents = ([kind, name] if not number else [kind, name, number] for number in count())
    return next(identity for content in contents if (identity := identity_of(content)) not in taken)


def checked_class(event_class: str, where: str) -> str:
    """Return an event class if it is named as classes are.

    Parameters
    ----------
    event_class : str
        The class.
    where : str
        What has it, as the beginning of a sentence.

    Raises
    ------
    StoreError
        If it is not.

    Examples
    --------
    >>> checked_class("quarry_blast", "The type 'quarry blast'")
    'quarry_blast'
    """
    if not _CLASS.fullmatch(event_class):
        raise StoreError(
            f"{where} has the class {event_class[:60]!r}, expected lower-case letters, digits and underscores, as in "
            f"quarry_blast; rename it."
        )
    return event_class
