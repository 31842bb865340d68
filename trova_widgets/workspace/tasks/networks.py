"""Data sets and networks: what an experiment is made over."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from trova_widgets.errors import NetworkError
from trova_widgets.experiments import SHARES
from trova_widgets.store import NetworkRow
from trova_widgets.workspace import datasets, planning
from trova_widgets.workspace.tasks.ground import Ground


class NetworkTasks(Ground):
    """What is done with data sets and networks."""

    def build_dataset(
        self,
        name: str,
        *,
        classes: Sequence[str] | None = None,
        shares: Mapping[str, float] = SHARES,
        seed: int = 0,
        minimum_snr_db: float | None = None,
    ) -> datasets.DatasetReport:
        """Freeze a data set from the labelled records that have fingerprints of the default recipe.

        The split is by event, before augmentation: the five variants level the classes of the training set alone.

        Parameters
        ----------
        name : str
            A new name.
        classes : sequence of str, optional
            Which event classes; all that are labelled, if left out.
        shares : mapping of str to float
            The share of each split; they are made to add up to one.
        seed : int
            Draws the split and the variants.
        minimum_snr_db : float, optional
            Leave out records with a lower signal-to-noise ratio, dB.

        Raises
        ------
        PlanError
            When the name cannot be one, there is no such split, fewer than two classes have fingerprints, or a class
            has fewer events than splits.
        """
        recipe = self.recipe()
        return datasets.build_dataset(
            self._store,
            recipe,
            self.statistics(recipe),
            name,
            classes=classes,
            shares=shares,
            seed=seed,
            minimum_snr_db=minimum_snr_db,
        )

    def datasets(self) -> pd.DataFrame:
        """Return a row a data set."""
        return self._store.datasets()

    def create_network(
        self, name: str, network_type: str = "CNN", architecture: str | None = None, **values: Any
    ) -> NetworkRow:
        """Make and save a network from a model of the catalogue.

        Parameters
        ----------
        name : str
            A new name.
        network_type : str
            ``"CNN"`` or ``"MLP"``.
        architecture : str, optional
            The architecture model; the type's first one, if left out.
        **values
            Layer parameters other than typical, for instance ``convolution2dLayer_2_numFilters=8``.

        Raises
        ------
        PlanError
            When the name cannot be one.
        NetworkError
            When the catalogue has no such model or parameter, the network cannot be built, or another one has the name.
        """
        row = planning.make_network(name, network_type, architecture, values, self.recipe().size)
        if self._store.add_network(row):
            return row
        there = self._store.network(name)
        if (there.network_type, there.architecture, there.values) != (row.network_type, row.architecture, row.values):
            raise NetworkError(f"There is another network with the name {name!r}, of other values; choose a new name.")
        return there

    def networks(self) -> pd.DataFrame:
        """Return a row a network."""
        return self._store.networks()
