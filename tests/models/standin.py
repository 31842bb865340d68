"""A workspace in memory with the methods that the models call: no database, no computing."""

from dataclasses import dataclass, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd

from trova_widgets.errors import PlanError
from trova_widgets.experiments import Plan
from trova_widgets.experiments.evaluation import Figure
from trova_widgets.experiments.seeking import Search, agenda_of, article_order, next_experiment
from trova_widgets.fingerprinting import FingerprintRecipe
from trova_widgets.processes import usable_cores
from trova_widgets.records import Waveform
from trova_widgets.space import parse_values
from trova_widgets.store import RecordFilter, RecordPage
from trova_widgets.workspace.answer_events import verdicts_of
from trova_widgets.workspace.answerer import Answerer
from trova_widgets.workspace.classification import BEFORE_CLASSES, BEHIND_CLASSES
from trova_widgets.workspace.explaining import ExplainedAnswer
from trova_widgets.workspace.record_choice import Choosable
from trova_widgets.workspace.searching import SearchReport
from trova_widgets.workspace.states import ExperimentStatus, experiment_status

NOW = pd.Timestamp("2024-05-01T12:00:00Z")
CLASSES = ("earthquake", "mine_blast", "quarry_blast")
SAVED = {"convolution2dLayer_2_filterSize": 3, "convolution2dLayer_2_numFilters": 16}


@dataclass(frozen=True, kw_only=True)
class Run:
    experiment: str
    state: str = "running"
    done: int = 0
    failed: int = 0
    total: int = 6
    seconds_left: float | None = None
    started_at: float = 0.0
    message: str = ""

    @property
    def is_alive(self) -> bool:
        return self.state == "running"


