"""Commands that look after a workspace as a whole, or show it."""

import argparse
import getpass
import os
from pathlib import Path

from trova_widgets.cli.common import Command, opened
from trova_widgets.errors import TrovaError
from trova_widgets.resources import copy_notebooks

_SHORTEST_PASSWORD = 8


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
        pages.add_argument("--host", default="127.0.0.1", help="0.0.0.0 for all of this machine's addresses")
        pages.add_argument("--base-url", default="/", help="a path, or the whole address that a proxy shows")
        pages.add_argument("--public", action="store_true", help="let visitors look without a key")
        pages.add_argument("--password", action="store_true", help="ask for a password that analysts can come with")
        pages.add_argument("--visitors", type=int, default=20, metavar="N", help="pages that may be open at once")
        pages.add_argument(
            "--idle-minutes", type=float, default=60, metavar="M", help="after which an unused page is closed"
        )
        pages.add_argument("--upload-mb", type=float, default=2048, metavar="MB", help="that may be uploaded at once")
        pages.add_argument("--no-browser", dest="browser", action="store_false")
        if name == "demo":
            pages.set_defaults(workspace=Path("trova-demo"))


def _doctor(options: argparse.Namespace) -> int:
    options.changes = options.repair
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


def _serve(options: argparse.Namespace) -> int:
    # what keeps it from opening is said here, not on a page that somebody else sees
    opened(options).close()
    return _show_pages(options)


def _demo(options: argparse.Namespace) -> int:
    from trova_widgets.workspace import Workspace

    with Workspace.demo(options.workspace) as workspace:
        print(f"The demonstration workspace is at {workspace.path}.", flush=True)
    return _show_pages(options)


def _show_pages(options: argparse.Namespace) -> int:
    from trova_widgets.pages.server import Serving, serve

    serving = Serving(
        workspace=options.workspace,
        port=options.port,
        host=options.host,
        base_url=options.base_url,
        public=options.public,
        password=_password() if options.password else "",
        visitors=options.visitors,
        idle_minutes=options.idle_minutes,
        upload_mb=options.upload_mb,
    )
    return serve(serving, open_browser=options.browser)


def _password() -> str:
    """Return the password that analysts come with: asked for, as a command line is seen by everybody on a machine."""
    given = os.environ.pop("TROVA_PASSWORD", "") or getpass.getpass("The password that analysts come with: ")
    if len(given) < _SHORTEST_PASSWORD:
        raise TrovaError(f"The password has {len(given)} characters; give it {_SHORTEST_PASSWORD} or more.")
    return given
