"""Slow work beside the event loop, so that a page answers while the store or a computation is busy."""

import asyncio
import logging
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


class Latest:
    """Questions of which only the last one counts: what was asked before it is not answered any more."""

    def __init__(self) -> None:
        self._turn = 0

    def ask(
        self, work: Callable[[], Result], then: Callable[[Result], None], fail: Callable[[str], None] | None = None
    ) -> None:
        """Do slow work as `in_background` does; nothing comes of it when something else is asked meanwhile.

        Examples
        --------
        >>> latest = Latest()
        >>> latest.ask(lambda: 6 * 7, print)
        42
        """
        self._turn += 1
        turn = self._turn

        def is_last() -> bool:
            return turn == self._turn

        def answer(result: Result | None) -> None:
            if is_last():
                then(cast(Result, result))

        def excuse(sentence: str) -> None:
            if is_last() and fail is not None:
                fail(sentence)

        # another question may have come while this one waited for a thread
        in_background(lambda: work() if is_last() else None, answer, None if fail is None else excuse)


class InOrder:
    """Something that is read again whenever it may have changed: an earlier reading never covers a later one.

    Unlike `Latest` it shows every reading that is newer than the one which is shown, so that something that changes
    faster than it can be read is still seen to change.
    """

    def __init__(self) -> None:
        self._asked = self._shown = 0

    def ask(
        self, work: Callable[[], Result], then: Callable[[Result], None], fail: Callable[[str], None] | None = None
    ) -> None:
        """Do slow work as `in_background` does; nothing comes of it when a later reading was shown meanwhile.

        Examples
        --------
        >>> in_order = InOrder()
        >>> in_order.ask(lambda: 6 * 7, print)
        42
        """
        self._asked += 1
        turn = self._asked

        def is_in_time() -> bool:
            if turn < self._shown:
                return False
            self._shown = turn
            return True

        def answer(result: Result) -> None:
            if is_in_time():
                then(result)

        def excuse(sentence: str) -> None:
            if is_in_time() and fail is not None:
                fail(sentence)

        in_background(work, answer, None if fail is None else excuse)


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
