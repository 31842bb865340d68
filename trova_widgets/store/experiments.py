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
        "state": "VARCHAR",
        "created_at": "TIMESTAMP_NS",
    },
    refers={"network_id": "network", "dataset_id": "dataset"},
)
_PLANNED = Table(
    name="planned_trial",
    columns={
        "experiment_id": "VARCHAR",
        "trial_id": "VARCHAR",
        "cell": "INTEGER",
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

    def update_experiment(self, name: str, *, plan: Mapping[str, Any] | None = None, state: str | None = None) -> None:
        """Change the plan or the state of an experiment.

        Parameters
        ----------
        name : str
            Name or identity of the experiment.
        plan : dict, optional
            The new plan (JSON).
        state : str, optional
            The new state.

        Raises
        ------
        StoreError
            When there is no such experiment.
        """
        plan_text = None if plan is None else to_json(plan)

        def update(connection: Connection) -> int:
            return connection.execute(
                "UPDATE experiment SET plan = coalesce(?, plan), state = coalesce(?, state) "
                "WHERE name = ? OR experiment_id = ?",
                [plan_text, state, name, name],
            )

        if not self._database.write("experiments", update):
            raise missing(self._database, _EXPERIMENT, name, "experiment")

    def experiments(self) -> "pd.DataFrame":
        """Return all experiments, the oldest first.

        Returns
        -------
        DataFrame
            Columns ``experiment_id``, ``name``, ``network_id``, ``dataset_id``, ``plan`` (dict), ``state``,
            ``created_at`` (UTC, ns).
        """
        return tidy(self._database.query("SELECT * FROM experiment ORDER BY created_at, experiment_id"), "plan")

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
            Columns ``trial_id``, ``cell`` (index of the combination), ``seed``, ``values_json`` (JSON text of the
            values on the axes).

        Raises
        ------
        StoreError
            When there is no such experiment or a column is missing.
        """
        if "values_json" not in frame:
            raise StoreError(f"The planned trials have the columns {list(frame.columns)}; 'values_json' is missing.")
        rows = _PLANNED.rows_of_frame(frame.rename(columns={"values_json": "values"}), experiment_id=experiment_id)
        trial_ids = chosen(frame["trial_id"])

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

    def experiment_of(self, trial_id: str) -> str | None:
        """Return the name of the experiment that a trial was planned in, the oldest one; None where none plans it."""
        found = self._database.rows(
            """SELECT experiment.name FROM planned_trial JOIN experiment USING (experiment_id) WHERE trial_id = ?
            ORDER BY experiment.created_at, experiment_id LIMIT 1""",
            trial_id,
        )
        return str(found[0][0]) if found else None

    def planned(self, experiment_id: str) -> "pd.DataFrame":
        """Return the planned trials of an experiment by cell and seed.

        Returns
        -------
        DataFrame
            Columns ``trial_id``, ``cell``, ``seed``, ``values`` (dict).
        """
        return tidy(
            self._database.query(
                "SELECT * EXCLUDE (experiment_id) FROM planned_trial WHERE experiment_id = ? ORDER BY cell, seed",
                experiment_id,
            ),
            "values",
        )
