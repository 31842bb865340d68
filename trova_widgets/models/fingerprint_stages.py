"""The way of one record to its fingerprint, stage by stage, as a page shows it."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trova_widgets.figures.colour import round_ticks
from trova_widgets.figures.fingerprint_views import LevelView, bits_uri, energy_view, frequency_ticks, plane_view
from trova_widgets.fingerprinting import (
    Cutoff,
    FingerprintRecipe,
    SelectionStatistics,
    find_cutoff,
    fingerprints,
    frequency_edges_hz,
    haar,
    pack,
    patches,
    reduce,
    scalogram,
    shifted_cutoffs,
)
from trova_widgets.models.formatting import quantity

_UNITS = {"snr": "dB above the noise", "log": "dB below the strongest", "linear": "share of the largest magnitude"}
_PLANE_UNITS = ("and beyond, root scale", "MADs and beyond, root scale")


@dataclass(frozen=True, kw_only=True, eq=False)
class Stages:
    """What a recipe makes of a record.

    Attributes
    ----------
    recipe : FingerprintRecipe
        The recipe.
    variant : int
        Which of the variants ``image`` and ``plane`` belong to.
    image, plane : ndarray of float64, shape (size, size)
        Reduced scalogram, and Haar plane; with the selection "mad", how far this is from the median, in MADs.
    bits : ndarray of bool, shape (variants, *recipe.shape)
        The variants, in the order of the recipe's.
    cutoffs_hz : ndarray of float64, shape (variants,)
        Their cut-offs [Hz]; 0 where nothing is filtered.
    found : Cutoff or None
        The cut-off that was found, where none was given.
    window_s : tuple of float
        Start and end of the window after the start of the record [s].
    record_s : float
        Length of the record [s]; the window shows its mirror image where it reaches past its ends.
    """

    recipe: FingerprintRecipe
    variant: int
    image: NDArray[np.float64]
    plane: NDArray[np.float64]
    bits: NDArray[np.bool_]
    cutoffs_hz: NDArray[np.float64]
    found: Cutoff | None
    window_s: tuple[float, float]
    record_s: float

    @property
    def cutoff_hz(self) -> float:
        """The cut-off of the middle variant [Hz]."""
        return float(self.cutoffs_hz[self.recipe.variants.index(0)])

    def picture(self, zero_s: float = 0.0) -> dict[str, Any]:
        """Return the three squares with their axes, cut-offs and patches, as a JSON object with bytes in it.

        Levels are bytes, bits packed ones, row 0 first; a patch is six float32: row, column, start and end [s], lowest
        and highest frequency [Hz].

        Parameters
        ----------
        zero_s : float
            What times are counted from, after the start of the record [s].
        """
        bits = self.bits[self.recipe.variants.index(self.variant)]
        return {
            "recipe": self.recipe.to_dict(),
            "scalogram": {**_shown(energy_view(self.image)), "unit": _UNITS[self.recipe.amplitude]},
            "haar": {**_shown(plane_view(self.plane)), "unit": _PLANE_UNITS[self.recipe.selection == "mad"]},
            "fingerprint": {"bits": pack(bits), "columns": bits.shape[1], "points": int(bits.sum())},
            "axes": self._axes(zero_s),
            "size": self.recipe.size,
            "cutoffs_hz": self.cutoffs_hz.tolist(),
            "variant": self.variant,
            "patches": self._patches(bits, zero_s),
        }

    def strip(self) -> list[dict[str, Any]]:
        """Return the variants as pictures: ``variant``, ``uri``, ``differs``, ``points``.

        What they differ in is told as it is: the cut-off, the onset, or both.
        """
        recipe, places = self.recipe, zip(self.cutoffs_hz.tolist(), self.recipe.onset_shifts_s.tolist(), strict=True)
        differs = [
            [f"{cutoff_hz:.2f} Hz"] * (recipe.highpass == "on")
            + [quantity(shift_s, "s", 1 if recipe.onset_step_s % 1 else 0)] * (recipe.onset_step_s > 0)
            for cutoff_hz, shift_s in places
        ]
        return [
            {"variant": variant, "uri": bits_uri(image), "differs": ", ".join(words), "points": int(image.sum())}
            for variant, image, words in zip(recipe.variants, self.bits, differs, strict=True)
        ]

    def _axes(self, zero_s: float) -> dict[str, Any]:
        from_s, to_s = (edge_s - zero_s for edge_s in self.window_s)
        edges_hz, logarithmic = frequency_edges_hz(self.recipe), self.recipe.frequency_spacing == "logarithmic"
        low_hz, high_hz = float(edges_hz[0]), float(edges_hz[-1])
        return {
            "from_s": from_s,
            "to_s": to_s,
            "record_from_s": -zero_s,
            "record_to_s": self.record_s - zero_s,
            "times_s": list(round_ticks(from_s, to_s, 4)),
            "low_hz": low_hz,
            "high_hz": high_hz,
            "logarithmic": logarithmic,
            "frequencies_hz": list(frequency_ticks(low_hz, high_hz, logarithmic=logarithmic)),
        }

    def _patches(self, bits: NDArray[np.bool_], zero_s: float) -> bytes:
        found = patches(bits, self.recipe, start_s=self.window_s[0] - zero_s)
        return np.array([list(patch) for patch in found.tolist()], dtype="<f4").tobytes()


def stages(
    samples: NDArray[np.float64],
    sampling_rate_hz: float,
    recipe: FingerprintRecipe,
    *,
    onset_s: float | None = None,
    cutoff_hz: float | None = None,
    variant: int = 0,
    statistics: SelectionStatistics | None = None,
) -> Stages:
    """Take a record through all stages.

    Parameters
    ----------
    samples : ndarray of float64, shape (n,)
        One channel, in any unit.
    sampling_rate_hz : float
        Samples a second [Hz].
    recipe : FingerprintRecipe
        The parameters of the method.
    onset_s : float, optional
        Onset after the start of the record [s]; found if not given.
    cutoff_hz : float, optional
        Cut-off of the middle variant [Hz]; found if not given.
    variant : int
        Whose scalogram and Haar plane are wanted; the middle one's where the recipe has no such one.
    statistics : SelectionStatistics, optional
        Wanted by the selection "mad".

    Returns
    -------
    Stages

    Raises
    ------
    RecordError, RecipeError
        If the recipe cannot be applied to the record.

    Examples
    --------
    >>> record = np.random.default_rng(1).normal(size=12000)
    >>> record[3000:6000] += 9 * np.sin(np.arange(3000) / 5)
    >>> made = stages(record, 100.0, FingerprintRecipe(), onset_s=30.0, cutoff_hz=1.0)
    >>> made.bits.shape, [round(float(value), 2) for value in made.cutoffs_hz]
    ((5, 64, 64), [0.71, 0.84, 1.0, 1.19, 1.41])
    """
    found = find_cutoff(samples, sampling_rate_hz, recipe, onset_s=onset_s) if cutoff_hz is None else None
    cutoffs_hz = shifted_cutoffs(found.cutoff_hz if found else cutoff_hz or 0.0, recipe)
    if variant not in recipe.variants:
        variant = 0
    place = recipe.variants.index(variant)
    shift_s, shown_hz = float(recipe.onset_shifts_s[place]), float(cutoffs_hz[place])
    if onset_s is None and shift_s:
        onset_s = scalogram(samples, sampling_rate_hz, recipe).onset_s
    shifted_s = None if onset_s is None else onset_s + shift_s
    energy = scalogram(samples, sampling_rate_hz, recipe, onset_s=shifted_s, cutoff_hz=shown_hz)
    image = reduce(energy, recipe)
    plane = haar(image, recipe.haar)
    bits = fingerprints(
        [samples],
        sampling_rate_hz,
        recipe,
        onsets_s=[energy.onset_s - shift_s],
        cutoffs_hz=cutoffs_hz[np.newaxis],
        shifts_s=recipe.onset_shifts_s,
        statistics=statistics,
    )
    return Stages(
        recipe=recipe,
        variant=variant,
        image=image,
        plane=statistics.standardised(plane) if statistics and recipe.selection == "mad" else plane,
        bits=bits[0],
        cutoffs_hz=cutoffs_hz,
        found=found,
        window_s=energy.window_s,
        record_s=len(samples) / sampling_rate_hz,
    )


def _shown(view: LevelView) -> dict[str, Any]:
    return {"levels": view.levels.tobytes(), "low": view.low, "high": view.high, "colours": ", ".join(view.colours)}
