"""The command that asks a trained network about new records: classify."""

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from trova_widgets.cli.common import Command, opened, show
from trova_widgets.errors import TrovaError

if TYPE_CHECKING:
    from pandas import DataFrame

# what is no file, but what another program pipes in
_STANDARD_INPUT = Path("-")
_UNSHOWN = ("record_id", "start_time", "trial_id", "remark", "note")


def add_commands(command: Command) -> None:
    """Declare the command and what it takes."""
    classify = command("classify", _classify, "Name the class of each event in some files, with probabilities.")
    classify.add_argument("paths", type=Path, nargs="+", metavar="FILE", help="- is what another program pipes in")
    classify.add_argument("--network", help="a network, an experiment or a trial (the latest experiment, if left out)")
    classify.add_argument("--catalog", type=Path, help="the events (looked for in records of hours, if left out)")
    classify.add_argument("--export", type=Path, metavar="FILE.csv")
    classify.add_argument("--quakeml", type=Path, metavar="FILE.xml", help="write events with types, picks, comments")
    classify.add_argument("--json", action="store_true", help="a line of JSON for each answer, for other programs")


def _classify(options: argparse.Namespace) -> int:
    """Print or write the answers; the exit status is not 0 where nothing could be answered."""
    with opened(options) as workspace, _files(options.paths) as named:
        answers = workspace.classify(list(named), network=options.network, catalog=options.catalog)
        answers["file"] = [str(named.get(Path(path), path)) for path in answers["file"]]
        if options.quakeml is not None:
            count = workspace.write_answers(answers, options.quakeml)
            # beside lines that another program reads
            print(f"{count} events written to {options.quakeml}", file=sys.stderr)
    if options.json:
        for line in answers.to_json(orient="records", lines=True, date_format="iso", date_unit="ns").splitlines():
            print(line)
    elif options.export is not None:
        show(answers, options.export)
    else:
        _print(answers, list(_UNSHOWN) if options.catalog else [*_UNSHOWN, "event_id"])
    return 0 if (answers["note"] == "").any() else 1


def _print(answers: "DataFrame", unshown: list[str]) -> None:
    """Print a table of what was answered, and a sentence for what is to be known of it and for what was not."""
    answers["file"] = [Path(path).name for path in answers["file"]]
    is_answered = answers["note"] == ""
    show(answers[is_answered].drop(columns=unshown), None, empty="Nothing could be answered.")
    said = zip(answers["file"], answers["remark"].where(is_answered, answers["note"]), strict=True)
    for file, sentence in dict.fromkeys(said):
        if sentence:
            print(f"{file}: {sentence}")


@contextmanager
def _files(paths: list[Path]) -> Iterator[dict[Path, Path]]:
    """Yield the files to read, each with what it is called; what is piped in is kept for so long."""
    if _STANDARD_INPUT not in paths:
        yield {path: path for path in paths}
        return
    if sys.stdin.isatty():
        raise TrovaError("- stands for what another program pipes in, and none does; name a file, or: cat FILE | trova")
    with TemporaryDirectory(prefix="trova-") as folder:
        piped = Path(folder) / "piped"
        piped.write_bytes(sys.stdin.buffer.read())
        yield {piped if path == _STANDARD_INPUT else path: path for path in paths}
