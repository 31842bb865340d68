"""What every page shares: the workspace, what is open, what is running, and that something has changed."""

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import traitlets
from traitlets import Bool, Dict, HasTraits, Int, Unicode

from trova_widgets.disk import no_room
from trova_widgets.models.background import in_background, in_thread
from trova_widgets.models.changing import changing
from trova_widgets.models.failures import FailuresModel

if TYPE_CHECKING:
    from trova_widgets.workspace import Workspace
    from trova_widgets.workspace.states import ExperimentStatus

_log = logging.getLogger(__name__)
# A look at the workspace waits so many times as long as the one before took, but no longer than this [s].
_SHARE, _AT_LEAST_EVERY_S = 8.0, 5.0

VISITOR = "You look as a visitor: everything can be seen, and nothing changed. An analyst's address changes that."
"""What is said to a visitor."""

#: The pages, in the order of the work.
PAGES = ("overview", "records", "fingerprint", "networks", "experiments", "results", "evaluation", "classify", "learn")


@dataclass(frozen=True, kw_only=True)
class Look:
    """What one look at the workspace found.

    Attributes
    ----------
    revision : int
        The store's revision before anything else was read.
    counts : dict of str to int
        How many records, events, fingerprints, networks, data sets and experiments there are.
    runs : dict of str to ExperimentStatus
        In what state each experiment is, by its name.
    trouble : str
        What keeps anything more from being stored, a sentence with the way out; nothing where there is room.
    """

    revision: int
    counts: dict[str, int]
    runs: "dict[str, ExperimentStatus]"
    trouble: str = ""


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
    query : dict of str to str
        What else of the open page stands in the address, as the page wants it.
    asked : dict of str to str, visits : int
        What an address said that somebody came by, and how often that was; the page brings it back.
    revision : int
        Grows when anybody changed the store; a page observes it and reads again.
    counts, runs : dict, trouble : str
        See `Look`.
    message : str
        A sentence to show for a moment.
    dark : bool
        Whether the page is dark.
    read_only : str
        Why nothing can be kept, and the way out, where the workspace is a copy or a visitor's; empty where it is
        neither. It is for the eye: what is refused, `why_read_only` decides.
    analyst : str
        Who was admitted, and signs; empty for a visitor, and for the user of this system.
    memory : dict of str to dict
        What is open on each page, beyond what its address says: the browser keeps it, to come back to.
    awaited : bool
        Whether nobody looks yet: a page was made before it is asked for, and what takes long is left for then.
    failures : FailuresModel
        What failed behind the pages.
    """

    workspace = traitlets.Any()
    page = Unicode("overview")
    subject = Unicode("")
    query = Dict()
    asked = Dict()
    visits = Int(0)
    revision = Int(-1)
    counts = Dict()
    runs = Dict()
    trouble = Unicode("")
    message = Unicode("")
    dark = Bool(False)
    read_only = Unicode("")
    analyst = Unicode("")
    memory = Dict()
    recalls = Int(0)
    awaited = Bool(False)

    def __init__(self, workspace: "Workspace", **traits: Any) -> None:
        super().__init__(workspace=workspace, read_only=_read_only(workspace), **traits)
        self.failures = FailuresModel()
        self.recalled: dict[str, dict[str, Any]] = {}
        self._watch: asyncio.Task[None] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._looks = 0
        self.refresh()

    @property
    def running(self) -> "tuple[ExperimentStatus, ...]":
        """The experiments that run now, the one started last first."""
        running = (run for run in self.runs.values() if run.is_running)
        return tuple(sorted(running, key=lambda run: run.started_at, reverse=True))

    def why_read_only(self) -> str:
        """Return why nothing can be kept; nothing where all can."""
        return _read_only(self.workspace)

    def admit(self, name: str) -> None:
        """Let who looks change things from now on, under a name that labels and remarks are signed with."""
        self.workspace.admit(name)
        self.analyst, self.read_only = name, self.why_read_only()

    def open(self, page: str, subject: str = "") -> None:
        """Go to a page, and there to a record, a network or an experiment.

        Names that come from an address and mean nothing lead to the overview.
        """
        known = page in PAGES
        with self.hold_trait_notifications():
            if page != self.page:
                self.query = {}
            self.subject = subject if known else ""
            self.page = page if known else "overview"

    def visit(self, page: str, subject: str, asked: dict[str, str]) -> None:
        """Come to a page by an address that says more than its subject."""
        self.open(page, subject)
        self.asked = dict(asked)
        self.visits += 1

    def notify(self, sentence: str) -> None:
        """Show a sentence for a moment; the same one again is shown again."""
        self.message = ""
        self.message = sentence

    def report(self, sentence: str, details: str = "") -> None:
        """Show a sentence about something that failed, and keep it in the list of failures."""
        self.failures.add(sentence, details)
        self.notify(sentence)

    def recall(self, memory: dict[str, Any]) -> None:
        """Come back to what was open on each page, as a browser has kept it; a page takes what it understands."""
        self.awaited = False
        self.recalled = {slug: dict(kept) for slug, kept in memory.items() if slug in PAGES and isinstance(kept, dict)}
        self.recalls += 1

    def in_loop(self, action: Callable[[], object]) -> None:
        """Do something in the thread that the traits belong to; a worker thread calls this to report its progress."""
        if self._loop is None:
            action()
        else:
            self._loop.call_soon_threadsafe(action)

    @changing
    def start(self, experiment: str) -> None:
        """Run what is missing of an experiment, in a process of its own."""
        in_background(lambda: self.workspace.start(experiment), lambda _: self.refresh(), self.notify)

    @changing
    def stop(self, experiment: str) -> None:
        """Stop an experiment after the trials in flight; what is finished stays, and it can be resumed."""
        in_background(lambda: self.workspace.stop(experiment), lambda _: self.refresh(), self.notify)

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
            looks, began = self._looks, time.monotonic()
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
            # who only looks leaves most of the time to those who do something, however many look at once
            took_s = time.monotonic() - began
            await asyncio.sleep(max(interval_s if healthy else 4 * interval_s, min(_SHARE * took_s, _AT_LEAST_EVERY_S)))

    def _look(self, *, full: bool) -> Look:
        revision = self.workspace.revision()
        changed = full or revision != self.revision
        counts = self.workspace.counts() if changed else dict(self.counts)
        runs = {run.experiment: run for run in self.workspace.statuses()}
        return Look(revision=revision, counts=counts, runs=runs, trouble=no_room(self.workspace.path))

    def _take(self, look: Look) -> None:
        self._looks += 1
        broken = [run for run in look.runs.values() if self._broke_off(run)]
        with self.hold_trait_notifications():
            self.counts = look.counts
            self.runs = look.runs
            self.trouble = look.trouble
            self.revision = look.revision
        for run in broken:
            self.report(f"{run} What is finished is kept.")

    def _broke_off(self, run: "ExperimentStatus") -> bool:
        """Whether a run that was seen to go on has ended otherwise than it should."""
        before = self.runs.get(run.experiment)
        return before is not None and before.is_running and run.state in {"died", "failed"}


def _read_only(workspace: "Workspace") -> str:
    if not workspace.read_only:
        return ""
    if workspace.for_a_visitor:
        return VISITOR
    if workspace.read_only_reason:
        return f"Read only: {workspace.read_only_reason}"
    holder, now = workspace.holder or "another process", time.strftime("%H:%M UTC", time.gmtime())
    return (
        f"Read only: {holder} has the database and cannot share it. This copy of {now} keeps nothing and sees no "
        f"change. End {holder}, then load the page again."
    )
