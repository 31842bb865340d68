"""The recipe of a fingerprint: every parameter of the method, with its unit, in one frozen object."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from trova_widgets.errors import RecipeError, TrovaError
from trova_widgets.fingerprinting.wavelets import Morlet, Morse, duration_s
from trova_widgets.identity import identity_of
from trova_widgets.names import nearest
from trova_widgets.space import SettingGroup, declared

Wavelet = Literal["morlet", "morse"]
Spacing = Literal["logarithmic", "linear"]
Reference = Literal["onset", "start"]
Amplitude = Literal["snr", "log", "linear"]
HaarKind = Literal["standard", "nonstandard"]
Selection = Literal["largest", "threshold", "mad"]
Signs = Literal["one", "signed"]
Highpass = Literal["on", "off"]

SIZES = (32, 64, 128)
_LOG: Literal["logarithmic"] = "logarithmic"

# Read when coefficients or a cut-off are chosen: the Haar plane of a record at a cut-off is the same.
_BEHIND_THE_PLANE = frozenset(
    ("selection", "statistics", "keep", "threshold", "signs", "cutoff_from_hz", "cutoff_to_hz", "cutoff_step_octaves")
)
_STATISTICS = re.compile("[0-9a-f]{20}")


@dataclass(frozen=True, kw_only=True)
class FingerprintRecipe(SettingGroup):
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
    highpass : {"on", "off"}
        Whether the record is high-pass filtered at its cut-off; off, its variants would all be one and the same.
    highpass_order : int
        Order of the Butterworth high-pass without phase shift that makes the variants, 1 to 8.
    cutoff_from_hz, cutoff_to_hz : float
        Range in which the cut-off is sought [Hz]; it ends where the highest variant would reach ``frequency_to_hz``.
    cutoff_step_octaves : float
        Distance between neighbouring variants' cut-offs [octave].
    onset_step_s : float
        Distance between the onsets that neighbouring variants take the record to have [s]; 0 where all take its own.
        A network that is trained on such variants minds a wrong onset less.
    variant_steps : int
        How many variants a record has to either side of the one at its own cut-off and onset, 1 to 12; two make the
        five of Silkin (2024).

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

    prefix: ClassVar[str] = "fingerprint"
    error: ClassVar[type[TrovaError]] = RecipeError

    size: int = declared(64, "rows and columns of the fingerprint", choices=SIZES, reconnaissance="32, 64, 128")
    wavelet: Wavelet = declared("morlet", "analytic wavelet of the scalogram", choices=get_args(Wavelet))
    morlet_width: float = declared(
        6.0,
        "centre frequency of Morlet's wavelet: the larger, the finer in frequency",
        minimum=3,
        maximum=30,
        reconnaissance="4, 6, 8, 10",
    )
    morse_gamma: float = declared(3.0, "symmetry of the Morse wavelet", minimum=1, maximum=10)
    morse_beta: float = declared(
        20.0, "compactness of the Morse wavelet", minimum=1, maximum=200, reconnaissance="10, 20, 40", scale=_LOG
    )
    frequency_from_hz: float = declared(
        1.0, "lowest centre frequency", minimum=0.001, maximum=1e6, unit="Hz", reconnaissance="0.5, 1, 2", scale=_LOG
    )
    frequency_to_hz: float = declared(
        16.0, "highest centre frequency", minimum=0.001, maximum=1e6, unit="Hz", reconnaissance="8, 12, 16", scale=_LOG
    )
    frequency_spacing: Spacing = declared(
        "logarithmic", "how the scales are spread over the frequencies", choices=get_args(Spacing)
    )
    scales_per_row: int = declared(1, "scales averaged into one row", minimum=1, maximum=8, reconnaissance="1, 2, 4")
    window_reference: Reference = declared("onset", "what the window is counted from", choices=get_args(Reference))
    window_start_s: float = declared(
        -16.0,
        "start of the window from its reference",
        minimum=-86_400,
        maximum=86_400,
        unit="s",
        reconnaissance="[-24 : 8 : 0]",
    )
    window_s: float = declared(
        96.0, "length of the window", minimum=1, maximum=86_400, unit="s", reconnaissance="[48 : 24 : 120]"
    )
    amplitude: Amplitude = declared("snr", "what the image holds", choices=get_args(Amplitude))
    dynamic_range_db: float = declared(
        60.0,
        "how far below the strongest energy the amplitude log ends",
        minimum=1,
        maximum=200,
        unit="dB",
        reconnaissance="20, 40, 60",
    )
    haar: HaarKind = declared("standard", "decomposition of the image", choices=get_args(HaarKind))
    selection: Selection = declared("largest", "which coefficients become white points", choices=get_args(Selection))
    statistics: str = declared("", "identity of the medians that the selection mad compares with", implied="")
    keep: int = declared(
        400,
        "most white points of a fingerprint",
        minimum=1,
        maximum=max(SIZES) ** 2,
        reconnaissance="100, 200, 400, 800",
        scale=_LOG,
    )
    threshold: float = declared(
        0.05,
        "share of the largest coefficient, read by the selection threshold",
        minimum=0,
        maximum=1,
        reconnaissance="0.02, 0.05, 0.1",
    )
    signs: Signs = declared("one", "one bit a coefficient, or two that say its sign", choices=get_args(Signs))
    highpass: Highpass = declared(
        "on",
        "whether the record is filtered at its cut-off; off, there is one variant of it",
        choices=get_args(Highpass),
        implied="on",
    )
    highpass_order: int = declared(
        4, "order of the high-pass that makes the variants", minimum=1, maximum=8, reconnaissance="2, 4, 8"
    )
    cutoff_from_hz: float = declared(
        0.25, "lowest cut-off that is looked for", minimum=0.001, maximum=1e6, unit="Hz", scale=_LOG
    )
    cutoff_to_hz: float = declared(
        8.0, "highest cut-off that is looked for", minimum=0.001, maximum=1e6, unit="Hz", scale=_LOG
    )
    cutoff_step_octaves: float = declared(
        0.25,
        "distance between the cut-offs of neighbouring variants",
        minimum=1 / 24,
        maximum=2,
        unit="octaves",
        reconnaissance="0.125, 0.25, 0.5",
    )
    onset_step_s: float = declared(
        0.0,
        "distance between the onsets that neighbouring variants take the record to have",
        minimum=0,
        maximum=60,
        unit="s",
        reconnaissance="0, 1, 2, 4",
        implied=0.0,
    )
    variant_steps: int = declared(
        2,
        "how many variants a record has to either side of the one at its own cut-off and onset",
        minimum=1,
        maximum=12,
        reconnaissance="1, 2, 4",
        implied=2,
    )

    def __post_init__(self) -> None:
        """Check every value, then the values against each other."""
        super().__post_init__()
        if self.keep > self.size**2:
            raise RecipeError(
                f"fingerprint.keep is {self.keep}, but a fingerprint of side {self.size} has {self.size**2} "
                "coefficients; keep fewer, or choose a larger size."
            )
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
    def variants(self) -> tuple[int, ...]:
        """The variants that a record has, as steps of its cut-off and its onset, down (-) and up (+), in their order.

        One alone where neither moves.
        """
        moves = self.highpass == "on" or self.onset_step_s > 0
        return tuple(range(-self.variant_steps, self.variant_steps + 1)) if moves else (0,)

    @property
    def onset_shifts_s(self) -> NDArray[np.float64]:
        """By how much the variants take the onset to be later than it is, in their order [s]."""
        return self.onset_step_s * np.array(self.variants, dtype=np.float64)

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

RECIPES: Mapping[str, FingerprintRecipe] = {
    "article": DEFAULT_RECIPE,
    "signed": FingerprintRecipe(
        size=32,
        scales_per_row=2,
        keep=60,
        signs="signed",
        highpass="off",
        # Variants reach 8 s to either side, which is how far the onset of a weak record may be wrong. The more of them
        # there are, the more grids of time a network sees a record on, and the less it learns by heart.
        onset_step_s=1.0,
        variant_steps=8,
    ),
}
"""Recipes by name."""


def recipe_named(name: str) -> FingerprintRecipe:
    """Return a recipe by its name.

    Parameters
    ----------
    name : str
        ``article``, the article's, or ``signed``: fewer points, each with its sign.

    Returns
    -------
    FingerprintRecipe

    Raises
    ------
    RecipeError
        When there is none of that name.

    Examples
    --------
    >>> recipe_named("signed").signs
    'signed'
    """
    if name not in RECIPES:
        raise RecipeError(f"There is no recipe {name!r}; {nearest(name, RECIPES)}.")
    return RECIPES[name]