class StandIn:
    """What a workspace with ``count`` records of three classes looks like to the models."""

    def __init__(self, count: int = 30) -> None:
        self.path = Path("/study/kola")
        self.read_only = False
        self.calls: list[tuple[Any, ...]] = []
        self.runs: dict[str, Run] = {}
        self._set: dict[str, list[list[Any]]] = {}
        self._revision = 1
        self._events = _events(count // 3)
        self._records = _records(self._events, count)
        self._networks = _table(
            ["network_id", "name", "network_type", "architecture", "values", "created_at"],
            [
                [
                    "n1",
                    "base",
                    "CNN",
                    "two-cycle",
                    {"convolution2dLayer_2_filterSize": 3, "convolution2dLayer_2_numFilters": 16},
                    NOW,
                ]
            ],
        )
        self._datasets = _table(
            ["dataset_id", "name", "classes", "record_count", "event_count", "created_at"],
            [["d1", "teaching", CLASSES, count, count // 3, NOW]],
        )
        self._experiments = _table(["name", "network_id", "dataset_id"], [])
        self._plans: dict[str, Any] = {}
        self._searches: dict[str, Search] = {}
        self.seeking: dict[str, str] = {}

    def change(self) -> None:
        """Let something have been written by somebody."""
        self._revision += 1

    def revision(self) -> int:
        return self._revision

    def counts(self) -> dict[str, int]:
        return {
            "records": len(self._records),
            "events": len(self._events),
            "fingerprints": 5 * len(self._records),
            "datasets": len(self._datasets),
            "networks": len(self._networks),
            "experiments": len(self._experiments),
        }

    def records(self) -> pd.DataFrame:
        return self._records.copy()

    def record(self, record_id: str) -> pd.DataFrame:
        return self._records[self._records["record_id"] == record_id]

    def record_page(self, where: RecordFilter, *, count: int | None) -> RecordPage:
        if where.event_id:
            chosen = self._records[self._records["event_id"] == where.event_id]
        else:
            chosen = self._records[self._records["record_id"].isin(list(where.record_ids or ()))]
        return RecordPage(rows=chosen if count is None else chosen.head(count), total=len(chosen))

    def events(self) -> pd.DataFrame:
        return self._events.copy()

    def networks(self) -> pd.DataFrame:
        return self._networks.copy()

    def datasets(self) -> pd.DataFrame:
        return self._datasets.copy()

    def experiments(self) -> pd.DataFrame:
        return self._experiments.copy()

    def annotations(self, subject: str) -> pd.DataFrame:
        return _table(["subject_id", "text", "author", "made_at"], [])

    def recipe(self) -> FingerprintRecipe:
        return FingerprintRecipe()

    def statuses(self) -> tuple[ExperimentStatus, ...]:
        return tuple(
            experiment_status(row.name, row.trial_count, row.finished_count, row.failed_count, self.runs.get(row.name))
            for row in self.experiment_totals().itertuples(index=False)
        )

    def waveform(self, record_id: str) -> Any:
        return SimpleNamespace(
            network="KO",
            station="APA",
            location="",
            channel="BHZ",
            sampling_rate_hz=50.0,
            samples=np.sin(np.arange(6000) / 7),
        )

    def labels(self, event_id: str) -> pd.DataFrame:
        said = self._events.set_index("event_id")["event_class"]
        columns = ["event_class", "author", "made_at", "comment"]
        return _table(columns, [["explosion", "trova", NOW, "imported"], [said[event_id], "analyst", NOW, ""]])

    def parameters(self, record_id: str) -> pd.DataFrame:
        columns = ["record_id", "name", "value", "source", "author", "made_at"]
        row = self._records.set_index("record_id").loc[record_id]
        found = [
            [record_id, name, row[name], "found", "trova", NOW]
            for name in ("cutoff_hz", "cutoff_confidence")
            if not pd.isna(row[name])
        ]
        return _table(columns, [*found, *self._set.get(record_id, [])])

    def set_parameter(self, record_id: str, name: str, value: float) -> None:
        self.calls.append(("set", record_id, name, value))
        self._set.setdefault(record_id, []).append([record_id, name, value, "analyst", "anna", NOW])
        self.change()

    def label(self, event_id: str, event_class: str, *, comment: str = "") -> None:
        self.calls.append(("label", event_id, event_class))
        self._events.loc[self._events["event_id"] == event_id, "event_class"] = event_class
        self._records.loc[self._records["event_id"] == event_id, "event_class"] = event_class
        self.change()

    def import_records(
        self,
        paths: Any,
        catalog: Any = None,
        event_class: Any = None,
        *,
        columns: Any = None,
        stations: Any = None,
        progress: Any,
    ) -> str:
        self.calls.append(("import", list(progress(paths, "importing")), catalog, event_class))
        self.change()
        return f"{len(paths)} records taken in."

    def compute_fingerprints(self, *, progress: Any) -> str:
        self.calls.append(("fingerprint", len(list(progress(range(3), "fingerprinting", 3)))))
        return "3 records fingerprinted."

    def choosable(self) -> Choosable:
        return Choosable(components=(), doubts={})

    def build_dataset(self, name: str, *, components: str, leave_out: tuple[str, ...]) -> str:
        self.calls.append(("dataset", name, components, leave_out))
        return f"Data set {name}."

    def create_network(self, name: str, network_type: str, architecture: str, **values: Any) -> None:
        self.calls.append(("network", name, network_type, architecture, values))
        self._networks.loc[len(self._networks)] = [name, name, network_type, architecture, values, NOW]
        self.change()

    def preview(self, **draft: Any) -> Any:
        self.calls.append(("preview", draft))
        count = int(np.prod([len(parse_values(values)) for values in draft["axes"].values()]))
        trials = count * draft["seeds"]
        return SimpleNamespace(
            cells=count,
            buildable=count,
            trials=trials,
            missing=trials,
            refused=(),
            warnings=(),
            operations=trials * 3e9 * 120 * usable_cores(),
            seconds=None,
        )

    def seconds_an_operation(self, calibrate: bool = False) -> float | None:
        return None

    def plan(self, name: str, **draft: Any) -> Any:
        if name == "taken":
            raise PlanError("taken is an experiment over another network; give the new plan another name.")
        self.calls.append(("plan", name, draft))
        self._experiments.loc[len(self._experiments)] = [name, "n1", "d1"]
        epochs = {} if draft["epochs"] is None else {"training.epochs": draft["epochs"]}
        self._plans[name] = Plan.make(
            network_type="CNN",
            dataset_id="d1",
            values=SAVED,
            axes=draft["axes"],
            fixed={**draft["fixed"], **epochs},
            seeds=draft["seeds"],
        )
        self.change()
        return self.preview(**draft)

    def searches(self) -> tuple[str, ...]:
        return tuple(self._searches)

    def begin_search(self, network: str, dataset: str, *, name: str, preset: str | None, epochs: int) -> Search:
        self.calls.append(("begin search", network, dataset, name, preset, epochs))
        plan = Plan.make(network_type="CNN", dataset_id="d1", axes={}, fixed={"training.epochs": epochs})
        settings = None if preset is None else article_order()[0]
        self.keep_search(Search(name=name, network=network, dataset=dataset, agenda=agenda_of(plan, settings)))
        return self._searches[name]

    def keep_search(self, search: Search) -> None:
        """Let a search be as far as this."""
        self._searches[search.name] = search
        self.change()

    def search_report(self, name: str) -> SearchReport:
        return SearchReport(search=self._searches[name], state=self.seeking.get(name, "planned"))

    def next_experiment(self, name: str) -> Any:
        search = self._searches[name]
        return None if search.under_way is not None else next_experiment(search)

    def start_seek(self, name: str, **how: Any) -> int:
        self.calls.append(("seek", name, how))
        self.seeking[name] = "running"
        self.change()
        return 1

    def stop_seek(self, name: str) -> None:
        self.calls.append(("stop seek", name))
        self.seeking[name] = "stopped"
        self.change()

    def join_search(self, name: str, experiment: str) -> None:
        self.calls.append(("join", name, experiment))

    def search_html(self, name: str) -> str:
        return f"<!doctype html><title>{name}</title>"

    def experiment_plan(self, name: str) -> Any:
        return self._plans[name]

    def trials(self, name: str) -> pd.DataFrame:
        count = int(np.prod([len(values) for values in self._plans[name].axes.values()]))
        done = self.runs[name].done if name in self.runs else 0
        states = ["finished"] * done + [None] * (count - done)
        quality = [0.5 + 0.1 * cell if state else np.nan for cell, state in enumerate(states)]
        seconds = [10.0 if state else np.nan for state in states]
        return pd.DataFrame({"state": states, "quality": quality, "seconds": seconds})

    def experiment_totals(self) -> pd.DataFrame:
        columns = ["name", "trial_count", "finished_count", "failed_count", "seconds", "best_quality", "best_holdout"]
        rows: list[list[Any]] = []
        for name in self._experiments["name"]:
            trials = self.trials(name)
            finished = trials[trials["state"] == "finished"]
            took = finished["seconds"].sum() if len(finished) else np.nan
            rows.append([name, len(trials), len(finished), 0, took, finished["quality"].max(), np.nan])
        return _table(columns, rows)

    def class_counts(self) -> pd.DataFrame:
        counted = {
            f"{what}_count": frame["event_class"].value_counts()
            for what, frame in (("event", self._events), ("record", self._records))
            if len(frame)
        }
        if not counted:
            return _table(["event_class", "event_count", "record_count"], [])
        return pd.DataFrame(counted).sort_index().rename_axis("event_class").reset_index()

    def start(self, name: str, **how: Any) -> None:
        asked = {key: value for key, value in how.items() if value is not None}
        self.calls.append(("start", name, asked) if asked else ("start", name))
        self.runs[name] = Run(experiment=name)

    def stop(self, name: str) -> None:
        self.calls.append(("stop", name))
        self.runs[name] = replace(self.runs[name], state="stopped")

    def classify(self, paths: Any, network: str | None, catalog: Any = None, rates: Any = None) -> pd.DataFrame:
        self.calls.append(("classify", list(paths), network, *(each for each in (catalog, rates) if each)))
        start = self._records["start_time"].iloc[0]
        onset, remark = start + pd.Timedelta(seconds=30), "BHZ answers for its instrument; not asked: BHN."
        told = {
            "file": "/a/b.mseed",
            "record_id": "r0",
            "event_id": "",
            **{"network": "KO", "station": "APA", "channel": "BHZ"},
            **{"start_time": start, "onset_time": onset},
            "event_class": "earthquake",
            **dict(zip(CLASSES, (0.9, 0.06, 0.04), strict=True)),
            **{"likeness": 0.2, "trial_id": "t0", "remark": remark, "note": ""},
        }
        silent = {
            "file": "/a/c.mseed",
            **dict.fromkeys(("record_id", "event_id", "trial_id", "remark"), ""),
            "note": "c.mseed is not a seismogram.",
        }
        columns = [*BEFORE_CLASSES, *CLASSES, *BEHIND_CLASSES]
        return pd.DataFrame([told, silent], columns=columns).astype({"event_class": object})

    def explain_file(self, path: Any, answer: int, network: str, catalog: Any) -> ExplainedAnswer:
        self.calls.append(("explain", str(path), answer, network))
        waveform = Waveform(
            start_time_ns=NOW.value,
            sampling_rate_hz=50.0,
            samples=np.sin(np.arange(6000) / 7) * (np.arange(6000) > 1500),
        )
        picture = np.zeros((64, 64))
        picture[:8, :8] = 1.0
        pictures = [picture, np.zeros((64, 64))]
        classes = pd.DataFrame({"event_class": CLASSES[:2], "reason": ["energy of 4 to 8 Hz, -2 to 3 s", "nothing"]})
        return ExplainedAnswer(
            waveform=waveform,
            onset_s=30.0,
            cutoff_hz=1.2,
            record_id="r0",
            recipe=FingerprintRecipe(),
            statistics=None,
            classes=classes.assign(picture=pictures),
        )

    def who_answers(self, network: str) -> Answerer:
        self.calls.append(("who", network))
        return Answerer(
            trial_id=network,
            network="base",
            experiment="first",
            cell="filterSize (2) 3",
            accuracy=Figure(value=0.9, low=0.85, high=0.94),
            events=100,
        )

    def answers_by_event(self, answers: pd.DataFrame) -> pd.DataFrame:
        return verdicts_of(answers)

    def similar_to(self, waveform: Waveform, **how: Any) -> pd.DataFrame:
        self.calls.append(("similar", how["besides"], how["count"]))
        return self._records[["record_id", "event_id", "event_class", "station", "start_time"]][1:3].assign(
            similarity=0.5
        )

    def fingerprints_of(self, record_id: str) -> dict[int, np.ndarray]:
        return {0: np.eye(64, dtype=bool)}

    def write_answers(self, answers: pd.DataFrame, path: Path) -> int:
        path.write_text(f"<quakeml>{','.join(answers['file'])}</quakeml>")
        return len(answers)


def _events(count: int) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "event_id": [f"smi:trova/event{number}" for number in range(count)],
            "origin_time": [NOW + pd.Timedelta(hours=number) for number in range(count)],
            "latitude": np.linspace(66.0, 69.0, count),
            "longitude": np.linspace(30.0, 36.0, count),
            "depth_km": 5.0,
            "magnitude": np.linspace(1.0, 3.0, count),
            "magnitude_type": "ML",
            "event_class": [CLASSES[number % 3] for number in range(count)],
        }
    )


def _records(events: pd.DataFrame, count: int) -> pd.DataFrame:
    of = [number % len(events) for number in range(count)] if len(events) else []
    return pd.DataFrame(
        {
            "record_id": [f"r{number}" for number in range(len(of))],
            "event_id": [events["event_id"][number] for number in of],
            "event_class": [events["event_class"][number] for number in of],
            "network": "KO",
            "station": [("APA", "LVZ")[number % 2] for number in range(len(of))],
            "channel": "BHZ",
            "start_time": [events["origin_time"][number] for number in of],
            "sampling_rate_hz": 50.0,
            "file_name": "aa/a.mseed",
            "snr_db": np.arange(float(len(of))),
            "onset_s": 20.0,
            "cutoff_hz": 1.2,
            "cutoff_confidence": 0.9,
        }
    )


def _table(columns: list[str], rows: list[list[Any]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=columns)
