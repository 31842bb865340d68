"""How good the found cut-off is, on records whose clean signal is known.

Run with ``python -m tests.benchmarks.cutoff``. The records are Trova's synthetic ones (Green's functions of a layered
crust, microseism and cultural noise between Peterson's models), each with up to two machines added, whose hum swells
and fades, and with its noise scaled to a drawn ratio to the signal. The best possible cut-off of a record is the one
of the grid with the highest ratio of signal to noise behind the filter. A found one is right if it lies within a third
of an octave of the best, or loses less than 0.5 dB to it.
"""

import argparse
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from trova_widgets.fingerprinting import FingerprintRecipe, cutoff_grid_hz, find_cutoff
from trova_widgets.records.synthetics import synthesise

COUNT = 600
SEED = 20240307
LOWEST_DB, HIGHEST_DB = -6.0, 20.0
THIRD_OCTAVE = 1 / 3
HARMLESS_DB = 0.5
# The event lasts from the first to the last of these shares of its energy.
_EVENT_SHARES = (0.005, 0.95)

Floats = NDArray[np.float64]


class Mixture(NamedTuple):
    """A record whose parts are known."""

    clean: Floats
    noise: Floats
    sampling_rate_hz: float
    event: slice
    ratio_db: float


def mixtures(count: int = COUNT, seed: int = SEED) -> Iterator[Mixture]:
    """Yield records with a drawn ratio of signal to noise, in the time of the event."""
    rng = np.random.default_rng(seed)
    for record in synthesise(count, seed):
        energy = np.cumsum(record.clean**2)
        first, last = np.searchsorted(energy, np.multiply(_EVENT_SHARES, energy[-1]))
        event = slice(int(first), int(last))
        rate = record.sampling_rate_hz
        noise = record.noise / record.noise.std()
        for _ in range(rng.integers(0, 3)):
            noise = noise + machine(rng, noise.size, rate)
        ratio_db = rng.uniform(LOWEST_DB, HIGHEST_DB)
        scale = np.mean(record.clean[event] ** 2) / np.mean(noise[event] ** 2) / 10 ** (ratio_db / 10)
        yield Mixture(record.clean, noise * np.sqrt(scale), rate, event, ratio_db)


def machine(rng: np.random.Generator, count: int, sampling_rate_hz: float) -> Floats:
    """Return the hum of a machine or a road: a narrow band at 1.5 to 12 Hz that swells and fades by up to a half."""
    frequencies = np.fft.rfftfreq(count, 1 / sampling_rate_hz)
    centre, width = np.exp(rng.uniform(np.log(1.5), np.log(12.0))), rng.uniform(0.03, 0.3)
    band = np.exp(-0.5 * ((frequencies - centre) / (width * centre)) ** 2)
    hum = np.fft.irfft(np.fft.rfft(rng.normal(size=count)) * band, count)
    clock = np.arange(count) / sampling_rate_hz
    swell = 1 + rng.uniform(0, 0.5) * np.sin(2 * np.pi * clock / rng.uniform(15, 90) + rng.uniform(0, 2 * np.pi))
    loudness = np.exp(rng.uniform(np.log(0.01), np.log(0.4)))
    return np.asarray(loudness * swell * hum / hum.std())


