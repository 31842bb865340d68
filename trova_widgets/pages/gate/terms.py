"""On which terms a workspace is shown, as the command line says it to the server, and the server to its parts."""

import getpass
import json
import os
from collections.abc import MutableMapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

#: The environment variable by which a kernel finds its workspace, the one that makes it begin as a visitor's, and the
#: one that makes it begin as an analyst's, with their name.
WORKSPACE_VARIABLE, VISITOR_VARIABLE, ANALYST_VARIABLE = "TROVA_WORKSPACE", "TROVA_VISITOR", "TROVA_ANALYST"

#: The environment variable by which a Jupyter server in front tells the key that it sends with each request.
HUB_VARIABLE = "TROVA_HUB_KEY"

_VARIABLE = "TROVA_TERMS"


@dataclass(frozen=True, kw_only=True)
class Terms:
    """Who may come, and how much of the machine they may take.

    Attributes
    ----------
    workspace : str
        The folder of the study.
    user : str
        Who started the server: on this machine they are an analyst of this name.
    proxied : bool
        Whether a proxy passes requests on, so that nobody is told from others by coming from this machine.
    public : bool
        Whether a visitor needs no key.
    password : str
        What an analyst's password is recognised by; empty where there is none.
    hub : str
        SHA-256 of the key that a Jupyter server in front sends with the requests of who started this one.
    most_kernels : int
        How many pages may be open at once.
    idle_s : float
        A page that nobody has touched for so long is put to rest, s.
    """

    workspace: str
    user: str
    proxied: bool = False
    public: bool = False
    password: str = ""
    hub: str = ""
    most_kernels: int = 20
    idle_s: float = 3600.0

    @property
    def folder(self) -> Path:
        """The folder of the study."""
        return Path(self.workspace)

    def write(self, environment: MutableMapping[str, str]) -> None:
        """Hand the terms on in the environment of a process."""
        environment[_VARIABLE] = json.dumps(asdict(self))

    @classmethod
    def take(cls, environment: MutableMapping[str, str] = os.environ) -> Self:
        """Take the terms out of the environment, so that no kernel inherits them."""
        return cls(**json.loads(environment.pop(_VARIABLE)))


def who_starts() -> str:
    """Return the name of who starts the server: on a hub, the name that they have there."""
    return os.environ.get("JUPYTERHUB_USER") or getpass.getuser()
