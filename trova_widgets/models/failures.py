"""What failed behind the pages: a list that one can open, with the details to send to somebody who can mend it."""

import logging
import time
from collections.abc import Callable

from traitlets import Dict, HasTraits, List

#: No more are kept; the oldest goes first.
MOST = 50


class FailuresModel(HasTraits):
    """What failed since the page was opened, the latest first.

    Attributes
    ----------
    failures : list of dict
        ``time`` (UTC), ``what`` (a sentence), ``details`` (a traceback, or nothing).

    Examples
    --------
    >>> model = FailuresModel()
    >>> model.add("The disk is full.")
    >>> [failure["what"] for failure in model.failures]
    ['The disk is full.']
    """

    failures = List(Dict())

    def add(self, what: str, details: str = "") -> None:
        """Note a failure; one that repeats itself at once is noted once."""
        now = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime())
        if self.failures and self.failures[0]["what"] == what:
            return
        self.failures = [{"time": now, "what": what, "details": details}, *self.failures][:MOST]

    def clear(self) -> None:
        """Forget them; the log of the pages keeps them."""
        self.failures = []


class FailureHandler(logging.Handler):
    """Notes what is logged as a warning or worse.

    Parameters
    ----------
    report : callable
        Says it, given a sentence and details, and keeps it in the list.
    in_loop : callable
        Does something in the thread that the traits belong to.
    with_details : callable
        Whether the one who looks may see tracebacks, which name files of the server.
    """

    def __init__(
        self,
        report: Callable[[str, str], None],
        in_loop: Callable[[Callable[[], object]], None],
        with_details: Callable[[], bool],
    ) -> None:
        super().__init__(logging.WARNING)
        self._report, self._in_loop, self._with_details = report, in_loop, with_details
        self.setFormatter(logging.Formatter("%(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        """Note a record."""
        what = record.getMessage()
        details = self.format(record).removeprefix(what).strip() if record.exc_info else ""
        self._in_loop(lambda: self._report(what, details if self._with_details() else ""))
