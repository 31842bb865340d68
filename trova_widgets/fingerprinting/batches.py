"""What functions of many records share: one value for each record, and errors that name the record."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import numpy as np
from numpy.typing import ArrayLike, NDArray

from trova_widgets.errors import RecipeError, TrovaError

#: Records of one sampling rate: the rows of an array, or a list of records of any lengths.
Batch = NDArray[np.floating] | Sequence[ArrayLike]


def one_each(
    values: ArrayLike | None, count: int, name: str, default: float, *, most_dimensions: int = 1
) -> NDArray[np.float64]:
    """Return an argument that has a value, or a row of values, for each record of a batch.

    Parameters
    ----------
    values : array_like of float, shape (count,) or (count, v), optional
    count : int
        How many records there are.
    name : str
        What the argument is called.
    default : float
        What each record has where the argument is left out.
    most_dimensions : {1, 2}
        Whether a row of values is allowed.

    Raises
    ------
    RecipeError
        If there is not one for each record.
    """
    if values is None:
        return np.full(count, default)
    array = np.asarray(values, dtype=np.float64)
    if not 1 <= array.ndim <= most_dimensions or len(array) != count:
        raise RecipeError(
            f"{name} has the shape {array.shape}, but the batch holds {count} records; give one for each."
        )
    return array


@contextmanager
def naming(place: int | None) -> Iterator[None]:
    """Begin the message of an error with the place of the record in the batch, where there are several."""
    try:
        yield
    except TrovaError as error:
        if place is None:
            raise
        raise type(error)(f"Record {place} of the batch: {error}") from error
