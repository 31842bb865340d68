"""Make the golden files: ``python -m tests.fingerprinting.golden.make``.

Only when a fingerprint is meant to change: the records are kept once they are there, so that a change of the file is a
change of the engine. Records are whole counts, and recipes are written out, so that neither a random generator nor a
default value has a say in them.
"""

import json
from pathlib import Path

import numpy as np

from tests.fingerprinting.making import ONSET_S, RATE_HZ, RECIPES, record
from trova_widgets.fingerprinting import FingerprintRecipe, find_cutoff, fingerprints, fit_statistics, pack

FOLDER = Path(__file__).parent
RECORDS = FOLDER / "records.npz"
FINGERPRINTS = FOLDER / "fingerprints.json"
CUTOFFS_HZ = [0.0, 0.8, 1.6]


def records() -> np.ndarray:
    """Return the golden records, int16, shape (3, 12000)."""
    with np.load(RECORDS) as kept:
        return kept["counts"]


def found(recipes: dict[str, FingerprintRecipe]) -> dict[str, object]:
    """Return what the engine finds in the golden records: packed bits by recipe, and the cut-offs."""
    counts = records()
    onsets_s = np.full(len(counts), ONSET_S)
    cutoffs_hz = np.tile(CUTOFFS_HZ, (len(counts), 1))
    result: dict[str, object] = {}
    for name, recipe in recipes.items():
        statistics = None
        if recipe.selection == "mad":
            statistics = fit_statistics(counts, RATE_HZ, recipe, onsets_s=onsets_s, cutoffs_hz=cutoffs_hz)
        bits = fingerprints(counts, RATE_HZ, recipe, onsets_s=onsets_s, cutoffs_hz=cutoffs_hz, statistics=statistics)
        result[name] = [[pack(variant).hex() for variant in variants] for variants in bits]
    first = next(iter(recipes.values()))
    result["cut-offs"] = [find_cutoff(one, RATE_HZ, first).cutoff_hz for one in counts]
    return result


def main() -> None:
    """Write the files."""
    if not RECORDS.exists():
        counts = np.stack([np.rint(40 * record(seed)) for seed in (1, 2, 3)]).astype(np.int16)
        np.savez_compressed(RECORDS, counts=counts)
    recipes = {**RECIPES, "MAD": FingerprintRecipe(selection="mad", keep=300)}
    written = {"recipes": {name: recipe.to_dict() for name, recipe in recipes.items()}, "found": found(recipes)}
    FINGERPRINTS.write_text(json.dumps(written, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
