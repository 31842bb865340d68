"""Recipes and fingerprints: computed once, kept, compared."""

from dataclasses import replace

import numpy as np
import pandas as pd

from trova_widgets.errors import RecipeError, RecordError
from trova_widgets.experiments import DEVELOPMENT, WorkerPool
from trova_widgets.fingerprinting import FingerprintRecipe, find_cutoff, fingerprint, pack, unpack
from trova_widgets.records import Waveform
from trova_widgets.store import RecordFilter, measured_value
from trova_widgets.workspace import fitting, imaging
from trova_widgets.workspace.changing import changing
from trova_widgets.workspace.progress import Progress, progress_bar
from trova_widgets.workspace.tasks.base import WorkspaceBase, must_work


class FingerprintTasks(WorkspaceBase):
    """What is done with fingerprints."""

    @changing
    def use_recipe(self, recipe: FingerprintRecipe, name: str = "") -> None:
        """Make a recipe the workspace's default.

        Raises
        ------
        RecipeError, StoreError
            When its selection compares with statistics that are not fitted, or not there.
        """
        self.statistics(recipe)
        self._store.add_recipe(recipe.identity, name or recipe.identity[:8], recipe.to_dict())
        self._store.set_default_recipe(recipe.identity)

    @changing
    def fit_recipe(
        self,
        recipe: FingerprintRecipe | None = None,
        *,
        dataset: str | None = None,
        progress: Progress = progress_bar,
    ) -> FingerprintRecipe:
        """Fit the selection "mad": the median and the MAD of each Haar coefficient over records of the workspace.

        Each record counts once, at its own cut-off, which is found where it is not known. Of more records than 128 MiB
        of coefficients (4,096 of 64 by 64) a draw of so many is taken, always the same one, which tells the median to
        two hundredths of the spread; FAST draws likewise (Rong et al., 2018, doi 10.14778/3236187.3236214). The
        statistics are kept in the workspace's folder ``statistics``; those that were fitted to the same records before
        are not fitted again.

        Parameters
        ----------
        recipe : FingerprintRecipe, optional
            The selection must be "mad"; statistics that it names are replaced. The workspace's default, if left out.
        dataset : str, optional
            A data set whose training records alone are fitted to; all records of the workspace, if left out.
        progress : Progress
            Who watches.

        Returns
        -------
        FingerprintRecipe
            The recipe with the statistics' identity, by which it is another recipe than with any other statistics. It
            is not made the workspace's default.

        Raises
        ------
        RecipeError
            When the selection is another one, or the recipe cannot be applied to two records.
        StoreError
            When there is no such data set, or the disk is full.

        Notes
        -----
        No event's class is looked at. Still, the medians of all records know those that a network is later measured on,
        as one does who standardises by a whole archive; name a data set to keep its test, validation and hold-out
        events out of them. `plan` counts the records outside of a data set's training that the medians know.
        """
        chosen = recipe or self.recipe()
        if chosen.selection != "mad":
            raise RecipeError(
                f"The selection {chosen.selection!r} compares with no statistics; choose the selection 'mad' to fit "
                "them."
            )
        records = None if dataset is None else self._training_records(dataset)
        return fitting.fit(
            self._store, self._waveforms, self._statistics, replace(chosen, statistics=""), records, progress
        )

    @changing
    def compute_fingerprints(
        self,
        recipe: FingerprintRecipe | None = None,
        *,
        dataset: str | None = None,
        workers: int | None = None,
        pool: WorkerPool | None = None,
        progress: Progress = progress_bar,
    ) -> imaging.FingerprintReport:
        """Find the cut-off of each record and compute its five fingerprints, where they are missing, on all cores.

        Killed at any moment, it loses those of the last second or so; called again, it does what is missing.

        Parameters
        ----------
        recipe : FingerprintRecipe, optional
            It becomes the workspace's default; without it, the present default is used. With the selection "mad" and no
            statistics it is fitted first (`fit_recipe`); a default that is fitted keeps its statistics, so that new
            records are compared with the same medians as those before.
        dataset : str, optional
            Fit the selection "mad" to the training records of this data set, even where the recipe is fitted.
        workers : int, optional
            How many threads compute, where there is no pool; one a core, if left out.
        pool : WorkerPool, optional
            Processes that compute in the place of threads, faster once they have started, and are left to whoever
            started them; the selection "mad" is fitted by threads all the same.
        progress : Progress
            Who watches.

        Returns
        -------
        FingerprintReport
            What was computed, and which records the recipe cannot be applied to, and why.

        Raises
        ------
        RecipeError, StoreError
            As in `fit_recipe`, with the selection "mad" or where a data set is named.
        PlanError
            When no thread is to work.
        """
        must_work(workers)
        chosen = recipe or self.recipe()
        if dataset is not None or not chosen.is_fitted:
            chosen = self.fit_recipe(chosen, dataset=dataset, progress=progress)
        fitted = self.statistics(chosen)
        self.use_recipe(chosen)
        return imaging.compute_fingerprints(
            self._store, self._waveforms, chosen, fitted, progress, workers=workers, pool=pool
        )

    def fingerprints_of(self, record_id: str, recipe: FingerprintRecipe | None = None) -> dict[int, np.ndarray]:
        """Return a record's kept fingerprints: bool arrays by variant, -2 to 2; those that are missing are absent."""
        chosen = recipe or self.recipe()
        cutoff_hz = measured_value(self._record(record_id), "cutoff_hz")
        if cutoff_hz is None:
            return {}
        ids = imaging.variant_ids(record_id, chosen, cutoff_hz)
        frame = self._store.fingerprints(fingerprint_ids=ids)
        return {int(row.variant): unpack(row.bits, int(row.size)) for row in frame.itertuples(index=False)}

    def similar(self, record_id: str, count: int = 10) -> pd.DataFrame:
        """Return the records whose fingerprints are most like this one's.

        Parameters
        ----------
        record_id : str
        count : int, default 10
            How many, at most.

        Returns
        -------
        DataFrame
            Columns ``record_id``, ``similarity`` (Jaccard, 0 to 1), ``event_id``, ``event_class``, ``station``,
            ``start_time``; the most similar first.

        Raises
        ------
        StoreError
            When there is no such record, or it has no fingerprint of the default recipe.
        RecordError
            When the count is below 1.
        """
        if count < 1:
            raise RecordError(f"{count} records are none; ask for 1 or more.")
        self._must_have(record_id, "record")
        return self._described(self._similarity_index.most_similar(record_id, self.recipe().identity, count))

    def similar_to(
        self,
        waveform: Waveform,
        *,
        onset_s: float | None = None,
        cutoff_hz: float | None = None,
        count: int = 10,
        besides: str = "",
    ) -> pd.DataFrame:
        """Return the records whose fingerprints are most like that of a record which need not be in this workspace.

        Parameters
        ----------
        waveform : Waveform
            The record.
        onset_s : float, optional
            After its first sample [s]; found by the engine, if left out.
        cutoff_hz : float, optional
            Of the high-pass [Hz]; found in the record, if left out.
        count : int, default 10
            How many, at most.
        besides : str
            A record of this workspace that does not count, where it is that one.

        Returns
        -------
        DataFrame
            As of `similar`.

        Raises
        ------
        StoreError
            When no record has a fingerprint of the default recipe.
        RecordError, RecipeError
            When the default recipe cannot be applied to the record, or the count is below 1.
        """
        if count < 1:
            raise RecordError(f"{count} records are none; ask for 1 or more.")
        recipe = self.recipe()
        fitted, samples, rate = self.statistics(recipe), waveform.samples, waveform.sampling_rate_hz
        if recipe.highpass == "off":
            cutoff_hz = None
        elif cutoff_hz is None:
            cutoff_hz = find_cutoff(samples, rate, recipe, onset_s=onset_s).cutoff_hz
        bits = fingerprint(
            samples,
            rate,
            recipe,
            onset_s=onset_s,
            cutoff_hz=cutoff_hz,
            statistics=fitted.values if fitted else None,
        )
        return self._described(
            self._similarity_index.most_similar_to(pack(bits), recipe.identity, count, besides=besides)
        )

    def _described(self, found: pd.DataFrame) -> pd.DataFrame:
        """Return similar records with what the store has of them."""
        columns = ["record_id", "event_id", "event_class", "station", "start_time"]
        records = self._store.records(RecordFilter(record_ids=found["record_id"].tolist()))
        return found.merge(records[columns], on="record_id")

    def _training_records(self, dataset: str) -> list[str]:
        members = self._store.dataset_members(self._store.dataset(dataset).dataset_id)
        return list(members.loc[members["split"].isin(["training", DEVELOPMENT]), "record_id"].unique())
