"""The table of experiments: what was planned over what, how far it is, and the best that was found."""

from typing import TYPE_CHECKING, Any

from traitlets import Dict, List

from trova_widgets.models.application import ApplicationModel
from trova_widgets.models.page import PageModel
from trova_widgets.models.words import duration, percent
from trova_widgets.networks import format_values

if TYPE_CHECKING:
    from trova_widgets.experiments import RunStatus

_BROKEN = {"failed": "failed", "killed": "broke off"}


class ExperimentsModel(PageModel):
    """The state and the actions of the table of experiments.

    Attributes
    ----------
    experiments : list of dict
        A row an experiment, the latest first: ``name``, ``network``, ``dataset``, ``axes`` (texts), ``state``,
        ``finished``, ``failed``, ``total``, ``share`` (per cent), ``best``, ``seconds``, ``resumable``, and in ``note``
        why its last run failed.
    """

    slug = "experiments"

    experiments = List(Dict())

    def __init__(self, application: ApplicationModel) -> None:
        # a run says how far it is without touching the store
        application.observe(lambda _: self._changed(), "runs")
        super().__init__(application)

    def refresh(self) -> None:
        """Read the table again."""
        runs = dict(self.application.runs)
        self._reading.ask(lambda: self._read(runs), self._show, self.application.tell)

    def resume(self, experiment: str) -> None:
        """Run what is missing of an experiment."""
        self.application.start(experiment)

    def stop(self, experiment: str) -> None:
        """Stop an experiment after the trials in flight."""
        self.application.stop(experiment)

    def _read(self, runs: "dict[str, RunStatus]") -> list[dict[str, Any]]:
        networks = self.workspace.networks().set_index("network_id")["name"]
        datasets = self.workspace.datasets().set_index("dataset_id")["name"]
        totals = self.workspace.experiments().merge(self.workspace.experiment_totals(), on="name")
        rows = [
            self._row(row, runs.get(row.name), networks.get(row.network_id, ""), datasets.get(row.dataset_id, ""))
            for row in totals.itertuples(index=False)
        ]
        return rows[::-1]

    def _row(self, totals: Any, run: "RunStatus | None", network: str, dataset: str) -> dict[str, Any]:
        plan = self.workspace.experiment_plan(totals.name)
        finished, total = int(totals.finished_count), int(totals.trial_count)
        alive = run is not None and run.is_alive
        missing = total - finished
        return {
            "name": totals.name,
            "network": network,
            "dataset": dataset,
            "axes": [f"{axis} {format_values(values)}" for axis, values in plan.axes.items()],
            "state": _state(run, finished, missing),
            "note": run.message if run is not None and missing else "",
            "finished": finished,
            "failed": int(totals.failed_count),
            "total": total,
            "share": 100 * finished / max(total, 1),
            "best": percent(totals.best_quality),
            "seconds": duration(totals.seconds),
            "resumable": not alive and missing > 0,
        }

    def _show(self, rows: list[dict[str, Any]]) -> None:
        self.experiments = rows
        self.read = True


def _state(run: "RunStatus | None", finished: int, missing: int) -> str:
    """Return the state of an experiment in a word: what is there counts, and only then what the last run said."""
    if run is not None and run.is_alive:
        return str(run.state)
    if not missing:
        return "finished"
    if run is not None and run.state in _BROKEN:
        return _BROKEN[run.state]
    return "stopped" if finished else "planned"
