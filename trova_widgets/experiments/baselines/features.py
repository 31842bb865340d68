"""What the baselines look at: spectra of the phases, their persistence, the clock, and the picture itself."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from trova_widgets.experiments.choice.losses import Array
from trova_widgets.fingerprinting import FingerprintRecipe, reduce, scalogram

BANDS = 20
PHASES = ("P", "P coda", "S", "S coda")
LAGS = 16
PICTURE = 16
"""Rows and columns of the float picture."""

# Vp / Vs of a Poisson solid: an S wave takes so much longer than a P wave
_S_LATER = 3**0.5 - 1
# where the origin time is not known: that of an event some 80 km away
_USUAL_DELAY_S = 10.0
_SHORTEST_DELAY_S = 1.0
_WINDOW = FingerprintRecipe(amplitude="log", highpass="off")


@dataclass(frozen=True, kw_only=True, eq=False)
class Features:
    """What the baselines know of some records, a row each.

    Attributes
    ----------
    clock : ndarray of float, shape (n, 4)
        Sine and cosine of the hour, of the day; whether it is Saturday, and whether it is Sunday (UTC).
    spectra : ndarray of float, shape (n, bands, phases)
        Energy of each band in each phase, over the mean of all [dB].
    persistence : ndarray of float, shape (n, lags)
        Mean correlation of spectra that lie so many time bins apart, A(t).
    picture : ndarray of float, shape (n, 16, 16)
        The scalogram, averaged, below its strongest energy [dB].
    """

    clock: Array
    spectra: Array
    persistence: Array
    picture: Array

    def __getitem__(self, places: object) -> Features:
        """Return some of the records."""
        return Features(**{each.name: getattr(self, each.name)[places] for each in fields(self)})

    @classmethod
    def stacked(cls, rows: list[Features]) -> Features:
        """Return several as one."""
        return cls(**{each.name: np.concatenate([getattr(row, each.name) for row in rows]) for each in fields(cls)})


def features_of(
    samples: Array, sampling_rate_hz: float, onset_s: float | None, origin_s: float | None, origin_ns: int | None
) -> Features:
    """Return the features of one record.

    Parameters
    ----------
    samples : ndarray of float, shape (n,)
    sampling_rate_hz : float
        Samples a second [Hz].
    onset_s, origin_s : float or None
        Onset, and origin time of the event, after the start of the record [s].
    origin_ns : int or None
        Origin time, since 1970 [ns].

    Raises
    ------
    RecordError, RecipeError
        As of `scalogram`.

    Examples
    --------
    >>> record = np.random.default_rng(1).normal(size=12000)
    >>> features_of(record, 100.0, 30.0, 20.0, None).spectra.shape
    (1, 20, 4)
    """
    picture = scalogram(samples, sampling_rate_hz, _WINDOW, onset_s=onset_s)
    onset = picture.onset_s
    delay = _USUAL_DELAY_S if origin_s is None else max(_S_LATER * (onset - origin_s), _SHORTEST_DELAY_S)
    image = reduce(picture, _WINDOW)
    side = _WINDOW.size // PICTURE
    return Features(
        clock=_clock(origin_ns)[None],
        spectra=_phases(picture.energy, picture.times_s, onset, delay)[None],
        persistence=_persistence(np.log(np.maximum(picture.binned_energy, 1e-30)), onset - picture.window_s[0])[None],
        picture=image.reshape(PICTURE, side, PICTURE, side).mean(axis=(1, 3))[None],
    )


def _clock(origin_ns: int | None) -> Array:
    if origin_ns is None:
        return np.zeros(4)
    hours = origin_ns / 3.6e12
    angle = 2 * np.pi * (hours % 24) / 24
    # the first of January 1970 was a Thursday
    weekday = int(hours // 24 + 3) % 7
    return np.array([np.sin(angle), np.cos(angle), weekday == 5, weekday == 6], dtype=np.float64)


def _phases(energy: Array, times_s: Array, onset_s: float, delay_s: float) -> Array:
    """Return the energy of each band in each phase [dB]: P and S last a third of the way between them."""
    long = max(delay_s / 3, _SHORTEST_DELAY_S)
    s_onset = onset_s + delay_s
    edges = [
        (onset_s, onset_s + long),
        (onset_s + long, max(s_onset, onset_s + 2 * long)),
        (s_onset, s_onset + 2 * long),
        (s_onset + 2 * long, s_onset + 2 * long + delay_s),
    ]
    rows = np.stack([part.mean(axis=0) for part in np.array_split(energy, BANDS)])
    result = np.empty((BANDS, len(PHASES)))
    for phase, (low, high) in enumerate(edges):
        here = (times_s >= low) & (times_s < high)
        if not here.any():
            # a far event, whose phase lies past the window: what comes last in it
            here = np.arange(times_s.size) >= times_s.size - 8
        result[:, phase] = rows[:, here].mean(axis=1)
    result_db = 10 * np.log10(np.maximum(result, result.max() * 1e-12))
    return np.asarray(result_db - result_db.mean())


def _persistence(logs: Array, onset_in_window_s: float) -> Array:
    """Return the mean correlation of spectra by how many time bins lie between them, from the onset on."""
    bin_s = _WINDOW.window_s / _WINDOW.size
    first = min(max(int(onset_in_window_s / bin_s), 0), logs.shape[1] - 2 * LAGS)
    spectra = logs[:, first : first + 2 * LAGS].T
    centred = spectra - spectra.mean(axis=1, keepdims=True)
    centred /= np.maximum(np.linalg.norm(centred, axis=1, keepdims=True), 1e-12)
    alike = centred @ centred.T
    return np.array([np.diagonal(alike, lag).mean() for lag in range(1, LAGS + 1)])
