"""Records that the tests of fingerprints make for themselves."""

import numpy as np

from trova_widgets.fingerprinting import FingerprintRecipe

RATE_HZ = 100.0
ONSET_S = 30.0

# One of each choice, and every size: what holds for them holds for what lies between.
RECIPES = {
    "default": FingerprintRecipe(),
    "small, threshold, linear": FingerprintRecipe(
        size=32, selection="threshold", threshold=0.02, keep=150, amplitude="linear"
    ),
    "large, Morse, decibels": FingerprintRecipe(size=128, wavelet="morse", amplitude="log", keep=900),
    "signed, nonstandard, averaged": FingerprintRecipe(signs="signed", haar="nonstandard", scales_per_row=2),
    "from the start, linear frequencies": FingerprintRecipe(
        window_reference="start", window_start_s=10.0, window_s=90.0, frequency_spacing="linear"
    ),
}


def record(seed: int = 1, seconds: float = 120.0, onset_s: float = ONSET_S, rate_hz: float = RATE_HZ) -> np.ndarray:
    """Noise with a swell, then a decaying event of many frequencies."""
    generator = np.random.default_rng(seed)
    clock = np.arange(round(seconds * rate_hz)) / rate_hz
    loudness = np.where(clock > onset_s, 20 * np.exp((onset_s - clock) / 15), 0.0)
    swell = 3 * np.sin(2 * np.pi * 0.2 * clock + seed)
    return generator.normal(size=clock.size) * (1 + loudness) + swell
