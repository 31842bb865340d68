"""What speaks for a quarry blast is its Rg: the network that ships is asked about events that it has never seen."""

import gzip
import json
from dataclasses import dataclass, replace
from itertools import chain, count, islice

import numpy as np
import pytest
from numpy.typing import NDArray

from trova_widgets.fingerprinting import FingerprintRecipe, find_cutoff, fingerprint, scalogram, signs
from trova_widgets.fingerprinting.recipe import RECIPES
from trova_widgets.networks import architecture
from trova_widgets.records import Waveform
from trova_widgets.records.analysis.quality import Measurement
from trova_widgets.records.matching import ArrivalWindow
from trova_widgets.records.synthetics import EVENT_CLASSES, SyntheticRecord, load_greens, synthesise_events
from trova_widgets.resources import share_folder
from trova_widgets.space import TrialResult, group_of
from trova_widgets.workspace.classification import TrainedNetwork, look
from trova_widgets.workspace.explaining import explain

RECORDS = 50
SEED = 31
CLASSES = ("earthquake", "mine_blast", "quarry_blast")
# slower than any S wave of the crust, and faster than Rg
FASTEST_RG_KM_S = 3.0


@dataclass(frozen=True)
class Lit:
    """How much of what speaks for a class lies in the window of Rg, record by record, shape (records,)."""

    share: NDArray[np.float64]
    """Of what speaks for it."""
    area: NDArray[np.float64]
    """Of the whole picture: what chance would put there."""
    energy: NDArray[np.float64]
    """Of the picture's own brightness."""
    rival: NDArray[np.float64]
    """Of what speaks for an earthquake."""


@pytest.fixture(scope="module")
def network() -> TrainedNetwork:
    """The network that ships."""
    folder = share_folder("data") / "experiment-1"
    (weights,) = folder.glob("*.safetensors")
    with gzip.open(folder / "trials.jsonl.gz", "rt", encoding="utf-8") as lines:
        trial = next(found for found in map(json.loads, lines) if found["trial_id"] == weights.stem)
    return TrainedNetwork(
        model=architecture("CNN", "two-cycle"),
        trial=TrialResult.from_dict(trial),
        weights=weights,
        classes=CLASSES,
        recipe=FingerprintRecipe.from_dict(group_of(trial["settings"], FingerprintRecipe.prefix)),
        fitted=None,
    )


@pytest.fixture(scope="module")
def lit(network: TrainedNetwork) -> dict[str, Lit]:
    """Fifty records of each kind of event."""
    return {kind: measured(records_of(kind), network) for kind in ("quarry_blast", "earthquake")}


def records_of(kind: str) -> list[SyntheticRecord]:
    """The first fifty of a class, and no others are made."""
    numbers = count(EVENT_CLASSES.index(kind), len(EVENT_CLASSES))
    return list(islice(chain.from_iterable(synthesise_events(numbers, SEED)), RECORDS))


def measured(records: list[SyntheticRecord], network: TrainedNetwork) -> Lit:
    told = []
    for record in records:
        waveform = Waveform(
            start_time_ns=record.start_time_ns,
            sampling_rate_hz=record.sampling_rate_hz,
            samples=record.samples.astype(np.float64),
        )
        onset_s = Measurement(waveform).onset_s(first_arrival(record))
        assert onset_s is not None
        cutoff_hz = find_cutoff(waveform.samples, waveform.sampling_rate_hz, network.recipe, onset_s=onset_s).cutoff_hz
        pictures = explain(network, waveform, onset_s, cutoff_hz).set_index("event_class")["picture"]
        image = look(network, waveform, onset_s, cutoff_hz).image
        rg = rg_window(record, onset_s, network.recipe)
        told.append(
            (share(pictures["quarry_blast"], rg), rg.mean(), share(image, rg), share(pictures["earthquake"], rg))
        )
    return Lit(*np.array(told).T)


