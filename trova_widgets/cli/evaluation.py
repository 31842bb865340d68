"""Commands that say how far results can be believed: evaluate, doubts."""

import argparse
from pathlib import Path

from trova_widgets.cli.common import Command, opened, show

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
    evaluate.add_argument("--holdout", action="store_true", help="look at the hold-out too; each look is counted")
    evaluate.add_argument("--report", type=Path, metavar="FILE.html", help="write all of it as a page")
    evaluate.add_argument("--export", type=Path, metavar="FILE.csv", help="write the table")

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

    with opened(options) as workspace:
        found = workspace.evaluate(
            options.experiment, baselines=options.baselines, beside=options.beside, placement=options.placement
        )
        if options.holdout:
            held, looks = workspace.look_at_holdout(options.experiment)
            found = replace(found, holdout=held, looks=looks)
        print(found)
        if options.report is not None:
            print(f"Report: {workspace.evaluation_report(found, options.report)}")
        if options.export is not None:
            show(found.table, options.export)


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
