"""Deleting networks, data sets and experiments: first what would go is said, then it goes."""

from dataclasses import dataclass

from trova_widgets.experiments import Journal
from trova_widgets.reports import Report
from trova_widgets.store import KINDS, Belongings, Kind, Store
from trova_widgets.wording import counted, listed
from trova_widgets.workspace.running import RunFolder, StoreSink


@dataclass(frozen=True, kw_only=True, repr=False)
class Deletion(Report):
    """What goes with a network, a data set or an experiment; `Workspace.delete` takes it out.

    Attributes
    ----------
    kind : {"network", "dataset", "experiment"}
        What it is.
    name, identity : str
        Its name, and its identity.
    belongings : Belongings
        What goes with it.
    """

    kind: Kind
    name: str
    identity: str
    belongings: Belongings

    @property
    def experiments(self) -> tuple[str, ...]:
        """The experiments that go because they are over a network or a data set."""
        return () if self.kind == "experiment" else self.belongings.experiments

    def __str__(self) -> str:
        going = self.belongings
        with_it = []
        if self.experiments:
            with_it.append(f"{counted(len(self.experiments), 'experiment')} ({', '.join(self.experiments)})")
        if going.trials:
            took = f", {_time(going.seconds)} of computing" if going.seconds >= 60 else ""
            with_it.append(f"the results of {counted(going.trials, 'trial')}{took}")
        if going.searches:
            searches = "search" if len(going.searches) == 1 else "searches"
            with_it.append(f"{len(going.searches)} {searches} ({', '.join(going.searches)})")
        if going.remarks:
            with_it.append(counted(going.remarks, "remark"))
        said = f"The {KINDS[self.kind]} {self.name} goes"
        said += f", and with it {listed(with_it)}." if with_it else ", and nothing else with it."
        if going.shared:
            stays = "stays" if going.shared == 1 else "stay"
            said += f" {counted(going.shared, 'trial')} {stays}: another experiment shares what was planned there."
        return f"{said} It cannot be taken back."


def carry_out(store: Store, runs: RunFolder, deletion: Deletion) -> None:
    """Take out what a deletion says; see `Workspace.delete`."""
    store.delete(deletion.kind, deletion.identity, deletion.belongings)
    gone = set(deletion.belongings.trial_ids)
    # a file without its row is found by a check of the workspace; a row without its file would be missed
    for trial_id in gone:
        runs.weights_of(trial_id).unlink(missing_ok=True)
    for experiment in deletion.belongings.experiments:
        left = Journal(runs.journal(experiment)).read()
        StoreSink(store).append([result for result in left if result.trial_id not in gone])
        runs.forget(experiment)


def _time(seconds: float) -> str:
    return f"{seconds / 60:.0f} minutes" if seconds < 7200 else f"{seconds / 3600:.0f} hours"
