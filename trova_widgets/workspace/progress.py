"""How far a long task has come, for whoever watches: a terminal, a notebook or a page."""

from collections.abc import Callable, Iterable, Iterator
from operator import length_hint
from typing import Protocol, TypeVar

from tqdm.auto import tqdm

Item = TypeVar("Item")

#: Called with (done, total); total is 0 while it is not known.
Watcher = Callable[[int, int], None]


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


def watched_by(watcher: Watcher) -> Progress:
    """Return a progress that tells a callback how many of how many are done.

    Examples
    --------
    >>> seen = []
    >>> list(watched_by(lambda done, total: seen.append((done, total)))(["a", "b"], "letters"))
    ['a', 'b']
    >>> seen
    [(1, 2), (2, 2)]
    """

    def progress(items: Iterable[Item], label: str, total: int | None = None) -> Iterator[Item]:
        count = total if total is not None else length_hint(items)
        for done, item in enumerate(items, start=1):
            yield item
            watcher(done, count)

    return progress
