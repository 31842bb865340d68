"""Records of a workspace on all cores: read ahead in groups of one sampling rate, each with its onset and cut-off."""

import time
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from trova_widgets.errors import RecipeError, RecordError
from trova_widgets.experiments import WorkerDiedError, WorkerPool
from trova_widgets.fingerprinting import FingerprintRecipe, find_cutoffs
from trova_widgets.processes import usable_cores
from trova_widgets.store import ParameterRow
from trova_widgets.workspace.waveforms import WaveformFolder

# What is read and computed at a time ends with the file in which it has reached so many records, or samples (32 MiB).
_RECORDS = 32
_SAMPLES = 1 << 22
# So many of these are under way for each core: what waits for the store does not stop the others.
_AHEAD = 2
# A group with a record that is refused is done again in so many parts, down to the record by itself.
_PARTS = 8

Item = TypeVar("Item")


@dataclass(frozen=True, kw_only=True, eq=False)
class RecordGroup:
    """Some records of one sampling rate, read.

    Attributes
    ----------
    rows : DataFrame
        Their rows of `Store.records`.
    samples : list of ndarray of float64
        Their samples; lengths may differ.
    sampling_rate_hz : float
        Samples a second [Hz].
    onsets_s : ndarray of float64, shape (n,)
        Onsets after the start of each record [s]; NaN where none is known.
    cutoffs_hz : ndarray of float64, shape (n,)
        Cut-offs as they are known, or as they have been found just now [Hz].
    found : list of list of ParameterRow
        For each record the rows that keep its cut-off, where it had to be found.
    """

    rows: pd.DataFrame
    samples: Sequence[NDArray[np.float64]]
    sampling_rate_hz: float
    onsets_s: NDArray[np.float64]
    cutoffs_hz: NDArray[np.float64]
    found: list[list[ParameterRow]]

    @classmethod
    def of(
        cls,
        rows: pd.DataFrame,
        samples: Sequence[NDArray[np.float64]],
        sampling_rate_hz: float,
        recipe: FingerprintRecipe,
    ) -> "RecordGroup":
        """Make a group of records, finding the cut-offs that are not known.

        Raises
        ------
        RecipeError, RecordError
            When the recipe cannot be applied to one of them.
        """
        onsets_s, cutoffs_hz = measured_values(rows, "onset_s"), measured_values(rows, "cutoff_hz")
        found: list[list[ParameterRow]] = [[] for _ in samples]
        unknown = np.flatnonzero(np.isnan(cutoffs_hz)).tolist()
        cutoffs = find_cutoffs(
            [samples[place] for place in unknown], sampling_rate_hz, recipe, onsets_s=onsets_s[unknown]
        )
        for place, cutoff in zip(unknown, cutoffs, strict=True):
            cutoffs_hz[place] = cutoff.cutoff_hz
            found[place] = [
                ParameterRow(
                    record_id=rows["record_id"].iloc[place],
                    name=name,
                    value=value,
                    source="found",
                    author="trova",
                    made_at_ns=time.time_ns(),
                )
                for name, value in (("cutoff_hz", cutoff.cutoff_hz), ("cutoff_confidence", cutoff.confidence))
            ]
        return cls(
            rows=rows,
            samples=samples,
            sampling_rate_hz=sampling_rate_hz,
            onsets_s=onsets_s,
            cutoffs_hz=cutoffs_hz,
            found=found,
        )


@dataclass(frozen=True, kw_only=True)
class Outcome(Generic[Item]):
    """What became of a record.

    Attributes
    ----------
    record_id : str
        The record.
    item : object or None
        What was made of it; None where it was refused.
    refusal : str
        Which record it is, and why the recipe cannot be applied to it; empty where it can.
    """

    record_id: str
    item: Item | None = None
    refusal: str = ""


def measured_values(rows: pd.DataFrame, name: str) -> NDArray[np.float64]:
    """Return a parameter of each record, NaN where it was never measured."""
    if name not in rows:
        return np.full(len(rows), np.nan)
    values: NDArray[np.float64] = rows[name].to_numpy(dtype=np.float64, copy=True)
    return values


def describe(row: pd.Series) -> str:
    """Describe a record as people do: its channel and its start."""
    channel = ".".join(row[part] for part in ("network", "station", "location", "channel"))
    return f"{channel} of {row['start_time']:%Y-%m-%d %H:%M:%S}"


