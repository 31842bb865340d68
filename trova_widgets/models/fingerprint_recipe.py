"""The recipe that is being tried: taken up, changed, fitted, used, and applied to all records."""

from collections.abc import Iterable
from dataclasses import asdict, replace
from typing import Any

import pandas as pd
from traitlets import Bool, Dict, List, Unicode

from trova_widgets.errors import RecipeError
from trova_widgets.fingerprinting import RECIPES, FingerprintRecipe
from trova_widgets.models.application import ApplicationModel
from trova_widgets.models.changing import changing
from trova_widgets.models.page import PageModel

_NOT_FITTED = (
    "This selection compares each coefficient with its median over many records, which is not known for this recipe "
    "yet: choose the records, and fit the medians."
)


class RecipeModel(PageModel):
    """The state and the actions of a page on which a recipe is tried.

    Attributes
    ----------
    values : dict
        The recipe, a value a parameter, but for its statistics: those of the same Haar planes are looked up.
    recipes : list of dict
        Those of the workspace, and those that have a name anyway: ``value`` (the identity) and ``title``.
    is_default : bool
        Whether the recipe is the one that the workspace uses.
    is_fitted : bool
        Whether nothing is missing: the selection "mad" wants its medians fitted.
    bases : list of dict
        What they can be fitted to: ``value`` and ``title``.
    basis : str
        What they are to be fitted to: all records (empty), or the training records of a data set.
    refusal : str
        Why the recipe cannot be applied, as a sentence.
    report : str
        What the last computation of all fingerprints did.
    """

    values = Dict()
    recipes = List(Dict())
    is_default = Bool(True)
    is_fitted = Bool(True)
    bases = List(Dict())
    basis = Unicode("")
    refusal = Unicode("")
    report = Unicode("")

    def __init__(self, application: ApplicationModel) -> None:
        self._known: dict[str, FingerprintRecipe] = {}
        self._default = FingerprintRecipe()
        # the statistics that are known, by the planes that they are of
        self._statistics: dict[str, str] = {}
        super().__init__(application)

    def take_recipe(self, recipe_id: str) -> None:
        """Go on from one of the recipes that are listed."""
        if recipe_id in self._known:
            self._take(self._known[recipe_id])

    @changing
    def use_recipe(self) -> None:
        """Make the recipe the workspace's default."""
        if recipe := self._recipe():
            self.do("Keeping the recipe", lambda: self.workspace.use_recipe(recipe), lambda _: self._recipe_used())

    @changing
    def fit(self) -> None:
        """Fit the medians that the recipe's selection compares with to the records that are chosen as their basis."""
        if recipe := self._recipe():
            bare, dataset = replace(recipe, statistics=""), self.basis or None
            self.do(
                "Fitting the medians",
                lambda: self.workspace.fit_recipe(bare, dataset=dataset, progress=self.watched),
                self._fitted,
            )

    @changing
    def compute_all(self) -> None:
        """Compute the fingerprints of all records with the recipe, which becomes the workspace's default."""
        self.report = ""
        if recipe := self._recipe():
            dataset = self.basis or None
            self.do("Computing fingerprints", lambda: self._compute(recipe, dataset), self._computed)

    def _redraw(self, change: Any = None) -> None:
        """Show what the recipe makes."""
        raise NotImplementedError

    def _recipe(self) -> FingerprintRecipe | None:
        """Return the recipe as far as it is fitted, or None where the values are no recipe, and say why."""
        try:
            recipe = FingerprintRecipe.from_dict(self.values)
        except RecipeError as error:
            self.is_fitted = True
            self._refuse(str(error))
            return None
        if recipe.selection == "mad":
            recipe = replace(recipe, statistics=self._statistics.get(recipe.plane_identity, ""))
        self.is_default, self.is_fitted = recipe == self._default, recipe.is_fitted
        return recipe

    def _fitted_recipe(self) -> FingerprintRecipe | None:
        """Return the recipe if it can be applied; say what is missing if not."""
        recipe = self._recipe()
        if recipe is not None and not recipe.is_fitted:
            self._refuse(_NOT_FITTED)
            return None
        return recipe

    def _refuse(self, sentence: str) -> None:
        self.refusal = sentence

    def _show_recipes(self, recipes: pd.DataFrame, default: FingerprintRecipe, datasets: Iterable[str]) -> None:
        self._default = default
        there = dict(zip(recipes["recipe_id"], map(FingerprintRecipe.from_dict, recipes["values"]), strict=True))
        # of several statistics of the same planes, those in use come first, then the last ones
        for known in (default, *reversed(there.values())):
            if known.statistics:
                self._statistics.setdefault(known.plane_identity, known.statistics)
        self._known = {**there, **{recipe.identity: recipe for recipe in RECIPES.values()}}
        called = {recipe.identity: name for name, recipe in RECIPES.items()}
        # one that nobody has given a name has the beginning of its identity
        for recipe_id, name in zip(recipes["recipe_id"], recipes["name"], strict=True):
            if recipe_id not in called or not recipe_id.startswith(name):
                called[recipe_id] = name
        self.recipes = [
            {"value": each, "title": f"{called[each]}{' (in use)' if recipe == default else ''}"}
            for each, recipe in self._known.items()
        ]
        self.bases = [
            {"value": "", "title": "All records"},
            *({"value": name, "title": f"The training of {name}"} for name in datasets),
        ]
        if not self.values:
            self._take(default)
        self._recipe()

    def _take(self, recipe: FingerprintRecipe) -> None:
        if recipe.statistics:
            self._statistics[recipe.plane_identity] = recipe.statistics
        values = {name: value for name, value in asdict(recipe).items() if name != "statistics"}
        if values == self.values:
            self._redraw()
        self.values = values

    def _compute(self, recipe: FingerprintRecipe, dataset: str | None) -> tuple[FingerprintRecipe, str]:
        if not recipe.is_fitted:
            recipe = self.workspace.fit_recipe(recipe, dataset=dataset, progress=self.watched)
        return recipe, str(self.workspace.compute_fingerprints(recipe, progress=self.watched))

    def _fitted(self, recipe: FingerprintRecipe) -> None:
        self._statistics[recipe.plane_identity] = recipe.statistics
        self._redraw()

    def _computed(self, done: tuple[FingerprintRecipe, str]) -> None:
        recipe, self.report = done
        if recipe.statistics:
            self._fitted(recipe)
        self.application.refresh()

    def _recipe_used(self) -> None:
        self.application.notify("The workspace now uses this recipe.")
        self.application.refresh()
