"""The rows of the workspace's tables, as frozen values that hold no reference to the database.

Times are whole nanoseconds since 1970-01-01T00:00:00 UTC. What is unknown is None.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from trova_widgets.errors import StoreError

#: Who measured a parameter of a record: the analysis, or a person.
ParameterSource = Literal["found", "analyst"]

#: How a trial ended.
TrialState = Literal["finished", "failed"]


@dataclass(frozen=True, kw_only=True)
class EventRow:
    """An event: where and when the ground began to move, and what its catalogue calls it.

    Attributes
    ----------
    event_id : str
        Identity of the event.
    origin_time_ns : int or None
        Origin time.
    latitude, longitude : float or None
        Epicentre [degrees north, degrees east].
    depth_km : float or None
        Depth below sea level [km].
    magnitude : float or None
        Magnitude, on the scale of `magnitude_type`.
    magnitude_type : str or None
        Scale, such as ``"ml"``.
    event_type : str or None
        The catalogue's own word, such as ``"quarry blast"``.
    source : str
        Where the event came from, such as the catalogue's file.
    """

    event_id: str
    origin_time_ns: int | None
    latitude: float | None
    longitude: float | None
    depth_km: float | None
    magnitude: float | None
    magnitude_type: str | None
    event_type: str | None
    source: str


@dataclass(frozen=True, kw_only=True)
class LabelRow:
    """Who said, and when, to which class an event belongs; the latest label counts, the others stay.

    Attributes
    ----------
    event_id : str
        The event.
    event_class : str
        The class, such as ``"quarry_blast"``.
    author : str
        Who says so.
    made_at_ns : int
        When it was said.
    comment : str
        Why, in the author's words; may be empty.
    """

    event_id: str
    event_class: str
    author: str
    made_at_ns: int
    comment: str


@dataclass(frozen=True, kw_only=True)
class RecordRow:
    """One channel's waveform of one event at one station.

    Attributes
    ----------
    record_id : str
        Identity of the record.
    event_id : str or None
        Its event, None where none is known.
    network, station, location, channel : str
        Where it was recorded (SEED codes).
    start_time_ns : int
        Time of the first sample.
    sampling_rate_hz : float
        Samples in a second [Hz].
    sample_count : int
        Number of samples.
    file_hash : str
        Identity of the file's bytes.
    file_name : str
        The file's path within the workspace's waveform folder.
    trace_index : int
        Which of the file's channels this is, from 0.
    """

    record_id: str
    event_id: str | None
    network: str
    station: str
    location: str
    channel: str
    start_time_ns: int
    sampling_rate_hz: float
    sample_count: int
    file_hash: str
    file_name: str
    trace_index: int


@dataclass(frozen=True, kw_only=True)
class ParameterRow:
    """A number measured on a record; an analyst's counts before a found one, the latest before the others.

    Attributes
    ----------
    record_id : str
        The record.
    name : str
        Lower-case letters, digits and underscores, with the unit, such as ``"onset_s"``.
    value : float
        The number; NaN where it could not be measured.
    source : {"found", "analyst"}
        Whether the analysis or a person measured it.
    author : str
        Who did.
    made_at_ns : int
        When.
    """

    record_id: str
    name: str
    value: float
    source: ParameterSource
    author: str
    made_at_ns: int


@dataclass(frozen=True, kw_only=True)
class DatasetRow:
    """A frozen choice of fingerprints, split for training.

    Attributes
    ----------
    dataset_id, name : str
        Identity, and the name that people use.
    recipe_id : str
        The recipe of its fingerprints.
    classes : tuple of str
        The classes, in the order of a network's outputs.
    settings : dict
        How it was made: shares, seed, filters (JSON).
    created_at_ns : int
        When it was made.
    """

    dataset_id: str
    name: str
    recipe_id: str
    classes: tuple[str, ...]
    settings: Mapping[str, Any]
    created_at_ns: int

    def __post_init__(self) -> None:
        object.__setattr__(self, "classes", tuple(self.classes))


@dataclass(frozen=True, kw_only=True)
class NetworkRow:
    """A saved network: an architecture with values for its layer parameters, perhaps trained.

    Attributes
    ----------
    network_id, name : str
        Identity, and the name that people use.
    network_type, architecture : str
        What it is built from.
    values : dict
        The layer parameters' values by name (JSON).
    weights : str or None
        File of the trained weights within the workspace, None where it is not trained.
    trial_id : str or None
        The trial that trained it.
    created_at_ns : int
        When it was saved.
    """

    network_id: str
    name: str
    network_type: str
    architecture: str
    values: Mapping[str, Any]
    weights: str | None
    trial_id: str | None
    created_at_ns: int


@dataclass(frozen=True, kw_only=True)
class ExperimentRow:
    """A plan on a network and a data set.

    Attributes
    ----------
    experiment_id, name : str
        Identity, and the name that people use.
    network_id, dataset_id : str
        What is varied, and what it is trained on.
    plan : dict
        Axes, fixed values, seeds, training settings (JSON).
    state : str
        Such as ``"planned"``.
    created_at_ns : int
        When it was planned.
    """

    experiment_id: str
    name: str
    network_id: str
    dataset_id: str
    plan: Mapping[str, Any]
    state: str
    created_at_ns: int


@dataclass(frozen=True, kw_only=True)
class TrialRow:
    """What came out of training one cell with one seed.

    Attributes
    ----------
    trial_id : str
        Identity of what was trained.
    attempt : int
        Counted by the store from 1; the number in a row that is added does not matter.
    state : {"finished", "failed"}
        How it ended.
    quality, loss : float or None
        Accuracy and loss on the validation split.
    scores : dict of str to float
        Accuracy on each split.
    confusion : list of list of int
        Confusion matrix of the validation split: rows true, columns predicted.
    curve : dict of str to list of float
        Learning curves, a number an epoch.
    predictions : dict
        What the network said of each record (JSON).
    parameter_count : int or None
        Number of trainable weights.
    seconds : float
        How long it took [s].
    seed : int
        The seed.
    values : dict
        All layer parameters' values by name (JSON).
    versions : dict of str to str
        The libraries that computed it.
    error : str or None
        Why it failed.
    finished_at_ns : int
        When it ended.

    Raises
    ------
    StoreError
        When the state is neither of the two, or the error does not fit it.
    """

    trial_id: str
    attempt: int
    state: TrialState
    quality: float | None
    loss: float | None
    scores: Mapping[str, float]
    confusion: Sequence[Sequence[int]]
    curve: Mapping[str, Sequence[float]]
    predictions: Mapping[str, Any]
    parameter_count: int | None
    seconds: float
    seed: int
    values: Mapping[str, Any]
    versions: Mapping[str, str]
    error: str | None
    finished_at_ns: int

    def __post_init__(self) -> None:
        if self.state not in ("finished", "failed"):
            raise StoreError(f"Trial {self.trial_id} ended as {self.state!r}; expected 'finished' or 'failed'.")
        if self.state == "failed" and not self.error:
            raise StoreError(f"Trial {self.trial_id} failed without an error; say in one sentence what went wrong.")
