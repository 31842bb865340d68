"""The recipe of a fingerprint: every parameter of the method, with its unit, in one frozen object."""

import math
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from functools import cached_property
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from trova_widgets.errors import RecipeError
from trova_widgets.fingerprinting.wavelets import Morlet, Morse, duration_s
from trova_widgets.identity import identity_of
from trova_widgets.names import nearest

Wavelet = Literal["morlet", "morse"]
Spacing = Literal["logarithmic", "linear"]
Reference = Literal["onset", "start"]
Amplitude = Literal["linear", "log", "snr"]
HaarKind = Literal["standard", "nonstandard"]
Selection = Literal["largest", "threshold", "mad"]
Signs = Literal["one", "signed"]

SIZES = (32, 64, 128)

_CHOICES: dict[str, tuple[str, ...]] = {
    "wavelet": get_args(Wavelet),
    "frequency_spacing": get_args(Spacing),
    "window_reference": get_args(Reference),
    "amplitude": get_args(Amplitude),
    "haar": get_args(HaarKind),
    "selection": get_args(Selection),
    "signs": get_args(Signs),
}
# Read when coefficients or a cut-off are chosen: the Haar plane of a record at a cut-off is the same.
_BEHIND_THE_PLANE = frozenset(
    ("selection", "statistics", "keep", "threshold", "signs", "cutoff_from_hz", "cutoff_to_hz", "cutoff_step_octaves")
)
_STATISTICS = re.compile("[0-9a-f]{20}")


