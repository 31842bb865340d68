"""From records to fingerprints: one at a time, in batches, and all variants of a record from one forward transform."""

import math
import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from trova_widgets.errors import RecipeError
from trova_widgets.fingerprinting.bank import filter_bank
from trova_widgets.fingerprinting.batches import Batch, naming, one_each
from trova_widgets.fingerprinting.haar_transform import haar
from trova_widgets.fingerprinting.recipe import DEFAULT_RECIPE, FingerprintRecipe
from trova_widgets.fingerprinting.scalograms import (
    Prepared,
    check_cutoff,
    cut_out,
    given_or_found,
    image,
    noise_energy,
    prepare,
)
from trova_widgets.fingerprinting.segment import checked_samples
from trova_widgets.fingerprinting.selection import SelectionStatistics, select

# What is computed together: enough for few and long steps, in which threads do not wait for each other, and few enough
# for the spectra to stay in the cache.
_GROUP_RECORDS = 16
_GROUP_SPECTRA = 32
# Preparing records is many short steps; threads that all take them at once keep waking each other.
_preparing = threading.Lock()


def fingerprint(
    samples: ArrayLike,
    sampling_rate_hz: float,
    recipe: FingerprintRecipe | None = None,
    *,
    onset_s: float | None = None,
    cutoff_hz: float | None = None,
    statistics: SelectionStatistics | None = None,
) -> NDArray[np.bool_]:
    """Compute the binary fingerprint of a record.

    ``scalogram``, ``reduce``, ``haar`` and ``select`` are its stages: called one after the other they give the same
    bits.

    Parameters
    ----------
    samples : array_like of float, shape (n,)
        One channel, in any unit.
    sampling_rate_hz : float
        Samples a second [Hz].
    recipe : FingerprintRecipe, optional
        The parameters of the method.
    onset_s : float, optional
        Onset of the event after the start of the record [s]; found by the engine if not given.
    cutoff_hz : float, optional
        Cut-off of a high-pass that the record is filtered with [Hz]; nothing is filtered if not given.
    statistics : SelectionStatistics, optional
        Wanted by the selection "mad".

    Returns
    -------
    ndarray of bool, shape ``recipe.shape``
        Row 0 holds the lowest Haar index of log-frequency, column 0 that of time.

    Raises
    ------
    RecordError
        If the record is empty, not finite, constant, too short, or covers less than half the window.
    RecipeError
        If the frequency range reaches above the Nyquist frequency, or statistics are wanted and not given.

    References
    ----------
    Silkin (2024), doi 10.35540/2686-7907.2024.3.05; Yoon et al. (2015), doi 10.1126/sciadv.1501057.

    Examples
    --------
    >>> record = np.random.default_rng(1).normal(size=12000)
    >>> record[3000:6000] += 9 * np.sin(np.arange(3000) / 5)
    >>> bits = fingerprint(record, 100.0)
    >>> bits.shape, int(bits.sum())
    ((64, 64), 400)
    """
    recipe = recipe or DEFAULT_RECIPE
    check_cutoff(cutoff_hz or 0.0, recipe)
    prepared = prepare(samples, sampling_rate_hz, recipe, onset_s)
    plane = _planes([prepared], prepared.piece[None], np.array([[cutoff_hz or 0.0]]))[0, 0]
    return select(plane, recipe, statistics)


