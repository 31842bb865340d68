"""The columns of a table for other tools: each has a type, whatever stands in it, and says what it means."""

from collections.abc import Iterable
from typing import Any, Literal

import pandas as pd

Kind = Literal["text", "integer", "real", "truth", "moment"]
"""What stands in a column; a moment is in UTC."""

_TYPES = {"text": "string", "integer": "Int64", "real": "float64", "truth": "boolean"}


class Columns:
    """Columns of one table, with what they mean.

    Attributes
    ----------
    values : dict of str to Series
        The columns by name.
    meanings : dict of str to (str, str)
        Unit and meaning of each.

    Examples
    --------
    >>> columns = Columns()
    >>> columns.add("seconds", [1.5, None], "real", "How long it took.", "s")
    >>> columns.frame()["seconds"].tolist(), columns.meanings["seconds"]
    ([1.5, nan], ('s', 'How long it took.'))
    """

    def __init__(self) -> None:
        self.values: dict[str, pd.Series[Any]] = {}
        self.meanings: dict[str, tuple[str, str]] = {}

    def add(self, name: str, values: Iterable[Any], kind: Kind, meaning: str, unit: str = "") -> None:
        """Add a column.

        Parameters
        ----------
        name : str
            Its name.
        values : iterable
            What is missing is None or NaN.
        kind : {"text", "integer", "real", "truth", "moment"}
            What stands in it; a column without any value has its type, too.
        meaning, unit : str
            What it means, as a sentence, and in which unit.
        """
        given = pd.Series(list(values), dtype=object)
        known = given.where(given.notna(), None)
        if kind == "moment":
            self.values[name] = pd.to_datetime(known, utc=True)
        elif kind == "text":
            self.values[name] = known.map(str, na_action="ignore").astype("string")
        else:
            self.values[name] = known.astype(_TYPES[kind])
        self.meanings[name] = unit, meaning

    def frame(self) -> pd.DataFrame:
        """Return the table."""
        return pd.DataFrame(self.values)
