"""Commands that do alike with networks, data sets and experiments: show, compare, rename, copy, edit, delete."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trova_widgets.cli.common import Command, assignments, opened, show
from trova_widgets.errors import TrovaError

if TYPE_CHECKING:
    from pandas import DataFrame

    from trova_widgets.workspace import Workspace

_KINDS = ("network", "dataset", "experiment")
_LISTS = ("classes", "leave_out")


def add_commands(command: Command) -> None:
    """Declare the commands and what they take."""
    look = command(
        "show", _show, "Say what a network, a data set or an experiment is; without a name, which there are."
    )
    look.add_argument("kind", choices=_KINDS)
    look.add_argument("name", nargs="?")

    compare = command("compare", _compare, "Say in what networks, data sets or experiments differ.")
    compare.add_argument("kind", choices=_KINDS)
    compare.add_argument("names", nargs="+", metavar="NAME")
    compare.add_argument("--export", type=Path, metavar="FILE.csv", help="write what is alike as well")

    rename = command("rename", _rename, "Give a network, a data set or an experiment another name.")
    rename.add_argument("kind", choices=_KINDS)
    rename.add_argument("name")
    rename.add_argument("new_name")

    copy = command("copy", _copy, "Copy a network, a data set or an experiment, with some of it changed.")
    copy.add_argument("kind", choices=_KINDS)
    copy.add_argument("name")
    copy.add_argument("new_name")
    copy.add_argument(
        "changes",
        nargs="*",
        metavar="NAME=VALUE",
        help="of a network: layer parameters; of a data set: seed=5, training=0.6, classes=earthquake,explosion; of an "
        "experiment: all settings that vary, as for plan",
    )
    _add_plan_options(copy)

    edit = command("edit", _edit, "Change the plan of an experiment; results that leave it are kept.")
    edit.add_argument("experiment")
    edit.add_argument("axes", nargs="*", metavar="SETTING=[MIN:STEP:MAX]", help="all settings that vary, as for plan")
    _add_plan_options(edit)

    delete = command(
        "delete", _delete, "Delete a network, a data set or an experiment, after saying what goes with it."
    )
    delete.add_argument("kind", choices=_KINDS)
    delete.add_argument("name")
    delete.add_argument("--yes", action="store_true", help="without being asked")

    annotate = command("annotate", _annotate, "Leave a remark on an experiment, a trial, a record or an event.")
    annotate.add_argument("subject", help="the name of an experiment, or an identity")
    annotate.add_argument("text")


def _add_plan_options(parser: argparse.ArgumentParser) -> None:
    """Declare what of a plan may be said anew besides its axes."""
    parser.add_argument(
        "--fix", nargs="+", default=[], metavar="SETTING=VALUE", help="fix some more; 'SETTING=' is as it usually is"
    )
    parser.add_argument("--seeds", type=int)
    parser.add_argument("--epochs", type=int)
    parser.add_argument("--network", help="over another network")
    parser.add_argument("--dataset", help="over another data set")


def _show(options: argparse.Namespace) -> None:
    with opened(options) as workspace:
        if options.name is not None:
            print(workspace.compare(options.kind, options.name))
            return
        names = list(_table(workspace, options.kind)["name"])
    words = {"network": "network", "dataset": "data set", "experiment": "experiment"}
    print("\n".join(names) if names else f"There is no {words[options.kind]} yet.")


def _table(workspace: "Workspace", kind: str) -> "DataFrame":
    listed = {"network": workspace.networks, "dataset": workspace.datasets, "experiment": workspace.experiments}
    return listed[kind]()


def _compare(options: argparse.Namespace) -> None:
    with opened(options) as workspace:
        compared = workspace.compare(options.kind, *options.names)
    if options.export is None:
        print(compared)
    else:
        show(compared.table.reset_index(), options.export)


def _rename(options: argparse.Namespace) -> None:
    with opened(options) as workspace:
        workspace.rename(options.kind, options.name, options.new_name)
    print(f"{options.name} is called {options.new_name} now.")


def _copy(options: argparse.Namespace) -> None:
    plan_options = {name: value for name, value in _plan_changes(options).items() if value is not None}
    if options.kind == "experiment":
        changes = {**plan_options, **({"axes": options.changes} if options.changes else {})}
    elif plan_options:
        raise TrovaError(f"--{next(iter(plan_options))} belongs to an experiment; give a {options.kind} NAME=VALUE.")
    else:
        changes = assignments(options.changes)
        if options.kind == "dataset":
            changes = _dataset_changes(changes)
    with opened(options) as workspace:
        compared = workspace.copy(options.kind, options.name, options.new_name, **changes)
    print(f"{options.new_name} is a copy of {options.name}.")
    print(compared)


def _dataset_changes(given: dict[str, object]) -> dict[str, object]:
    """Return words about a data set as `Workspace.build_dataset` takes them."""
    from trova_widgets.experiments import SHARES

    shares = {name: given.pop(name) for name in SHARES if name in given}
    known = {"seed", "minimum_snr_db", "components", *_LISTS}
    if unknown := sorted(given.keys() - known):
        raise TrovaError(f"A data set has no {unknown[0]!r}; there are {', '.join([*SHARES, *sorted(known)])}.")
    if wrong := [name for name, share in shares.items() if not isinstance(share, int | float)]:
        raise TrovaError(
            f"The share of {wrong[0]} is {shares[wrong[0]]!r}; give a number, {wrong[0]}=0.1 for instance."
        )
    lists = {name: [word for word in str(given[name]).split(",") if word] for name in _LISTS if name in given}
    return {**given, **lists, **({"shares": shares} if shares else {})}


def _edit(options: argparse.Namespace) -> None:
    with opened(options) as workspace:
        print(workspace.edit(options.experiment, axes=options.axes or None, **_plan_changes(options)))


def _plan_changes(options: argparse.Namespace) -> dict[str, Any]:
    fixed = {name: None if value == "" else value for name, value in assignments(options.fix).items()}
    return {
        "network": options.network,
        "dataset": options.dataset,
        "fixed": fixed or None,
        "seeds": options.seeds,
        "epochs": options.epochs,
    }


def _delete(options: argparse.Namespace) -> int:
    with opened(options) as workspace:
        deletion = workspace.deletion(options.kind, options.name)
        print(deletion)
        if not (options.yes or _agreed()):
            print("Nothing was deleted.")
            return 1
        workspace.delete(deletion)
    print("Deleted.")
    return 0


def _agreed() -> bool:
    try:
        return input("Delete? Type yes: ").strip().casefold() in {"y", "yes"}
    except EOFError:
        # nobody is there to answer
        print()
        return False


def _annotate(options: argparse.Namespace) -> None:
    with opened(options) as workspace:
        workspace.annotate(options.subject, options.text)
    print(f"Kept beside {options.subject}.")
