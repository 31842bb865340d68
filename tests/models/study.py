"""A workspace in memory with one experiment of real arrays, as the results page reads it."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd

from trova_widgets.experiments import Evidence, Outcomes
from trova_widgets.networks import architecture, summary
from trova_widgets.space import Setting
from trova_widgets.workspace.result_reading import lay_out
from trova_widgets.workspace.result_tables import ResultTables
from trova_widgets.workspace.results import ExperimentResults

CLASSES = ("earthquake", "quarry_blast", "mine_blast")
RECORDS = 48
FIRST = {
    "convolution2dLayer_2_filterSize": (1, 2, 3, 4, 5, 6, 7, 8),
    "convolution2dLayer_2_numFilters": (8, 16, 24, 32, 40, 48, 56, 64),
    "averagePooling2dLayer_6_poolSize": (1, 2, 3, 4, 5, 6),
}


class Study:
    """An experiment over ``axes`` in which some trials failed, some are missing and some cannot be built."""

    def __init__(self, axes: dict[str, tuple[Any, ...]] | None = None, seeds: int = 2, finished: float = 0.97) -> None:
        self.path = Path("/study/kola-2024")
        self.read_only = False
        self.space: dict[str, Setting] = {}
        self.axes = FIRST if axes is None else axes
        self._revision = 1
        self.names = ["experiment-1"]
        self.asked: list[str] = []
        self.remarks: list[list[Any]] = []
        self.table = _trials(self.axes, seeds, finished)

    def revision(self) -> int:
        return self._revision

    def change(self) -> None:
        """Let something have been written by somebody."""
        self._revision += 1

    def finish_all(self) -> None:
        """Let the missing trials have been run."""
        planned = self.table["state"] == "planned"
        self.table.loc[planned, ["state", "quality", "parameter_count"]] = ["finished", 0.5, 1700.0]
        self.change()

    def counts(self) -> dict[str, int]:
        return {"records": 716, "events": 240, "fingerprints": 1718, "experiments": len(self.names)}

    def statuses(self) -> tuple[()]:
        return ()

    def experiments(self) -> pd.DataFrame:
        return pd.DataFrame({"name": self.names})

    def results_mark(self, experiment: str) -> tuple[str, int]:
        return experiment, self._revision

    def results(self, experiment: str, objective: str = "accuracy", by: str = "record") -> ExperimentResults:
        values = [
            dict(zip(self.axes, cell, strict=True)) for cell in self.table[list(self.axes)].to_numpy(dtype=object)
        ]
        stored = self.table.assign(values=values)
        found = lay_out(experiment, SimpleNamespace(axes=self.axes, folds=(), space=self.space), stored, measured_on=68)
        told = Told(found)
        return replace(
            found,
            classes=CLASSES,
            objective=objective,
            by=by,
            read=lambda: Evidence(outcomes=told.outcomes()[0], cells=told.cells, objective=objective, by=by),
            read_told=lambda: told,
            read_tables=_tables,
        )

    def trial(self, trial_id: str) -> Any:
        self.asked.append(trial_id)
        return SimpleNamespace(
            curve=self.curve(trial_id),
            diagram=self.diagram(trial_id),
        )

    def annotate(self, subject: str, text: str) -> None:
        self.remarks.append([subject, text, "ada", pd.Timestamp("2026-03-01 12:00")])
        self.change()

    def annotations(self, subject: str) -> pd.DataFrame:
        kept = pd.DataFrame(self.remarks, columns=["subject_id", "text", "author", "made_at"])
        return kept[kept["subject_id"] == subject]

    def curve(self, trial_id: str) -> pd.DataFrame:
        epochs = np.arange(1, 16)
        return pd.DataFrame(
            {
                "training_loss": 1.1 * np.exp(-epochs / 6),
                "test_loss": 1.1 * np.exp(-epochs / 8) + 0.1,
                "training_accuracy": 1 - 0.6 * np.exp(-epochs / 4),
                "test_accuracy": 0.9 - 0.5 * np.exp(-epochs / 5),
            }
        )

    def diagram(self, trial_id: str) -> Any:
        row = self.table.set_index("trial_id").loc[trial_id]
        values = {name: row[name] for name in self.axes if name in architecture("CNN").space}
        return summary(architecture("CNN"), values, 64, 3)


class Told:
    """What the trials told of ``RECORDS`` records, two of each event; each trial is as often right as it says."""

    def __init__(self, found: ExperimentResults) -> None:
        self._table = found.table[found.table["state"] == "finished"]
        self.cells = np.unique(self._table["cell"])

    def measured(self) -> pd.DataFrame:
        numbers = np.arange(RECORDS)
        return pd.DataFrame(
            {
                "position": numbers,
                "record_id": [f"r{number}" for number in numbers],
                "event_id": [f"e{number // 2}" for number in numbers],
                "event_class": [CLASSES[number // 2 % 3] for number in numbers],
                "fold": pd.array([pd.NA] * RECORDS, dtype="Int64"),
            }
        )

    def outcomes(self, cells: Any = None) -> tuple[Outcomes, Any]:
        cells = self.cells if cells is None else cells
        classes = np.arange(RECORDS) // 2 % 3
        seeds = np.unique(self._table["seed"])
        probabilities = np.full((len(cells), len(seeds), RECORDS, 3), np.nan)
        wanted = self._table[self._table["cell"].isin(cells)]
        rows, places = np.searchsorted(cells, wanted["cell"]), np.searchsorted(seeds, wanted["seed"])
        for row, place, trial in zip(rows, places, wanted.itertuples(), strict=True):
            wrong = np.random.default_rng(int(trial.trial_id) % 2**32).permutation(RECORDS) >= RECORDS * trial.quality
            probabilities[row, place] = 0.1 + 0.7 * np.eye(3)[(classes + wrong) % 3]
        outcomes = Outcomes(
            probabilities=probabilities, classes=classes, events=np.arange(RECORDS) // 2, folds=np.zeros(RECORDS, int)
        )
        return outcomes, cells


def _tables(found: ExperimentResults) -> ResultTables:
    nothing = pd.DataFrame(columns=["column", "unit", "meaning"])
    return ResultTables(trials=found.table, cells=found.table.drop_duplicates("cell"), columns=nothing)


def _trials(axes: dict[str, tuple[Any, ...]], seeds: int, finished: float) -> pd.DataFrame:
    random = np.random.default_rng(3)
    shape = tuple(len(values) for values in axes.values())
    places = np.indices(shape).reshape(len(shape), -1).T if axes else np.zeros((1, 0), dtype=int)
    rows = []
    slope = 0.25 * random.normal(size=len(shape))
    for cell, place in enumerate(places):
        if cell % 61 == 60:
            continue
        share = place / np.maximum(np.array(shape) - 1, 1)
        base = (
            0.86 - 0.8 * float(np.sum((share - 0.25) ** 2 * np.abs(slope) * 2)) + 0.03 * np.sin(7 * float(share.sum()))
        )
        for seed in range(seeds):
            state = "finished" if random.random() < finished else ("failed" if random.random() < 0.5 else "planned")
            done = state == "finished"
            rows.append(
                {
                    "trial_id": f"{cell:016d}{seed:04d}",
                    "cell": cell,
                    "fold": pd.NA,
                    "seed": seed,
                    **{name: values[at] for (name, values), at in zip(axes.items(), place, strict=True)},
                    "quality": float(np.clip(base + 0.02 * random.normal(), 0, 1)) if done else np.nan,
                    "holdout": float(np.clip(base - 0.03, 0, 1)) if done else np.nan,
                    "state": state,
                    "loss": 0.4 if done else np.nan,
                    "seconds": 60.0 + cell if done else np.nan,
                    "parameter_count": 1700 + 40 * cell if done else np.nan,
                    "error": "Out of memory." if state == "failed" else None,
                }
            )
    return pd.DataFrame(rows)
