"""The addresses that a server can really be opened at."""

import ipaddress
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

import psutil

from trova_widgets.errors import TrovaError


@dataclass(frozen=True, kw_only=True)
class BaseUrl:
    """Where the pages stand, as others see it.

    Attributes
    ----------
    path : str
        The part of the address behind the host, with a stroke at both ends.
    origin : str
        Scheme and host, where a proxy has others; empty where there is none.
    """

    path: str = "/"
    origin: str = ""

    @classmethod
    def read(cls, text: str) -> "BaseUrl":
        """Read a path, ``/trova/``, or the whole address that a proxy shows, ``https://seismo.example.org/trova/``.

        Raises
        ------
        TrovaError
            When it is neither.

        Examples
        --------
        >>> BaseUrl.read("trova"), BaseUrl.read("https://seismo.example.org")
        (BaseUrl(path='/trova/', origin=''), BaseUrl(path='/', origin='https://seismo.example.org'))
        """
        parts = urlsplit(text)
        known = parts.scheme in {"http", "https"} and parts.netloc if parts.scheme or parts.netloc else True
        if not known or parts.query or parts.fragment:
            raise TrovaError(
                f"{text!r} is no base address; give a path, /trova/, or https://seismo.example.org/trova/."
            )
        path = f"/{parts.path.strip('/')}/".replace("//", "/")
        return cls(path=path, origin=f"{parts.scheme}://{parts.netloc}" if parts.netloc else "")


def is_loopback(host: str) -> bool:
    """Return whether nobody but this machine reaches a server on this address.

    Examples
    --------
    >>> is_loopback("127.0.0.1"), is_loopback("localhost"), is_loopback("0.0.0.0")
    (True, True, False)
    """
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def reachable(host: str) -> list[str]:
    """Return the addresses of this machine that a server on ``host`` answers at, those of the network alone.

    Parameters
    ----------
    host : str
        What it listens on; ``0.0.0.0`` and ``::`` mean everything.
    """
    if is_loopback(host):
        return []
    if host not in {"0.0.0.0", "::", ""}:
        return [host]
    found = [
        address.address.partition("%")[0]
        for name, addresses in psutil.net_if_addrs().items()
        if psutil.net_if_stats()[name].isup
        for address in addresses
        if address.family == socket.AF_INET or (address.family == socket.AF_INET6 and host == "::")
    ]
    usable = [ipaddress.ip_address(address) for address in dict.fromkeys(found)]
    return [str(address) for address in usable if not (address.is_loopback or address.is_link_local)]


def url(host: str, port: int, path: str = "/") -> str:
    """Return the address of a page.

    Examples
    --------
    >>> url("::1", 8866, "/trova/")
    'http://[::1]:8866/trova/'
    """
    return f"http://{f'[{host}]' if ':' in host else host}:{port}{path}"
