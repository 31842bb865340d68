"""The seeker: ``python -m trova_widgets.workspace.seeker WORKSPACE SEARCH`` goes on with a search, and ends."""

import argparse
from pathlib import Path

from trova_widgets.processes import RUN_NICE, give_way
from trova_widgets.workspace import Workspace


def main() -> None:
    """Go on with one search of a workspace that other processes may use at the same time."""
    parser = argparse.ArgumentParser(prog="trova-seeker", description=main.__doc__)
    parser.add_argument("workspace", type=Path)
    parser.add_argument("search")
    parser.add_argument("--workers", type=int)
    parser.add_argument("--device", default="auto")
    parser.add_argument("--budget")
    parser.add_argument("--steps", type=int)
    options = parser.parse_args()
    with Workspace.open(options.workspace, shared=True) as workspace:
        # not before: the owner of the database, which this may have started, serves the pages
        give_way(RUN_NICE)
        workspace.seek_here(
            options.search,
            workers=options.workers,
            device=options.device,
            budget=options.budget,
            steps=options.steps,
        )


if __name__ == "__main__":
    main()
