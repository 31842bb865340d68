"""The overview: what the study holds, and the next of the three steps from records to a plan."""

from collections.abc import Callable
from typing import Any

import pandas as pd
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
        A row an experiment, the latest first: ``name``, ``state``, ``trials``, ``best``.
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
            "classes": _class_rows(workspace.events(), workspace.records()),
            "experiments": [self._experiment_row(name) for name in reversed(list(workspace.experiments()["name"]))],
            "next_step": _next_step(counts),
        }

    def _experiment_row(self, name: str) -> dict[str, Any]:
        trials = self.workspace.trials(name)
        finished = trials[trials["state"] == "finished"]
        return {
            "name": name,
            "trials": f"{len(finished)} of {len(trials)} {counted(len(trials), 'trials')}",
            "best": percent(finished["quality"].max()) if len(finished) else "",
        }

    def _show(self, found: dict[str, Any]) -> None:
        with self.hold_trait_notifications():
            for name, value in found.items():
                self.set_trait(name, value)
            self.read = True


def _class_rows(events: pd.DataFrame, records: pd.DataFrame) -> list[dict[str, Any]]:
    event_counts = events["event_class"].fillna("").value_counts()
    record_counts = records["event_class"].fillna("").value_counts()
    slugs = sorted(set(event_counts.index) | set(record_counts.index), key=lambda slug: (slug == "", slug))
    return [
        {
            "slug": slug,
            "title": class_title(slug),
            "events": int(event_counts.get(slug, 0)),
            "records": int(record_counts.get(slug, 0)),
        }
        for slug in slugs
    ]


def _next_step(counts: dict[str, int]) -> str:
    steps = {"records": "import", "fingerprints": "fingerprint", "datasets": "dataset", "experiments": "plan"}
    return next((step for name, step in steps.items() if not counts.get(name)), "results")
