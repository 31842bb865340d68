"""The high-pass cut-off that best parts low-frequency noise from the signal, and those of the variants."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from trova_widgets.errors import RecipeError, RecordError
from trova_widgets.fingerprinting.bank import FilterBank, filter_bank
from trova_widgets.fingerprinting.batches import Batch, naming, one_each
from trova_widgets.fingerprinting.haar_transform import haar, inverse_haar
from trova_widgets.fingerprinting.recipe import DEFAULT_RECIPE, FingerprintRecipe
from trova_widgets.fingerprinting.scalograms import NO_ENERGY, cut_out, given_or_found, image
from trova_widgets.fingerprinting.segment import checked_samples
from trova_widgets.fingerprinting.selection import select

STEPS_PER_OCTAVE = 12

_WELL_ABOVE_DB = 6.0
_WIDTHS_BEFORE_ONSET = 2.0
_LEAST_NOISE_BINS = 3
_SILENCE = 1e-12
_ON_THE_GRID = 1e-9
_FOLDS = 4
# Records that are looked at together: few enough for their energies to stay in the cache.
_GROUP_RECORDS = 8
# A power of the ratio of two energies: 0.5 dB less makes a half.
_HALVED_BY_HALF_A_DECIBEL = math.log(2.0) / (0.05 * math.log(10.0))


@dataclass(frozen=True, kw_only=True)
class Cutoff:
    """A cut-off found in a record.

    Parameters
    ----------
    cutoff_hz : float
        Cut-off of the high-pass [Hz], on a grid of twelve steps an octave through 1 Hz.
    confidence : float
        0 to 1: how sure it is that the record has a signal whose noise this cut-off suits best.
    """

    cutoff_hz: float
    confidence: float


def cutoff_grid_hz(recipe: FingerprintRecipe | None = None) -> NDArray[np.float64]:
    """Return the cut-offs that are tried: twelve an octave through 1 Hz, in the range of the recipe.

    Parameters
    ----------
    recipe : FingerprintRecipe, optional

    Returns
    -------
    ndarray of float64
        Rising [Hz]. They end where the highest variant would reach the highest frequency.

    Raises
    ------
    RecipeError
        If the range holds no such cut-off.

    Examples
    --------
    >>> cutoff_grid_hz()[[0, 12, -1]].tolist()
    [0.25, 0.5, 8.0]
    """
    recipe = recipe or DEFAULT_RECIPE
    highest = min(
        recipe.cutoff_to_hz, recipe.frequency_to_hz / 2.0 ** (recipe.variant_steps * recipe.cutoff_step_octaves)
    )
    first = math.ceil(STEPS_PER_OCTAVE * math.log2(recipe.cutoff_from_hz) - _ON_THE_GRID)
    last = math.floor(STEPS_PER_OCTAVE * math.log2(highest) + _ON_THE_GRID)
    if last < first:
        raise RecipeError(
            f"No cut-off lies from {recipe.cutoff_from_hz:g} to {highest:.3g} Hz, which leaves room for the variants "
            f"below {recipe.frequency_to_hz:g} Hz; lower cutoff_from_hz or raise frequency_to_hz."
        )
    return np.asarray(np.exp2(np.arange(first, last + 1) / STEPS_PER_OCTAVE), dtype=np.float64)


def shifted_cutoffs(cutoff_hz: float, recipe: FingerprintRecipe | None = None) -> NDArray[np.float64]:
    """Return the cut-offs of a record's variants: so many steps below its own, the cut-off itself, as many above.

    Parameters
    ----------
    cutoff_hz : float
        Cut-off of the middle variant [Hz].
    recipe : FingerprintRecipe, optional
        Its ``cutoff_step_octaves`` and ``variant_steps``, and whether anything is filtered at all.

    Returns
    -------
    ndarray of float64, shape (variants,)
        In the order of the recipe's ``variants`` [Hz]; zeros, which filter nothing, where the high-pass is off.

    References
    ----------
    Silkin (2024), doi 10.31857/S0203030624030077.

    Examples
    --------
    >>> shifted_cutoffs(1.0, FingerprintRecipe(cutoff_step_octaves=0.5)).round(3).tolist()
    [0.5, 0.707, 1.0, 1.414, 2.0]
    """
    recipe = recipe or DEFAULT_RECIPE
    if recipe.highpass == "off":
        return np.zeros(len(recipe.variants))
    return cutoff_hz * np.exp2(np.array(recipe.variants) * recipe.cutoff_step_octaves)


def find_cutoff(
    samples: ArrayLike,
    sampling_rate_hz: float,
    recipe: FingerprintRecipe | None = None,
    *,
    onset_s: float | None = None,
) -> Cutoff:
    """Find the high-pass cut-off after which the event stands out most from the noise.

    The whole record is looked at, from ``recipe.cutoff_from_hz`` up. The noise at each frequency is the median of the
    scalogram before the onset. Where the signal is, the fingerprint tells: the picture is rebuilt from its most
    significant Haar coefficients alone, and the energy above the noise counts where that picture stands out. The
    cut-off with the highest ratio of signal to noise after the filter, on the grid of `cutoff_grid_hz`, is the one.

    Parameters
    ----------
    samples : array_like of float, shape (n,)
        One channel, in any unit; best with 20 s or more before the event.
    sampling_rate_hz : float
        Samples a second [Hz].
    recipe : FingerprintRecipe, optional
        Its wavelet, highest frequency, keep, high-pass and range of cut-offs.
    onset_s : float, optional
        Onset of the event after the start of the record [s]; found by the engine if not given.

    Returns
    -------
    Cutoff
        The confidence is the share of the filtered record's energy that is signal, times the stability: how little
        the cut-off would lose if a quarter of the time were missing (half a decibel halves it).

    Raises
    ------
    RecordError, RecipeError
        As in `scalogram`.

    References
    ----------
    Silkin (2024), doi 10.31857/S0203030624030077, has the idea of finding the cut-off with the fingerprint's help.

    Examples
    --------
    >>> clock = np.arange(12000) / 100
    >>> swell = 20 * np.sin(2 * np.pi * 0.3 * clock)
    >>> event = np.where(clock > 40, np.exp((40 - clock) / 8), 0) * np.sin(2 * np.pi * 3 * clock)
    >>> noise = 0.1 * np.random.default_rng(3).normal(size=12000)
    >>> 1 < find_cutoff(swell + event + noise, 100.0).cutoff_hz < 3
    True
    """
    return find_cutoffs([samples], sampling_rate_hz, recipe, onsets_s=None if onset_s is None else [onset_s])[0]


def find_cutoffs(
    batch: Batch,
    sampling_rate_hz: float,
    recipe: FingerprintRecipe | None = None,
    *,
    onsets_s: ArrayLike | None = None,
) -> list[Cutoff]:
    """Find the high-pass cut-offs of many records, those that `find_cutoff` finds for each alone, four times as fast.

    Parameters
    ----------
    batch : ndarray of float, shape (n, samples), or list of array_like
        Records of one sampling rate; those of one length are looked at together.
    sampling_rate_hz : float
        Samples a second [Hz].
    recipe : FingerprintRecipe, optional
    onsets_s : array_like of float, shape (n,), optional
        Onsets after the start of each record [s]; those that are NaN, or all, are found by the engine.

    Returns
    -------
    list of Cutoff
        One for each record.

    Raises
    ------
    RecordError, RecipeError
        As in `find_cutoff`; of several records, the message begins with the place of the one in the batch.

    Examples
    --------
    >>> noise = np.random.default_rng(3).normal(size=(2, 12000))
    >>> find_cutoffs(noise, 100.0)[1] == find_cutoff(noise[1], 100.0)
    True
    """
    recipe = recipe or DEFAULT_RECIPE
    onsets = one_each(onsets_s, len(batch), "onsets_s", np.nan)
    names = [place if len(batch) > 1 else None for place in range(len(batch))]
    checked = []
    for place, samples in zip(names, batch, strict=True):
        with naming(place):
            checked.append(checked_samples(samples, sampling_rate_hz))
    lengths = np.array([samples.size for samples in checked])
    found: dict[int, Cutoff] = {}
    for count in np.unique(lengths).tolist():
        bank = filter_bank(_whole_record(recipe, count / sampling_rate_hz), float(sampling_rate_hz))
        alike = np.flatnonzero(lengths == count)
        for some in np.array_split(alike, math.ceil(alike.size / _GROUP_RECORDS)):
            pieces = np.empty((some.size, bank.clock.size))
            onset_bins = np.empty(some.size)
            known = given_or_found([checked[place] for place in some], bank, onsets[some])
            for row, place in enumerate(some):
                with naming(names[place]):
                    prepared = cut_out(checked[place], bank, known[row], pieces[row])
                onset_bins[row] = prepared.onset_s / bank.bin_s
            bins = bank.binned_energy(bank.spectra(pieces))
            for place in some[~(bins.max(axis=(-2, -1)) > 0)]:
                with naming(names[place]):
                    raise RecordError(NO_ENERGY)
            found.update(zip(some.tolist(), _best_cutoffs(bins, onset_bins, bank, recipe), strict=True))
    return [found[place] for place in range(len(batch))]


def _best_cutoffs(
    bins: NDArray[np.float64], onset_bins: NDArray[np.float64], bank: FilterBank, recipe: FingerprintRecipe
) -> Iterator[Cutoff]:
    """Yield the cut-off of each record, from energies of the shape (n, f, t) and the time bins of the onsets, (n,)."""
    whole = bank.recipe
    quiet = _noise_bins(whole, onset_bins, bank.bin_s)
    marked = _stands_out(bins, _medians(bins, quiet), whole)
    marked &= (np.arange(whole.size) >= np.trunc(onset_bins)[:, None])[:, None, :]

    grid_hz = cutoff_grid_hz(recipe)
    passed = 1.0 / (1.0 + (grid_hz[:, None] / whole.frequencies_hz) ** (2 * recipe.highpass_order))
    ratios = _ratios(bins, quiet, marked, np.ones(whole.size, dtype=np.bool_), passed)
    turn = np.arange(whole.size) % _FOLDS
    folds = np.stack([_ratios(bins, quiet, marked, turn != fold, passed) for fold in range(_FOLDS)], axis=1)
    for ratio, fold in zip(ratios, folds, strict=True):
        best = int(ratio.argmax())
        stability = np.mean([(one[best] / one.max()) ** _HALVED_BY_HALF_A_DECIBEL for one in fold])
        confidence = float(stability * ratio[best] / (1.0 + ratio[best]))
        yield Cutoff(cutoff_hz=float(grid_hz[best]), confidence=confidence)


def _whole_record(recipe: FingerprintRecipe, record_s: float) -> FingerprintRecipe:
    """Return the recipe that looks at a whole record, down to the lowest cut-off."""
    return replace(
        recipe,
        size=64,
        keep=min(recipe.keep, 64 * 64),
        scales_per_row=1,
        frequency_from_hz=recipe.cutoff_from_hz,
        frequency_spacing="logarithmic",
        window_reference="start",
        window_start_s=0.0,
        window_s=record_s,
        amplitude="snr",
        selection="largest",
        statistics="",
        signs="one",
    )


def _noise_bins(whole: FingerprintRecipe, onset_bins: NDArray[np.float64], bin_s: float) -> NDArray[np.bool_]:
    """Tell which time bins hold noise alone, shape (n, f, t): until a bin and two wavelet widths before the onset.

    A low frequency with too few of them takes those of the bins before the onset's; a record that begins with the event
    has none at all.
    """
    width_bins = whole.mother_wavelet.width / (2 * np.pi * whole.frequencies_hz) / bin_s
    onset = onset_bins[:, None]
    ends = np.floor(onset - 1 - _WIDTHS_BEFORE_ONSET * width_bins)
    ends = np.where(ends < _LEAST_NOISE_BINS, np.floor(onset), ends)
    return np.arange(whole.size) < ends[..., None]


def _medians(bins: NDArray[np.float64], quiet: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return the noise of each row: the median where it is quiet, or the lower quartile of all where it never is.

    The energies have the shape (n, f, t), and the medians (n, f).
    """
    count = np.count_nonzero(quiet, axis=-1)[..., None]
    # All rows are ordered in one call, with what is not noise behind the rest.
    ordered = np.sort(np.where(quiet, bins, np.inf), axis=-1)
    middle = [np.take_along_axis(ordered, np.maximum(place, 0) // 2, axis=-1) for place in (count - 1, count)]
    rows = (np.add(*middle) / 2)[..., 0]
    few = count[..., 0] < _LEAST_NOISE_BINS
    if few.any():
        rows[few] = np.quantile(bins[few], 0.25, axis=-1)
    return np.asarray(np.maximum(rows, bins.max(axis=(-2, -1))[:, None] * _SILENCE), dtype=np.float64)


def _stands_out(bins: NDArray[np.float64], noise: NDArray[np.float64], whole: FingerprintRecipe) -> NDArray[np.bool_]:
    """Tell where the picture that the fingerprint's coefficients make is well above the noise, shape (n, f, t)."""
    planes = haar(image(bins, noise, whole), whole.haar)
    pictures_db = inverse_haar(np.where(select(planes, whole), planes, 0.0), whole.haar)
    return np.asarray(pictures_db > _WELL_ABOVE_DB)


def _ratios(
    bins: NDArray[np.float64],
    quiet: NDArray[np.bool_],
    marked: NDArray[np.bool_],
    looked_at: NDArray[np.bool_],
    passed: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Return the ratio of signal to noise behind each cut-off, seen in some of the time bins alone, shape (n, c)."""
    noise = _medians(np.compress(looked_at, bins, axis=-1), np.compress(looked_at, quiet, axis=-1))
    above = np.maximum(bins - noise[..., None], 0.0)
    signal = np.where(marked & looked_at, above, 0.0).sum(axis=-1) / np.count_nonzero(looked_at)
    # Sums over rows at equal steps of log-frequency: a wavelet's energy already grows with its bandwidth.
    behind = [(passed * energy[:, None]).sum(axis=-1) for energy in (signal, noise)]
    ratios: NDArray[np.float64] = behind[0] / behind[1] + _SILENCE
    return ratios
