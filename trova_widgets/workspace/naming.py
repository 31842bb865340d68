"""What a person may call things: experiments, networks and data sets, and the classes of events."""

import re

from trova_widgets.errors import PlanError, StoreError

# that of an experiment is also the name of its run's files
_NAME = re.compile(r"[^\W_][\w .-]{0,79}")
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
    return name


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
