"""Recipes and fingerprints: computed once, kept, compared."""

import numpy as np
import pandas as pd

from trova_widgets.errors import StoreError
from trova_widgets.fingerprinting import FingerprintRecipe, most_similar, unpack
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
        """Return the records whose fingerprints are most like this one's, with the Jaccard similarity."""
        frame = self._store.fingerprints(recipe_id=self.recipe().identity).query("variant == 0")
        mine = frame[frame["record_id"] == record_id]
        if mine.empty:
            raise StoreError(
                f"Record {record_id} has no fingerprint of the default recipe; compute fingerprints first."
            )
        others = frame[frame["record_id"] != record_id].reset_index(drop=True)
        packed = np.frombuffer(b"".join(others["bits"]), dtype=np.uint8).reshape(len(others), -1)
        indices, similarities = most_similar(mine["bits"].iloc[0], packed, count)
        found = others.loc[indices, ["record_id"]].assign(similarity=similarities)
        columns = ["record_id", "event_id", "event_class", "station", "start_time"]
        return found.merge(self._store.records()[columns], on="record_id")
