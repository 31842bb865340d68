"""What reports have in common: printed or at the end of a notebook's cell, they read the same."""

from abc import ABC, abstractmethod


class Report(ABC):
    """Something that a person reads: its text stands for it everywhere.

    A dataclass that is one is declared with ``repr=False``; else its fields would be shown in place of its text.
    """

    @abstractmethod
    def __str__(self) -> str:
        """Return the text, without a line break at its end."""

    def __repr__(self) -> str:
        return str(self)
