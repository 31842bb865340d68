"""The contenders: what a network is shown of a record."""

from dataclasses import dataclass, replace
from typing import Literal

from trova_widgets.fingerprinting import FingerprintRecipe

Shown = Literal["float", "bits", "signs"]

DEFAULT = FingerprintRecipe()
VARIANTS = DEFAULT.variants


@dataclass(frozen=True)
class Contender:
    """A recipe, and what of it is shown.

    Shown are the reduced scalogram itself (``float``), the fingerprint (``bits``), or its signed bits as one image of
    -1, 0 and 1 (``signs``), which tells the network the same as two bits side by side.
    """

    name: str
    recipe: FingerprintRecipe
    shown: Shown = "bits"


FLOAT = "float scalogram, above the noise"
THE_DEFAULT = "default: above the noise, largest 400"


def contenders() -> list[Contender]:
    """Return all, the float scalogram first."""

    def changed(**values: object) -> FingerprintRecipe:
        return replace(DEFAULT, **values)

    return [
        Contender(FLOAT, changed(amplitude="snr"), "float"),
        Contender("float scalogram, logarithm", changed(amplitude="log"), "float"),
        Contender("float scalogram, linear", changed(amplitude="linear"), "float"),
        Contender(THE_DEFAULT, DEFAULT),
        Contender("above the noise, largest 100", changed(amplitude="snr", selection="largest", keep=100)),
        Contender("above the noise, largest 200", changed(amplitude="snr", selection="largest", keep=200)),
        Contender("above the noise, largest 800", changed(amplitude="snr", selection="largest", keep=800)),
        Contender("logarithm, largest 200", changed(amplitude="log", selection="largest", keep=200)),
        Contender("logarithm, largest 400", changed(amplitude="log", selection="largest", keep=400)),
        Contender("linear, largest 200", changed(amplitude="linear", selection="largest", keep=200)),
        Contender("linear, largest 400", changed(amplitude="linear", selection="largest", keep=400)),
        Contender(
            "above the noise, at least 0.03 of the largest",
            changed(amplitude="snr", selection="threshold", threshold=0.03, keep=1600),
        ),
        Contender("above the noise, MAD-standardised 400", changed(amplitude="snr", selection="mad", keep=400)),
        Contender("non-standard Haar", changed(haar="nonstandard")),
        Contender("FAST's signs", changed(signs="signed"), "signs"),
        Contender("MAD-standardised 400, FAST's signs", changed(selection="mad", keep=400, signs="signed"), "signs"),
        Contender("Morlet of width 4", changed(wavelet="morlet", morlet_width=4)),
        Contender("Morlet of width 10", changed(wavelet="morlet", morlet_width=10)),
        Contender("Morse (3, 20)", changed(wavelet="morse")),
    ]
