"""Networks, data sets and experiments as things with a name: given another one, and taken out with what is theirs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from trova_widgets.errors import StoreError
from trova_widgets.store.connection import Connection
from trova_widgets.store.tables import CHOSEN, TableGroup, chosen

#: What has a name that people give.
Kind = Literal["network", "dataset", "experiment"]

#: Each kind, and what it is called in a sentence.
KINDS: dict[Kind, str] = {"network": "network", "dataset": "data set", "experiment": "experiment"}

_SUBJECT: dict[Kind, str] = {"network": "networks", "dataset": "datasets", "experiment": "experiments"}


@dataclass(frozen=True, kw_only=True)
class Belongings:
    """What is there because of a network, a data set or an experiment, and goes with it.

    Attributes
    ----------
    experiments : tuple of str
        The experiments over a network or a data set, the oldest first; of an experiment, itself. Names.
    experiment_ids : tuple of str
        Their identities.
    trial_ids : tuple of str
        Their trials that no other experiment plans, run or not.
    trials : int
        How many of these have a result.
    seconds : float
        How long those that finished took together [s].
    shared : int
        Trials of theirs that other experiments plan as well; these stay.
    remarks : int
        What was written beside these experiments and trials.
    searches : tuple of str
        The searches over a network or a data set; of an experiment, none. Names.
    """

    experiments: tuple[str, ...]
    experiment_ids: tuple[str, ...]
    trial_ids: tuple[str, ...]
    trials: int
    seconds: float
    shared: int
    remarks: int
    searches: tuple[str, ...] = ()


class HandleTables(TableGroup):
    """What is done alike with networks, data sets and experiments."""

    def rename(self, kind: Kind, identity: str, name: str) -> None:
        """Give something another name; its identity stays, and so does all that refers to it.

        Raises
        ------
        StoreError
            When something else of the kind has the name.
        """

        def rename(connection: Connection) -> None:
            others = f"SELECT 1 FROM {kind} WHERE name = ? AND {kind}_id <> ?"
            if connection.rows(others, [name, identity]):
                raise StoreError(f"There is another {KINDS[kind]} with the name {name!r}; choose a new name.")
            if kind == "experiment":
                # older versions kept remarks under the name
                connection.execute(
                    """UPDATE annotation SET subject_id = ?
                    WHERE subject_id = (SELECT name FROM experiment WHERE experiment_id = ?)""",
                    [identity, identity],
                )
            connection.execute(f"UPDATE {kind} SET name = ? WHERE {kind}_id = ?", [name, identity])

        self._database.write(_SUBJECT[kind], rename)

    def belongings(self, kind: Kind, identity: str) -> Belongings:
        """Return what would go with something."""
        return self._database.run(lambda connection: _belongings(connection, kind, identity))

    def delete(self, kind: Kind, identity: str, expected: Belongings) -> None:
        """Take something out, with what is there because of it.

        Parameters
        ----------
        kind, identity
            What.
        expected : Belongings
            What may go with it.

        Raises
        ------
        StoreError
            When something else would go by now; then nothing does.
        """

        def delete(connection: Connection) -> None:
            if not connection.rows(f"SELECT 1 FROM {kind} WHERE {kind}_id = ?", [identity]):
                return
            going = _belongings(connection, kind, identity)
            if going != expected:
                raise StoreError(
                    f"Meanwhile something else would go with this {KINDS[kind]}: a trial has ended, or a plan was made "
                    "or changed. Nothing was deleted; look again at what goes."
                )
            _delete_experiments(connection, going)
            _delete(connection, "search", "name", going.searches)
            if kind == "dataset":
                connection.execute("DELETE FROM dataset_member WHERE dataset_id = ?", [identity])
            if kind != "experiment":
                connection.execute(f"DELETE FROM {kind} WHERE {kind}_id = ?", [identity])

        self._database.write(_SUBJECT[kind], delete)


def _belongings(connection: Connection, kind: Kind, identity: str) -> Belongings:
    experiments = connection.rows(
        f"SELECT experiment_id, name FROM experiment WHERE {kind}_id = ? ORDER BY created_at, experiment_id", [identity]
    )
    ids = [experiment_id for experiment_id, _ in experiments]
    planned = connection.rows(
        f"""SELECT trial_id, bool_or(experiment_id NOT IN {CHOSEN}) AS shared FROM planned_trial
        GROUP BY trial_id HAVING bool_or(experiment_id IN {CHOSEN}) ORDER BY trial_id""",
        [chosen(ids), chosen(ids)],
    )
    own = tuple(trial_id for trial_id, shared in planned if not shared)
    ((trials, seconds),) = connection.rows(
        f"""SELECT count(DISTINCT trial_id), coalesce(sum(seconds) FILTER (state = 'finished'), 0)
        FROM trial WHERE trial_id IN {CHOSEN}""",
        [chosen(own)],
    )
    searches = []
    if kind != "experiment":
        searches = connection.rows(f"SELECT name FROM search WHERE {kind}_id = ? ORDER BY created_at, name", [identity])
    names = tuple(name for _, name in experiments)
    ((remarks,),) = connection.rows(
        f"SELECT count(*) FROM annotation WHERE subject_id IN {CHOSEN}", [chosen([*ids, *names, *own])]
    )
    return Belongings(
        experiments=names,
        experiment_ids=tuple(ids),
        trial_ids=own,
        trials=int(trials),
        seconds=float(seconds),
        shared=len(planned) - len(own),
        remarks=int(remarks),
        searches=tuple(name for (name,) in searches),
    )


def _delete_experiments(connection: Connection, going: Belongings) -> None:
    subjects = [*going.experiment_ids, *going.experiments, *going.trial_ids]
    for table, column, identities in (
        ("annotation", "subject_id", subjects),
        ("trial", "trial_id", going.trial_ids),
        ("planned_trial", "experiment_id", going.experiment_ids),
        ("experiment", "experiment_id", going.experiment_ids),
    ):
        _delete(connection, table, column, identities)


def _delete(connection: Connection, table: str, column: str, identities: Sequence[str]) -> None:
    connection.execute(f"DELETE FROM {table} WHERE {column} IN {CHOSEN}", [chosen(identities)])
