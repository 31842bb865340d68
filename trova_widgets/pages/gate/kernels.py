"""The kernels behind the pages: whose each one is, how many there are, and when one is put to rest."""

import asyncio
import contextvars
import logging
import time
import uuid
from datetime import UTC, datetime
from typing import Any

from jupyter_core.utils import ensure_async
from jupyter_server.auth.authorizer import Authorizer
from jupyter_server.auth.identity import User
from jupyter_server.base.handlers import JupyterHandler
from tornado.ioloop import PeriodicCallback

from trova_widgets.pages.gate.people import People, Person
from trova_widgets.pages.gate.terms import ANALYST_VARIABLE, Terms

_log = logging.getLogger(__name__)

#: Who asks for the page that a kernel is being started for.
asking: contextvars.ContextVar[Person | None] = contextvars.ContextVar("asking", default=None)

_LOOKS_EVERY_S = 2.0
_ADMISSION_S = 120.0
_ADMIT = "from trova_widgets.pages.application import admit; admit({name!r})"


class Crowded(Exception):
    """As many pages are open as may be."""


class Kernels:
    """Which kernel is whose.

    Every kernel begins as a visitor's. The server, which alone may run code in it, lets it become an analyst's; nothing
    that a browser sends can.

    Parameters
    ----------
    manager : MappingKernelManager
        Voilà's own.
    people : People
        Who comes.
    terms : Terms
        How many, and for how long.
    """

    def __init__(self, manager: Any, people: People, terms: Terms) -> None:
        self._manager, self._people, self._terms = manager, people, terms
        self._of: dict[str, Person] = {}
        self._touched: dict[str, float] = {}
        self._gone: dict[str, str] = {}
        self._start = manager.start_kernel
        manager.start_kernel = self._started
        if hasattr(manager, "get_rendered_notebook"):
            self._rendered = manager.get_rendered_notebook
            manager.get_rendered_notebook = self._taken
        self._admissions: set[asyncio.Future[None]] = set()
        self._looking = PeriodicCallback(self._look, 1000 * _LOOKS_EVERY_S)
        self._looking.start()

    @property
    def is_crowded(self) -> bool:
        """Whether no more pages may be opened."""
        # one that has ended makes room at once, whenever it is forgotten
        return sum(kernel_id in self._manager for kernel_id in self._of) >= self._terms.most_kernels

    @property
    def most(self) -> int:
        """How many pages may be open at once."""
        return self._terms.most_kernels

    def belongs(self, kernel_id: str, person: Any) -> bool:
        """Return whether a kernel is behind a page of this browser."""
        owner = self._of.get(kernel_id)
        return owner is not None and isinstance(person, Person) and owner.username == person.username

    def touch(self, kernel_id: str) -> None:
        """Note that somebody uses the page."""
        self._touched[kernel_id] = time.monotonic()

    def why_gone(self, kernel_id: str) -> str:
        """Return why a kernel was put to rest, where this was done on purpose."""
        return self._gone.get(kernel_id, "")

    async def _started(self, **kwargs: Any) -> str:
        """Start a kernel for a page that no warm one waits for."""
        person = asking.get()
        if person is None:
            return str(await self._start(**kwargs))
        environment = kwargs["env"] = dict(kwargs.get("env") or {})
        if person.role == "analyst":
            environment[ANALYST_VARIABLE] = person.name
        kernel_id = str(await self._start(**kwargs))
        self._give(kernel_id, person)
        return kernel_id

    async def _taken(self, *args: Any, **kwargs: Any) -> Any:
        """Take the kernel that was kept warm."""
        answer = await self._rendered(*args, **kwargs)
        kernel_id, person = answer[2], asking.get()
        if person is not None:
            self._give(kernel_id, person)
            if person.role == "analyst":
                # beside the page: the warm kernel may still be drawing it
                self._admissions.add(task := asyncio.ensure_future(self._admit(kernel_id, person.name)))
                task.add_done_callback(self._admissions.discard)
        return answer

    def _give(self, kernel_id: str, person: Person) -> None:
        self._of[kernel_id] = person
        self.touch(kernel_id)
        # Voilà puts to rest what has long done nothing, be it because it was kept warm: now its page is on the way
        self._manager.get_kernel(kernel_id).last_activity = datetime.now(UTC)

    async def _admit(self, kernel_id: str, name: str) -> None:
        """Let a warm kernel become an analyst's."""
        client = self._manager.get_kernel(kernel_id).client()
        # the one who is drawing the page would lose its answers to a second client of the same session
        client.session = client.session.clone()
        client.session.session = uuid.uuid4().hex
        client.start_channels(iopub=False, stdin=False, hb=False, control=False)
        try:
            client.execute(_ADMIT.format(name=name), silent=True, store_history=False)
            reply = await client.get_shell_msg(timeout=_ADMISSION_S)
            if reply["content"]["status"] != "ok":
                _log.error("%s was not admitted: %s", name, reply["content"])
        except Exception:
            # the page stays a visitor's, and says so
            _log.exception("%s was not admitted", name)
        finally:
            client.stop_channels()

    async def _look(self) -> None:
        """Forget kernels that ended, and end those of keys that were revoked, and those that nobody touched."""
        now = time.monotonic()
        for kernel_id, person in list(self._of.items()):
            if kernel_id not in self._manager:
                self._forget(kernel_id, "")
            elif not self._people.is_still(person):
                await self._end(kernel_id, "The key that this page was opened with was taken away.")
            elif now - self._touched.get(kernel_id, now) > self._terms.idle_s:
                minutes = round(self._terms.idle_s / 60)
                await self._end(kernel_id, f"Nobody touched this page for {minutes} minutes, so it was put to rest.")

    async def _end(self, kernel_id: str, why: str) -> None:
        self._forget(kernel_id, why)
        try:
            await ensure_async(self._manager.shutdown_kernel(kernel_id, now=True))
        except Exception:
            # it has ended by itself meanwhile
            _log.warning("a kernel that was to be ended did not end", exc_info=True)

    def _forget(self, kernel_id: str, why: str) -> None:
        self._of.pop(kernel_id, None)
        self._touched.pop(kernel_id, None)
        if why:
            self._gone[kernel_id] = why


class OwnKernel(Authorizer):
    """Lets a browser reach the kernels behind its own pages, and no other."""

    def is_authorized(self, handler: JupyterHandler, user: User, action: str, resource: str) -> bool:
        """Return whether a request about a kernel is about one's own."""
        kernels: Kernels = handler.settings["trova_kernels"]
        return kernels.belongs(str(handler.path_kwargs.get("kernel_id", "")), user)
