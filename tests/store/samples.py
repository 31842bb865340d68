"""Rows for the store's tests, with every field that a test does not name."""

import os
from typing import Any

import pandas as pd

from trova_widgets.space import TrialResult
from trova_widgets.store import (
    DatasetRow,
    EventRow,
    ExperimentRow,
    LabelRow,
    NetworkRow,
    ParameterRow,
    RecordRow,
    Store,
)


def event(event_id: str = "e0", **values: Any) -> EventRow:
    known: dict[str, Any] = {
        "origin_time_ns": 1_600_000_000_123_456_789,
        "latitude": 47.5,
        "longitude": -122.3,
        "depth_km": 9.5,
        "magnitude": 1.7,
        "magnitude_type": "ml",
        "event_type": "earthquake",
        "source": "catalog.xml",
    }
    return EventRow(event_id=event_id, **(known | values))


def label(event_id: str = "e0", event_class: str = "earthquake", made_at_ns: int = 1, author: str = "ann") -> LabelRow:
    return LabelRow(event_id=event_id, event_class=event_class, author=author, made_at_ns=made_at_ns, comment="")


def record(record_id: str = "r0", event_id: str | None = "e0", **values: Any) -> RecordRow:
    known: dict[str, Any] = {
        "network": "UW",
        "station": "RATT",
        "location": "",
        "channel": "HHZ",
        "start_time_ns": 1_600_000_000_000_000_001,
        "sampling_rate_hz": 100.0,
        "sample_count": 15000,
        "file_hash": "ab" * 10,
        "file_name": "ab/abab.mseed",
        "trace_index": 0,
    }
    return RecordRow(record_id=record_id, event_id=event_id, **(known | values))


def parameter(record_id: str = "r0", name: str = "onset_s", value: float = 30.0, **values: Any) -> ParameterRow:
    known: dict[str, Any] = {"source": "found", "author": "trova", "made_at_ns": 1}
    return ParameterRow(record_id=record_id, name=name, value=value, **(known | values))


def fingerprints(count: int, recipe_id: str = "recipe", variants: tuple[int, ...] = (0,)) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "fingerprint_id": f"f{i}_{variant}",
                "record_id": f"r{i}",
                "recipe_id": recipe_id,
                "variant": variant,
                "cutoff_hz": 2.5 + variant,
                "size": 64,
                "bits": os.urandom(512),
            }
            for i in range(count)
            for variant in variants
        ]
    )


def network(network_id: str = "n0", name: str = "base", **values: Any) -> NetworkRow:
    known: dict[str, Any] = {
        "network_type": "CNN",
        "architecture": "two-cycle",
        "values": {"convolution2dLayer_2_filterSize": 5},
        "created_at_ns": 3,
    }
    return NetworkRow(network_id=network_id, name=name, **(known | values))


def dataset(dataset_id: str = "d0", name: str = "first") -> DatasetRow:
    return DatasetRow(
        dataset_id=dataset_id,
        name=name,
        recipe_id=None,
        classes=("earthquake", "quarry_blast"),
        settings={"seed": 1, "shares": {"training": 0.7}},
        created_at_ns=2,
    )


def members(count: int) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "position": range(count),
            "record_id": [f"r{i}" for i in range(count)],
            "event_id": "e0",
            "event_class": "earthquake",
            "split": ["training", "validation"] * (count // 2) + ["holdout"] * (count % 2),
            "fold": pd.array([None] * count, dtype="Int64"),
            "cutoff_hz": 2.5,
        }
    )


def experiment(experiment_id: str = "x0", name: str = "experiment 1", **values: Any) -> ExperimentRow:
    known: dict[str, Any] = {
        "network_id": "n0",
        "dataset_id": "d0",
        "plan": {"axes": {"convolution2dLayer_2_filterSize": [1, 2, 3]}},
        "created_at_ns": 4,
    }
    return ExperimentRow(experiment_id=experiment_id, name=name, **(known | values))


def trial(trial_id: str = "t0", finished_at_ns: int = 10, **values: Any) -> TrialResult:
    known: dict[str, Any] = {
        "attempt": 0,
        "state": "finished",
        "quality": 0.9,
        "loss": 0.25,
        "scores": {"training": 0.95, "validation": 0.9},
        "confusion": [[5, 1], [0, 4]],
        "curve": {"loss": [1.0, 0.25]},
        "predictions": {"r0": [0.1, 0.9]},
        "parameter_count": 1234,
        "seconds": 1.5,
        "settings": {"convolution2dLayer_2_filterSize": 2, "seed": 7},
        "versions": {"torch": "2.9"},
        "error": None,
    }
    return TrialResult(trial_id=trial_id, finished_at_ns=finished_at_ns, **(known | values))


def failure(trial_id: str = "t0", finished_at_ns: int = 10, error: str = "It did not converge.") -> TrialResult:
    return trial(trial_id, finished_at_ns, state="failed", quality=None, loss=None, scores={}, curve={}, error=error)


def fill(store: Store, record_count: int = 4) -> None:
    """An event, its records, a recipe, their fingerprints, a data set, a network and an experiment."""
    store.add_events([event()])
    store.add_labels([label()])
    store.add_records([record(f"r{i}", start_time_ns=i) for i in range(record_count)])
    store.add_recipe("recipe", "default", {"size": 64})
    store.add_fingerprints(fingerprints(record_count))
    store.add_dataset(dataset(), members(record_count))
    store.add_network(network())
    store.add_experiment(experiment())
