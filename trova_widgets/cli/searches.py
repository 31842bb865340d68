"""The command of the strategy: seek, experiment by experiment."""

import argparse
from pathlib import Path

from trova_widgets.cli.common import Command, assignments, opened
from trova_widgets.errors import TrovaError


def add_commands(command: Command) -> None:
    """Declare the command and what it takes."""
    seek = command("seek", _seek, "Seek the best settings: three at a time, each experiment raced, the best held.")
    seek.add_argument("network", nargs="?", help="a saved network")
    seek.add_argument("--dataset")
    seek.add_argument("--budget", help="what this call may use: 8h, 90min, 500 trials; the same command goes on")
    seek.add_argument("--name", help="what the search is called (after the network, if left out)")
    seek.add_argument("--preset", choices=["article"], help="the article's settings in its order with its ranges")
    seek.add_argument(
        "--settings",
        nargs="+",
        metavar="SETTING[=[MIN:STEP:MAX]]",
        help="which have their turn, in this order (those of the layers, if left out)",
    )
    seek.add_argument("--fix", nargs="+", default=[], metavar="SETTING=VALUE", help="held by all experiments")
    seek.add_argument("--epochs", type=int)
    seek.add_argument("--seeds", type=int, help="how often each cell is trained on each fold (1)")
    seek.add_argument("--workers", type=int, help="processes (one a core, if left out)")
    seek.add_argument("--device", default="auto", help="cpu, cuda, cuda:1 (a graphics processor, if there is one)")
    seek.add_argument("--detach", action="store_true", help="come back at once; the search goes on")
    seek.add_argument("--status", action="store_true", help="tell how far a search is, and run nothing")
    seek.add_argument("--stop", action="store_true", help="stop a search after the trials in flight")
    seek.add_argument("--report", type=Path, metavar="FILE.html", help="where the report goes (in the workspace)")


def _seek(options: argparse.Namespace) -> None:
    with opened(options) as workspace:
        if options.status or options.stop or (options.report and options.network is None):
            name = _only_search(options, workspace.searches())
            if options.stop:
                workspace.stop_seek(name)
                print(f"The search {name} stops after the trials in flight.")
                return
            print(workspace.search_report(name))
        else:
            if options.network is None or options.dataset is None:
                raise TrovaError("Name a network and a data set to seek with: trova seek NETWORK --dataset DATASET")
            asked = {
                "settings": options.settings,
                "preset": options.preset,
                "fixed": assignments(options.fix) or None,
                "epochs": options.epochs,
                "seeds": options.seeds,
            }
            how = {"budget": options.budget, "workers": options.workers, "device": options.device}
            if options.detach:
                name = workspace.begin_search(options.network, options.dataset, name=options.name, **asked).name
                workspace.start_seek(name, **how)
                print(f"The search {name} goes on; look at it with: trova seek --name {name} --status")
                return
            found = workspace.seek(options.network, options.dataset, name=options.name, **asked, **how)
            name = found.search.name
            print(found)
        print(f"Report: {workspace.seek_report(name, options.report)}")


def _only_search(options: argparse.Namespace, searches: tuple[str, ...]) -> str:
    if options.name is not None:
        name: str = options.name
        return name
    if not searches:
        raise TrovaError("There is no search yet; begin one with: trova seek NETWORK --dataset DATASET")
    if len(searches) > 1:
        raise TrovaError(f"Name the search that is wanted with --name; there are {', '.join(searches)}.")
    return searches[0]