def first_arrival(record: SyntheticRecord) -> ArrivalWindow:
    """When the P wave of a catalogue's event can come."""
    origin_ns, far_km = record.event.origin_time_ns, np.hypot(record.distance_km, record.event.depth_km)
    return ArrivalWindow(origin_ns + round(1e9 * max(far_km / 8.5 - 3, 0)), origin_ns + round(1e9 * (far_km / 5 + 3)))


def rg_window(record: SyntheticRecord, onset_s: float, recipe: FingerprintRecipe) -> NDArray[np.bool_]:
    """Where the Green's function of a shot at the surface has its Rg, on the picture of a record.

    At each frequency whose strongest wave is slower than any S wave: a quarter of its energy and more.
    """
    greens, rate = load_greens(), record.sampling_rate_hz
    origin_s = (record.event.origin_time_ns - record.start_time_ns) / 1e9
    size = round((onset_s + recipe.window_start_s + recipe.window_s) * rate)
    lead = round(origin_s * rate)
    response = np.concatenate([np.zeros(lead), greens.response("EX", 0.05, record.distance_km, size - lead)])
    energy = scalogram(response, rate, recipe, onset_s=onset_s).binned_energy
    times_s = onset_s + recipe.window_start_s + (np.arange(recipe.size) + 0.5) * recipe.window_s / recipe.size
    is_slow = times_s - origin_s > record.distance_km / FASTEST_RG_KM_S
    return (energy >= energy.max(axis=1, keepdims=True) / 4) & is_slow & is_slow[energy.argmax(axis=1), None]


def share(picture: NDArray[np.float64], rg: NDArray[np.bool_]) -> float:
    speaking = np.maximum(picture, 0)
    return float(speaking[rg].sum() / speaking.sum())


def test_what_speaks_for_a_quarry_blast_lies_in_its_rg(lit: dict[str, Lit]):
    blasts = lit["quarry_blast"]
    # record by record more than chance puts there, and on the whole several times as much
    assert (blasts.share > blasts.area).sum() >= 0.95 * RECORDS
    assert blasts.share.mean() > 5 * blasts.area.mean()


def test_it_is_no_mere_image_of_the_energy(lit: dict[str, Lit]):
    blasts = lit["quarry_blast"]
    assert blasts.share.mean() > 1.5 * blasts.energy.mean()
    # what speaks for an earthquake on the same records lies elsewhere
    assert blasts.share.mean() > 2 * blasts.rival.mean()
    assert (blasts.share > blasts.rival).sum() >= 0.75 * RECORDS


def test_an_earthquake_at_depth_has_no_rg_to_light(lit: dict[str, Lit]):
    blasts, quakes = lit["quarry_blast"].share, lit["earthquake"].share
    assert blasts.mean() > 2.5 * quakes.mean()
    # a blast's share is the larger one of nearly all pairs
    assert (blasts[:, None] > quakes).mean() > 0.85


def test_an_explanation_looks_as_the_classification_does(network: TrainedNetwork):
    """A recipe without a high-pass has none, whatever cut-off is known of the record."""
    record = records_of("quarry_blast")[0]
    waveform = Waveform(
        start_time_ns=0, sampling_rate_hz=record.sampling_rate_hz, samples=record.samples.astype(np.float64)
    )
    unfiltered = replace(network, recipe=RECIPES["signed"])
    points = look(unfiltered, waveform, 30.0, 4.0).points
    assert (points == look(unfiltered, waveform, 30.0).points).all()
    bits = fingerprint(waveform.samples, waveform.sampling_rate_hz, RECIPES["signed"], onset_s=30.0)
    assert (points == signs(bits, RECIPES["signed"])).all()
    filtered = look(network, waveform, 30.0, 4.0).points
    bits = fingerprint(waveform.samples, waveform.sampling_rate_hz, network.recipe, onset_s=30.0, cutoff_hz=4.0)
    assert (filtered == signs(bits, network.recipe)).all()