def fingerprints(
    batch: Batch,
    sampling_rate_hz: float,
    recipe: FingerprintRecipe | None = None,
    *,
    onsets_s: ArrayLike | None = None,
    cutoffs_hz: ArrayLike | None = None,
    shifts_s: ArrayLike | None = None,
    statistics: SelectionStatistics | None = None,
    workers: int = 1,
) -> NDArray[np.bool_]:
    """Compute the fingerprints of many records, or of several variants of each.

    The bits are those that `fingerprint` gives for each record alone, however many there are and whoever works.

    Parameters
    ----------
    batch : ndarray of float, shape (n, samples), or list of array_like
        Records of one sampling rate; a list may hold records of different lengths.
    sampling_rate_hz : float
        Samples a second [Hz].
    recipe : FingerprintRecipe, optional
    onsets_s : array_like of float, shape (n,), optional
        Onsets after the start of each record [s]; those that are NaN, or all, are found by the engine.
    cutoffs_hz : array_like of float, shape (n,) or (n, v), optional
        Cut-offs of the high-pass [Hz], 0 filters nothing. Variants share the forward transform of their record.
    shifts_s : array_like of float, shape (v,), optional
        By how much each variant takes the onset to be later than it is [s]: a recipe's ``onset_shifts_s``.
    statistics : SelectionStatistics, optional
        Wanted by the selection "mad".
    workers : int, default 1
        Threads.

    Returns
    -------
    ndarray of bool, shape (n, *recipe.shape) or (n, v, *recipe.shape)

    Raises
    ------
    RecordError, RecipeError
        As in `fingerprint`; of several records, the message begins with the place of the one in the batch.

    Examples
    --------
    >>> records = np.random.default_rng(1).normal(size=(2, 12000))
    >>> fingerprints(records, 100.0, onsets_s=[30, 30], cutoffs_hz=[[0.0, 2.0], [0.0, 2.0]]).shape
    (2, 2, 64, 64)
    """
    recipe = recipe or DEFAULT_RECIPE
    cutoffs = one_each(cutoffs_hz, len(batch), "cutoffs_hz", 0.0, most_dimensions=2)
    variants = cutoffs if cutoffs.ndim == 2 else cutoffs[:, None]
    result = np.empty((*variants.shape, *recipe.shape), dtype=np.bool_)

    def take(places: slice, planes: NDArray[np.float64]) -> None:
        result[places] = select(planes, recipe, statistics)

    shifts = np.zeros(variants.shape[1]) if shifts_s is None else np.asarray(shifts_s, dtype=np.float64)
    if shifts.shape != variants.shape[1:]:
        raise RecipeError(
            f"shifts_s has the shape {shifts.shape}, but each record has {variants.shape[1]} variants; give one each."
        )
    _each_group(take, batch, sampling_rate_hz, recipe, onsets_s, variants, workers, shifts)
    return result if cutoffs.ndim == 2 else result[:, 0]


def haar_planes(
    batch: Batch,
    sampling_rate_hz: float,
    recipe: FingerprintRecipe | None = None,
    *,
    onsets_s: ArrayLike | None = None,
    cutoffs_hz: ArrayLike | None = None,
    workers: int = 1,
) -> NDArray[np.float64]:
    """Compute the Haar planes of many records: what `select` chooses from.

    Parameters
    ----------
    batch, sampling_rate_hz, recipe, onsets_s, workers
        As in `fingerprints`.
    cutoffs_hz : array_like of float, shape (n,) or (n, v), optional
        Cut-offs of the high-pass [Hz].

    Returns
    -------
    ndarray of float64, shape (n, size, size) or (n, v, size, size)

    Raises
    ------
    RecordError, RecipeError
        As in `fingerprints`.

    Examples
    --------
    >>> records = np.random.default_rng(1).normal(size=(2, 12000))
    >>> haar_planes(records, 100.0, onsets_s=[30, 30]).shape
    (2, 64, 64)
    """
    recipe = recipe or DEFAULT_RECIPE
    cutoffs = one_each(cutoffs_hz, len(batch), "cutoffs_hz", 0.0, most_dimensions=2)
    variants = cutoffs if cutoffs.ndim == 2 else cutoffs[:, None]
    result = np.empty((*variants.shape, recipe.size, recipe.size))

    def take(places: slice, planes: NDArray[np.float64]) -> None:
        result[places] = planes

    _each_group(take, batch, sampling_rate_hz, recipe, onsets_s, variants, workers)
    return result if cutoffs.ndim == 2 else result[:, 0]


def fit_statistics(
    batch: Batch,
    sampling_rate_hz: float,
    recipe: FingerprintRecipe | None = None,
    *,
    onsets_s: ArrayLike | None = None,
    cutoffs_hz: ArrayLike | None = None,
    workers: int = 1,
) -> SelectionStatistics:
    """Fit the median and the MAD of every Haar coefficient to a data set, for the selection "mad".

    Fit them to training records alone. Records of several sampling rates: join their `haar_planes` and use
    ``SelectionStatistics.of_planes``.

    Parameters
    ----------
    batch, sampling_rate_hz, recipe, onsets_s, cutoffs_hz, workers
        As in `haar_planes`; at least two records.

    Returns
    -------
    SelectionStatistics

    Raises
    ------
    RecordError, RecipeError
        As in `fingerprints`, or if there are fewer than two records.

    Examples
    --------
    >>> records = np.random.default_rng(1).normal(size=(3, 12000))
    >>> fit_statistics(records, 100.0, onsets_s=[30, 30, 30]).median.shape
    (64, 64)
    """
    planes = haar_planes(batch, sampling_rate_hz, recipe, onsets_s=onsets_s, cutoffs_hz=cutoffs_hz, workers=workers)
    return SelectionStatistics.of_planes(planes.reshape(-1, *planes.shape[-2:]))


