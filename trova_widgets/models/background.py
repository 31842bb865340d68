"""Slow work beside the event loop, so that a page answers while the store or a computation is busy."""

import asyncio
import logging
from abc import ABC, abstractmethod
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar, cast

from trova_widgets.errors import TrovaError

Result = TypeVar("Result")

_log = logging.getLogger(__name__)
_threads = ThreadPoolExecutor(max_workers=4, thread_name_prefix="trova-page")
# the loop keeps only weak references to its tasks
_tasks: set[asyncio.Task[None]] = set()


async def in_thread(work: Callable[[], Result]) -> Result:
    """Run blocking work in a thread and wait for its result without blocking the loop."""
    return await asyncio.get_running_loop().run_in_executor(_threads, work)


def in_background(
    work: Callable[[], Result],
    then: Callable[[Result], None],
    fail: Callable[[str], None] | None = None,
) -> None:
    """Do slow work in a thread and hand the result over in the event loop.

    Where no loop runs (a script, a test) everything is done at once, in order.

    Parameters
    ----------
    work : callable
        The slow part. It touches no traits: these belong to the loop's thread.
    then : callable
        Called with the result, in the loop's thread.
    fail : callable, optional
        Called with a sentence when the work fails. Without it the error is raised (no loop) or logged.

    Examples
    --------
    >>> in_background(lambda: 6 * 7, print)
    42
    """
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        _at_once(work, then, fail)
        return
    task = loop.create_task(_beside(work, then, fail))
    _tasks.add(task)
    task.add_done_callback(_tasks.discard)


def later(seconds: float, action: Callable[[], None]) -> None:
    """Do something in the event loop a while later; at once where no loop runs."""
    try:
        asyncio.get_running_loop().call_later(seconds, action)
    except RuntimeError:
        action()


class BackgroundQueue(ABC):
    """Work that is asked for piece by piece and whose results may come in another order."""

    def __init__(self) -> None:
        self._asked = 0

    def submit(
        self, work: Callable[[], Result], then: Callable[[Result], None], fail: Callable[[str], None] | None = None
    ) -> None:
        """Do slow work as `in_background` does; nothing comes of an answer, or a failure, that was overtaken.

        Examples
        --------
        >>> queue = LatestOnlyQueue()
        >>> queue.submit(lambda: 6 * 7, print)
        42
        """
        self._asked += 1
        turn = self._asked

        def answer(result: Result | None) -> None:
            if self._counts(turn):
                then(cast(Result, result))

        def excuse(sentence: str) -> None:
            if self._counts(turn) and fail is not None:
                fail(sentence)

        # it may have been overtaken while it waited for a thread
        in_background(lambda: work() if self._is_wanted(turn) else None, answer, None if fail is None else excuse)

    @abstractmethod
    def _is_wanted(self, turn: int) -> bool:
        """Tell, in any thread, whether a request is still worth the work."""

    @abstractmethod
    def _counts(self, turn: int) -> bool:
        """Tell, as its answer comes, whether it was not overtaken."""


class LatestOnlyQueue(BackgroundQueue):
    """A queue of which only the last request counts: what was asked for before it is dropped."""

    def _is_wanted(self, turn: int) -> bool:
        return turn == self._asked

    def _counts(self, turn: int) -> bool:
        return turn == self._asked


class InOrderQueue(BackgroundQueue):
    """A queue of what is read again whenever it may have changed: an earlier reading never covers a later one.

    Unlike `LatestOnlyQueue` it shows every reading that is newer than the one which is shown, so that something that
    changes faster than it can be read is still seen to change.
    """

    def __init__(self) -> None:
        super().__init__()
        self._shown = 0

    def _is_wanted(self, turn: int) -> bool:
        return turn > self._shown

    def _counts(self, turn: int) -> bool:
        if turn < self._shown:
            return False
        self._shown = turn
        return True


def sentence_of(error: Exception) -> str:
    """Return what a person reads about an error; what nobody foresaw is logged with its traceback."""
    if isinstance(error, TrovaError):
        return str(error)
    _log.error("an error that no sentence was written for", exc_info=error)
    return f"Something unexpected went wrong ({type(error).__name__}: {error}); the log of the pages has the details."


def _at_once(work: Callable[[], Result], then: Callable[[Result], None], fail: Callable[[str], None] | None) -> None:
    try:
        result = work()
    except Exception as error:
        if fail is None:
            raise
        fail(sentence_of(error))
        return
    then(result)


async def _beside(
    work: Callable[[], Result], then: Callable[[Result], None], fail: Callable[[str], None] | None
) -> None:
    try:
        then(await in_thread(work))
    except Exception as error:
        sentence = sentence_of(error)
        if fail is not None:
            fail(sentence)
        else:
            _log.error("%s", sentence)