def ratios_db(mixture: Mixture, cutoffs_hz: Floats, order: int) -> Floats:
    """Return the true ratio of signal to noise behind the high-pass of each cut-off [dB]."""
    count = mixture.clean.size
    frequencies = np.fft.rfftfreq(count, 1 / mixture.sampling_rate_hz)
    frequencies[0] = frequencies[1] / 100
    clean, noise = np.fft.rfft(mixture.clean), np.fft.rfft(mixture.noise)
    result = np.empty(cutoffs_hz.size)
    for place, cutoff_hz in enumerate(cutoffs_hz):
        highpass = 1 / np.sqrt(1 + (cutoff_hz / frequencies) ** (2 * order))
        signal, rest = (np.fft.irfft(part * highpass, count)[mixture.event] for part in (clean, noise))
        result[place] = 10 * np.log10((signal**2).sum() / (rest**2).sum())
    return result


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=COUNT)
    parser.add_argument("--seed", type=int, default=SEED)
    arguments = parser.parse_args()
    recipe = FingerprintRecipe()
    grid_hz = cutoff_grid_hz(recipe)
    drawn, curves, found, confidences = [], [], [], []
    for mixture in mixtures(arguments.count, arguments.seed):
        cutoff = find_cutoff(mixture.clean + mixture.noise, mixture.sampling_rate_hz, recipe)
        drawn.append(mixture.ratio_db)
        curves.append(ratios_db(mixture, grid_hz, recipe.highpass_order))
        found.append(int(np.abs(np.log(grid_hz / cutoff.cutoff_hz)).argmin()))
        confidences.append(cutoff.confidence)
    ratio, curve = np.array(drawn), np.array(curves)
    place, confidence = np.array(found), np.array(confidences)
    everyone = np.arange(len(place))
    best = curve.argmax(axis=1)
    loss_db = curve[everyone, best] - curve[everyone, place]
    octaves = np.abs(np.log2(grid_hz[place] / grid_hz[best]))
    near = octaves <= THIRD_OCTAVE + 1e-9
    right = near | (loss_db < HARMLESS_DB)

    print(f"{len(place)} synthetic records, signal-to-noise ratio {LOWEST_DB:g} to {HIGHEST_DB:g} dB, onset not given")
    print(f"best possible cut-offs: {_quantiles(grid_hz[best])} Hz (5, 50, 95 %)\n")
    print("ratio before [dB]  records  right [%]  within 1/3 octave [%]  mean loss [dB]  gain by the filter [dB]")
    edges = np.linspace(LOWEST_DB, HIGHEST_DB, 6)
    for low, high in [*pairwise(edges), (LOWEST_DB, HIGHEST_DB)]:
        some = (ratio >= low) & (ratio <= high)
        gain = (curve[everyone, place] - ratio)[some].mean()
        print(
            f"{f'{low:5.1f} to {high:4.1f}':>17}  {some.sum():7d}  {100 * right[some].mean():9.1f}"
            f"  {100 * near[some].mean():21.1f}  {loss_db[some].mean():14.2f}  {gain:23.1f}"
        )
    print(f"\n{'reached' if right.mean() >= 0.95 else 'MISSED'}: at least 95 % right")
    print("\nconfidence of      right [%]")
    for some in np.array_split(np.argsort(confidence), 4):
        print(f"{confidence[some].min():.2f} to {confidence[some].max():.2f}  {100 * right[some].mean():13.1f}")
    _print_steps(curve, best, loss_db, octaves)


def _print_steps(curve: Floats, best: NDArray[np.int64], loss_db: Floats, octaves: Floats) -> None:
    """Print what a step of the variants costs: why the recipe's default is what it is."""
    print(f"\nthe found cut-offs are off by {_quantiles(octaves)} octaves (5, 50, 95 %), {loss_db.mean():.2f} dB")
    print("step [octave]  loss at +-1 step [dB]  at +-2 steps [dB]")
    everyone = np.arange(len(best))
    for steps in (1, 2, 3, 4, 6, 12):
        losses = []
        for distance in (steps, 2 * steps):
            sides = [np.clip(best + sign * distance, 0, curve.shape[1] - 1) for sign in (-1, 1)]
            losses.append(np.mean([curve[everyone, best] - curve[everyone, side] for side in sides]))
        print(f"{steps / 12:13.3f}  {losses[0]:21.2f}  {losses[1]:17.2f}")


def _quantiles(values: Floats) -> str:
    return ", ".join(f"{value:.2f}" for value in np.quantile(values, [0.05, 0.5, 0.95]))


if __name__ == "__main__":
    main()
