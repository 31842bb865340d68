"""How event classes look, everywhere and always: a colour of Okabe and Ito (2008), and a shape beside it."""

from collections.abc import Mapping

#: Colour and bqplot marker of each class; they are told apart without colour as well.
MARKS: Mapping[str, tuple[str, str]] = {
    "earthquake": ("#0072B2", "circle"),
    "quarry_blast": ("#E69F00", "square"),
    "mine_blast": ("#009E73", "triangle-up"),
    "explosion": ("#D55E00", "diamond"),
}

#: What stands for a class that has no mark of its own, and for none.
OTHER = ("#7f8790", "cross")


def mark_of(event_class: str | None) -> tuple[str, str]:
    """Return the colour and the marker of an event class.

    Examples
    --------
    >>> mark_of("earthquake"), mark_of("meteor")
    (('#0072B2', 'circle'), ('#7f8790', 'cross'))
    """
    return MARKS.get(event_class or "", OTHER)
