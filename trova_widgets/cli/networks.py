"""Commands about fingerprints, data sets and networks: what an experiment is made of."""

import argparse

from trova_widgets.cli.words import Command, assignments, opened
from trova_widgets.errors import TrovaError


def add_commands(command: Command) -> None:
    """Declare the commands and what they take."""
    image = command("fingerprint", _fingerprint, "Find the cut-offs and compute the fingerprints that are missing.")
    image.add_argument("--set", nargs="+", default=[], metavar="NAME=VALUE", help="parameters of the recipe")
    image.add_argument(
        "--dataset", metavar="NAME", help="fit the selection 'mad' to its training records (all records, if left out)"
    )

    dataset = command("dataset", _dataset, "Freeze a data set: its members, their classes, their split by event.")
    dataset.add_argument("name")
    dataset.add_argument("--classes", nargs="+", help="which classes (all that are labelled, if left out)")
    dataset.add_argument("--seed", type=int, default=0)

    network = command("network", _network, "Make a network from a model of the catalogue.")
    network.add_argument("name")
    network.add_argument("--type", dest="network_type", default="CNN")
    network.add_argument("--architecture")
    network.add_argument("values", nargs="*", metavar="NAME=VALUE", help="layer parameters other than typical")


def _fingerprint(options: argparse.Namespace) -> None:
    from trova_widgets.fingerprinting import FingerprintRecipe

    with opened(options) as workspace:
        recipe = FingerprintRecipe.from_dict(assignments(options.set)) if options.set else None
        print(workspace.compute_fingerprints(recipe, dataset=options.dataset))


def _dataset(options: argparse.Namespace) -> None:
    with opened(options) as workspace:
        print(workspace.build_dataset(options.name, classes=options.classes, seed=options.seed))


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
