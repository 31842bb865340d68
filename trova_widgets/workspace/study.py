"""The composition root: the only place that ties records, fingerprints, networks, experiments and the store."""

import getpass
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
import pandas as pd

from trova_widgets.errors import NetworkError, PlanError, StoreError
from trova_widgets.experiments import SHARES, Plan, RunStatus, TrainingSettings, cells, trial_specs
from trova_widgets.fingerprinting import FingerprintRecipe, most_similar, unpack
from trova_widgets.networks import LayerSummary, network_types, summary
from trova_widgets.records import Waveform
from trova_widgets.store import DatasetRow, ExperimentRow, LabelRow, NetworkRow, ParameterRow, Store
from trova_widgets.workspace import classification, datasets, imaging, intake, planning, results
from trova_widgets.workspace.catalogue import catalogue_tables
from trova_widgets.workspace.journals import export_results, import_results
from trova_widgets.workspace.progress import Progress, progress_bar
from trova_widgets.workspace.running import RunFolder, sweep
from trova_widgets.workspace.watching import watch
from trova_widgets.workspace.waveforms import WaveformFolder

Paths = str | Path | Iterable[str | Path]


class Workspace:
    """One study in one folder: records, fingerprints, data sets, networks, experiments.

    Make one with `create`, come back to it with `open`; several processes may have the same one open.

    Attributes
    ----------
    path : Path
        The folder: ``trova.duckdb``, ``waveforms/``, ``weights/``.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder, Workspace.create(f"{folder}/study") as workspace:
    ...     len(workspace.records())
    0
    """

    def __init__(self, path: Path, store: Store) -> None:
        self.path = path
        self._store = store
        self._waveforms = WaveformFolder(path / "waveforms")
        self._runs = RunFolder(path)

    # -- the workspace itself ------------------------------------------------------------------------------------

    @classmethod
    def create(cls, path: str | Path) -> Self:
        """Make an empty workspace.

        Parameters
        ----------
        path : str or Path
            A folder that holds no workspace yet; it is made where it is missing.

        Raises
        ------
        StoreError
            When there is a workspace already.
        """
        folder = Path(path).expanduser().resolve()
        workspace = cls(folder, Store.create(folder))
        workspace._store.replace_catalogue(**catalogue_tables(network_types()))
        return workspace

    @classmethod
    def open(cls, path: str | Path, *, shared: bool = False) -> Self:
        """Open a workspace.

        Parameters
        ----------
        path : str or Path
            Its folder.
        shared : bool
            Share its database with other processes from the start; without it this process has the file for itself
            until another one asks.

        Raises
        ------
        StoreError
            When there is no workspace, or its database cannot be had.
        """
        folder = Path(path).expanduser().resolve()
        return cls(folder, Store.open(folder, shared=shared))

    @classmethod
    def demo(cls, path: str | Path) -> Self:
        """Open the demonstration workspace, making it (or what is missing of it) first."""
        from trova_widgets.workspace.demonstration import prepare

        folder = Path(path).expanduser().resolve()
        workspace = cls.open(folder) if (folder / "trova.duckdb").exists() else cls.create(folder)
        prepare(workspace)
        return workspace

    def close(self) -> None:
        """Let go of the database."""
        self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def revision(self) -> int:
        """Return a number that grows with every change of the database: cheap enough to be asked for each second."""
        return self._store.revision()

    def counts(self) -> dict[str, int]:
        """Return how much of everything there is: events, records, fingerprints, data sets, networks, experiments."""
        return self._store.counts()

    # -- records and events --------------------------------------------------------------------------------------

    def import_records(
        self,
        paths: Paths,
        catalog: str | Path | None = None,
        event_class: str | None = None,
        *,
        progress: Progress = progress_bar,
    ) -> intake.ImportReport:
        """Take in seismograms with their events; what is there already is left alone.

        Parameters
        ----------
        paths : path or paths
            Files, folders (searched through) or archives.
        catalog : path, optional
            Events: QuakeML, CSV, or a bulletin.
        event_class : str, optional
            The class of every record that no catalogue tells it for.
        progress : Progress
            Who watches.

        Returns
        -------
        ImportReport
            What came in, and what was left out and why.
        """
        return intake.import_records(
            self._store,
            self._waveforms,
            _paths(paths),
            catalog=None if catalog is None else Path(catalog),
            event_class=event_class,
            author=getpass.getuser(),
            progress=progress,
        )

    def records(self) -> pd.DataFrame:
        """Return a row a record, with its event, its class and the parameters that were found or set."""
        return self._store.records()

    def events(self) -> pd.DataFrame:
        """Return a row an event, with its origin, its magnitude and its class."""
        return self._store.events()

    def waveform(self, record_id: str) -> Waveform:
        """Read the seismogram of a record."""
        row = self._record(record_id)
        return self._waveforms.waveform(row["file_name"], int(row["trace_index"]))

    def label(self, event_id: str, event_class: str, *, author: str | None = None, comment: str = "") -> None:
        """Say which class an event is of; what was said before stays in its history."""
        row = LabelRow(
            event_id=event_id,
            event_class=event_class,
            author=author or getpass.getuser(),
            made_at_ns=time.time_ns(),
            comment=comment,
        )
        self._store.add_labels([row])

    def labels(self, event_id: str | None = None) -> pd.DataFrame:
        """Return who said which class and when, of one event or of all."""
        return self._store.labels(event_id)

    def set_parameter(self, record_id: str, name: str, value: float, *, author: str | None = None) -> None:
        """Overrule a parameter of a record, for instance ``cutoff_hz``; what was found stays in its history."""
        row = ParameterRow(
            record_id=record_id,
            name=name,
            value=float(value),
            source="analyst",
            author=author or getpass.getuser(),
            made_at_ns=time.time_ns(),
        )
        self._store.add_parameters([row])

    def parameters(self, record_id: str) -> pd.DataFrame:
        """Return the history of what was found in a record and of what analysts set, the oldest first."""
        return self._store.parameters(record_id)

    # -- fingerprints --------------------------------------------------------------------------------------------

    def recipes(self) -> pd.DataFrame:
        """Return the recipes that fingerprints were computed with."""
        return self._store.recipes()

    def recipe(self, recipe_id: str | None = None) -> FingerprintRecipe:
        """Return a recipe by its identity; the workspace's default one where none is named."""
        recipes = self._store.recipes()
        rows = recipes[recipes["is_default"] if recipe_id is None else recipes["recipe_id"] == recipe_id]
        if not rows.empty:
            return FingerprintRecipe.from_dict(rows["values"].iloc[0])
        if recipe_id is None:
            return FingerprintRecipe()
        raise StoreError(f"No recipe {recipe_id} is in this workspace; it has {', '.join(recipes['recipe_id'])}.")

    def use_recipe(self, recipe: FingerprintRecipe, name: str = "") -> None:
        """Make a recipe the workspace's default."""
        self._store.add_recipe(recipe.identity, name or recipe.identity[:8], recipe.to_dict())
        self._store.set_default_recipe(recipe.identity)

    def compute_fingerprints(
        self, recipe: FingerprintRecipe | None = None, *, progress: Progress = progress_bar
    ) -> imaging.FingerprintReport:
        """Find the cut-off of each record and compute its five fingerprints, where they are missing.

        Parameters
        ----------
        recipe : FingerprintRecipe, optional
            It becomes the workspace's default; without it, the present default is used.
        progress : Progress
            Who watches.

        Returns
        -------
        FingerprintReport
            What was computed, and which records the recipe cannot be applied to, and why.
        """
        chosen = recipe or self.recipe()
        self.use_recipe(chosen)
        return imaging.compute_fingerprints(self._store, self._waveforms, chosen, progress)

    def fingerprints_of(self, record_id: str, recipe: FingerprintRecipe | None = None) -> dict[int, np.ndarray]:
        """Return a record's kept fingerprints: bool arrays by variant, -2 to 2; those that are missing are absent."""
        chosen = recipe or self.recipe()
        cutoff_hz = imaging.known(self._record(record_id), "cutoff_hz")
        if cutoff_hz is None:
            return {}
        ids = imaging.variant_ids(record_id, chosen, cutoff_hz)
        frame = self._store.fingerprints(fingerprint_ids=ids)
        return {int(row.variant): unpack(row.bits, int(row.size)) for row in frame.itertuples(index=False)}

    def similar(self, record_id: str, count: int = 10) -> pd.DataFrame:
        """Return the records whose fingerprints are most like this one's, with the Jaccard similarity."""
        frame = self._store.fingerprints(recipe_id=self.recipe().identity).query("variant == 0")
        mine = frame[frame["record_id"] == record_id]
        if mine.empty:
            raise StoreError(
                f"Record {record_id} has no fingerprint of the default recipe; compute fingerprints first."
            )
        others = frame[frame["record_id"] != record_id].reset_index(drop=True)
        packed = np.frombuffer(b"".join(others["bits"]), dtype=np.uint8).reshape(len(others), -1)
        indices, similarities = most_similar(mine["bits"].iloc[0], packed, count)
        found = others.loc[indices, ["record_id"]].assign(similarity=similarities)
        columns = ["record_id", "event_id", "event_class", "station", "start_time"]
        return found.merge(self.records()[columns], on="record_id")

    # -- data sets and networks ----------------------------------------------------------------------------------

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
            The share of each split; they sum to one.
        seed : int
            Draws the split and the variants.
        minimum_snr_db : float, optional
            Leave out records with a lower signal-to-noise ratio, dB.

        Raises
        ------
        PlanError
            When fewer than two classes have fingerprints, or a class has fewer events than splits.
        """
        return datasets.build_dataset(
            self._store,
            self.recipe(),
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
        NetworkError
            When the catalogue has no such model or parameter, or the network cannot be built.
        """
        row = planning.make_network(name, network_type, architecture, values, self.recipe().size)
        self._store.add_network(row)
        return row

    def networks(self) -> pd.DataFrame:
        """Return a row a network."""
        return self._store.networks()

    # -- experiments ---------------------------------------------------------------------------------------------

    def plan(
        self,
        name: str,
        *,
        network: str,
        dataset: str,
        axes: Mapping[str, Any],
        fixed: Mapping[str, Any] | None = None,
        seeds: int | Sequence[int] = 1,
        epochs: int | None = None,
    ) -> planning.PlanReport:
        """Plan an experiment, or let a planned one grow.

        Parameters
        ----------
        name : str
            The experiment.
        network, dataset : str
            A saved network and a frozen data set.
        axes : mapping of str to str or sequence
            The varied parameters: ``"[1:1:8]"`` (minimum, step, maximum), or a list of values.
        fixed : mapping, optional
            Parameters fixed at a value other than the network's.
        seeds : int or sequence of int
            How many trials each cell gets, or their seeds.
        epochs : int, optional
            How long a trial is trained; the usual number, if left out.

        Returns
        -------
        PlanReport
            Cells, which of them cannot be built and why, and the trials that are missing.

        Raises
        ------
        PlanError
            When a parameter is unknown, or an experiment of this name would lose what was planned.
        """
        plan, network_row, dataset_row = self._draft(network, dataset, axes, fixed, seeds, epochs)
        return planning.keep_plan(self._store, name, network_row, dataset_row, plan, self._size(dataset_row.recipe_id))

    def preview(
        self,
        *,
        network: str,
        dataset: str,
        axes: Mapping[str, Any],
        fixed: Mapping[str, Any] | None = None,
        seeds: int | Sequence[int] = 1,
        epochs: int | None = None,
    ) -> planning.PlanReport:
        """Return what `plan` would report, keeping nothing."""
        plan, _, row = self._draft(network, dataset, axes, fixed, seeds, epochs)
        size, class_count = self._size(row.recipe_id), len(row.classes)
        specs = trial_specs(plan, size, class_count)
        done = self._store.finished([spec.trial_id for spec in specs])
        return planning.report("(draft)", cells(plan, size, class_count), len(specs), len(specs) - len(done))

    def experiments(self) -> pd.DataFrame:
        """Return a row an experiment."""
        return self._store.experiments()

    def experiment_plan(self, experiment: str) -> Plan:
        """Return the plan of an experiment."""
        return Plan.from_dict(self._store.experiment(experiment).plan)

    def run(self, experiment: str, workers: int | None = None) -> RunStatus:
        """Run what is missing of an experiment in a process of its own, and watch it to its end.

        An interruption stops the run after the trials in flight; run it again and it goes on from there.

        Parameters
        ----------
        experiment : str
            A planned experiment.
        workers : int, optional
            Processes; one a core, if left out.

        Raises
        ------
        PlanError
            When it is running already, or its runner broke down.
        """
        self.start(experiment, workers)
        return watch(self._runs, experiment)

    def start(self, experiment: str, workers: int | None = None) -> int:
        """Start the runner of an experiment and come back at once, with its process number."""
        self._store.experiment(experiment)
        self._store.share()
        return self._runs.start(experiment, workers)

    def run_here(self, experiment: str, workers: int | None = None) -> RunStatus:
        """Run what is missing of an experiment from this process: what the runner does."""
        row = self._store.experiment(experiment)
        dataset = self._dataset(row.dataset_id)
        size = self._size(dataset.recipe_id)
        arrays = datasets.dataset_arrays(self._store, dataset, size)
        specs = trial_specs(Plan.from_dict(row.plan), size, len(dataset.classes))
        return sweep(self._store, self._runs, experiment, specs, arrays, workers)

    def stop(self, experiment: str) -> None:
        """Ask a running experiment to stop after the trials in flight."""
        status = self.status(experiment)
        if status is None or not status.is_alive:
            raise PlanError(f"{experiment} is not running.")
        self._runs.ask_to_stop(experiment)

    def status(self, experiment: str) -> RunStatus | None:
        """Return how far the last run of an experiment has come; None where it was never run."""
        return self._runs.status(experiment)

    def import_results(self, folder: str | Path) -> int:
        """Take in trials that were run elsewhere, a journal with weights, and return how many were new."""
        return import_results(self._store, self._runs, Path(folder))

    def export_results(self, experiment: str, folder: str | Path) -> int:
        """Write an experiment's finished trials, with the weights of the best one, for another workspace to take in."""
        return export_results(self._store, self._runs, self._store.experiment(experiment), Path(folder))

    # -- results -------------------------------------------------------------------------------------------------

    def trials(self, experiment: str) -> pd.DataFrame:
        """Return a row a trial, a column a varied parameter, and its quality, gradient, state, seconds..."""
        return results.trial_table(self._store, self._store.experiment(experiment))

    def confusion(self, trial: str) -> pd.DataFrame:
        """Return a trial's confusion matrix on the validation set: a row a true class, a column a predicted one."""
        dataset = self._dataset(self._experiment_of(trial).dataset_id)
        return results.confusion_table(self._store.trial(trial), dataset.classes)

    def curve(self, trial: str) -> pd.DataFrame:
        """Return a trial's learning curve: a row an epoch."""
        return pd.DataFrame(self._store.trial(trial).curve)

    def diagram(self, trial: str) -> tuple[LayerSummary, ...]:
        """Return the layers of a trial's network, with its values, output shapes and parameter counts."""
        row = self._experiment_of(trial)
        dataset = self._dataset(row.dataset_id)
        planned = self._store.planned(row.experiment_id).set_index("trial_id")["values"]
        plan = Plan.from_dict(row.plan)
        return summary(
            plan.model, plan.full_values(planned[trial]), self._size(dataset.recipe_id), len(dataset.classes)
        )

    def predictions(self, trial: str) -> pd.DataFrame:
        """Return what a trial's network said of each record that did not train it.

        Returns
        -------
        DataFrame
            A row a record: ``record_id``, ``event_id``, ``event_class`` (true), ``split``, ``predicted`` class and its
            ``probability``.
        """
        dataset = self._dataset(self._experiment_of(trial).dataset_id)
        members = self._store.dataset_members(dataset.dataset_id)
        said = pd.concat([pd.DataFrame(each) for each in self._store.trial(trial).predictions.values()])
        said["predicted"] = [dataset.classes[index] for index in said["predicted"]]
        return said.merge(members[["position", "record_id", "event_id", "event_class", "split"]], on="position")

    def classify(self, paths: Paths, network: str | None = None) -> pd.DataFrame:
        """Name the class of every record in some files.

        Parameters
        ----------
        paths : path or paths
            Files of seismograms.
        network : str, optional
            A network (its best trial answers) or a trial; the best trial of all, if left out.

        Returns
        -------
        DataFrame
            A row a record, a column of probability a class; ``note`` says why a record has none.
        """
        return classification.classify(self._trained(network), _paths(paths))

    def annotate(self, subject: str, text: str, *, author: str | None = None) -> None:
        """Leave a remark on an event, a record, an experiment or a trial."""
        self._store.annotate(subject, text, author or getpass.getuser())

    def annotations(self, subject: str) -> pd.DataFrame:
        """Return the remarks on something."""
        return self._store.annotations(subject)

    # -- inside --------------------------------------------------------------------------------------------------

    def _record(self, record_id: str) -> pd.Series:
        records = self._store.records()
        found = records[records["record_id"] == record_id]
        if found.empty:
            raise StoreError(f"No record {record_id!r} is in this workspace; records() lists those that are.")
        return found.iloc[0]

    def _dataset(self, dataset_id: str) -> DatasetRow:
        every = self._store.datasets().set_index("dataset_id")["name"]
        return self._store.dataset(every[dataset_id])

    def _experiment_of(self, trial: str) -> ExperimentRow:
        for name in self._store.experiments()["name"]:
            row = self._store.experiment(name)
            if trial in set(self._store.planned(row.experiment_id)["trial_id"]):
                return row
        raise StoreError(f"No experiment of this workspace has a trial {trial!r}; trials(experiment) lists them.")

    def _trained(self, name: str | None) -> classification.TrainedNetwork:
        """Find a trial with weights: the one of that id, or the best one of a network's (or of all) experiments."""
        networks = self._store.networks().set_index("network_id")["name"]
        candidates = []
        for experiment in self._store.experiments()["name"]:
            row = self._store.experiment(experiment)
            table = self._store.trials(row.experiment_id).query("state == 'finished'")
            if name is not None and name != networks[row.network_id]:
                table = table[table["trial_id"] == name]
            kept = [trial for trial in table.itertuples(index=False) if self._runs.weights_of(trial.trial_id).exists()]
            candidates += [(trial.quality, -trial.parameter_count, trial.trial_id, row) for trial in kept]
        if not candidates:
            raise NetworkError(
                f"No trained network {name or ''} is in this workspace (networks: {', '.join(networks) or 'none'}). "
                f"Run an experiment over a network first, or name a trial that was run here."
            )
        _, _, trial_id, row = max(candidates, key=lambda candidate: candidate[:3])
        dataset = self._dataset(row.dataset_id)
        return classification.TrainedNetwork(
            plan=Plan.from_dict(row.plan),
            trial=self._store.trial(trial_id),
            weights=self._runs.weights_of(trial_id),
            classes=dataset.classes,
            recipe=self.recipe(dataset.recipe_id),
        )

    def _size(self, recipe_id: str) -> int:
        return self.recipe(recipe_id).size

    def _draft(
        self,
        network: str,
        dataset: str,
        axes: Mapping[str, Any],
        fixed: Mapping[str, Any] | None,
        seeds: int | Sequence[int],
        epochs: int | None,
    ) -> tuple[Plan, NetworkRow, DatasetRow]:
        network_row, dataset_row = self._store.network(network), self._store.dataset(dataset)
        plan = Plan.make(
            network_type=network_row.network_type,
            architecture=network_row.architecture,
            dataset_id=dataset_row.dataset_id,
            values=network_row.values,
            axes=axes,
            fixed=fixed,
            seeds=seeds,
            training=TrainingSettings() if epochs is None else TrainingSettings(epochs=epochs),
        )
        return plan, network_row, dataset_row


def _paths(paths: Paths) -> list[Path]:
    return [Path(paths)] if isinstance(paths, str | Path) else [Path(path) for path in paths]
