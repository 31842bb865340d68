"""What becomes of an answer with the onset taken to be wrong: the best cell's networks, asked about moved windows."""

import numpy as np
import pandas as pd

from trova_widgets.experiments import told_by, told_together
from trova_widgets.experiments.evaluation import figures
from trova_widgets.fingerprinting import FingerprintRecipe
from trova_widgets.space import group_of
from trova_widgets.workspace import record_features
from trova_widgets.workspace.progress import Progress
from trova_widgets.workspace.results import ExperimentResults
from trova_widgets.workspace.tasks.results import ResultTasks, result_recipe

SHIFTS_S = (-8.0, -3.0, -1.5, 0.0, 1.5, 3.0, 8.0)
# the placement curve of so many records is sure to two points
_PLACED = 600


class PlacementTasks(ResultTasks):
    """What is done with the onset taken to be wrong."""

    def _recipe_of(self, found: ExperimentResults) -> FingerprintRecipe:
        """Return the recipe of the best cell."""
        values = {**found.plan.settings, **found.best.cell}
        return FingerprintRecipe.from_dict(group_of(values, FingerprintRecipe.prefix))

    def _placement(
        self, found: ExperimentResults, described: pd.DataFrame, recipe: FingerprintRecipe, progress: Progress
    ) -> tuple[pd.DataFrame | None, tuple[str, ...]]:
        """Return the accuracy of the best cell's networks with the onset taken to be wrong."""
        from trova_widgets.experiments import predict_probabilities

        trials = found.trials_of(found.best.place)
        seed = trials["seed"].min()
        by_fold = {
            int(row.fold): row.trial_id
            for row in trials.itertuples(index=False)
            if row.seed == seed and self._runs.weights_of(row.trial_id).exists()
        }
        some = described[described["fold"].isin(list(by_fold)) & described["onset_s"].notna()]
        if some.empty:
            return None, ("No placement curve: the weights of the networks are not here, run the experiment here.",)
        # whole events, as they come in the order of their names
        events = some["event_id"].drop_duplicates().sort_values()
        share = min(1.0, _PLACED / len(some))
        some = some[some["event_id"].isin(events.iloc[:: max(1, round(1 / share))])].reset_index(drop=True)
        result = self._store.trial(next(iter(by_fold.values())))
        recipe = FingerprintRecipe.from_dict(result_recipe(result, found.plan))
        images = record_features.images_at(
            self._store,
            self._waveforms,
            some,
            recipe,
            self.statistics(recipe),
            SHIFTS_S,
            progress,
            variants=told_by(result.settings, recipe.variants),
        )
        classes = self._store.dataset(found.plan.dataset_id).classes
        told = np.zeros((len(SHIFTS_S), len(some), len(classes)))
        for fold, trial_id in by_fold.items():
            here = np.flatnonzero(some["fold"].to_numpy(dtype=int) == fold)
            values = group_of(self._store.trial(trial_id).settings, "")
            weights = self._runs.weights_of(trial_id).read_bytes()
            shown = images[:, here]
            said = predict_probabilities(
                found.plan.model, values, weights, shown.reshape(-1, *shown.shape[3:]), len(classes)
            )
            told[:, here] = told_together(said.reshape(-1, shown.shape[2], len(classes))).reshape(*shown.shape[:2], -1)
        truth = np.array([classes.index(name) for name in some["event_class"]], dtype=np.int64)
        numbers = pd.factorize(some["event_id"])[0]
        rows = [
            (shift_s, each.value, each.low, each.high)
            for shift_s, each in (
                (shift_s, figures(one, truth, numbers).accuracy) for shift_s, one in zip(SHIFTS_S, told, strict=True)
            )
        ]
        return pd.DataFrame(rows, columns=["shift_s", "accuracy", "low", "high"]), ()
