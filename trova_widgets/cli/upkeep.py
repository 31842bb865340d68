"""Commands that look after a workspace as a whole, or show it."""

import argparse
from pathlib import Path

from trova_widgets.cli.words import Command, opened
from trova_widgets.resources import copy_notebooks


def add_commands(command: Command) -> None:
    """Declare the commands and what they take."""
    doctor = command("doctor", _doctor, "Look whether files and rows are whole and belong together.")
    doctor.add_argument("--repair", action="store_true", help="mend what can be mended; nothing stored is deleted")

    export = command("export", _export, "Write the whole workspace as Parquet, CSV, QuakeML and PNG; import reads it.")
    export.add_argument("folder", type=Path)
    export.add_argument("--pictures", type=int, metavar="N", help="draw this many fingerprints (all, if left out)")

    notebooks = command("notebooks", _notebooks, "Copy the teaching notebooks into a folder.", workspace=False)
    notebooks.add_argument("folder", type=Path, nargs="?", default=Path("trova-notebooks"))

    for name, handler, what in (
        ("serve", _serve, "Open the pages on a workspace."),
        ("demo", _demo, "Make the demonstration workspace where it is missing, and open the pages on it."),
    ):
        pages = command(name, handler, what)
        pages.add_argument("--port", type=int, default=8866)
        pages.add_argument("--host", default="127.0.0.1")
        pages.add_argument("--no-browser", dest="browser", action="store_false")
        if name == "demo":
            pages.set_defaults(workspace=Path("trova-demo"))


def _doctor(options: argparse.Namespace) -> int:
    with opened(options) as workspace:
        report = workspace.repair() if options.repair else workspace.check()
        print(report)
    return 0 if report.is_sound else 1


def _export(options: argparse.Namespace) -> None:
    with opened(options) as workspace:
        print(workspace.export(options.folder, pictures=options.pictures))


def _notebooks(options: argparse.Namespace) -> None:
    new = copy_notebooks(options.folder)
    for path in new:
        print(path)
    kept = "" if new else "They are there already, and stay as they are. "
    print(f"{kept}Open them with: jupyter lab {options.folder}")


def _serve(options: argparse.Namespace) -> None:
    from trova_widgets.pages.server import serve

    # what keeps it from opening is said here, not on a page that somebody else sees
    opened(options).close()
    serve(options.workspace, port=options.port, open_browser=options.browser, host=options.host)


def _demo(options: argparse.Namespace) -> None:
    from trova_widgets.pages.server import serve
    from trova_widgets.workspace import Workspace

    with Workspace.demo(options.workspace) as workspace:
        print(f"The demonstration workspace is at {workspace.path}.", flush=True)
    serve(options.workspace, port=options.port, open_browser=options.browser, host=options.host)
