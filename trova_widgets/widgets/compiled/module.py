"""The module of all compiled templates: where it is, and what it was made of."""

import hashlib
import re
from functools import cache
from pathlib import Path

#: Made by ``compile.mjs`` of all templates, with the hash of each at its head.
MODULE_FILE = Path(__file__).parent / "templates.mjs"
#: Names the address from which a browser can take the module; without one it comes with the widgets.
ADDRESS_VARIABLE = "TROVA_TEMPLATES"
_HASH = re.compile(r"^// (\w+) ([0-9a-f]{16})$", re.MULTILINE)
_HEAD = 4096


def is_compiled(file: Path) -> bool:
    """Return whether the module has a template as it stands now.

    Parameters
    ----------
    file : Path
        The template as it was written.

    Examples
    --------
    >>> import trova_widgets.pages as pages
    >>> is_compiled(Path(pages.__file__).parent / "frame.vue")
    True
    """
    return _hashes().get(file.stem) == _hash(file)


def module_version() -> str:
    """Return what tells this module from that of another version, for its address."""
    return _hash(MODULE_FILE)


def _hash(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()[:16]


@cache
def _hashes() -> dict[str, str]:
    with MODULE_FILE.open(encoding="utf-8") as stream:
        return dict(_HASH.findall(stream.read(_HEAD)))
