"""What a report tells of things that were taken in."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Remark:
    """Something to know of what was taken in.

    Attributes
    ----------
    kind : str
        What it is, the same words for all that is alike; it reads on after a number: ``"3 x record without ..."``.
    subject : str
        The file, the event or the row, with what it says.
    way_out : str
        A sentence that says what can be done about it.
    """

    kind: str
    subject: str
    way_out: str
