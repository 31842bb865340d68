"""The scripts of a page: learned from the first one, and named at the head of all that follow.

A browser asks for a hundred small scripts one after the other, once the kernel has made the page. Told of them before,
it fetches them meanwhile.
"""

import os
import re
from collections.abc import Callable

from tornado.web import RequestHandler

from trova_widgets.widgets.compiled.module import ADDRESS_VARIABLE

#: What a page asks first when its scripts run: how its kernel is.
_RUNNING = "/api/kernels/"
#: A file and its version; what a stranger may ask for besides has no place on a page of others.
_ADDRESS = re.compile(r"(?P<file>/[\w./@~-]+\.m?js)(\?v=\w+)?", re.ASCII)


class Scripts:
    """Which scripts a page asks for before it runs.

    Attributes
    ----------
    addresses : list of str
        Their addresses, in the order in which the first page asked for them; it is filled in place.
    modules : list of str
        Likewise of the modules, which are known from the start.
    """

    def __init__(self) -> None:
        self.addresses: list[str] = []
        self.modules = [address] if (address := os.environ.get(ADDRESS_VARIABLE, "")) else []
        self._files = {address.partition("?")[0] for address in self.modules}
        self._complete = False

    def noted(self, log: Callable[[RequestHandler], None]) -> Callable[[RequestHandler], None]:
        """Return a log of requests that notes scripts as well."""

        def note(handler: RequestHandler) -> None:
            if not self._complete:
                self._note(handler)
            log(handler)

        return note

    def _note(self, handler: RequestHandler) -> None:
        request = handler.request
        asked = str(request.uri)
        if _RUNNING in asked:
            # one that came from a browser that had kept them has asked for none
            self._complete = bool(self.addresses)
        if request.headers.get("Sec-Fetch-Dest") != "script" or handler.get_status() not in (200, 304):
            return
        found = _ADDRESS.fullmatch(asked)
        if found is not None and found["file"] not in self._files:
            self._files.add(found["file"])
            self.addresses.append(asked)
