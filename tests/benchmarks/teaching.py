"""What the further events of the teaching set cost, and whether they are as hard as the first part.

Run with ``python -m tests.benchmarks.teaching``. The first table compares the events that ship with those that are made
at the first start of the demonstration; the last column is the probability of such a difference, or a larger one,
between two draws of one distribution (Kolmogorov and Smirnov, two-sided). The second says what it would cost to ship
them instead, and what it costs to make them, in seconds of one core.
"""

import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import ks_2samp

from trova_widgets import Workspace
from trova_widgets.records.synthetics import FIRST_PART_EVENTS, TEACHING_EVENTS, TEACHING_SEED, event_name
from trova_widgets.records.synthetics import teaching_events as made
from trova_widgets.resources import share_folder

_PARTS = (5, 25, 50, 75, 95)


def silently(items: Any, label: str, total: int | None = None) -> Any:
    """Watch and show nothing."""
    return items


def main() -> None:
    """Print both tables."""
    with TemporaryDirectory() as folder, Workspace.create(Path(folder) / "study", recipe="article") as workspace:
        workspace.import_teaching_set(progress=silently)
        workspace.compute_fingerprints(progress=silently)
        records, events = workspace.records(), workspace.events()
    ships = {event_name(number, TEACHING_SEED) for number in range(FIRST_PART_EVENTS)}
    print(pd.DataFrame(_compared(records, events, ships)).to_string(index=False, float_format="{:.2f}".format))
    shipped = sum(path.stat().st_size for path in (share_folder("data") / "teaching").rglob("*") if path.is_file())
    print(f"\n{len(ships)} events as they ship: {shipped / 1e6:.1f} MB")
    began, wall = time.process_time(), time.perf_counter()
    size = sum(len(each.content) for each in made(there=ships))
    print(
        f"{TEACHING_EVENTS - len(ships)} further events: {size / 1e6:.1f} MB if they were shipped; made in "
        f"{time.process_time() - began:.1f} s of a core, {time.perf_counter() - wall:.1f} s on the clock"
    )


def _compared(records: pd.DataFrame, events: pd.DataFrame, ships: set[str]) -> Iterator[dict[str, object]]:
    """Yield a row a figure, class and part of the set."""
    of_event = events.set_index("event_id")
    records = records.assign(
        distance_km=_distances(records, of_event), magnitude=records["event_id"].map(of_event["magnitude"])
    )
    counted = records.groupby("event_id").agg(
        event_class=("event_class", "first"), records=("record_id", "size"), magnitude=("magnitude", "first")
    )
    # the last event of the first part is cut, so that it has as many records as the article's set
    counted = counted.drop(index=event_name(FIRST_PART_EVENTS - 1, TEACHING_SEED)).reset_index()
    figures = [(records, name) for name in ("snr_db", "distance_km", "cutoff_hz")]
    figures += [(counted, name) for name in ("magnitude", "records")]
    for frame, name in figures:
        for event_class, some in [("all", frame), *frame.groupby("event_class")]:
            first = some.loc[some["event_id"].isin(ships), name].dropna()
            further = some.loc[~some["event_id"].isin(ships), name].dropna()
            chance = ks_2samp(first, further).pvalue
            for part, values in (("first part", first), ("further", further)):
                quantiles = dict(zip((f"{q} %" for q in _PARTS), np.percentile(values, _PARTS), strict=True))
                yield {
                    "figure": name,
                    "class": event_class,
                    "part": part,
                    "count": len(values),
                    "mean": values.mean(),
                    **quantiles,
                    "chance": chance,
                }


def _distances(records: pd.DataFrame, of_event: pd.DataFrame) -> pd.Series:
    east = np.radians(records["station_longitude"] - records["event_id"].map(of_event["longitude"]))
    north = np.radians(records["station_latitude"] - records["event_id"].map(of_event["latitude"]))
    middle = np.radians((records["station_latitude"] + records["event_id"].map(of_event["latitude"])) / 2)
    return 6371.0 * np.hypot(east * np.cos(middle), north)


if __name__ == "__main__":
    main()
