"""The overview: what the study holds, and the next of the three steps from records to a plan."""

from collections.abc import Callable
from typing import Any

from traitlets import Dict, List, Unicode

from trova_widgets.models.changing import changing
from trova_widgets.models.formatting import class_title, moment, percent
from trova_widgets.models.handles import free_name
from trova_widgets.models.page import PageModel
from trova_widgets.wording import counted
from trova_widgets.workspace.record_choice import Choosable

#: Doubts about records, in a few words.
_DOUBTS = {
    "suspected": "of a type that is only suspected",
    "no-time": "without a reference time",
    "jitter": "whose clock strays",
}


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
    datasets : list of dict
        A row a data set, the latest first: ``name``, ``records``, ``events``, ``classes``, ``made``, ``used`` (by how
        many experiments).
    free_name : str
        What a new data set can be called.
    component_choices : list of dict
        Which component of each station a data set may take: ``value`` and ``title``; none where there is only one.
    component : str
        The one that is chosen.
    doubts : list of dict
        Doubts about records that there are: ``value`` and ``title``.
    leave_out : list of str
        Those whose records a data set leaves out.
    report : str
        What the last action did, in lines.
    next_step : str
        Which step comes next: ``"import"``, ``"fingerprint"``, ``"dataset"``, ``"plan"``, or ``"results"``.
    """

    slug = "overview"

    counts = Dict()
    classes = List(Dict())
    experiments = List(Dict())
    datasets = List(Dict())
    free_name = Unicode("")
    component_choices = List(Dict())
    component = Unicode("vertical")
    doubts = List(Dict())
    leave_out = List(Unicode())
    report = Unicode("")
    next_step = Unicode("")

    def refresh(self) -> None:
        """Read the workspace again."""
        self._reading.submit(self._read, self._show, self.application.notify)

    @changing
    def take_teaching_set(self) -> None:
        """Take in the teaching set, of which a part travels with Trova and the rest is computed."""
        self._act("Taking the teaching set", lambda: self.workspace.import_teaching_set(progress=self.watched))

    @changing
    def compute_fingerprints(self) -> None:
        """Compute the fingerprints that are missing."""
        self._act("Computing fingerprints", lambda: self.workspace.compute_fingerprints(progress=self.watched))

    @changing
    def build_dataset(self, name: str) -> None:
        """Freeze a data set, split by event: labelled records of the chosen component, without those left out."""
        components, leave_out = self.component, tuple(self.leave_out)
        self._act(
            f"Building {name}",
            lambda: self.workspace.build_dataset(name, components=components, leave_out=leave_out),
        )

    def _act(self, what: str, work: Callable[[], object]) -> None:
        self.report = ""
        self.do(what, work, self._done)

    def _done(self, report: object) -> None:
        self.report = str(report)
        self.application.refresh()

    def _read(self) -> dict[str, Any]:
        workspace = self.workspace
        counts = workspace.counts()
        datasets, used = workspace.datasets(), workspace.experiments()["dataset_id"].value_counts()
        return {
            "counts": counts,
            "classes": [_class_row(row) for row in workspace.class_counts().itertuples(index=False)],
            "experiments": [_experiment_row(row) for row in workspace.experiment_totals().itertuples(index=False)][
                ::-1
            ],
            "datasets": [
                _dataset_row(row, int(used.get(row.dataset_id, 0))) for row in datasets.itertuples(index=False)
            ][::-1],
            "free_name": free_name(f"dataset-{len(datasets)}", set(datasets["name"])),
            "next_step": _next_step(counts),
            **_choices(workspace.choosable()),
        }

    def _show(self, found: dict[str, Any]) -> None:
        with self.hold_trait_notifications():
            for name, value in found.items():
                self.set_trait(name, value)
            self.read = True


def _choices(found: Choosable) -> dict[str, Any]:
    titles = {"vertical": "The vertical one", "all": "Each of them"}
    return {
        "component_choices": [{"value": name, "title": titles.get(name, name)} for name in found.components],
        "doubts": [
            {"value": doubt, "title": f"Leave out {counted(count, 'record')} {_DOUBTS[doubt]}"}
            for doubt, count in found.doubts.items()
        ],
    }


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
        "trials": f"{row.finished_count} of {counted(row.trial_count, 'trial')}",
        "best": percent(row.best_quality),
    }


def _dataset_row(row: Any, used: int) -> dict[str, Any]:
    return {
        "name": row.name,
        "records": int(row.record_count),
        "events": int(row.event_count),
        "classes": ", ".join(class_title(name).lower() for name in row.classes),
        "made": moment(row.created_at),
        "used": counted(used, "experiment") if used else "",
    }


def _next_step(counts: dict[str, int]) -> str:
    steps = {"records": "import", "fingerprints": "fingerprint", "datasets": "dataset", "experiments": "plan"}
    return next((step for name, step in steps.items() if not counts.get(name)), "results")
