"""What takes long on a page: done beside it, watched, and explained where it fails."""

import time
from collections.abc import Callable, Iterable, Iterator
from operator import length_hint
from typing import TYPE_CHECKING, Any, TypeVar

import traitlets
from traitlets import Dict, Unicode

from trova_widgets.models.application import ApplicationModel
from trova_widgets.models.background import BackgroundQueue, in_background
from trova_widgets.models.formatting import time_left
from trova_widgets.models.shown import ShownModel

if TYPE_CHECKING:
    from trova_widgets.workspace import Workspace

Result = TypeVar("Result")
Item = TypeVar("Item")

#: How often a long task says how far it is, s.
_REPORT_EVERY_S = 0.2
#: Before that a guess of the time left is worth nothing, s.
_GUESS_AFTER_S = 2.0


class TaskModel(ShownModel):
    """Something that a person starts and waits for.

    Parameters
    ----------
    application : ApplicationModel
        What all pages share.

    Attributes
    ----------
    problem : str
        What keeps it from doing what was asked, as a sentence, or nothing.
    busy : str
        What is being done at the moment, or nothing.
    progress : dict
        ``label``, ``done``, ``total`` (0: not known) and ``left`` (the time left, in words; nothing in the first two
        seconds) of a long task, while it goes on.
    read_only : str
        Why it cannot be done at all, see `ApplicationModel`; empty where it can.
    """

    application = traitlets.Instance(ApplicationModel)
    problem = Unicode("")
    busy = Unicode("")
    progress = Dict()
    read_only = Unicode("")

    def __init__(self, application: ApplicationModel) -> None:
        super().__init__(application=application, read_only=application.read_only)
        application.observe(lambda change: self.set_trait("read_only", change["new"]), "read_only")

    @property
    def workspace(self) -> "Workspace":
        """The open study."""
        workspace: Workspace = self.application.workspace
        return workspace

    def do(
        self,
        what: str,
        work: Callable[[], Result],
        then: Callable[[Result], None],
        among: BackgroundQueue | None = None,
    ) -> None:
        """Do something slow: say what, do it in the background, then show its result or the problem.

        Parameters
        ----------
        what : str
            What is being done, for `busy`.
        work, then : callable
            As in `in_background`.
        among : BackgroundQueue, optional
            What else may have been asked, and decides which answers count.
        """
        self.problem, self.busy = "", what

        def done(result: Result) -> None:
            self.busy, self.progress = "", {}
            then(result)

        def failed(sentence: str) -> None:
            self.busy, self.progress, self.problem = "", {}, sentence
            self.application.failures.add(f"{what}: {sentence}" if what else sentence)

        ask = in_background if among is None else among.submit
        ask(work, done, failed)

    def watched(self, items: Iterable[Item], label: str, total: int | None = None) -> Iterator[Item]:
        """Give the items of a long task on, and say in `progress` how far it is; called in the thread that works.

        Parameters
        ----------
        items : iterable
            What is worked through.
        label : str
            What is done with it.
        total : int, optional
            How many there are, where that is known.

        Yields
        ------
        item
            Each of them.
        """
        started, reported = time.monotonic(), 0.0
        count = total or length_hint(items)
        for done, item in enumerate(items):
            now = time.monotonic()
            if now - reported > _REPORT_EVERY_S:
                reported = now
                self._report({"label": label, "done": done, "total": count, "left": _left(now - started, done, count)})
            yield item

    def _report(self, progress: dict[str, Any]) -> None:
        self.application.in_loop(lambda: self.set_trait("progress", progress))


def _left(elapsed_s: float, done: int, total: int) -> str:
    if elapsed_s < _GUESS_AFTER_S or not done or total <= done:
        return ""
    return time_left(elapsed_s / done * (total - done))
