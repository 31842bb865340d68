"""Who comes: told by a key in the address, by the server's cookie, or by coming from this machine."""

import hashlib
import hmac
import ipaddress
import json
import os
import re
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

from jupyter_server.auth.identity import IdentityProvider, User
from tornado.httputil import HTTPServerRequest
from tornado.web import RequestHandler
from traitlets import Instance

from trova_widgets.access import AccessKeys, Role, is_password
from trova_widgets.pages.gate.terms import Terms

_COOKIE_DAYS = 30
_FORWARDED = ("X-Forwarded-For", "X-Forwarded-Host", "X-Real-Ip", "Forwarded", "Via")
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}


@dataclass(kw_only=True)
class Person(User):
    """Who comes, from one browser: ``username`` tells the browser from all others.

    Attributes
    ----------
    role : str
        ``"analyst"`` or ``"visitor"``.
    by : str
        How they came: the identity of a key, ``"here"``, ``"public"``, or a password's own hash.
    """

    role: Role = "visitor"
    by: str = "public"


def _person(name: str, role: Role, by: str) -> Person:
    return Person(username=secrets.token_hex(16), name=name, role=role, by=by)


class People(IdentityProvider):
    """Tells who comes with a request; nobody, where a key is needed and none was brought.

    A cookie is worth what it was given for: it ends with its key, with the password, or where it came from.
    """

    terms = Instance(Terms)

    @property
    def keys(self) -> AccessKeys:
        """The keys of the workspace."""
        return AccessKeys(self.terms.folder)

    @property
    def auth_enabled(self) -> bool:
        """Whether anybody has to say who they are; the server decides for each request."""
        return True

    def get_cookie_name(self, handler: RequestHandler) -> str:
        """Return a name of our own: a Jupyter server in front has cookies too, and ports share theirs."""
        return "trova-" + re.sub(r"[^A-Za-z0-9]", "-", handler.request.host)

    def get_handlers(self) -> list[tuple[str, object]]:
        """Return no handlers: the gate has its own."""
        return []

    def get_user(self, handler: RequestHandler) -> Person | None:
        """Return who comes, and give them a cookie where they have none."""
        known = self._of_cookie(handler)
        new = self._of_key(handler)
        if new is not None and (known is None or known.by != new.by):
            self.welcome(handler, new)
            return new
        if known is not None:
            return known
        if not self.terms.proxied and comes_from_here(handler.request):
            new = _person(self.terms.user, "analyst", "here")
        else:
            new = _person("a visitor", "visitor", "public") if self.terms.public else None
        if new is not None:
            self.welcome(handler, new)
        return new

    def welcome(self, handler: RequestHandler, person: Person) -> None:
        """Give somebody the cookie that they come with from now on."""
        proxied = handler.request.headers.get("X-Forwarded-Proto", handler.request.protocol)
        handler.set_signed_cookie(
            self.get_cookie_name(handler),
            json.dumps(asdict(person)),
            expires_days=_COOKIE_DAYS,
            httponly=True,
            samesite="Lax",
            secure=proxied == "https",
            path=cast(Any, handler).base_url,
        )

    def by_password(self, name: str, password: str) -> Person | None:
        """Return the analyst who knows the password, under the name that they give."""
        kept, name = self.terms.password, " ".join("".join(filter(str.isprintable, name)).split())
        if not kept or not 0 < len(name) <= 60 or not is_password(password, kept):
            return None
        return _person(name, "analyst", kept)

    def by_key(self, secret: str) -> Person | None:
        """Return whom a key was made for."""
        digest = hashlib.sha256(secret.encode()).hexdigest()
        if self.terms.hub and hmac.compare_digest(digest, self.terms.hub):
            return _person(self.terms.user, "analyst", digest)
        key = self.keys.find(secret)
        return None if key is None else _person(key.name, key.role, key.identity)

    def is_still(self, person: Person, request: HTTPServerRequest | None = None) -> bool:
        """Return whether what somebody came with is still good."""
        if person.by == "public":
            return self.terms.public
        if person.by == "here":
            return not self.terms.proxied and (request is None or comes_from_here(request))
        return person.by in {self.terms.password, self.terms.hub} - {""} or self.keys.get(person.by) is not None

    def _of_key(self, handler: RequestHandler) -> Person | None:
        secret = handler.get_query_argument("key", "")
        if not secret:
            found = self.auth_header_pat.match(handler.request.headers.get("Authorization", ""))
            secret = found[2].strip() if found else ""
        return self.by_key(secret) if secret else None

    def _of_cookie(self, handler: RequestHandler) -> Person | None:
        cookie = handler.get_signed_cookie(self.get_cookie_name(handler), max_age_days=_COOKIE_DAYS)
        if not cookie:
            return None
        try:
            person = Person(**json.loads(cookie))
        except (ValueError, TypeError):
            return None
        return person if self.is_still(person, handler.request) else None


def comes_from_here(request: HTTPServerRequest) -> bool:
    """Return whether a request was sent on this machine, to this machine, by who started the server.

    What a proxy passes on comes from here too, and a page of somebody else can send a browser here by a name of its
    own (DNS rebinding); neither is meant.
    """
    if any(name in request.headers for name in _FORWARDED):
        return False
    host = urlsplit(f"//{request.host}").hostname or ""
    return _is_loopback(request.remote_ip or "") and host in _LOOPBACK and _is_ours(request)


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def _is_ours(request: HTTPServerRequest) -> bool:
    """Return whether the other end of a connection belongs to the user of this process, where the system tells.

    Linux lists the sockets of all users with their owners (proc(5)).
    """
    connection = cast(Any, request.connection)
    address = getattr(getattr(connection, "context", None), "address", None)
    socket = getattr(getattr(connection, "stream", None), "socket", None)
    here = None if socket is None else f"{socket.getsockname()[1]:04X}"
    table = Path("/proc/net/tcp6" if address and ":" in str(address[0]) else "/proc/net/tcp")
    if not address or not table.exists():
        return True
    port = f"{int(address[1]):04X}"
    owners = {
        line[7]
        for line in map(str.split, table.read_text(encoding="ascii").splitlines()[1:])
        # the far end of our connection is the near end of theirs; closed ones have no owner any more
        if line[1].rpartition(":")[2] == port and here in (None, line[2].rpartition(":")[2]) and line[3] == "01"
    }
    return not owners or str(os.getuid()) in owners
