"""The overview: what the study holds, and the next of the three steps from records to a plan."""

from collections.abc import Callable
from typing import Any

from traitlets import Dict, List, Unicode

from trova_widgets.models.page import PageModel
from trova_widgets.models.words import class_title, counted, percent
from trova_widgets.resources import share_folder

_TEACHING_SET = "teaching"


class OverviewModel(PageModel):
    """The state and the actions of the overview.

    Attributes
    ----------
    counts : dict of str to int
        What the workspace holds.
    classes : list of dict
        A row an event class: ``title``, ``slug``, ``events``, ``records``.
    experiments : list of dict
        A row an experiment, the latest first: ``name``, ``trials``, ``best``.
    report : str
        What the last action did, in lines.
    next_step : str
        Which step comes next: ``"import"``, ``"fingerprint"``, ``"dataset"``, ``"plan"``, or ``"results"``.
    """

    slug = "overview"

    counts = Dict()
    classes = List(Dict())
    experiments = List(Dict())
    report = Unicode("")
    next_step = Unicode("")

    def refresh(self) -> None:
        """Read the workspace again."""
        self._reading.ask(self._read, self._show, self.application.tell)

    def take_teaching_set(self) -> None:
        """Import the teaching set that travels with Trova."""
        folder = share_folder("data") / _TEACHING_SET
        self._act(
            "Importing the teaching set",
            lambda: self.workspace.import_records(
                [folder], catalog=folder / "catalog.xml", stations=folder / "stations.xml", progress=self.watched
            ),
        )

    def compute_fingerprints(self) -> None:
        """Compute the fingerprints that are missing."""
        self._act("Computing fingerprints", lambda: self.workspace.compute_fingerprints(progress=self.watched))

    def build_dataset(self, name: str) -> None:
        """Freeze a data set, split by event, from all labelled records that have fingerprints."""
        self._act(f"Building {name}", lambda: self.workspace.build_dataset(name))

    def _act(self, what: str, work: Callable[[], object]) -> None:
        self.report = ""
        self.do(what, work, self._done)

    def _done(self, report: object) -> None:
        self.report = str(report)
        self.application.refresh()

    def _read(self) -> dict[str, Any]:
        workspace = self.workspace
        counts = workspace.counts()
        return {
            "counts": counts,
            "classes": [_class_row(row) for row in workspace.class_counts().itertuples(index=False)],
            "experiments": [_experiment_row(row) for row in workspace.experiment_totals().itertuples(index=False)][
                ::-1
            ],
            "next_step": _next_step(counts),
        }

    def _show(self, found: dict[str, Any]) -> None:
        with self.hold_trait_notifications():
            for name, value in found.items():
                self.set_trait(name, value)
            self.read = True


def _class_row(row: Any) -> dict[str, Any]:
    return {
        "slug": row.event_class,
        "title": class_title(row.event_class),
        "events": int(row.event_count),
        "records": int(row.record_count),
    }


def _experiment_row(row: Any) -> dict[str, Any]:
    return {
        "name": row.name,
        "trials": f"{row.finished_count} of {row.trial_count} {counted(row.trial_count, 'trials')}",
        "best": percent(row.best_quality),
    }


def _next_step(counts: dict[str, int]) -> str:
    steps = {"records": "import", "fingerprints": "fingerprint", "datasets": "dataset", "experiments": "plan"}
    return next((step for name, step in steps.items() if not counts.get(name)), "results")
