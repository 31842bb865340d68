"""Data sets and networks: what an experiment is made over."""

from collections.abc import Mapping, Sequence
from typing import Any

from trova_widgets.errors import NetworkError
from trova_widgets.experiments import FOLDS, HOLDOUT_SHARE
from trova_widgets.store import NetworkRow
from trova_widgets.workspace import datasets, imaging, planning
from trova_widgets.workspace.changing import changing
from trova_widgets.workspace.progress import Progress, progress_bar
from trova_widgets.workspace.record_choice import Choosable, RecordChoice, choosable
from trova_widgets.workspace.tasks.fingerprints import FingerprintTasks


class NetworkTasks(FingerprintTasks):
    """What is done with data sets and networks."""

    def choosable(self) -> Choosable:
        """Return which components and which doubts `build_dataset` has to choose among."""
        return choosable(self._store)

    @changing
    def build_dataset(
        self,
        name: str,
        *,
        classes: Sequence[str] | None = None,
        folds: int = FOLDS,
        holdout: float = HOLDOUT_SHARE,
        shares: Mapping[str, float] | None = None,
        seed: int = 0,
        minimum_snr_db: float | None = None,
        leave_out: Sequence[str] = (),
        components: str = "vertical",
        progress: Progress = progress_bar,
    ) -> datasets.DatasetReport:
        """Freeze a data set: labelled records with their classes, whole events in folds and a hold-out.

        A network is trained on all folds but one and measured on that one, for each in turn, so that every record is
        told once by a network that never saw its event. Nothing is ever chosen on the hold-out.

        It knows no recipe: a run computes the fingerprints that it wants of these records. Their cut-offs are frozen
        with them, found first where they are not known.

        Parameters
        ----------
        name : str
            A new name.
        classes : sequence of str, optional
            Which event classes; all that are labelled, if left out.
        folds : int
            How many folds, 2 or more.
        holdout : float
            The share of the events that is held out, 0 to below 1.
        shares : mapping of str to float, optional
            Deal the events once instead, as the article does (`trova_widgets.experiments.SHARES`): to ``training``,
            ``test`` (shown after each epoch), ``validation`` (which measures quality) and ``holdout``. The shares are
            made to add up to one.
        seed : int
            Draws which event goes where.
        minimum_snr_db : float, optional
            Leave out records with a lower signal-to-noise ratio, dB.
        leave_out : sequence of str
            Doubts for which records are left out: ``"suspected"`` (the catalogue only suspects the event's type),
            ``"no-time"`` (the file has no reference time), ``"jitter"`` (the clock strays).
        components : str
            Of a station with several: ``"vertical"``, ``"all"``, or a letter, ``"N"`` for instance. The report says
            which were taken.
        progress : Progress
            Who watches while cut-offs are found.

        Raises
        ------
        PlanError
            When the name cannot be one, there is no such split, fewer than two classes are left, or a class has fewer
            events than parts.
        StoreError
            When another data set has the name, or another name stands for the same data set.
        """
        recipe = self.recipe()
        choice = RecordChoice(leave_out=tuple(leave_out), components=components)
        records, _ = datasets.labelled(self._store, classes, minimum_snr_db, choice)
        lacking = records[records["cutoff_hz"].isna()] if "cutoff_hz" in records else records
        if len(lacking):
            # with a cut-off come the fingerprints of the default recipe, which are wanted in any case
            self.use_recipe(recipe)
            unknown = dict.fromkeys(lacking["record_id"], float("nan"))
            imaging.compute_fingerprints(
                self._store, self._waveforms, recipe, self.statistics(recipe), progress, cutoffs_hz=unknown
            )
        return datasets.build_dataset(
            self._store,
            name,
            classes=classes,
            shares=shares,
            folds=folds,
            holdout=holdout,
            seed=seed,
            minimum_snr_db=minimum_snr_db,
            choice=choice,
        )

    @changing
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
        SettingError, NetworkError
            When the catalogue has no such model or parameter, the network cannot be built, or another one has the name.
        """
        networks = self._store.networks()
        others = set(networks.loc[networks["name"] != name, "network_id"])
        row = planning.make_network(name, network_type, architecture, values, self.recipe().size, others)
        if self._store.add_network(row):
            return row
        there = self._store.network(name)
        if (there.network_type, there.architecture, there.values) != (row.network_type, row.architecture, row.values):
            raise NetworkError(f"There is another network with the name {name!r}, of other values; choose a new name.")
        return there
