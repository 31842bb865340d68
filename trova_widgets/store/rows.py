"""The rows of the workspace's tables, as frozen values that hold no reference to the database.

Times are whole nanoseconds since 1970-01-01T00:00:00 UTC. What is unknown is None.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

#: Who measured a parameter of a record: the analysis, or a person.
ParameterSource = Literal["found", "analyst"]


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
    type_certainty : {"known", "suspected"} or None
        What the catalogue says of the type.
    energy_class : float or None
        The energy class K of Russian catalogues.
    location_error_km : float or None
        The larger semi-axis of the epicentre's error ellipse [km].
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
    type_certainty: str | None = None
    energy_class: float | None = None
    location_error_km: float | None = None


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
    """A frozen choice of records, with their classes and parts.

    Attributes
    ----------
    dataset_id, name : str
        Identity, and the name that people use.
    recipe_id : str or None
        The recipe whose fingerprints its identity stands for, as older versions made them; None since then: a data
        set knows no recipe.
    classes : tuple of str
        The classes, in the order of a network's outputs.
    settings : dict
        How it was made: shares, seed, filters (JSON).
    created_at_ns : int
        When it was made.
    """

    dataset_id: str
    name: str
    recipe_id: str | None
    classes: tuple[str, ...]
    settings: Mapping[str, Any]
    created_at_ns: int

    def __post_init__(self) -> None:
        object.__setattr__(self, "classes", tuple(self.classes))


@dataclass(frozen=True, kw_only=True)
class NetworkRow:
    """A saved network: an architecture with values for its layer parameters.

    Attributes
    ----------
    network_id, name : str
        Identity, and the name that people use.
    network_type, architecture : str
        What it is built from.
    values : dict
        The layer parameters' values by name (JSON).
    created_at_ns : int
        When it was saved.
    """

    network_id: str
    name: str
    network_type: str
    architecture: str
    values: Mapping[str, Any]
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
        Axes, what they stand on, fixed values, seeds, folds (JSON).
    created_at_ns : int
        When it was planned.
    race : dict or None
        The rules by which it was raced last (JSON); None where it never was.
    """

    experiment_id: str
    name: str
    network_id: str
    dataset_id: str
    plan: Mapping[str, Any]
    created_at_ns: int
    race: Mapping[str, Any] | None = None


@dataclass(frozen=True, kw_only=True)
class SearchRow:
    """A search: the strategy over a network and a data set.

    Attributes
    ----------
    search_id, name : str
        Identity, and the name that people use.
    network_id, dataset_id : str
        What is varied, and what it is trained on.
    agenda : dict
        Which settings have their turn in which order, and what all experiments hold (JSON).
    steps : list of dict
        The experiments that were begun, each with its decision (JSON).
    created_at_ns : int
        When it was begun.
    """

    search_id: str
    name: str
    network_id: str
    dataset_id: str
    agenda: Mapping[str, Any]
    steps: Sequence[Mapping[str, Any]]
    created_at_ns: int
