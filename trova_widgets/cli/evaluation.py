"""Commands that say how far results can be believed: evaluate, card, doubts, explain."""

import argparse
from pathlib import Path

from trova_widgets.cli.common import Command, class_rates, opened, show
from trova_widgets.errors import TrovaError

_TABLES = ("tellers", "parts", "left-out")

#: What a screen has of a doubtful label: of one that networks doubt, and of one that the clock alone contradicts.
_DOUBTED = ("event_id", "event_class", "told", "probability", "doubt", "records", "clock", "why")
_CONTRADICTED = ("event_id", "event_class", "told", "origin_time", "clock", "why")


def add_commands(command: Command) -> None:
    """Declare the commands and what they take."""
    evaluate = command("evaluate", _evaluate, "Tell how well the best cell tells classes, beside plain baselines.")
    evaluate.add_argument("experiment")
    evaluate.add_argument("--baselines", nargs="*", metavar="NAME", help="which (all, if left out; none, if empty)")
    evaluate.add_argument("--beside", nargs="+", default=[], metavar="EXPERIMENT", help="others over the same data set")
    evaluate.add_argument("--placement", action="store_true", help="also with the onset taken to be wrong")
    evaluate.add_argument(
        "--leave",
        nargs="+",
        default=[],
        metavar="BY",
        help="station, region, period: train anew, so that each record is told by networks that saw none of its own",
    )
    evaluate.add_argument(
        "--rates",
        nargs="+",
        metavar="CLASS=SHARE",
        help="what becomes of it where classes come at these rates: earthquake=0.9 quarry_blast=0.1",
    )
    evaluate.add_argument("--workers", type=int, help="processes that train, with --leave (one a core, if left out)")
    evaluate.add_argument("--holdout", action="store_true", help="look at the hold-out too; each look is counted")
    evaluate.add_argument("--report", type=Path, metavar="FILE.html", help="write all of it as a page")
    evaluate.add_argument("--export", type=Path, metavar="FILE.csv", help="write a table, see --table")
    evaluate.add_argument(
        "--table",
        choices=_TABLES,
        default="tellers",
        help="which to export: who tells how well, the parts of the records, or what was left out with --leave",
    )

    card = command("card", _card, "Write the model card of an experiment's best cell: what it is, and is not, for.")
    card.add_argument("experiment")
    card.add_argument("--output", type=Path, metavar="FILE.md", help="Markdown (printed, if left out)")

    doubts = command("doubts", _doubts, "List the events whose labels contradict networks, the clock or the quarries.")
    doubts.add_argument(
        "experiment", nargs="?", help="whose networks never saw the events; if left out, the clock and quarries alone"
    )
    doubts.add_argument("--utc-offset", type=float, metavar="H", help="as for clock")
    doubts.add_argument("--export", type=Path, metavar="FILE.csv")

    explain = command("explain", _explain, "Say what in a record speaks for each class.")
    explain.add_argument("record", help="its identity, as of: trova records")
    explain.add_argument("--network", help="a network, an experiment or a trial (the latest experiment, if left out)")


def _evaluate(options: argparse.Namespace) -> None:
    from dataclasses import replace

    if options.table == "left-out" and not options.leave:
        raise TrovaError("Nothing is left out, so there is no such table; say what: --leave station region period")
    with opened(options) as workspace:
        found = workspace.evaluate(
            options.experiment,
            baselines=options.baselines,
            beside=options.beside,
            placement=options.placement,
            leave=options.leave,
            rates=None if options.rates is None else class_rates(options.rates),
            workers=options.workers,
        )
        if options.holdout:
            held, looks = workspace.look_at_holdout(options.experiment)
            found = replace(found, holdout=held, looks=looks)
        print(found)
        if options.report is not None:
            print(f"Report: {workspace.evaluation_report(found, options.report)}")
        if options.export is not None:
            tables = {"tellers": found.table, "parts": found.parts, "left-out": found.left_out}
            show(tables[options.table], options.export)


def _card(options: argparse.Namespace) -> None:
    with opened(options) as workspace:
        card = workspace.model_card(options.experiment, options.output)
        print(card if options.output is None else f"Model card: {options.output.resolve()}")


def _doubts(options: argparse.Namespace) -> None:
    with opened(options) as workspace:
        if options.experiment is None:
            queue = workspace.clock_doubts(utc_offset_h=options.utc_offset)
            by = "the hours, weekdays and known quarries of other events"
            print(f"{len(queue)} labels are contradicted by {by}; no network was asked.")
            if workspace.quarries().empty:
                print("No quarry is known here, so the clock is asked alone; name some with: trova quarries FILE")
            if len(queue) or options.export:
                show(queue, options.export, _CONTRADICTED)
            return
        queue = workspace.doubts(options.experiment, utc_offset_h=options.utc_offset)
        surely = int((queue["doubt"] >= 1).sum())
        told = queue["why"] != ""
        print(f"{surely} of {len(queue)} labels are in doubt: another class is likelier than its own events make it.")
        if int(told.sum()) > surely:
            print(f"{int(told.sum()) - surely} more are contradicted by the clock or the known quarries alone.")
        show(queue if options.export else queue.head(int(told.sum()) or 10), options.export, _DOUBTED)


def _explain(options: argparse.Namespace) -> None:
    with opened(options) as workspace:
        for row in workspace.explain(options.record, options.network).itertuples(index=False):
            print(f"{row.event_class}, {100 * row.probability:.1f} %: for it speaks {row.reason}.")
