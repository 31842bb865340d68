"""The runner: ``python -m trova_widgets.workspace.runner WORKSPACE EXPERIMENT`` trains what is missing, and ends."""

import argparse
from pathlib import Path

from trova_widgets.processes import RUN_NICE, give_way
from trova_widgets.workspace import Workspace


def main() -> None:
    """Run one experiment of a workspace that other processes may use at the same time."""
    parser = argparse.ArgumentParser(prog="trova-runner", description=main.__doc__)
    parser.add_argument("workspace", type=Path)
    parser.add_argument("experiment")
    parser.add_argument("--workers", type=int)
    parser.add_argument("--device", default="auto")
    parser.add_argument("--all", action="store_true", help="train everything, whatever rules of a race are kept")
    parser.add_argument("--budget")
    parser.add_argument("--dask", metavar="ADDRESS", help="of the scheduler of a cluster")
    options = parser.parse_args()
    with Workspace.open(options.workspace, shared=True) as workspace:
        # not before: the owner of the database, which this may have started, serves the pages
        give_way(RUN_NICE)
        workspace.run_here(
            options.experiment,
            workers=options.workers,
            device=options.device,
            race=False if options.all else None,
            budget=options.budget,
            dask=options.dask,
        )


if __name__ == "__main__":
    main()
