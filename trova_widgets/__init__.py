"""Trova: binary fingerprints of seismograms, and the search for the network that reads them.

The public names are loaded when they are first used, so that ``import trova_widgets`` costs nothing,
imports neither torch nor obspy, and writes nothing anywhere.
"""

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

_HOME = {
    "Workspace": "workspace",
    "application": "pages.application",
    "FingerprintRecipe": "fingerprinting",
    "fingerprint": "fingerprinting",
    "fingerprints": "fingerprinting",
    "TrovaError": "errors",
}

__all__ = ["FingerprintRecipe", "TrovaError", "Workspace", "application", "fingerprint", "fingerprints"]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"trova_widgets has no public name {name!r}; it has {', '.join(__all__)}")
    return getattr(import_module(f"trova_widgets.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
