"""How fast a workspace's fingerprints are computed: ``trova fingerprint`` against one record at a time, in one run.

Printed by ``python -m tests.benchmarks.fingerprints``. Both start from the teaching set's records as they were
imported, find the cut-off of each, compute its five variants and keep them in the store. One record at a time is as one
writes it first: read, search with numpy's own median (``tests.fingerprinting.plain``), compute, pack, and hand over 128
records together.
"""

import shutil
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

from tests.fingerprinting.plain import plain_cutoff
from trova_widgets import FingerprintRecipe, Workspace
from trova_widgets.fingerprinting import fingerprints, pack, shifted_cutoffs
from trova_widgets.processes import usable_cores
from trova_widgets.resources import share_folder
from trova_widgets.store import ParameterRow, measured_value
from trova_widgets.workspace.imaging import fingerprint_id

AIM = 3.0
RECIPE = FingerprintRecipe()
_TOGETHER = 128


def silently(items, label, total=None):
    return items


def one_at_a_time(workspace: Workspace) -> None:
    """Compute the fingerprints of each record by itself."""
    store = workspace._store
    workspace.use_recipe(RECIPE)
    rows: list[dict[str, object]] = []
    found: list[ParameterRow] = []

    def keep() -> None:
        store.add_parameters(found)
        store.add_fingerprints(pd.DataFrame(rows))
        rows.clear()
        found.clear()

    for _, record in store.records().iterrows():
        samples = workspace._waveforms.waveform(record["file_name"], int(record["trace_index"])).samples
        rate_hz, onset_s = float(record["sampling_rate_hz"]), measured_value(record, "onset_s")
        cutoff = plain_cutoff(samples, rate_hz, RECIPE, onset_s)
        for name, value in (("cutoff_hz", cutoff.cutoff_hz), ("cutoff_confidence", cutoff.confidence)):
            found.append(
                ParameterRow(
                    record_id=record["record_id"],
                    name=name,
                    value=value,
                    source="found",
                    author="trova",
                    made_at_ns=time.time_ns(),
                )
            )
        cutoffs_hz = shifted_cutoffs(cutoff.cutoff_hz, RECIPE)
        (images,) = fingerprints(
            [samples], rate_hz, RECIPE, onsets_s=[np.nan if onset_s is None else onset_s], cutoffs_hz=cutoffs_hz[None]
        )
        for variant, cutoff_hz, bits in zip(RECIPE.variants, cutoffs_hz.tolist(), images, strict=True):
            rows.append(
                {
                    "fingerprint_id": fingerprint_id(record["record_id"], RECIPE.identity, variant, cutoff_hz),
                    "record_id": record["record_id"],
                    "recipe_id": RECIPE.identity,
                    "variant": variant,
                    "cutoff_hz": cutoff_hz,
                    "size": RECIPE.size,
                    "bits": pack(bits),
                }
            )
        if len(rows) >= _TOGETHER * len(RECIPE.variants):
            keep()
    if rows:
        keep()


def main(rounds: int = 3) -> None:
    """Print records a second of both, when they take turns, and whether they have kept the same."""
    teaching = share_folder("data") / "teaching"
    seconds: dict[str, list[float]] = {"alone": [], "together": []}
    processor: dict[str, list[float]] = {name: [] for name in seconds}
    with tempfile.TemporaryDirectory(prefix="trova-benchmark-") as folder:
        untouched = Path(folder) / "untouched"
        with Workspace.create(untouched, recipe="article") as workspace:
            workspace.import_records([teaching], catalog=teaching / "catalog.xml", progress=silently)
            count = len(workspace.records())
        for turn in range(rounds):
            kept = []
            for name in seconds:
                copy = shutil.copytree(untouched, Path(folder) / f"{name}-{turn}")
                with Workspace.open(copy) as workspace:
                    started, used = time.perf_counter(), time.process_time()
                    if name == "alone":
                        one_at_a_time(workspace)
                    else:
                        workspace.compute_fingerprints(RECIPE, progress=silently)
                    seconds[name].append(time.perf_counter() - started)
                    processor[name].append(time.process_time() - used)
                    kept.append(workspace._store.fingerprints())
                shutil.rmtree(copy)
            pd.testing.assert_frame_equal(*kept)
    rates = {name: count / min(measured) for name, measured in seconds.items()}
    ratio = float(np.median(np.divide(seconds["alone"], seconds["together"])))
    print(f"\nthe teaching set, {count} records, cut-offs and five variants, from the files into the store:")
    print(f"one record at a time:   {rates['alone']:6,.0f} records a second, {5 * rates['alone']:6,.0f} fingerprints")
    print(
        f"trova fingerprint:      {rates['together']:6,.0f} records a second, {5 * rates['together']:6,.0f} "
        f"fingerprints, on {usable_cores()} cores"
    )
    ms = {name: 1e3 * min(used) / count for name, used in processor.items()}
    print(f"processor's time a record: {ms['alone']:.1f} ms and {ms['together']:.1f} ms, which others change less")
    print("all fingerprints, bits and cut-offs are the same ones")
    print(
        f"{'reached' if ratio >= AIM else 'MISSED'}: trova fingerprint {ratio:.1f} times as fast as one record at a "
        f"time, median of {rounds} rounds (aim: {AIM:g})"
    )


if __name__ == "__main__":
    main()
