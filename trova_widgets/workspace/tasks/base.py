"""The base of every group of tasks: the folder of a workspace, its store, its files."""

import getpass
from pathlib import Path

import pandas as pd

from trova_widgets.access import AccessKeys
from trova_widgets.errors import PlanError, RecipeError, StoreError
from trova_widgets.fingerprinting import FingerprintRecipe, recipe_named
from trova_widgets.names import nearest
from trova_widgets.store import Store
from trova_widgets.workspace.event_types import EventTypeTable
from trova_widgets.workspace.record_features import LookedAt
from trova_widgets.workspace.running import RunFolder
from trova_widgets.workspace.similarity_index import SimilarityIndex
from trova_widgets.workspace.statistics import FittedStatistics, StatisticsFolder
from trova_widgets.workspace.waveforms import WaveformFolder

#: What lists the things that have an identity.
_LISTED_BY = {"event": "events()", "record": "records()", "experiment": "experiments()", "trial": "trials(experiment)"}


class WorkspaceBase:
    """The folder of a workspace, its store, and the look-ups that several tasks need.

    Parameters
    ----------
    path : Path
        The folder.
    store : Store
        Its open database.
    """

    def __init__(self, path: Path, store: Store) -> None:
        self.path = path
        self._store = store
        self._author = ""
        self._waveforms = WaveformFolder(path / "waveforms")
        self._statistics = StatisticsFolder(path / "statistics")
        self._runs = RunFolder(path)
        self._seeks = RunFolder(path, "searches", "trova_widgets.workspace.seeker")
        self._similarity_index = SimilarityIndex(store)
        self._event_types = EventTypeTable(path)
        self._looked_at = LookedAt()

    @property
    def author(self) -> str:
        """Whose name stands under labels and remarks: the user of this system, or who was admitted."""
        return self._author or getpass.getuser()

    @property
    def access(self) -> AccessKeys:
        """Who may come to the pages of this workspace from elsewhere, and as what."""
        self.must_write()
        return AccessKeys(self.path)

    def must_write(self) -> None:
        """Refuse at once where nothing may be changed.

        Raises
        ------
        StoreError
            When this is a copy for reading, or a visitor's.
        """
        self._store.must_write()

    def recipe(self, recipe_id: str | None = None) -> FingerprintRecipe:
        """Return a recipe by its identity; the workspace's default one where none is named."""
        recipes = self._store.recipes()
        rows = recipes[recipes["is_default"] if recipe_id is None else recipes["recipe_id"] == recipe_id]
        if not rows.empty:
            return FingerprintRecipe.from_dict(rows["values"].iloc[0])
        if recipe_id is None:
            return recipe_named("signed")
        raise StoreError(
            f"There is no recipe {recipe_id!r} in this workspace; {nearest(recipe_id, recipes['recipe_id'])}."
        )

    def statistics(self, recipe: FingerprintRecipe) -> FittedStatistics | None:
        """Return what a recipe's selection compares with; None with another selection than "mad".

        Raises
        ------
        RecipeError
            When the recipe is not fitted yet, or to planes that it does not make.
        StoreError
            When its statistics are not there, or damaged.
        """
        if recipe.selection != "mad":
            return None
        if not recipe.is_fitted:
            raise RecipeError(
                "The selection 'mad' compares with the medians of many records, to which this recipe is not fitted "
                "yet; fit_recipe does it, and so does compute_fingerprints."
            )
        fitted = self._statistics.read(recipe.statistics)
        if fitted.plane_identity != recipe.plane_identity:
            raise RecipeError(
                f"The statistics {recipe.statistics} are of another recipe's Haar planes; leave them out and fit this "
                "recipe anew."
            )
        return fitted

    def _record(self, record_id: str) -> pd.Series:
        found = self._store.record(record_id)
        if found.empty:
            raise StoreError(f"There is no record {record_id!r} in this workspace; look it up with records().")
        return found.iloc[0]

    def _must_have(self, subject: str, *kinds: str) -> None:
        """Refuse what is nothing of some kinds: a name that somebody mistyped."""
        if self._store.kinds_of(subject).isdisjoint(kinds):
            raise StoreError(
                f"There is no {' or '.join(kinds)} {subject!r} in this workspace; look it up with "
                f"{' or '.join(_LISTED_BY[kind] for kind in kinds)}."
            )


def must_work(workers: int | None) -> None:
    """Refuse a number of workers with which nothing would be done.

    Raises
    ------
    PlanError
        When there is none.
    """
    if workers is not None and workers < 1:
        raise PlanError(f"{workers} workers cannot run anything; ask for 1 or more, or leave the number out.")