def _planes(
    prepared: Sequence[Prepared],
    pieces: NDArray[np.float64],
    cutoffs_hz: NDArray[np.float64],
    first_place: int | None = None,
) -> NDArray[np.float64]:
    """Return the Haar planes of some records' variants, shape (n, v, size, size); cut-offs have the shape (n, v).

    The noise is always that of the unfiltered record: what a high-pass takes away sinks below it. Records of a batch
    have a place, which an error names.
    """
    bank = prepared[0].bank
    recipe = bank.recipe
    spectra = bank.spectra(pieces)
    plain = bank.binned_energy(spectra)
    bins = np.repeat(plain[:, None], cutoffs_hz.shape[1], axis=1)
    places = np.nonzero(cutoffs_hz)
    if places[0].size:
        variants = [
            bank.filtered(spectra[record], float(cutoffs_hz[record, variant]))
            for record, variant in zip(*places, strict=True)
        ]
        bins[places] = bank.binned_energy(np.stack(variants))
    noise = np.stack([noise_energy(energy, one)[0] for energy, one in zip(plain, prepared, strict=True)])
    for silent in np.flatnonzero(~(bins.max(axis=(-2, -1)) > 0).all(axis=1)):
        with naming(None if first_place is None else first_place + int(silent)):
            image(bins[silent], noise[silent], recipe)
    return haar(image(bins, noise[:, None], recipe), recipe.haar)


def _each_group(
    take: Callable[[slice, NDArray[np.float64]], None],
    batch: Batch,
    sampling_rate_hz: float,
    recipe: FingerprintRecipe,
    onsets_s: ArrayLike | None,
    cutoffs_hz: NDArray[np.float64],
    workers: int,
    shifts_s: NDArray[np.float64] | None = None,
) -> None:
    """Compute the planes of a few records at a time, with as many threads, and hand them on with their places.

    Variants whose onset is shifted are cut out by themselves, and see the noise before the onset that they take.
    """
    if workers < 1:
        raise RecipeError(f"The number of workers is {workers}, but it must be 1 or more.")
    onsets = one_each(onsets_s, len(batch), "onsets_s", np.nan)
    bank = filter_bank(recipe, float(sampling_rate_hz))
    alone = len(batch) == 1
    share = math.ceil(len(batch) / workers)
    group = max(1, min(_GROUP_RECORDS, _GROUP_SPECTRA // (1 + cutoffs_hz.shape[1]), share))

    shifts = np.zeros(cutoffs_hz.shape[1]) if shifts_s is None else shifts_s

    def work(start: int) -> None:
        places = range(start, min(start + group, len(batch)))
        planes = np.empty((len(places), cutoffs_hz.shape[1], recipe.size, recipe.size))
        some = slice(places.start, places.stop)
        with _preparing:
            checked = []
            for place in places:
                with naming(None if alone else place):
                    for cutoff_hz in cutoffs_hz[place]:
                        check_cutoff(cutoff_hz, recipe)
                    checked.append(checked_samples(batch[place], sampling_rate_hz))
            known = given_or_found(checked, bank, onsets[some])
        for shift_s in np.unique(shifts):
            alike = np.flatnonzero(shifts == shift_s)
            pieces = np.empty((len(places), bank.clock.size))
            prepared = []
            with _preparing:
                for place, values, onset_s, piece in zip(places, checked, known + shift_s, pieces, strict=True):
                    with naming(None if alone else place):
                        prepared.append(cut_out(values, bank, onset_s, piece))
            planes[:, alike] = _planes(prepared, pieces, cutoffs_hz[some][:, alike], None if alone else start)
        take(some, planes)

    starts = range(0, len(batch), group)
    if workers == 1:
        for start in starts:
            work(start)
        return
    for _ in _threads(workers).map(work, starts):
        pass


@lru_cache(maxsize=4)
def _threads(workers: int) -> ThreadPoolExecutor:
    """Return threads that stay for the next batch: new ones would have to ask the system for their memory again."""
    return ThreadPoolExecutor(workers, "fingerprints")


if hasattr(os, "register_at_fork"):
    # A process that is forked off has none of its parent's threads.
    os.register_at_fork(after_in_child=_threads.cache_clear)