def each_record(
    rows: pd.DataFrame,
    waveforms: WaveformFolder,
    recipe: FingerprintRecipe,
    work: Callable[[RecordGroup], Sequence[Item]],
    workers: int | None = None,
    pool: WorkerPool | None = None,
) -> Generator[Outcome[Item], None, None]:
    """Read records, find the cut-offs that are not known, do work on them in groups, and yield what became of each.

    Threads do it, since the Fourier transforms and the long steps of numpy let others work, or processes that are there
    already, a third faster; what they are ahead of whoever takes the outcomes is bounded, and so is the memory, by a
    few dozen records (or files) each.

    Parameters
    ----------
    rows : DataFrame
        Rows of `Store.records`.
    waveforms : WaveformFolder
        Where their samples are.
    recipe : FingerprintRecipe
        What finds the cut-offs.
    work : callable
        Given a `RecordGroup`, returns something for each of its records, the same as for each alone. Where it raises
        `RecipeError` or `RecordError`, the group is parted until the record that is refused stands by itself.
    workers : int, optional
        How many threads, where there is no pool; one a core, if left out.
    pool : WorkerPool, optional
        Processes that do it in the place of threads, and are left; the work must pickle. What one was doing that has
        died is done once more.

    Yields
    ------
    Outcome
        One for each record, file by file.
    """
    count = pool.workers if pool is not None else workers or usable_cores()
    waiting: deque[tuple[pd.DataFrame, Future[list[Outcome[Item]]]]] = deque()

    def submit(executor: Executor, chunk: pd.DataFrame) -> Future[list[Outcome[Item]]]:
        return executor.submit(_read_and_work, chunk, waveforms, recipe, work)

    def answer(executor: Executor, chunk: pd.DataFrame, future: Future[list[Outcome[Item]]]) -> list[Outcome[Item]]:
        try:
            return future.result()
        except WorkerDiedError:
            # once more: it may have been ended for what others had in memory
            return submit(executor, chunk).result()

    own: AbstractContextManager[Executor]
    own = ThreadPoolExecutor(count, "trova-records") if pool is None else nullcontext(pool)
    with own as executor:
        try:
            for chunk in _chunks(rows):
                waiting.append((chunk, submit(executor, chunk)))
                if len(waiting) > _AHEAD * count:
                    yield from answer(executor, *waiting.popleft())
            while waiting:
                yield from answer(executor, *waiting.popleft())
        finally:
            # an error, or nobody who takes the rest
            for _, future in waiting:
                future.cancel()


def _chunks(rows: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """Yield the rows of whole files, some dozen records at a time: no file is read twice."""
    sample_counts = rows["sample_count"].to_numpy()
    places: list[int] = []
    samples = 0
    for of_file in rows.groupby("file_name").indices.values():
        places += of_file.tolist()
        samples += int(sample_counts[of_file].sum())
        if len(places) >= _RECORDS or samples >= _SAMPLES:
            yield rows.iloc[places]
            places, samples = [], 0
    if places:
        yield rows.iloc[places]


def _read_and_work(
    chunk: pd.DataFrame,
    waveforms: WaveformFolder,
    recipe: FingerprintRecipe,
    work: Callable[[RecordGroup], Sequence[Item]],
) -> list[Outcome[Item]]:
    samples: list[NDArray[np.float64]] = []
    there: list[int] = []
    outcomes: list[Outcome[Item]] = []
    place = 0
    for name, of_file in chunk.groupby("file_name", sort=False):
        for waveform in waveforms.waveforms(name, of_file["trace_index"].tolist()):
            if isinstance(waveform, RecordError):
                outcomes.append(_refused(chunk.iloc[place], waveform))
            else:
                there.append(place)
                samples.append(waveform.samples)
            place += 1
    rows = chunk.iloc[there]
    for rate_hz, places in rows.groupby("sampling_rate_hz").indices.items():
        some = [samples[place] for place in places]
        outcomes += _work_on(rows.iloc[places], some, float(rate_hz), recipe, work)
    return outcomes


def _work_on(
    rows: pd.DataFrame,
    samples: Sequence[NDArray[np.float64]],
    rate_hz: float,
    recipe: FingerprintRecipe,
    work: Callable[[RecordGroup], Sequence[Item]],
) -> list[Outcome[Item]]:
    try:
        items = work(RecordGroup.of(rows, samples, rate_hz, recipe))
    except (RecipeError, RecordError) as error:
        if len(rows) == 1:
            return [_refused(rows.iloc[0], error)]
    else:
        return [Outcome(record_id=name, item=item) for name, item in zip(rows["record_id"], items, strict=True)]
    step = max(1, len(rows) // _PARTS)
    parts = (slice(first, first + step) for first in range(0, len(rows), step))
    return [outcome for part in parts for outcome in _work_on(rows.iloc[part], samples[part], rate_hz, recipe, work)]


def _refused(row: pd.Series, error: Exception) -> Outcome[Item]:
    return Outcome(record_id=row["record_id"], refusal=f"{describe(row)}: {error}")
