"""Commands that say how far results can be believed: evaluate, doubts."""

import argparse
from pathlib import Path

from trova_widgets.cli.common import Command, opened, show


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

    doubts = command("doubts", _doubts, "List the events whose labels contradict networks that never saw them.")
    doubts.add_argument("experiment")
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
        queue = workspace.doubts(options.experiment)
        surely = int((queue["doubt"] >= 1).sum())
        print(f"{surely} of {len(queue)} labels are in doubt: another class is likelier than its own events make it.")
        show(queue if options.export else queue.head(surely or 10), options.export)


def _explain(options: argparse.Namespace) -> None:
    with opened(options) as workspace:
        for row in workspace.explain(options.record, options.network).itertuples(index=False):
            print(f"{row.event_class}, {100 * row.probability:.1f} %: for it speaks {row.reason}.")
