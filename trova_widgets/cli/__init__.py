"""The command ``trova``: each command is one method of `Workspace`, or opens the pages on it."""

import argparse
import io
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from trova_widgets import __version__
from trova_widgets.cli import (
    access,
    answers,
    evaluation,
    experiments,
    figures,
    handles,
    networks,
    records,
    searches,
    upkeep,
)
from trova_widgets.cli.common import Handler, is_changing
from trova_widgets.errors import TrovaError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status: 0 done, 1 refused with a sentence, 130 interrupted."""
    options = _parser().parse_args(arguments)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # a letter that the terminal's coding has not, as on many a Windows, is no reason to end
            stream.reconfigure(errors="backslashreplace")
    try:
        status: int | None = options.handler(options)
    except TrovaError as error:
        print(f"trova: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        return 0
    return status or 0


class _CommandParser(argparse.ArgumentParser):
    """Reads what has no name before, between and behind the options.

    argparse by itself gives all that an asterisk stands for away at the first option.
    """

    _inside = False

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Read the arguments of one command."""
        # a command of commands leaves them to read what is theirs; behind -- nothing is an option
        if self._inside or self._subparsers is not None or "--" in (args or ()):
            return super().parse_known_args(args, namespace)
        self._inside = True
        try:
            return self.parse_known_intermixed_args(args, namespace)
        finally:
            self._inside = False


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="trova",
        description="Tell earthquakes from blasts by binary fingerprints, and see why a network's settings are right.",
    )
    parser.add_argument("--version", action="version", version=f"trova {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True, parser_class=_CommandParser)

    def command(name: str, handler: Handler, help_text: str, workspace: bool = True) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=help_text, description=help_text)
        made.set_defaults(handler=handler, changes=is_changing(name))
        if workspace:
            made.add_argument(
                "-w", "--workspace", type=Path, default=Path(), help="the workspace's folder (here, if left out)"
            )
        return made

    for part in (records, networks, experiments, answers, evaluation, figures, handles, searches, upkeep, access):
        part.add_commands(command)
    return parser
