"""Voilà as the gate: its settings and its handlers, ours in the place of some of them."""

import logging
from contextlib import suppress
from typing import Any

from jupyter_server.log import log_request
from jupyter_server.utils import url_path_join
from tornado.web import HTTPError, StaticFileHandler
from voila.app import Voila
from voila.request_info_handler import RequestInfoSocketHandler
from voila.shutdown_kernel_handler import VoilaShutdownKernelHandler
from voila.static_file_handler import TemplateStaticFileHandler
from voila.tornado.handler import TornadoVoilaHandler

from trova_widgets.pages.gate.handlers import DoorHandler, LeaveHandler, PageHandler, PulseHandler, TemplateFileHandler
from trova_widgets.pages.gate.kernels import Kernels, OwnKernel
from trova_widgets.pages.gate.people import People
from trova_widgets.pages.gate.provisioner import split_kernels_off
from trova_widgets.pages.gate.scripts import Scripts
from trova_widgets.pages.gate.terms import Terms
from trova_widgets.widgets.compiled.module import MODULE_FILE

_KERNEL = r"(?P<kernel_id>\w+-\w+-\w+-\w+-\w+)"
#: Voilà's own handlers that ours stand in the place of. One of them is closed: it tells anybody of others' requests.
_OURS = {
    TornadoVoilaHandler: PageHandler,
    VoilaShutdownKernelHandler: LeaveHandler,
    TemplateStaticFileHandler: TemplateFileHandler,
}


# jupyter_server and tornado read one property, the one in milliseconds and the other in seconds; what the other says of
# it is of no use to anybody
logging.getLogger("tornado.general").addFilter(lambda record: "websocket_ping_timeout" not in record.getMessage())


class Gate(Voila):  # type: ignore[misc]
    """Voilà, where everybody is somebody and a kernel belongs to who opened its page."""

    name = "voila"

    def init_settings(self) -> dict[str, Any]:
        """Return the settings of the server: who comes is told by `People`."""
        terms = Terms.take()
        # now that the environment has nothing in it that is not for kernels
        split_kernels_off()
        self.cookie_secret = People(terms=terms).keys.cookie_secret()
        self.authorizer_class = OwnKernel
        self.identity_provider_class = People
        settings = super().init_settings()
        people: People = settings["identity_provider"]
        people.terms = terms
        settings["trova_kernels"] = Kernels(self.kernel_manager, people, terms)
        scripts = Scripts()
        settings["log_function"] = scripts.noted(settings.get("log_function", log_request))
        # what a template is given beside the notebook
        self.voila_configuration.config.VoilaConfiguration.resources = {
            "scripts": scripts.addresses,
            "modules": scripts.modules,
        }
        return dict(settings)

    def stop(self) -> None:
        """End all kernels; one that has ended meanwhile, as its page was left, is not to be found."""
        with suppress(HTTPError):
            super().stop()

    def init_handlers(self) -> list[Any]:
        """Return the handlers: our own, and Voilà's but for its login and those that are closed."""
        own = [
            (url_path_join(self.server_url, "/login"), DoorHandler),
            (url_path_join(self.server_url, rf"/trova/pulse/{_KERNEL}"), PulseHandler),
            (
                url_path_join(self.server_url, r"/trova/(templates\.mjs)"),
                StaticFileHandler,
                {"path": MODULE_FILE.parent},
            ),
        ]
        theirs = [
            (route, _OURS.get(handler, handler), *rest)
            for route, handler, *rest in super().init_handlers()
            if handler is not RequestInfoSocketHandler
        ]
        return own + theirs
