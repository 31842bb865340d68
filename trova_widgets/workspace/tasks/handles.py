"""What one does alike with networks, data sets and experiments: open, copy, rename, compare, delete."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from trova_widgets.errors import PlanError, StoreError
from trova_widgets.experiments import SHARES, Plan
from trova_widgets.networks import architecture
from trova_widgets.store import KINDS, ExperimentRow, Kind
from trova_widgets.workspace import planning
from trova_widgets.workspace.changing import changing
from trova_widgets.workspace.comparing import Comparison, compare_datasets, compare_experiments, compare_networks
from trova_widgets.workspace.deleting import Deletion, carry_out
from trova_widgets.workspace.editing import changed_draft
from trova_widgets.workspace.naming import checked_name
from trova_widgets.workspace.result_reading import read_results
from trova_widgets.workspace.tasks.experiments import ExperimentTasks
from trova_widgets.workspace.tasks.networks import NetworkTasks
from trova_widgets.workspace.tasks.results import ResultTasks

_ONE: dict[Kind, str] = {"network": "a network", "dataset": "a data set", "experiment": "an experiment"}


class HandleTasks(NetworkTasks, ExperimentTasks, ResultTasks):
    """What is done with things that have a name. Their kinds are ``network``, ``dataset`` and ``experiment``."""

    def compare(self, kind: Kind, *names: str) -> Comparison:
        """Return what something is, or in what several of a kind differ.

        Parameters
        ----------
        kind : {"network", "dataset", "experiment"}
            What they are.
        *names : str
            One or more of them.

        Raises
        ------
        StoreError
            When there is no such kind or thing, or none is named.
        """
        _must_be_kind(kind)
        if not names:
            raise StoreError(f"No {KINDS[kind]} is named; name one to look at, or several to compare.")
        if kind == "network":
            return compare_networks([self._store.network(name) for name in names], self.recipe().size)
        if kind == "dataset":
            return compare_datasets(self._store, [self._store.dataset(name) for name in names])
        rows = [self._store.experiment(name) for name in names]
        return compare_experiments(
            [read_results(self._store, row) for row in rows],
            [self.status(row.name) for row in rows],
            [(self._store.network(row.network_id).name, self._store.dataset(row.dataset_id).name) for row in rows],
            [list(self._store.annotations(row.name)["text"]) for row in rows],
        )

    def network(self, name: str) -> Comparison:
        """Return what a saved network is, for a notebook to show; see `compare`."""
        return self.compare("network", name)

    def dataset(self, name: str) -> Comparison:
        """Return what a data set is, for a notebook to show; see `compare`."""
        return self.compare("dataset", name)

    def experiment(self, name: str) -> Comparison:
        """Return what an experiment is and how far it has come, for a notebook to show; `results` has its views."""
        return self.compare("experiment", name)

    @changing
    def rename(self, kind: Kind, name: str, new_name: str) -> None:
        """Give something another name; it stays what it is, with its trials, its remarks and all that is made of it.

        Parameters
        ----------
        kind : {"network", "dataset", "experiment"}
            What it is.
        name, new_name : str
            The name that it has, and the one that it gets.

        Raises
        ------
        PlanError
            When that cannot be a name, or the experiment is running.
        StoreError
            When there is no such thing, or the new name is taken.
        """
        there, identity = self._named(kind, name)
        checked_name(new_name, _ONE[kind])
        self._must_rest(kind, [there])
        self._store.rename(kind, identity, new_name)
        if kind == "experiment" and new_name != there:
            self._runs.rename(there, new_name)

    @changing
    def copy(self, kind: Kind, name: str, new_name: str, **changes: Any) -> Comparison:
        """Make a copy of something under a new name, with some of it changed.

        Parameters
        ----------
        kind : {"network", "dataset", "experiment"}
            What it is.
        name, new_name : str
            What is copied, and the name of the copy.
        **changes
            What is other in the copy. Of a network: layer parameters. Of a data set, which is drawn anew from the
            records that are labelled now: what `build_dataset` takes, of the shares those that are other. Of an
            experiment: what `edit` takes; trials that both plan are there at once.

        Returns
        -------
        Comparison
            In what the copy differs.

        Raises
        ------
        NetworkError, PlanError, SettingError
            When the name is taken or cannot be one, or the copy cannot be made.
        StoreError
            When there is no such thing, or the data set would be the same again.
        """
        there, _ = self._named(kind, name)
        self._must_be_free(kind, new_name)
        if kind == "network":
            row = self._store.network(there)
            model = architecture(row.network_type, row.architecture)
            self.create_network(new_name, row.network_type, model.name, **{**row.values, **changes})
        elif kind == "dataset":
            settings = self._store.dataset(there).settings
            as_it_was = {
                "classes": self._store.dataset(there).classes,
                **_dealt_alike(settings, changes),
                **{name: settings[name] for name in ("seed", "minimum_snr_db", "leave_out") if name in settings},
                **({"components": settings["components"]} if "components" in settings else {}),
            }
            self.build_dataset(new_name, **{**as_it_was, **changes})
        else:
            planning.keep_plan(self._store, new_name, self._edited(self._store.experiment(there), **changes))
        return self.compare(kind, there, new_name)

    @changing
    def edit(
        self,
        experiment: str,
        *,
        network: str | None = None,
        dataset: str | None = None,
        axes: Mapping[str, Any] | Sequence[str] | None = None,
        fixed: Mapping[str, Any] | None = None,
        seeds: int | Sequence[int] | None = None,
        epochs: int | None = None,
    ) -> planning.PlanReport:
        """Change the plan of an experiment that is not running; what is left out stays.

        Trials that are no longer in the plan leave the experiment. Their results are kept, and are there again as soon
        as a plan asks for them; nothing is run twice.

        Parameters
        ----------
        experiment : str
            A planned experiment.
        network, dataset : str, optional
            Another network or data set.
        axes : mapping or sequence of str, optional
            The settings that vary, all of them, as for `plan`.
        fixed : mapping, optional
            Settings that are fixed from now on, besides those that are; with None, one is as it usually is.
        seeds : int or sequence of int, optional
            As for `plan`.
        epochs : int, optional
            Likewise.

        Returns
        -------
        PlanReport
            What the plan comes to now.

        Raises
        ------
        PlanError
            When it is running, or nothing of the new plan can be built.
        """
        row = self._store.experiment(experiment)
        self._must_rest("experiment", [row.name])
        changes = {"axes": axes, "fixed": fixed, "seeds": seeds, "epochs": epochs}
        asked = self._edited(row, network, dataset, **changes)
        planning.must_build(row.name, asked)
        edited = replace(
            row,
            plan=asked.plan.to_dict(),
            network_id=asked.network.network_id,
            dataset_id=asked.dataset.dataset_id,
        )
        self._store.replace_plan(edited, planning.linked(asked))
        return self._told_of(planning.report(self._store, row.name, asked), asked)

    def preview_edit(self, experiment: str, **changes: Any) -> planning.PlanReport:
        """Return what `edit` would report with the same arguments, keeping nothing."""
        row = self._store.experiment(experiment)
        asked = self._edited(row, **changes)
        return self._told_of(planning.report(self._store, row.name, asked), asked)

    def deletion(self, kind: Kind, name: str) -> Deletion:
        """Return what would go with something, in words too; nothing is deleted.

        Parameters
        ----------
        kind : {"network", "dataset", "experiment"}
            What it is.
        name : str
            Its name.

        Raises
        ------
        PlanError
            When an experiment that would go is running.
        StoreError
            When there is no such thing.
        """
        there, identity = self._named(kind, name)
        found = Deletion(kind=kind, name=there, identity=identity, belongings=self._store.belongings(kind, identity))
        self._must_rest("experiment", found.belongings.experiments)
        return found

    @changing
    def delete(self, deletion: Deletion) -> None:
        """Delete something with what goes with it: experiments over it, their trials that no other one shares, weights.

        Parameters
        ----------
        deletion : Deletion
            What `deletion` has said.

        Raises
        ------
        PlanError
            When an experiment that would go is running by now.
        StoreError
            When something else would go by now; then nothing does.
        """
        going = deletion.belongings
        self._must_rest("experiment", going.experiments)
        if running := [name for name in going.searches if self._seeks.is_alive(name)]:
            raise PlanError(f"The search {running[0]} is running; stop it first, or wait for its end.")
        carry_out(self._store, self._runs, deletion)
        for search in going.searches:
            self._seeks.forget(search)

    def _named(self, kind: Kind, name: str) -> tuple[str, str]:
        """Return the name and the identity of something that is there."""
        _must_be_kind(kind)
        if kind == "network":
            network = self._store.network(name)
            return network.name, network.network_id
        if kind == "dataset":
            dataset = self._store.dataset(name)
            return dataset.name, dataset.dataset_id
        experiment = self._store.experiment(name)
        return experiment.name, experiment.experiment_id

    def _must_be_free(self, kind: Kind, name: str) -> None:
        tables = {
            "network": self._store.networks,
            "dataset": self._store.datasets,
            "experiment": self._store.experiments,
        }
        if name in set(tables[kind]()["name"]):
            raise PlanError(f"There is {_ONE[kind]} with the name {name!r} already; choose a new name.")

    def _must_rest(self, kind: Kind, names: Sequence[str]) -> None:
        if running := [name for name in names if kind == "experiment" and self._runs.is_alive(name)]:
            raise PlanError(f"{running[0]} is running; stop it first, or wait for its end.")

    def _edited(
        self, row: ExperimentRow, network: str | None = None, dataset: str | None = None, **changes: Any
    ) -> planning.Draft:
        data = self._store.dataset(dataset or row.dataset_id)
        return changed_draft(
            Plan.from_dict(row.plan),
            self._store.network(network or row.network_id),
            data,
            self._own_recipe(data),
            folds=self._store.folds(data.dataset_id),
            **changes,
        )


def _dealt_alike(settings: Mapping[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """Return into what a copy of a data set deals its events: the folds of the original, or its shares."""
    if "folds" in settings and "shares" not in changes:
        return {"folds": settings["folds"], "holdout": settings["holdout"]}
    return {"shares": {**settings.get("shares", SHARES), **changes.pop("shares", {})}}


def _must_be_kind(kind: str) -> None:
    if kind not in KINDS:
        raise StoreError(f"There is no kind {kind!r}; there are {', '.join(KINDS)}.")
