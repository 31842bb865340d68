"""Make the API pages from the docstrings: ``python docs/api.py [FOLDER]``, without any network.

A page for the public names, and one for each room of the library whose names are listed. Whatever the tool warns of, a
name that is listed and is not there for instance, is an error.
"""

import sys
import warnings
from importlib import import_module
from pathlib import Path

import pdoc
import pdoc.render

from trova_widgets import Workspace, __version__

PAGES = ("", ".errors", ".fingerprinting", ".records", ".space", ".networks", ".experiments", ".store")
HERE = Path(__file__).resolve().parent


def main() -> None:
    """Write the pages into the folder that is named, or into ``docs/api``."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "api"
    modules = [f"trova_widgets{name}" for name in PAGES]
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        for module in map(import_module, modules):
            # names that are loaded when they are first used are not found before
            for name in getattr(module, "__all__", ()):
                setattr(module, name, getattr(module, name))
        _gather_tasks()
        pdoc.render.configure(docformat="numpy", show_source=False, footer_text=f"Trova {__version__}")
        # each package without the modules in it
        pdoc.pdoc(*(spec for name in modules for spec in (name, rf"!{name}\..*")), output_directory=folder)
    print(f"{len(list(folder.rglob('*.html')))} pages in {folder}")


def _gather_tasks() -> None:
    """Let a workspace have the methods that it inherits, so that its page shows all of them in one place."""
    for group in reversed(Workspace.__mro__[1:-1]):
        for name, member in vars(group).items():
            if not name.startswith("_") and name not in vars(Workspace):
                setattr(Workspace, name, member)


if __name__ == "__main__":
    main()
