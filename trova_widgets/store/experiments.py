"""Experiments, and the trials that they plan."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from trova_widgets.errors import StoreError
from trova_widgets.store.connection import Connection
from trova_widgets.store.rows import ExperimentRow
from trova_widgets.store.tables import (
    CHOSEN,
    Table,
    TableGroup,
    chosen,
    missing,
    refuse_taken_name,
    tidy,
    to_json,
)

if TYPE_CHECKING:
    import pandas as pd

_EXPERIMENT = Table(
    name="experiment",
    columns={
        "experiment_id": "VARCHAR",
        "name": "VARCHAR",
        "network_id": "VARCHAR",
        "dataset_id": "VARCHAR",
        "plan": "JSON",
        "created_at": "TIMESTAMP_NS",
        "race": "JSON",
    },
    refers={"network_id": "network", "dataset_id": "dataset"},
)
_PLANNED = Table(
    name="planned_trial",
    columns={
        "experiment_id": "VARCHAR",
        "trial_id": "VARCHAR",
        "cell": "INTEGER",
        "fold": "SMALLINT",
        "seed": "BIGINT",
        # comes as JSON text already, and the table checks it
        "values": "VARCHAR",
    },
)


class ExperimentTables(TableGroup):
    """Experiments and their planned trials."""

    def add_experiment(self, row: ExperimentRow) -> int:
        """Keep an experiment and return whether it is new (1) or was there (0).

        Raises
        ------
        StoreError
            When another experiment has the name, or its network or its data set is not there.
        """
        rows = _EXPERIMENT.rows_of([row])

        def add(connection: Connection) -> int:
            refuse_taken_name(connection, _EXPERIMENT, "experiment_id", row.experiment_id, row.name, "experiment")
            return _EXPERIMENT.insert(connection, rows)

        return self._database.write("experiments", add)

    def update_experiment(self, name: str, plan: Mapping[str, Any]) -> None:
        """Give an experiment a plan that has grown.

        Parameters
        ----------
        name : str
            Name or identity of the experiment.
        plan : dict
            The new plan (JSON).

        Raises
        ------
        StoreError
            When there is no such experiment.
        """
        self._update_experiment(name, "plan", plan)

    def keep_race(self, name: str, rules: Mapping[str, Any]) -> None:
        """Keep the rules by which an experiment is raced, in place of those that it was raced by before.

        Raises
        ------
        StoreError
            When there is no such experiment.
        """
        self._update_experiment(name, "race", rules)

    def _update_experiment(self, name: str, column: str, value: Mapping[str, Any]) -> None:
        text = to_json(value)

        def update(connection: Connection) -> int:
            return connection.execute(
                f"UPDATE experiment SET {column} = ? WHERE name = ? OR experiment_id = ?", [text, name, name]
            )

        if not self._database.write("experiments", update):
            raise missing(self._database, _EXPERIMENT, name, "experiment")

    def experiments(self) -> "pd.DataFrame":
        """Return all experiments, the oldest first.

        Returns
        -------
        DataFrame
            Columns ``experiment_id``, ``name``, ``network_id``, ``dataset_id``, ``plan`` (dict),
            ``created_at`` (UTC, ns), ``race`` (dict or None).
        """
        return tidy(self._database.query("SELECT * FROM experiment ORDER BY created_at, experiment_id"), "plan", "race")

    def experiment(self, name: str) -> ExperimentRow:
        """Return the experiment of a name or an identity.

        Raises
        ------
        StoreError
            When there is none.
        """
        found = self._database.run(lambda c: _EXPERIMENT.read(c, "WHERE name = ? OR experiment_id = ?", name, name))
        if not found:
            raise missing(self._database, _EXPERIMENT, name, "experiment")
        return ExperimentRow(**found[0])

    def link_trials(self, experiment_id: str, frame: "pd.DataFrame") -> int:
        """Plan trials for an experiment and return how many it had not planned before.

        Those that it had planned get their new cell; those that are not named stay.

        Parameters
        ----------
        experiment_id : str
            Identity of the experiment.
        frame : DataFrame
            Columns ``trial_id``, ``cell`` (index of the combination), ``fold``, ``seed``, ``values_json`` (JSON text
            of the values on the axes).

        Raises
        ------
        StoreError
            When there is no such experiment or a column is missing.
        """
        rows, trial_ids = _planned(experiment_id, frame)

        def link(connection: Connection) -> int:
            if not connection.rows("SELECT 1 FROM experiment WHERE experiment_id = ?", [experiment_id]):
                raise StoreError(f"There is no experiment {experiment_id!r}; add it first.")
            # a plan that has grown counts its cells anew
            planned_before = connection.execute(
                f"DELETE FROM planned_trial WHERE experiment_id = ? AND trial_id IN {CHOSEN}",
                [experiment_id, trial_ids],
            )
            return _PLANNED.insert(connection, rows) - planned_before

        return self._database.write("trials", link)

    def replace_plan(self, row: ExperimentRow, frame: "pd.DataFrame") -> None:
        """Give an experiment another plan; trials that are not in it are no longer planned, and their results stay.

        Parameters
        ----------
        row : ExperimentRow
            The experiment, with its new plan, network and data set.
        frame : DataFrame
            All its trials, as in `link_trials`.

        Raises
        ------
        StoreError
            When there is no such experiment, or a column is missing.
        """
        rows, _ = _planned(row.experiment_id, frame)
        plan = to_json(row.plan)

        def replace(connection: Connection) -> None:
            changed = connection.execute(
                "UPDATE experiment SET plan = ?, network_id = ?, dataset_id = ? WHERE experiment_id = ?",
                [plan, row.network_id, row.dataset_id, row.experiment_id],
            )
            if not changed:
                raise StoreError(f"There is no experiment {row.name!r} any more; plan it anew.")
            connection.execute("DELETE FROM planned_trial WHERE experiment_id = ?", [row.experiment_id])
            _PLANNED.insert(connection, rows)

        self._database.write("experiments", replace)

    def experiment_of(self, trial_id: str) -> ExperimentRow | None:
        """Return the experiment that a trial was planned in, the oldest one; None where none plans it."""
        which = """WHERE experiment_id IN (SELECT experiment_id FROM planned_trial WHERE trial_id = ?)
            ORDER BY created_at, experiment_id LIMIT 1"""
        found = self._database.run(lambda c: _EXPERIMENT.read(c, which, trial_id))
        return ExperimentRow(**found[0]) if found else None

    def planned(self, experiment_id: str) -> "pd.DataFrame":
        """Return the planned trials of an experiment by cell, seed and fold.

        Returns
        -------
        DataFrame
            Columns ``trial_id``, ``cell``, ``fold``, ``seed``, ``values`` (dict).
        """
        return tidy(
            self._database.query(
                "SELECT * EXCLUDE (experiment_id) FROM planned_trial WHERE experiment_id = ? ORDER BY cell, seed, fold",
                experiment_id,
            ),
            "values",
        )


def _planned(experiment_id: str, frame: "pd.DataFrame") -> tuple[list[tuple[object, ...]], str]:
    """Return planned trials as rows of their table, and their identities."""
    if "values_json" not in frame:
        raise StoreError(f"The planned trials have the columns {list(frame.columns)}; 'values_json' is missing.")
    rows = _PLANNED.rows_of_frame(frame.rename(columns={"values_json": "values"}), experiment_id=experiment_id)
    return rows, chosen(frame["trial_id"])
