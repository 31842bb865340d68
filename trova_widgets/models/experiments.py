"""The table of experiments: what was planned over what, how far it is, and the best that was found."""

from typing import TYPE_CHECKING, Any

from traitlets import Dict, List

from trova_widgets.models.application import ApplicationModel
from trova_widgets.models.changing import changing
from trova_widgets.models.formatting import duration, percent
from trova_widgets.models.page import PageModel
from trova_widgets.space import format_values

if TYPE_CHECKING:
    from trova_widgets.workspace.states import ExperimentStatus


class ExperimentsModel(PageModel):
    """The state and the actions of the table of experiments.

    Attributes
    ----------
    experiments : list of dict
        A row an experiment, the latest first: ``name``, ``network``, ``dataset``, ``axes`` (texts), ``state``,
        ``finished``, ``failed``, ``total``, ``share`` (per cent), ``best``, ``holdout``, ``seconds``, ``resumable``,
        ``remarks``, and in ``note`` why its last run failed.
    """

    slug = "experiments"

    experiments = List(Dict())

    def __init__(self, application: ApplicationModel) -> None:
        # a run says how far it is without touching the store
        application.observe(lambda _: self._changed(), "runs")
        super().__init__(application)

    def refresh(self) -> None:
        """Read the table again."""
        self._reading.submit(self._read, self._show, self.application.notify)

    @changing
    def resume(self, experiment: str) -> None:
        """Run what is missing of an experiment."""
        self.application.start(experiment)

    @changing
    def stop(self, experiment: str) -> None:
        """Stop an experiment after the trials in flight."""
        self.application.stop(experiment)

    def _read(self) -> list[dict[str, Any]]:
        networks = self.workspace.networks().set_index("network_id")["name"]
        datasets = self.workspace.datasets().set_index("dataset_id")["name"]
        totals = self.workspace.experiments().merge(self.workspace.experiment_totals(), on="name")
        # asked for last, so that none of the experiments is missing
        statuses = {status.experiment: status for status in self.workspace.statuses()}
        rows = [
            self._row(row, statuses[row.name], networks.get(row.network_id, ""), datasets.get(row.dataset_id, ""))
            for row in totals.itertuples(index=False)
        ]
        return rows[::-1]

    def _row(self, totals: Any, status: "ExperimentStatus", network: str, dataset: str) -> dict[str, Any]:
        plan = self.workspace.experiment_plan(totals.name)
        return {
            "name": totals.name,
            "network": network,
            "dataset": dataset,
            "axes": [f"{axis} {format_values(values)}" for axis, values in plan.axes.items()],
            "state": status.state,
            "note": status.message,
            "finished": status.done,
            "failed": status.failed,
            "total": status.total,
            "share": 100 * status.done / max(status.total, 1),
            "best": percent(totals.best_quality),
            "holdout": percent(totals.best_holdout),
            "seconds": duration(totals.seconds),
            # a race that has ended leaves trials that nobody waits for
            "resumable": not status.is_running
            and (status.missing if status.state != "finished" else status.failed) > 0,
            "remarks": [str(text) for text in self.workspace.annotations(totals.name)["text"]],
        }

    def _show(self, rows: list[dict[str, Any]]) -> None:
        self.experiments = rows
        self.read = True
