"""Results: the table of trials, everything about one of them, and the classes that a trained network names."""

import pandas as pd

from trova_widgets.errors import NetworkError, RecordError, StoreError
from trova_widgets.experiments import Plan
from trova_widgets.names import nearest
from trova_widgets.networks import LayerSummary, summary
from trova_widgets.store import ExperimentRow
from trova_widgets.workspace import classification, results
from trova_widgets.workspace.paths import Paths, list_of_paths
from trova_widgets.workspace.tasks.ground import Ground


class ResultTasks(Ground):
    """What is done with results."""

    def trials(self, experiment: str) -> pd.DataFrame:
        """Return a row a trial, a column a varied parameter, and its quality, gradient, state, seconds..."""
        return results.trial_table(self._store, self._store.experiment(experiment))

    def confusion(self, trial: str) -> pd.DataFrame:
        """Return a trial's confusion matrix on the validation set: a row a true class, a column a predicted one."""
        dataset = self._dataset(self._experiment_of(trial).dataset_id)
        return results.confusion_table(self._store.trial(trial), dataset.classes)

    def curve(self, trial: str) -> pd.DataFrame:
        """Return a trial's learning curve: a row an epoch."""
        self._must_have(trial, "trial")
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
        said = pd.DataFrame(dict(self._store.trial(trial).predictions))
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
            A row a record, a column of probability a class; ``note`` says why a record has none, ``record_id`` which
            record of this workspace it is, if any: that one's onset and cut-off count then, an analyst's too.

        Raises
        ------
        RecordError
            When there is no such file.
        NetworkError
            When there is no such network or trial, or it was not trained in this workspace.
        """
        files = list_of_paths(paths)
        for path in files:
            if not path.is_file():
                raise RecordError(f"There is no file {path}; check the path, and name files, not folders.")
        return classification.classify(self._trained(network), self._store, files)

    def _experiment_of(self, trial: str) -> ExperimentRow:
        name = self._store.experiment_of(trial)
        if name is None:
            raise StoreError(f"There is no trial {trial!r} in this workspace; look it up with trials(experiment).")
        return self._store.experiment(name)

    def _trained(self, name: str | None) -> classification.TrainedNetwork:
        """Find a trial with weights: the one of that id, or the best one of a network's (or of all) experiments."""
        networks = self._store.networks().set_index("network_id")["name"]
        if name is not None and name not in set(networks) and "trial" not in self._store.kinds_of(name):
            raise NetworkError(f"There is no network or trial {name!r} in this workspace; {nearest(name, networks)}.")
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
                f"{f'{name} was not trained here' if name else 'No network was trained here yet'}; run an experiment "
                f"over a network first, or name a trial that was run in this workspace."
            )
        _, _, trial_id, row = max(candidates, key=lambda candidate: candidate[:3])
        dataset = self._dataset(row.dataset_id)
        recipe = self.recipe(dataset.recipe_id)
        return classification.TrainedNetwork(
            plan=Plan.from_dict(row.plan),
            trial=self._store.trial(trial_id),
            weights=self._runs.weights_of(trial_id),
            classes=dataset.classes,
            recipe=recipe,
            fitted=self.statistics(recipe),
        )
