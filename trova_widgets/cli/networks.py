"""Commands about fingerprints, data sets and networks: what an experiment is made of."""

import argparse
from typing import Any

from trova_widgets.cli.common import Command, assignments, opened
from trova_widgets.errors import TrovaError


def add_commands(command: Command) -> None:
    """Declare the commands and what they take."""
    image = command("fingerprint", _fingerprint, "Find the cut-offs and compute the fingerprints that are missing.")
    image.add_argument("--set", nargs="+", default=[], metavar="NAME=VALUE", help="parameters of the recipe")
    image.add_argument(
        "--dataset", metavar="NAME", help="fit the selection 'mad' to its training records (all records, if left out)"
    )
    image.add_argument("--recipe", help="a recipe by name, signed or article, in place of the one that was used last")
    image.add_argument("--workers", type=int, help="threads (one a core, if left out)")

    dataset = command(
        "dataset", _dataset, "Freeze a data set: its records, their classes, folds of whole events and a hold-out."
    )
    dataset.add_argument("name")
    dataset.add_argument("--classes", nargs="+", help="which classes (all that are labelled, if left out)")
    dataset.add_argument("--seed", type=int, default=0)
    dataset.add_argument("--folds", type=int, help="how many folds (5, if left out)")
    dataset.add_argument("--holdout", type=float, metavar="SHARE", help="held out of everything (0.15, if left out)")
    dataset.add_argument(
        "--article",
        action="store_true",
        help="the article's way instead: one training, test, validation and hold-out (0.7, 0.1, 0.1 and 0.1)",
    )
    dataset.add_argument(
        "--share",
        nargs="+",
        default=[],
        metavar="SPLIT=SHARE",
        help="the article's way with another share of the events: test=0 leaves that split empty",
    )
    dataset.add_argument(
        "--leave-out",
        nargs="+",
        default=[],
        metavar="DOUBT",
        help="leave out records of a doubt: suspected (the event's type), no-time, jitter (of the clock)",
    )
    dataset.add_argument(
        "--components", default="vertical", help="of a station with several: vertical (if left out), all, N, E, 1, 2, Z"
    )

    network = command("network", _network, "Make a network from a model of the catalogue.")
    network.add_argument("name")
    network.add_argument("--type", dest="network_type", default="CNN")
    network.add_argument("--architecture")
    network.add_argument("values", nargs="*", metavar="NAME=VALUE", help="layer parameters other than typical")


def _fingerprint(options: argparse.Namespace) -> None:
    from trova_widgets.fingerprinting import FingerprintRecipe, recipe_named

    with opened(options) as workspace:
        recipe = None
        if options.set or options.recipe:
            ground = recipe_named(options.recipe) if options.recipe else workspace.recipe()
            recipe = FingerprintRecipe.from_dict({**ground.to_dict(), **assignments(options.set)})
        print(workspace.compute_fingerprints(recipe, dataset=options.dataset, workers=options.workers))


def _dataset(options: argparse.Namespace) -> None:
    with opened(options) as workspace:
        print(
            workspace.build_dataset(
                options.name,
                classes=options.classes,
                seed=options.seed,
                **_parts(options),
                leave_out=options.leave_out,
                components=options.components,
            )
        )


def _parts(options: argparse.Namespace) -> dict[str, Any]:
    """Read into what the events are dealt: folds and a hold-out, or the article's splits."""
    given = {name: getattr(options, name) for name in ("folds", "holdout") if getattr(options, name) is not None}
    if not options.article and not options.share:
        return given
    if given:
        raise TrovaError(
            f"--{next(iter(given))} belongs to folds, and --article and --share to one split; give one of them."
        )
    return {"shares": _shares(options.share)}


def _shares(words: list[str]) -> dict[str, float]:
    """Read the shares of splits; those that are not named are the usual ones."""
    from trova_widgets.experiments import SHARES

    shares = dict(SHARES)
    for name, value in assignments(words).items():
        if not isinstance(value, int | float):
            raise TrovaError(f"The share of {name} is {value!r}; give a number, {name}=0.1 for instance.")
        shares[name] = float(value)
    return shares


def _network(options: argparse.Namespace) -> None:
    values = assignments(options.values)
    # what these would set has options of its own
    if taken := sorted({"name", "network_type", "architecture"} & values.keys()):
        raise TrovaError(f"{taken[0]!r} is no layer parameter; use --type and --architecture to choose the model.")
    with opened(options) as workspace:
        row = workspace.create_network(
            options.name, network_type=options.network_type, architecture=options.architecture, **values
        )
        print(f"The network {row.name} is saved: {row.network_type}, {row.architecture}.")
