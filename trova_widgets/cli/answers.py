"""The command that asks a trained network about new records: classify."""

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from trova_widgets.cli.common import Command, class_rates, opened, show
from trova_widgets.errors import TrovaError

if TYPE_CHECKING:
    from pandas import DataFrame

    from trova_widgets.workspace import Workspace

# what is no file, but what another program pipes in
_STANDARD_INPUT = Path("-")
_UNSHOWN = ("record_id", "start_time", "trial_id", "remark", "note")


def add_commands(command: Command) -> None:
    """Declare the command and what it takes."""
    classify = command("classify", _classify, "Name the class of each event in some files, with probabilities.")
    classify.add_argument("paths", type=Path, nargs="*", metavar="FILE", help="- is what another program pipes in")
    classify.add_argument("--network", help="a network, an experiment or a trial (the latest experiment, if left out)")
    classify.add_argument("--catalog", type=Path, help="the events (looked for in records of hours, if left out)")
    classify.add_argument(
        "--rates",
        nargs="+",
        metavar="CLASS=SHARE",
        help="at what rates the classes come where the records are from: earthquake=0.9 quarry_blast=0.1",
    )
    classify.add_argument("--export", type=Path, metavar="FILE.csv")
    classify.add_argument("--quakeml", type=Path, metavar="FILE.xml", help="write events with types, picks, comments")
    classify.add_argument("--json", action="store_true", help="a line of JSON for each answer, for other programs")
    classify.add_argument("--watch", type=Path, metavar="FOLDER", help="answer what is in it and what comes, for ever")
    classify.add_argument("--new-only", action="store_true", help="of the folder, leave out what is there already")
    classify.add_argument("--interval", type=float, metavar="S", help="between two looks at the folder (2 s)")


def _classify(options: argparse.Namespace) -> int:
    """Print or write the answers; the exit status is not 0 where nothing could be answered."""
    rates = None if options.rates is None else class_rates(options.rates)
    if options.watch is not None:
        return _watch(options, rates)
    if not options.paths:
        raise TrovaError("Nothing is named to be classified; name files, or a folder into which they come: --watch")
    with opened(options) as workspace, _files(options.paths) as named:
        answers = workspace.classify(list(named), network=options.network, catalog=options.catalog, rates=rates)
        answers["file"] = [str(named.get(Path(path), path)) for path in answers["file"]]
        if options.quakeml is not None:
            count = workspace.write_answers(answers, options.quakeml)
            # beside lines that another program reads
            print(f"{count} events written to {options.quakeml}", file=sys.stderr)
        if options.json:
            _print_lines(answers)
        elif options.export is not None:
            show(answers, options.export)
        else:
            print(workspace.who_answers(options.network))
            _print(answers, [*_UNSHOWN, *([] if (answers["event_id"] != "").any() else ["event_id"])])
            _print_events(workspace, answers)
    return 0 if (answers["note"] == "").any() else 1


def _watch(options: argparse.Namespace, rates: dict[str, float] | None) -> int:
    """Answer what comes into a folder until an interruption, which is the way to end it."""
    from trova_widgets.workspace.incoming import INTERVAL_S

    if options.paths or options.export or options.quakeml:
        raise TrovaError("--watch answers one folder, on the screen or as lines of JSON; leave files and exports out.")
    interval_s, count = INTERVAL_S if options.interval is None else options.interval, 0
    with opened(options) as workspace:
        coming = workspace.classify_folder(
            options.watch,
            network=options.network,
            catalog=options.catalog,
            rates=rates,
            new_only=options.new_only,
            interval_s=interval_s,
        )
        print(workspace.who_answers(options.network), file=sys.stderr)
        print(f"Watching {options.watch}; Ctrl-C ends it.", file=sys.stderr, flush=True)
        try:
            for answers in coming:
                if options.json:
                    _print_lines(answers)
                else:
                    _print(answers, [*_UNSHOWN, "event_id"])
                # who reads a pipe waits for it
                sys.stdout.flush()
                count += 1
        except KeyboardInterrupt:
            pass
    print(f"{count} files were answered in {options.watch}.", file=sys.stderr)
    return 0


def _print_lines(answers: "DataFrame") -> None:
    for line in answers.to_json(orient="records", lines=True, date_format="iso", date_unit="ns").splitlines():
        print(line)


def _print(answers: "DataFrame", unshown: list[str]) -> None:
    """Print a table of what was answered, and a sentence for what is to be known of it and for what was not."""
    answers = answers.assign(file=[Path(path).name for path in answers["file"]])
    is_answered = answers["note"] == ""
    if is_answered.any() or len(answers) != 1:
        show(answers[is_answered].drop(columns=unshown), None, empty="Nothing could be answered.")
    said = zip(answers["file"], answers["remark"].where(is_answered, answers["note"]), strict=True)
    for file, sentence in dict.fromkeys(said):
        if sentence:
            print(f"{file}: {sentence}")


def _print_events(workspace: "Workspace", answers: "DataFrame") -> None:
    """Print what the stations of events say together, where there is more than one of an event."""
    verdicts = workspace.answers_by_event(answers)
    if (verdicts["records"] > 1).any():
        print("\nAll stations of each event together:")
        show(verdicts, None)


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
