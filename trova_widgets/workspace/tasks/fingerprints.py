"""Recipes and fingerprints: computed once, kept, compared."""

import numpy as np
import pandas as pd

from trova_widgets.fingerprinting import FingerprintRecipe, unpack
from trova_widgets.store import RecordFilter
from trova_widgets.workspace import imaging
from trova_widgets.workspace.progress import Progress, progress_bar
from trova_widgets.workspace.tasks.ground import Ground


class FingerprintTasks(Ground):
    """What is done with fingerprints."""

    def recipes(self) -> pd.DataFrame:
        """Return the recipes that fingerprints were computed with."""
        return self._store.recipes()

    def use_recipe(self, recipe: FingerprintRecipe, name: str = "") -> None:
        """Make a recipe the workspace's default."""
        self._store.add_recipe(recipe.identity, name or recipe.identity[:8], recipe.to_dict())
        self._store.set_default_recipe(recipe.identity)

    def compute_fingerprints(
        self, recipe: FingerprintRecipe | None = None, *, progress: Progress = progress_bar
    ) -> imaging.FingerprintReport:
        """Find the cut-off of each record and compute its five fingerprints, where they are missing.

        Parameters
        ----------
        recipe : FingerprintRecipe, optional
            It becomes the workspace's default; without it, the present default is used.
        progress : Progress
            Who watches.

        Returns
        -------
        FingerprintReport
            What was computed, and which records the recipe cannot be applied to, and why.
        """
        self._store.must_write()
        chosen = recipe or self.recipe()
        self.use_recipe(chosen)
        return imaging.compute_fingerprints(self._store, self._waveforms, chosen, progress)

    def fingerprints_of(self, record_id: str, recipe: FingerprintRecipe | None = None) -> dict[int, np.ndarray]:
        """Return a record's kept fingerprints: bool arrays by variant, -2 to 2; those that are missing are absent."""
        chosen = recipe or self.recipe()
        cutoff_hz = imaging.known(self._record(record_id), "cutoff_hz")
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
            When the record has no fingerprint of the default recipe.
        """
        found = self._likeness.most_like(record_id, self.recipe().identity, count)
        columns = ["record_id", "event_id", "event_class", "station", "start_time"]
        records = self._store.records(RecordFilter(record_ids=found["record_id"].tolist()))
        return found.merge(records[columns], on="record_id")
