"""What every page shares: the workspace, what is open, what is running, and that something has changed."""

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import traitlets
from traitlets import Bool, Dict, HasTraits, Int, Unicode

from trova_widgets.models.background import in_background, in_thread

if TYPE_CHECKING:
    from trova_widgets.experiments import RunStatus
    from trova_widgets.workspace import Workspace

_log = logging.getLogger(__name__)

#: The pages, in the order of the work.
PAGES = ("overview", "records", "fingerprint", "networks", "experiments", "results", "classify", "learn")


@dataclass(frozen=True, kw_only=True)
class Look:
    """What one look at the workspace found.

    Attributes
    ----------
    revision : int
        The store's revision before anything else was read.
    counts : dict of str to int
        How many records, events, fingerprints, networks, data sets and experiments there are.
    experiments : tuple of str
        The names of all experiments.
    runs : dict of str to RunStatus
        The last run of each experiment that was ever run.
    """

    revision: int
    counts: dict[str, int]
    experiments: tuple[str, ...]
    runs: "dict[str, RunStatus]"


class ApplicationModel(HasTraits):
    """The state of the application around the pages.

    Parameters
    ----------
    workspace : Workspace
        The open study.

    Attributes
    ----------
    page, subject : str
        Which page is open (one of `PAGES`) and what it shows, for instance the name of an experiment; both
        stand in the address.
    revision : int
        Grows when anybody changed the store; a page observes it and reads again.
    counts, runs : dict
        See `Look`.
    message : str
        A sentence to show for a moment.
    dark : bool
        Whether the page is dark.
    read_only : str
        Why nothing can be kept, and the way out, where the workspace is a copy for reading; empty where it is none.
    """

    workspace = traitlets.Any()
    page = Unicode("overview")
    subject = Unicode("")
    revision = Int(-1)
    counts = Dict()
    runs = Dict()
    message = Unicode("")
    dark = Bool(False)
    read_only = Unicode("")

    def __init__(self, workspace: "Workspace", **traits: Any) -> None:
        super().__init__(workspace=workspace, read_only=_read_only(workspace), **traits)
        self._experiments: tuple[str, ...] = ()
        self._watch: asyncio.Task[None] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._looks = 0
        self.refresh()

    @property
    def running(self) -> "tuple[RunStatus, ...]":
        """The runs that go on now, the latest first."""
        alive = (run for run in self.runs.values() if run.is_alive)
        return tuple(sorted(alive, key=lambda run: run.started_at, reverse=True))

    def open(self, page: str, subject: str = "") -> None:
        """Go to a page, and there to a record, a network or an experiment.

        Names that come from an address and mean nothing lead to the overview.
        """
        known = page in PAGES
        with self.hold_trait_notifications():
            self.subject = subject if known else ""
            self.page = page if known else "overview"

    def tell(self, sentence: str) -> None:
        """Show a sentence for a moment; the same one again is shown again."""
        self.message = ""
        self.message = sentence

    def in_loop(self, action: Callable[[], object]) -> None:
        """Do something in the thread that the traits belong to; a worker thread calls this to tell its progress."""
        if self._loop is None:
            action()
        else:
            self._loop.call_soon_threadsafe(action)

    def start(self, experiment: str) -> None:
        """Run what is missing of an experiment, in a process of its own."""
        in_background(lambda: self.workspace.start(experiment), lambda _: self.refresh(), self.tell)

    def stop(self, experiment: str) -> None:
        """Stop an experiment after the trials in flight; what is finished stays, and it can be resumed."""
        in_background(lambda: self.workspace.stop(experiment), lambda _: self.refresh(), self.tell)

    def refresh(self) -> None:
        """Look at the workspace now."""
        self._take(self._look(full=True))

    def watch(self, interval_s: float = 0.7) -> None:
        """Keep looking at the workspace, in the running event loop, until `close`."""
        if self._watch is None:
            self._loop = asyncio.get_running_loop()
            self._watch = self._loop.create_task(self._keep_looking(interval_s))

    def close(self) -> None:
        """Stop looking."""
        if self._watch is not None:
            self._watch.cancel()
            self._watch = None

    async def _keep_looking(self, interval_s: float) -> None:
        healthy = True
        while True:
            looks = self._looks
            try:
                look = await in_thread(lambda: self._look(full=False))
                # a look that somebody asked for meanwhile knows more
                if looks == self._looks:
                    self._take(look)
                healthy = True
            except Exception:
                # the owner of the database may just be replaced; one line in the log is enough
                if healthy:
                    _log.warning("the workspace does not answer; trying again", exc_info=True)
                healthy = False
            await asyncio.sleep(interval_s if healthy else 4 * interval_s)

    def _look(self, *, full: bool) -> Look:
        revision = self.workspace.revision()
        changed = full or revision != self.revision
        names = tuple(self.workspace.experiments()["name"]) if changed else self._experiments
        counts = self.workspace.counts() if changed else dict(self.counts)
        runs = {name: run for name in names if (run := self.workspace.status(name)) is not None}
        return Look(revision=revision, counts=counts, experiments=names, runs=runs)

    def _take(self, look: Look) -> None:
        self._looks += 1
        self._experiments = look.experiments
        with self.hold_trait_notifications():
            self.counts = look.counts
            self.runs = look.runs
            self.revision = look.revision


def _read_only(workspace: "Workspace") -> str:
    if not workspace.read_only:
        return ""
    holder, now = workspace.holder or "another process", time.strftime("%H:%M UTC", time.gmtime())
    return (
        f"Read only: {holder} has the database and cannot share it. This copy of {now} keeps nothing and sees no "
        f"change. End {holder}, then load the page again."
    )
