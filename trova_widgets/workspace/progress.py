"""How far a long task has come, for whoever watches: a terminal, a notebook or a page."""

from collections.abc import Iterable, Iterator
from typing import Protocol, TypeVar

from tqdm.auto import tqdm

Item = TypeVar("Item")


class Progress(Protocol):
    """What watches a task: it is given the items, and gives them on."""

    def __call__(self, items: Iterable[Item], label: str, total: int | None = None) -> Iterator[Item]:
        """Yield the items, showing how many are done."""


def progress_bar(items: Iterable[Item], label: str, total: int | None = None) -> Iterator[Item]:
    """Yield the items behind a bar with the time left, which appears when they take more than two seconds.

    Examples
    --------
    >>> list(progress_bar([1, 2, 3], "counting"))
    [1, 2, 3]
    """
    yield from tqdm(items, desc=label, total=total, delay=2, leave=False, dynamic_ncols=True)
