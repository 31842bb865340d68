"""The facts of a model card: what a network is, what it is for, what it learnt from, by what it is known again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import numpy as np
import pandas as pd

from trova_widgets.experiments import DEVELOPMENT, TrainingSettings
from trova_widgets.fingerprinting import FingerprintRecipe
from trova_widgets.fingerprinting.segment import LEAST_COVERAGE
from trova_widgets.networks import network_types
from trova_widgets.space import Setting, Value, format_value, format_values
from trova_widgets.store import DatasetRow
from trova_widgets.wording import listed
from trova_widgets.workspace.evaluating import networks_told
from trova_widgets.workspace.model_card import CardPart
from trova_widgets.workspace.results import ExperimentResults
from trova_widgets.workspace.trial_report import TrialReport


@dataclass(frozen=True, kw_only=True, eq=False)
class Origin:
    """Where the facts of a card come from.

    Attributes
    ----------
    results : ExperimentResults
        With folds, and trials that have finished.
    trial : TrialReport
        Of the trial whose network answers.
    dataset : DatasetRow
    records : DataFrame
        All records of the data set, as of `described.describe_records`.
    weights : Path
        The file of its weights, which need not be there.
    """

    results: ExperimentResults
    trial: TrialReport
    dataset: DatasetRow
    records: pd.DataFrame
    weights: Path


def about(origin: Origin) -> tuple[CardPart, ...]:
    """Return what the network is, what it is for, what it learnt from, how it was chosen, by what it is known again."""
    recipe = FingerprintRecipe.from_dict(_group(_settings(origin), FingerprintRecipe.prefix))
    return (
        _details(origin, recipe),
        _use(origin, recipe),
        _data(origin),
        _choice(origin),
        _group_part("Settings of the training", origin, TrainingSettings.settings()),
        _group_part("Recipe of the fingerprint", origin, FingerprintRecipe.settings()),
        _identity(origin),
    )


def _settings(origin: Origin) -> dict[str, Value]:
    return {**origin.trial.plan.settings, **origin.trial.result.settings}


def _group(settings: Mapping[str, Value], prefix: str) -> dict[str, Value]:
    head = f"{prefix}."
    return {name.removeprefix(head): value for name, value in settings.items() if name.startswith(head)}


def _details(origin: Origin, recipe: FingerprintRecipe) -> CardPart:
    plan, result = origin.results.plan, origin.trial.result
    kind = next(each for each in network_types() if each.name == plan.network_type)
    members = int(_settings(origin).get("training.members", 1))
    numbers = result.parameter_count
    sentences = [
        f"{kind.title} ({plan.network_type}), architecture {plan.model.title}; {networks_told(members)}.",
        f"{numbers:,} numbers are learnt." if numbers is not None else "",
        f"It reads a fingerprint of {recipe.size} by {recipe.size} points of {recipe.window_s:g} s of a seismogram, "
        f"{recipe.frequency_from_hz:g} to {recipe.frequency_to_hz:g} Hz, and tells {listed(origin.dataset.classes)}.",
    ]
    rows = [
        (
            f"{layer.position}",
            layer.title,
            layer.text,
            " x ".join(map(str, layer.output_shape)),
            f"{layer.parameter_count:,}",
        )
        for layer in origin.trial.diagram
    ]
    return CardPart(
        title="Model details",
        sentences=tuple(filter(None, sentences)),
        titles=("", "Layer", "Values", "Output", "Numbers learnt"),
        rows=tuple(rows),
        words=3,
    )


def _use(origin: Origin, recipe: FingerprintRecipe) -> CardPart:
    learnt = origin.records[origin.records["split"] == DEVELOPMENT]
    classes = listed(origin.dataset.classes)
    seen = [
        words
        for name, unit in (
            ("distance_km", "km from the event"),
            ("magnitude", "in magnitude"),
            ("snr_db", "dB of signal to noise"),
        )
        if (words := _range(learnt[name], unit))
    ]
    rates = ", ".join(f"{each:g}" for each in sorted(learnt["sampling_rate_hz"].dropna().unique()))
    began = "the onset" if recipe.window_reference == "onset" else "the start of the record"
    sentences = [
        f"For records of one event each, which is of one of the classes {classes}. The network names one "
        "of these whatever it is given; `trova classify` says none_of_these of what is too unlike what it learnt from.",
        f"It looks at {recipe.window_s:g} s, from {recipe.window_start_s:+g} s on, counted from {began}; a record that "
        f"has less than {100 * LEAST_COVERAGE:g} % of that is refused.",
        f"It learnt from sampling rates of {rates} Hz." if rates else "",
        f"It has seen {'; '.join(seen)}. Outside of that nothing was measured." if seen else "",
    ]
    return CardPart(
        title="Intended use, and what it is not for",
        sentences=tuple(filter(None, sentences)),
        command=(f"trova classify FILE.mseed --network {_quoted(origin.results.experiment)}",),
    )


def _data(origin: Origin) -> CardPart:
    records = origin.records
    events = records.drop_duplicates("event_id")
    stations = records.loc[records["station"] != "", "station"]
    networks = {name.partition(".")[0] for name in stations if "." in name}
    times = events["origin_time"].dropna()
    sentences = [
        f"Data set {origin.dataset.name} ({origin.dataset.dataset_id}): {len(records):,} records of {len(events):,} "
        f"events, frozen with their classes; whole events are dealt to {records['fold'].nunique()} folds"
        + (" and a hold-out." if (records["split"] == "holdout").any() else ", without a hold-out."),
        f"{stations.nunique():,} stations"
        + (f" of the seismic networks {listed(sorted(networks))}." if networks else ".")
        if len(stations)
        else "Of no record the station is known.",
        _box(events),
        f"Events from {times.min():%Y-%m-%d} to {times.max():%Y-%m-%d}." if len(times) else "",
        _quartiles(records["snr_db"], "Signal to noise", "dB"),
        _quartiles(records["distance_km"], "Distance", "km"),
        _quartiles(events["magnitude"], "Magnitude", ""),
    ]
    rows = []
    for name in origin.dataset.classes:
        here = records[records["event_class"] == name]
        held = here[here["split"] == "holdout"]
        counts = (len(here), here["event_id"].nunique(), len(held), held["event_id"].nunique())
        rows.append((name, *(f"{count:,}" for count in counts)))
    return CardPart(
        title="Training data",
        sentences=tuple(filter(None, sentences)),
        titles=("Class", "Records", "Events", "Of these held out: records", "events"),
        rows=tuple(rows),
    )


def _choice(origin: Origin) -> CardPart:
    found, plan = origin.results, origin.results.plan
    finished = int((found.table["state"] == "finished").sum())
    varied = "; ".join(f"{name} {format_values(values)}" for name, values in plan.axes.items())
    fold = origin.trial.result.fold
    return CardPart(
        title="How it was chosen",
        sentences=(
            f"Experiment {found.experiment}: {plan.cell_count:,} combinations of settings, {len(plan.folds)} folds, "
            f"{len(plan.seeds)} seeds; {finished:,} of {len(found.table):,} trials finished.",
            f"Varied: {varied}." if varied else "Nothing was varied.",
            found.sentence,
            f"The network that answers is of fold {fold} and seed {origin.trial.result.seed}: it learnt from the other "
            "folds. The figures of its quality are of all folds together, each record told by networks that never saw "
            "its event.",
        ),
    )


def _group_part(title: str, origin: Origin, declared: "tuple[Setting, ...]") -> CardPart:
    settings = _settings(origin)
    rows = tuple(
        (each.name, f"{format_value(settings[each.name])} {each.unit}".strip() or "none", each.meaning)
        for each in declared
        if each.name in settings
    )
    return CardPart(title=title, titles=("Setting", "Value", "Meaning"), rows=rows, words=3)


def _identity(origin: Origin) -> CardPart:
    result, weights = origin.trial.result, origin.weights
    trained = datetime.fromtimestamp(result.finished_at_ns / 1e9, UTC)
    versions = ", ".join(f"{name} {version}" for name, version in result.versions.items())
    sentences = [
        f"Trial {result.trial_id}, trained {trained:%Y-%m-%d %H:%M} UTC in {result.seconds:.0f} s.",
        f"Weights: {weights.parent.name}/{weights.name}, SHA-256 {sha256(weights.read_bytes()).hexdigest()}."
        if weights.exists()
        else "Its weights are not in this workspace.",
        f"Computed with {versions}." if versions else "",
    ]
    return CardPart(title="Versions and identity", sentences=tuple(filter(None, sentences)))


def _quoted(name: str) -> str:
    return f'"{name}"' if " " in name else name


def _range(values: "pd.Series[float]", unit: str) -> str:
    known = values.to_numpy(dtype=float)
    known = known[np.isfinite(known)]
    return f"{known.min():.3g} to {known.max():.3g} {unit}" if known.size else ""


def _quartiles(values: "pd.Series[float]", name: str, unit: str) -> str:
    known = values.to_numpy(dtype=float)
    unknown = int((~np.isfinite(known)).sum())
    known = known[np.isfinite(known)]
    if not known.size:
        return f"{name}: not known."
    low, quarter, middle, three, high = np.quantile(known, [0, 0.25, 0.5, 0.75, 1])
    rest = f"; of {unknown:,} not known" if unknown else ""
    return (
        f"{name}: {low:.3g} to {high:.3g} {unit}".rstrip()
        + f", half of them {quarter:.3g} to {three:.3g}, median {middle:.3g}{rest}."
    )


def _box(events: pd.DataFrame) -> str:
    north, east = (events[name].to_numpy(dtype=float) for name in ("latitude", "longitude"))
    known = np.isfinite(north) & np.isfinite(east)
    if not known.any():
        return "Where the events were is not known."
    rest = f"; of {int((~known).sum()):,} it is not known" if not known.all() else ""
    north, east = north[known], east[known]
    return f"Events from {north.min():.2f} to {north.max():.2f}° N, {east.min():.2f} to {east.max():.2f}° E{rest}."
