"""Who may come to the pages from elsewhere: ``trova access``."""

import argparse
import time
from pathlib import Path

from trova_widgets.access import AccessKeys
from trova_widgets.cli.common import Command, workspace_folder


def add_commands(command: Command) -> None:
    """Declare the command and what it takes."""
    access = command("access", _listing, "Say who may come to the pages from elsewhere, and as what.")
    actions = access.add_subparsers(metavar="ACTION")

    actions.add_parser("list", help="who may come (this, if left out)")

    add = actions.add_parser("add", help="make a key, which is shown this once")
    add.add_argument("name", help="whom it is for; labels and starts are signed with it")
    add.add_argument("--visitor", action="store_true", help="a key to look with, not to change anything")
    add.set_defaults(handler=_add)

    revoke = actions.add_parser("revoke", help="take a key away; pages that are open with it are closed")
    revoke.add_argument("name", help="the name, or the number that the list shows")
    revoke.set_defaults(handler=_revoke)
    for action in actions.choices.values():
        # behind the action as well as before it
        action.add_argument("-w", "--workspace", type=Path, default=argparse.SUPPRESS, help="the workspace's folder")


def _listing(options: argparse.Namespace) -> None:
    keys = list(AccessKeys(workspace_folder(options)))
    if not keys:
        print("Nobody has a key; make one with: trova access add NAME")
    for key in keys:
        until = "" if key.until is None else f", until {_day(key.until)}"
        print(f"{key.identity}  {key.role:<8} {key.name}, since {_day(key.made_at)}{until}")


def _add(options: argparse.Namespace) -> None:
    keys = AccessKeys(workspace_folder(options))
    secret = keys.add(options.name, "visitor" if options.visitor else "analyst")
    print(f"{options.name} comes as {'a visitor' if options.visitor else 'an analyst'} with this key, shown only now:")
    print(f"  {secret}")
    print(f"Either behind the address that 'trova serve' prints, as in http://seismo:8866/?key={secret},")
    print("or typed where the page asks for it. Take it away with: trova access revoke")


def _revoke(options: argparse.Namespace) -> int:
    count = AccessKeys(workspace_folder(options)).revoke(options.name)
    keys = "key was" if count == 1 else "keys were"
    print(f"{count} {keys} taken away." if count else f"No key is {options.name}'s; see: trova access list")
    return 0 if count else 1


def _day(seconds: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(seconds))
