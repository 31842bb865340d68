"""ObsPy, imported where it is first needed, and its readers, reached by name.

Nothing else in Trova imports ObsPy. Readers are looked up in ObsPy's own entry points, never by trying them all:
among them is one that unpickles what it is given, so that asking every one executes code from the file.
"""

import importlib
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from importlib.metadata import EntryPoints, distribution
from types import ModuleType
from typing import Any, Literal

PluginKind = Literal["waveform", "event", "inventory"]


@cache
def obspy_module(name: str) -> ModuleType:
    """Import ObsPy or one of its modules.

    Parameters
    ----------
    name : str
        The module's full name, ``"obspy"`` or ``"obspy.signal.trigger"``.

    Returns
    -------
    module
        The imported module.
    """
    with warnings.catch_warnings():
        # ObsPy asks for its entry points in a way that Python 3.11 calls deprecated
        warnings.simplefilter("ignore", DeprecationWarning)
        return importlib.import_module(name)


@cache
def plugin(kind: PluginKind, format_name: str, function: Literal["isFormat", "readFormat"]) -> Callable[..., Any]:
    """Return the function of one of ObsPy's readers.

    Parameters
    ----------
    kind : {"waveform", "event", "inventory"}
        What the reader reads.
    format_name : str
        ObsPy's name of the format, ``"MSEED"``.
    function : {"isFormat", "readFormat"}
        The check of the content, or the reader itself.

    Returns
    -------
    callable
        It takes an open binary file, or the name of a file.
    """
    obspy_module("obspy")
    (found,) = _entry_points().select(group=f"obspy.plugin.{kind}.{format_name}", name=function)
    loaded: Callable[..., Any] = found.load()
    return loaded


@cache
def _entry_points() -> EntryPoints:
    # one distribution alone: another package cannot slip in a reader of the same name
    return distribution("obspy").entry_points


@contextmanager
def remarks() -> Iterator[list[str]]:
    """Collect what ObsPy warns about, each remark once, instead of printing it.

    Yields
    ------
    list of str
        Filled when the block ends.
    """
    found: list[str] = []
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        yield found
    found.extend(dict.fromkeys(" ".join(str(item.message).split()) for item in caught))