@dataclass(frozen=True, kw_only=True)
class FingerprintRecipe:
    """Every parameter of a binary fingerprint. Equal recipes have equal ``identity``.

    Why the default values are what they are is told in the notes.

    Parameters
    ----------
    size : {64, 32, 128}
        Rows and columns of the fingerprint.
    wavelet : {"morlet", "morse"}
        Analytic wavelet: Morlet (Gaussian in frequency) or generalised Morse (Lilly and Olhede, 2012,
        doi 10.1109/TSP.2012.2210890).
    morlet_width : float
        Morlet's dimensionless centre frequency, 3 to 30: the larger, the finer in frequency and the coarser in time.
    morse_gamma, morse_beta : float
        Symmetry and compactness of the Morse wavelet; 3 and 20 resemble a Morlet of width 7.7.
    frequency_from_hz, frequency_to_hz : float
        Centre frequencies of the first and the last scale [Hz].
    frequency_spacing : {"logarithmic", "linear"}
        How the scales are spread over that range.
    scales_per_row : int
        Scales whose energy is averaged into one row of the reduced scalogram, 1 to 8.
    window_reference : {"onset", "start"}
        What the time window is counted from: the event's onset, or the start of the record.
    window_start_s : float
        Start of the window, relative to its reference [s].
    window_s : float
        Length of the window [s].
    amplitude : {"snr", "log", "linear"}
        What the image holds: energy over that of the noise before the event, ``10 lg(1 + E / N)`` [dB]; energy below
        the strongest, ``10 lg(E / E_max)`` [dB]; or the share of the largest magnitude.
    dynamic_range_db : float
        Amplitude "log" ends this far below the strongest energy [dB].
    haar : {"standard", "nonstandard"}
        Whole transform of each row and then of each column, or one level of both at a time
        (Stollnitz et al., 1995, doi 10.1109/38.376616).
    selection : {"largest", "threshold", "mad"}
        The ``keep`` largest coefficients; those of at least ``threshold`` times the largest, but no more than ``keep``;
        or the ``keep`` that deviate most from the median of a data set, in units of its MAD (Yoon et al., 2015,
        doi 10.1126/sciadv.1501057).
    statistics : str
        Identity of the medians and MADs that the selection "mad" compares with, kept by a workspace
        (`Workspace.fit_recipe`); empty as long as they are not fitted.
    keep : int
        Most white points that a fingerprint may have.
    threshold : float
        Share of the largest coefficient, 0 to 1; read by the selection "threshold" alone.
    signs : {"one", "signed"}
        One bit a coefficient, or FAST's two: ``10`` for a positive one, ``01`` for a negative one.
    highpass_order : int
        Order of the Butterworth high-pass without phase shift that makes the variants, 1 to 8.
    cutoff_from_hz, cutoff_to_hz : float
        Range in which the cut-off is sought [Hz]; it ends where the highest variant would reach ``frequency_to_hz``.
    cutoff_step_octaves : float
        Distance between neighbouring variants' cut-offs [octave].

    Raises
    ------
    RecipeError
        If a value is not allowed, or two contradict each other.

    Notes
    -----
    ``python -m tests.benchmarks.recipes`` trains the base CNN on real records, by event and over five seeds, and prints
    the area under the ROC curve over records and over events; its table is kept beside it (``table.md``). The defaults
    were set before these records were looked at, so that their figures are nobody's choice; they stay as long as
    no other recipe is better by more than other events of the same kind would change.

    - The default fingerprint reaches 0.678 and 0.861, the float scalogram that it is made of 0.670 and 0.818.
    - ``keep``: 400. With 200 it is 0.661 and 0.814, with 800 0.661 and 0.826.
    - ``amplitude``: "snr". "log" reaches 0.712 and 0.877, a difference of -0.03 to 0.08 and -0.08 to 0.11 with other
      events. "linear" with 200 points reaches 0.694 and 0.830: much better on one half, much worse on the other.
    - ``selection``: "largest". "mad" reaches 0.622 and 0.737, and wants a data set to be fitted to.
    - ``morlet_width``: 6. With 4 it is 0.651 and 0.841, with 10 it is 0.686 and 0.846.
    - ``wavelet``: "morlet". "morse" reaches 0.702 and 0.891, the best over events and the first to try on other data.
    - ``haar``: "standard". "nonstandard" reaches 0.626 and 0.783.
    - ``frequency_from_hz``, ``frequency_to_hz``: regional P, S and surface waves stand out from 1 Hz up, above most
      of the microseism; 16 Hz are within reach of records of 40 samples a second.
    - ``window_start_s``, ``window_s``: 16 s of noise to compare with, then what an event within 400 km needs from P to
      the end of its S waves and surface waves; time bins of 1.5 s.
    - ``cutoff_step_octaves``: a quarter. Found cut-offs are off by 0.08 octaves (median) to 0.5 (95 %), which two steps
      reach; one step costs 0.5 dB, two 1.7 dB (``python -m tests.benchmarks.cutoff``).

    Examples
    --------
    >>> FingerprintRecipe().size
    64
    >>> FingerprintRecipe.from_dict(FingerprintRecipe(keep=200).to_dict()).keep
    200
    """

    size: int = 64
    wavelet: Wavelet = "morlet"
    morlet_width: float = 6.0
    morse_gamma: float = 3.0
    morse_beta: float = 20.0
    frequency_from_hz: float = 1.0
    frequency_to_hz: float = 16.0
    frequency_spacing: Spacing = "logarithmic"
    scales_per_row: int = 1
    window_reference: Reference = "onset"
    window_start_s: float = -16.0
    window_s: float = 96.0
    amplitude: Amplitude = "snr"
    dynamic_range_db: float = 60.0
    haar: HaarKind = "standard"
    selection: Selection = "largest"
    statistics: str = ""
    keep: int = 400
    threshold: float = 0.05
    signs: Signs = "one"
    highpass_order: int = 4
    cutoff_from_hz: float = 0.25
    cutoff_to_hz: float = 8.0
    cutoff_step_octaves: float = 0.25

    def __post_init__(self) -> None:
        """Check every value, then the values against each other."""
        for name, choices in _CHOICES.items():
            if getattr(self, name) not in choices:
                listed = ", ".join(repr(choice) for choice in choices)
                raise RecipeError(f"The recipe's {name} is {getattr(self, name)!r}, but it must be one of {listed}.")
        self._make_plain_numbers()
        if self.size not in SIZES:
            raise RecipeError(f"The recipe's size is {self.size}, but it must be 32, 64 or 128.")
        self._within("morlet_width", 3, 30)
        self._within("morse_gamma", 1, 10)
        self._within("morse_beta", 1, 200)
        self._within("frequency_from_hz", 0.001, 1e6)
        self._within("scales_per_row", 1, 8)
        self._within("window_s", 1, 86_400)
        self._within("window_start_s", -86_400, 86_400)
        self._within("dynamic_range_db", 1, 200)
        self._within("keep", 1, self.size * self.size)
        self._within("threshold", 0, 1)
        self._within("highpass_order", 1, 8)
        self._within("cutoff_from_hz", 0.001, 1e6)
        self._within("cutoff_step_octaves", 1 / 24, 2)
        self._rising("frequency_from_hz", "frequency_to_hz")
        self._rising("cutoff_from_hz", "cutoff_to_hz")
        self._check_window()
        self._check_statistics()

    @cached_property
    def identity(self) -> str:
        """Twenty hexadecimal digits that every recipe with these values has, and no other."""
        return identity_of(self.to_dict())

    @cached_property
    def plane_identity(self) -> str:
        """Identity of what decides a Haar plane: recipes that have it in common can share statistics."""
        return identity_of({name: value for name, value in self.to_dict().items() if name not in _BEHIND_THE_PLANE})

    @property
    def is_fitted(self) -> bool:
        """Whether it can be applied as it is: the selection "mad" wants statistics first."""
        return self.selection != "mad" or bool(self.statistics)

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of the fingerprint's bits: signed bits stand two to a coefficient, side by side."""
        return (self.size, 2 * self.size if self.signs == "signed" else self.size)

    @property
    def mother_wavelet(self) -> Morlet | Morse:
        """The wavelet with its parameters."""
        return Morlet(self.morlet_width) if self.wavelet == "morlet" else Morse(self.morse_gamma, self.morse_beta)

    @property
    def frequencies_hz(self) -> NDArray[np.float64]:
        """Centre frequencies of the scales, rising [Hz]; shape (size * scales_per_row,)."""
        spread = np.geomspace if self.frequency_spacing == "logarithmic" else np.linspace
        return spread(self.frequency_from_hz, self.frequency_to_hz, self.size * self.scales_per_row)

    def to_dict(self) -> dict[str, Any]:
        """Return the values as a JSON object; statistics stand in it only where there are some."""
        return {name: value for name, value in asdict(self).items() if name != "statistics" or value}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "FingerprintRecipe":
        """Make a recipe of a JSON object; what it does not name takes its default value.

        Raises
        ------
        RecipeError
            If a name is not a parameter of a recipe, or a value is not allowed.
        """
        known = [field.name for field in fields(cls)]
        for name in values:
            if name not in known:
                raise RecipeError(f"A recipe has no parameter {name!r}; {nearest(name, known)}.")
        return cls(**values)

    def _make_plain_numbers(self) -> None:
        """Turn every number into the plain type of its field, so that 2, 2.0 and numpy's 2 have one identity."""
        for field in fields(self):
            if field.name in _CHOICES or field.type is str:
                continue
            value = getattr(self, field.name)
            try:
                number = float(value)
            except (TypeError, ValueError):
                number = math.nan
            if not math.isfinite(number) or (field.type is int and number != int(number)):
                kind = "an integer" if field.type is int else "a finite number"
                raise RecipeError(f"The recipe's {field.name} is {value!r}, but it must be {kind}.")
            object.__setattr__(self, field.name, int(number) if field.type is int else number)

    def _within(self, name: str, lowest: float, highest: float) -> None:
        value = getattr(self, name)
        if not lowest <= value <= highest:
            raise RecipeError(f"The recipe's {name} is {value:g}, but it must be from {lowest:g} to {highest:g}.")

    def _rising(self, lower: str, upper: str) -> None:
        if not getattr(self, lower) < getattr(self, upper):
            raise RecipeError(
                f"The recipe's {lower} is {getattr(self, lower):g} and its {upper} {getattr(self, upper):g}, "
                "but the first must be less than the second."
            )

    def _check_statistics(self) -> None:
        if self.statistics and self.selection != "mad":
            raise RecipeError(
                f'The recipe names statistics, which the selection "mad" alone reads, but selects {self.selection!r}; '
                "leave one of them out."
            )
        if not isinstance(self.statistics, str) or (self.statistics and not _STATISTICS.fullmatch(self.statistics)):
            raise RecipeError(
                f"The recipe's statistics are {self.statistics!r}, but they must be named by 20 hexadecimal digits; "
                "a workspace's fit_recipe fits them and names them."
            )

    def _check_window(self) -> None:
        if self.window_reference == "start" and self.window_start_s < 0:
            raise RecipeError(
                f"The window begins {-self.window_start_s:g} s before the start of the record; "
                "choose a window_start_s of 0 or more, or count the window from the onset."
            )
        if self.window_reference == "onset" and not -self.window_s < self.window_start_s <= 0:
            raise RecipeError(
                f"A window of {self.window_s:g} s that begins {self.window_start_s:g} s from the onset does not hold "
                f"the onset; choose a window_start_s from {-self.window_s:g} (not included) to 0."
            )
        longest = duration_s(self.mother_wavelet, self.frequency_from_hz)
        if longest > self.window_s:
            raise RecipeError(
                f"The wavelet at {self.frequency_from_hz:g} Hz lasts {longest:.3g} s, longer than the window of "
                f"{self.window_s:g} s; raise frequency_from_hz or lengthen window_s."
            )


DEFAULT_RECIPE = FingerprintRecipe()
