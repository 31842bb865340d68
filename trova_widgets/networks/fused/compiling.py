"""Functions compiled by numba, once for a machine: the compiled code is kept on disk."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import ParamSpec, TypeVar

import numba

P = ParamSpec("P")
T = TypeVar("T")

# Sums may be taken in another order, so that they run in vectors; what is not a number must stay visible.
_FAST_MATH = {"reassoc", "contract", "nsz"}


def compiled(function: Callable[P, T]) -> Callable[P, T]:
    """Compile a function for this processor when it is first called, or take it from the disk.

    Numba knows a change of a function by its own file alone, while the kernels here call one another across files;
    so the folder of the compiled code is named after the content of them all.
    """
    before = numba.config.CACHE_DIR
    if not before:
        numba.config.CACHE_DIR = folder()
    try:
        made: Callable[P, T] = numba.njit(cache=True, nogil=True, error_model="numpy", fastmath=_FAST_MATH)(function)
    finally:
        numba.config.CACHE_DIR = before
    return made


def inlined(function: Callable[P, T]) -> Callable[P, T]:
    """Return a function that becomes a part of the compiled ones that call it."""
    made: Callable[P, T] = numba.njit(inline="always", error_model="numpy", fastmath=_FAST_MATH)(function)
    return made


@cache
def folder() -> str:
    """Return a folder for compiled code that this process may write to."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.read_bytes())
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path("~").expanduser() / ".cache")
    found = base / "trova" / f"kernels-{digest.hexdigest()[:16]}"
    try:
        found.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=found):
            return str(found)
    except OSError:
        # of this process alone: nobody else can have put code there
        return tempfile.mkdtemp(prefix="trova-kernels-")
