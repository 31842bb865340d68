"""What the gate answers: the page, the question who comes, and how the kernel behind a page is."""

import asyncio
import json
from typing import Any, cast

from jupyter_core.utils import ensure_async
from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.utils import url_path_join
from tornado.web import HTTPError, authenticated
from voila.shutdown_kernel_handler import VoilaShutdownKernelHandler
from voila.static_file_handler import TemplateStaticFileHandler
from voila.tornado.handler import TornadoVoilaHandler

from trova_widgets import __version__
from trova_widgets.pages.gate.kernels import Kernels, asking
from trova_widgets.pages.gate.people import People

# so long a wrong guess takes, s
_GUESS_S = 1.0


def allow_unauthenticated(method: Any) -> Any:
    """Mark a handler's method that answers those who have no key as well."""
    method.__allow_unauthenticated = True
    return method


class Words:
    """Lets a handler answer in words, on a page of our own template."""

    def say(self: Any, status: int, title: str, sentence: str, **more: Any) -> None:
        """Answer with a page that holds a sentence."""
        self.set_status(status)
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.set_header("Cache-Control", "no-store")
        template = self.settings["voila_jinja2_env"].get_template("words.html")
        self.finish(template.render(title=title, sentence=sentence, base_url=self.base_url, **more))


class PageHandler(Words, TornadoVoilaHandler):  # type: ignore[misc]
    """The dashboard."""

    async def prepare(self) -> None:
        """Show the way in to who has no key, and turn away what no person opens."""
        # only a person who opens the page gets a kernel: no picture, script or fetch of another page
        if self.request.headers.get("Sec-Fetch-Dest", "document") not in {"document", "iframe"}:
            self.set_status(403)
            self.finish("This page is for a window of a browser.")
            return
        await super().prepare()

    @authenticated
    async def get(self, path: str | None = None) -> None:
        """Send the page, or a sentence where as many are open as may be."""
        kernels: Kernels = self.settings["trova_kernels"]
        if self.get_query_argument("key", ""):
            # the cookie is there now; a key has no place in an address that is passed on
            self.redirect(url_path_join(self.base_url, "/"))
            return
        if not path and kernels.is_crowded:
            self.say(
                503,
                "Trova is full at the moment",
                f"{kernels.most} pages are open, and no more may be at once. Wait until somebody has closed one, then "
                "load this page again; who serves the workspace can allow more with: trova serve --visitors",
            )
            return
        asking.set(self.current_user)
        await super().get(path)


class DoorHandler(Words, JupyterHandler):
    """Asks for a key or a password."""

    @allow_unauthenticated
    async def get(self) -> None:
        """Show the form."""
        self._ask()

    @allow_unauthenticated
    async def post(self) -> None:
        """Let in who knows a key, or the password."""
        people = cast(People, self.identity_provider)
        secret, name = self.get_body_argument("secret", ""), self.get_body_argument("name", "")
        person = people.by_key(secret) or people.by_password(name, secret)
        if person is None:
            await asyncio.sleep(_GUESS_S)
            with_name = " A password wants a name beside it." if people.terms.password else ""
            self._ask(f"That opens nothing; a key may have been taken away.{with_name}")
            return
        people.welcome(self, person)
        self.redirect(url_path_join(self.base_url, "/"))

    def _ask(self, problem: str = "") -> None:
        password = bool(cast(People, self.identity_provider).terms.password)
        self.say(
            403,
            "This workspace is shown to those who have a key",
            "Open the address with the key that you were given, or type the key here"
            + (", or your name and the password." if password else "."),
            form=self.xsrf_form_html(),
            password=password,
            problem=problem,
        )


class TemplateFileHandler(TemplateStaticFileHandler):  # type: ignore[misc]
    """The files of the page's template."""

    async def get(self, path: str, include_body: bool = True) -> None:
        """Send a file of the template, and none that a path leads to otherwise."""
        if ".." in path:
            raise HTTPError(404)
        await super().get(path, include_body)


class PulseHandler(JupyterHandler):
    """Tells a page how its kernel is, and hears whether somebody uses the page."""

    @authenticated
    async def get(self, kernel_id: str) -> None:
        """Answer ``state`` (alive, gone), ``why`` it is gone, and the ``version`` of Trova that serves."""
        kernels: Kernels = self.settings["trova_kernels"]
        alive = kernels.belongs(kernel_id, self.current_user) and kernel_id in self.kernel_manager
        alive = alive and await ensure_async(self.kernel_manager.get_kernel(kernel_id).is_alive())
        if alive and self.get_query_argument("used", "") == "1":
            kernels.touch(kernel_id)
        self.set_header("Cache-Control", "no-store")
        self.set_header("Content-Type", "application/json")
        answer = {
            "state": "alive" if alive else "gone",
            "why": "" if alive else kernels.why_gone(kernel_id),
            "version": __version__,
        }
        self.finish(json.dumps(answer))


class LeaveHandler(VoilaShutdownKernelHandler):  # type: ignore[misc]
    """Ends the kernel of a page that is left."""

    @authenticated
    async def post(self, kernel_id: str) -> None:
        """End it, where it is one's own."""
        kernels: Kernels = self.settings["trova_kernels"]
        if not kernels.belongs(kernel_id, self.current_user):
            raise HTTPError(403)
        await super().post(kernel_id)
