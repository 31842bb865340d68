"""The gate as a process: ``python -m trova_widgets.pages.gate``, as `trova_widgets.pages.server` starts it."""

from typing import Any

from jupyter_server.utils import url_path_join
from voila.app import Voila
from voila.request_info_handler import RequestInfoSocketHandler
from voila.shutdown_kernel_handler import VoilaShutdownKernelHandler
from voila.static_file_handler import TemplateStaticFileHandler
from voila.tornado.handler import TornadoVoilaHandler

from trova_widgets.pages.gate.handlers import DoorHandler, LeaveHandler, PageHandler, PulseHandler, TemplateFileHandler
from trova_widgets.pages.gate.kernels import Kernels, OwnKernel
from trova_widgets.pages.gate.people import People
from trova_widgets.pages.gate.terms import Terms

_KERNEL = r"(?P<kernel_id>\w+-\w+-\w+-\w+-\w+)"
#: Voilà's own handlers that ours stand in the place of. One of them is closed: it tells anybody of others' requests.
_OURS = {
    TornadoVoilaHandler: PageHandler,
    VoilaShutdownKernelHandler: LeaveHandler,
    TemplateStaticFileHandler: TemplateFileHandler,
}


class Gate(Voila):  # type: ignore[misc]
    """Voilà, where everybody is somebody and a kernel belongs to who opened its page."""

    name = "voila"

    def init_settings(self) -> dict[str, Any]:
        """Return the settings of the server: who comes is told by `People`."""
        terms = Terms.take()
        self.cookie_secret = People(terms=terms).keys.cookie_secret()
        self.authorizer_class = OwnKernel
        self.identity_provider_class = People
        settings = super().init_settings()
        people: People = settings["identity_provider"]
        people.terms = terms
        settings["trova_kernels"] = Kernels(self.kernel_manager, people, terms)
        return dict(settings)

    def init_handlers(self) -> list[Any]:
        """Return the handlers: our own, and Voilà's but for its login and those that are closed."""
        own = [
            (url_path_join(self.server_url, "/login"), DoorHandler),
            (url_path_join(self.server_url, rf"/trova/pulse/{_KERNEL}"), PulseHandler),
        ]
        theirs = [
            (route, _OURS.get(handler, handler), *rest)
            for route, handler, *rest in super().init_handlers()
            if handler is not RequestInfoSocketHandler
        ]
        return own + theirs


if __name__ == "__main__":
    Gate.launch_instance()
