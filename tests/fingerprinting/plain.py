"""The search of a cut-off as one writes it down first: a record at a time, a row at a time, with numpy's own median.

It says what `find_cutoffs` has to find, to the last bit, and how much faster it is (``tests.benchmarks.fingerprints``).
"""

import numpy as np

from trova_widgets.fingerprinting import Cutoff, FingerprintRecipe, cutoff_grid_hz, haar, inverse_haar, select
from trova_widgets.fingerprinting.cutoff import _whole_record
from trova_widgets.fingerprinting.scalograms import image, prepare


def plain_cutoff(
    samples: np.ndarray, rate_hz: float, recipe: FingerprintRecipe, onset_s: float | None = None
) -> Cutoff:
    """Find the cut-off of a record."""
    whole = _whole_record(recipe, len(samples) / rate_hz)
    prepared = prepare(samples, rate_hz, whole, onset_s)
    bank = prepared.bank
    bins = bank.binned_energy(bank.spectra(prepared.piece[None]))[0]
    onset_bin = prepared.onset_s / bank.bin_s
    widths = whole.mother_wavelet.width / (2 * np.pi * whole.frequencies_hz) / bank.bin_s
    ends = np.floor(onset_bin - 1 - 2 * widths)
    quiet = np.arange(64) < np.where(ends < 3, np.floor(onset_bin), ends)[:, None]

    plane = haar(image(bins, noise_of(bins, quiet), whole), whole.haar)
    marked = inverse_haar(np.where(select(plane, whole), plane, 0.0), whole.haar) > 6.0
    marked[:, : int(onset_bin)] = False

    grid_hz = cutoff_grid_hz(recipe)
    passed = 1 / (1 + (grid_hz[:, None] / whole.frequencies_hz) ** (2 * recipe.highpass_order))

    def ratio_in(looked_at: np.ndarray) -> np.ndarray:
        noise = noise_of(bins[:, looked_at], quiet[:, looked_at])
        above = np.where(marked & looked_at, np.maximum(bins - noise[:, None], 0), 0)
        signal = above.sum(axis=1) / np.count_nonzero(looked_at)
        return (passed * signal).sum(axis=1) / (passed * noise).sum(axis=1) + 1e-12

    ratio = ratio_in(np.ones(64, dtype=bool))
    best = int(ratio.argmax())
    folds = [ratio_in(np.arange(64) % 4 != fold) for fold in range(4)]
    halved_by_half_a_decibel = np.log(2.0) / (0.05 * np.log(10.0))
    stability = np.mean([(fold[best] / fold.max()) ** halved_by_half_a_decibel for fold in folds])
    return Cutoff(cutoff_hz=float(grid_hz[best]), confidence=float(stability * ratio[best] / (1 + ratio[best])))


def noise_of(bins: np.ndarray, quiet: np.ndarray) -> np.ndarray:
    """Return the median of each row where it is quiet, or the lower quartile of all where it hardly ever is."""
    rows = [
        np.median(row[where]) if np.count_nonzero(where) >= 3 else np.quantile(row, 0.25)
        for row, where in zip(bins, quiet, strict=True)
    ]
    return np.maximum(rows, bins.max() * 1e-12)
