"""How long "the ten records most like this one" takes, over a whole workspace of 100,000 records.

Run with ``python -m tests.benchmarks.similarity``; ``python -m tests.benchmarks.fingerprints`` prints it too. What is
measured is `Workspace.similar`, as the page asks it, with its queries of the database.
"""

import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import numpy as np
import pandas as pd

from trova_widgets import Workspace
from trova_widgets.fingerprinting import FingerprintRecipe, jaccard, unpack
from trova_widgets.store import ParameterRow, RecordRow, Store

COUNT = 100_000
AIM_MS = 100
_ASKED = 20


class SimilarityTimes(NamedTuple):
    """What was measured."""

    first_ms: float
    """The first query reads the fingerprints."""
    later_ms: float
    """Median of those after it."""


def measure(count: int = COUNT) -> SimilarityTimes:
    """Fill a workspace with records that have fingerprints, and ask it."""
    with TemporaryDirectory() as folder:
        place = Path(folder) / "study"
        ids, packed = _fill(place, count)
        with Workspace.open(place) as workspace:
            times = []
            for asked in np.linspace(0, count - 1, _ASKED).astype(int):
                start = time.perf_counter()
                found = workspace.similar(ids[asked])
                times.append(1e3 * (time.perf_counter() - start))
                best = ids.index(found["record_id"].iloc[0])
                pair = [unpack(packed[one].tobytes()) for one in (asked, best)]
                assert found["similarity"].iloc[0] == jaccard(*pair)
    return SimilarityTimes(times[0], float(np.median(times[1:])))


def _fill(place: Path, count: int) -> tuple[list[str], np.ndarray]:
    """Make a workspace whose records have one random fingerprint each, a tenth of it white."""
    recipe = FingerprintRecipe()
    rng = np.random.default_rng(1)
    parts = [rng.random((1000, recipe.size**2), dtype=np.float32) < 0.1 for _ in range(-(-count // 1000))]
    packed = np.concatenate([np.packbits(part, axis=1) for part in parts])[:count]
    ids = [f"record {number:06d}" for number in range(count)]
    Workspace.create(place, recipe="article").close()
    with Store.open(place) as store:
        store.add_records([_record(one) for one in ids])
        store.add_recipe(recipe.identity, "benchmark", recipe.to_dict())
        store.set_default_recipe(recipe.identity)
        store.add_parameters(
            [
                ParameterRow(record_id=one, name="cutoff_hz", value=1.0, source="found", author="trova", made_at_ns=1)
                for one in ids
            ]
        )
        store.add_fingerprints(
            pd.DataFrame(
                {
                    "fingerprint_id": [f"fingerprint of {one}" for one in ids],
                    "record_id": ids,
                    "recipe_id": recipe.identity,
                    "variant": 0,
                    "cutoff_hz": 1.0,
                    "size": recipe.size,
                    "bits": [bits.tobytes() for bits in packed],
                }
            )
        )
    return ids, packed


def _record(record_id: str) -> RecordRow:
    return RecordRow(
        record_id=record_id,
        event_id=None,
        network="XX",
        station="TROVA",
        location="",
        channel="HHZ",
        start_time_ns=1_600_000_000_000_000_000,
        sampling_rate_hz=100.0,
        sample_count=12_000,
        file_hash="0" * 20,
        file_name="none.mseed",
        trace_index=0,
    )


def main() -> None:
    """Print it."""
    measured = measure()
    print(f"\nten most similar of {COUNT:,} records in a workspace: {measured.later_ms:.0f} ms (aim: {AIM_MS})")
    print(f"the first query, which reads their fingerprints:    {measured.first_ms:.0f} ms")
    print(f"{'reached' if measured.later_ms < AIM_MS else 'MISSED'}: under {AIM_MS} ms")


if __name__ == "__main__":
    main()
