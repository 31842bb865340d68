"""What reports have in common: at the end of a notebook's cell they read as they do when they are printed."""

from typing import Any


class Report:
    """A report whose text is meant for a person."""

    def __init_subclass__(cls) -> None:
        # IPython takes the method nearest to the class itself, and a dataclass has its own __repr__ there
        cls._repr_pretty_ = Report._repr_pretty_  # type: ignore[method-assign]

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """Show the text, where IPython would show the fields."""
        printer.text(str(self))
