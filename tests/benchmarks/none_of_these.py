"""How much of what is no event of the classes is refused as such: ``python -m tests.benchmarks.none_of_these``.

Of real and of invented records two thirds of the events are known and the others are asked about; with them the noise
before their onsets, and oddities of the kinds that a workspace compares with, drawn anew. Nothing is trained: likeness
looks at fingerprints alone. The real records are not part of the project; without them that part is left out.
"""

import tempfile
from pathlib import Path

import numpy as np

from tests.benchmarks.evaluate import FOLDERS, REAL, silently
from trova_widgets import Workspace
from trova_widgets.errors import RecordError
from trova_widgets.fingerprinting import RECIPES, FingerprintRecipe, find_cutoff, fingerprint
from trova_widgets.records.synthetics.oddities import ODDITIES, oddities
from trova_widgets.workspace.likeness import REFUSED_SHARE, KnownRecords, odd_fingerprints

RECORDS, EACH, SEED, RATE_HZ = 240, 15, 11, 50.0
TEACHING = Path(__file__).resolve().parents[2] / "data" / "teaching"


def main() -> None:
    """Print a row for each recipe and kind of records: the share of each kind that is refused."""
    kinds = ["other events", "noise before", *ODDITIES]
    print(f"Refused at {100 * REFUSED_SHARE:g} % of the known records, in per cent")
    print(f"{'':18}" + "".join(f"{kind:>19}" for kind in kinds))
    for name, folder, catalog in (("teaching", TEACHING, "catalog.xml"), ("real", REAL / FOLDERS[0][0], FOLDERS[0][1])):
        if not folder.is_dir():
            print(f"The records of {folder} are not here, so there is nothing to say of real records.")
            continue
        with tempfile.TemporaryDirectory() as place, Workspace.create(Path(place, "study")) as workspace:
            workspace.import_records(folder / "waveforms", folder / catalog, progress=silently)
            for recipe_name, recipe in RECIPES.items():
                shares = _shares(workspace, recipe)
                print(
                    f"{name + ' ' + recipe_name:18}" + "".join(f"{100 * shares[kind]:19.1f}" for kind in kinds),
                    flush=True,
                )


def _shares(workspace: Workspace, recipe: FingerprintRecipe) -> dict[str, float]:
    records = workspace.records()
    records = records[records["onset_s"].notna() & records["event_id"].notna()]
    records = records.sample(min(RECORDS, len(records)), random_state=SEED)
    found, noise, events = [], [], []
    for row in records.itertuples(index=False):
        waveform = workspace.waveform(row.record_id)
        samples, rate = np.asarray(waveform.samples, dtype=float), waveform.sampling_rate_hz
        packed = _packed(samples, rate, recipe, row.onset_s)
        before = _packed(samples[: max(1, round((row.onset_s - 2) * rate))], rate, recipe, None)
        if packed is not None:
            found.append(packed)
            events.append(row.event_id)
            noise.append(before)
    numbers = np.unique(events, return_inverse=True)[1]
    is_asked = np.random.default_rng(SEED).permutation(numbers.max() + 1)[numbers] % 3 == 0
    packed = np.stack(found)
    known = KnownRecords(
        packed=packed[~is_asked],
        events=numbers[~is_asked],
        odd=odd_fingerprints(recipe, None),
        record_ids=frozenset(),
    )
    asked = {"other events": packed[is_asked], "noise before": [each for each in noise if each is not None]}
    odd = [_packed(each, RATE_HZ, recipe, None) for each in oddities(SEED, EACH, RATE_HZ)]
    asked |= {kind: odd[at * EACH : (at + 1) * EACH] for at, kind in enumerate(ODDITIES)}
    return {
        kind: float((known.likeness(np.stack(rows)) < known.limit).mean()) if len(rows) else np.nan
        for kind, rows in asked.items()
    }


def _packed(samples: np.ndarray, rate: float, recipe: FingerprintRecipe, onset_s: float | None) -> np.ndarray | None:
    """Return the packed fingerprint of a record, or None where too little of its window is there."""
    try:
        cutoff_hz = 0.0 if recipe.highpass == "off" else find_cutoff(samples, rate, recipe, onset_s=onset_s).cutoff_hz
        return np.packbits(fingerprint(samples, rate, recipe, onset_s=onset_s, cutoff_hz=cutoff_hz))
    except RecordError:
        return None


if __name__ == "__main__":
    main()
