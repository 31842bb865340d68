"""The trials of a plan: its cells, each a combination of the varied settings, and the repeats of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

from trova_widgets.errors import RecipeError
from trova_widgets.experiments.plan import EPOCHS, PRECISION, Plan
from trova_widgets.fingerprinting import FingerprintRecipe
from trova_widgets.networks import Check, Checker
from trova_widgets.space import FOLD, SEED, CellIdentities, Trial, TrialIdentities, Value, group_of

_SELECTION, _STATISTICS, _SIZE = "fingerprint.selection", "fingerprint.statistics", "fingerprint.size"


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One combination of the varied settings.

    Parameters
    ----------
    index : int
        Place in the grid, the last axis running fastest (C order).
    values : mapping
        The varied settings alone.
    settings : mapping
        Every setting; the seed is the plan's first one, where it does not vary.
    buildable : bool
        It can be run.
    reason : str or None
        Why it cannot.
    warnings : tuple of str
        The rules of the table of constraints that it breaks; it is run all the same.
    """

    index: int
    values: Mapping[str, Value]
    settings: Mapping[str, Value]
    buildable: bool
    reason: str | None
    warnings: tuple[str, ...]


def cells(plan: Plan, class_count: int = 3) -> tuple[Cell, ...]:
    """Return every combination of a plan, with whether it can be run, before anything runs.

    Parameters
    ----------
    plan : Plan
        The plan.
    class_count : int
        Number of classes of the data set.

    Returns
    -------
    tuple of Cell
        In C order of the axes.

    Examples
    --------
    >>> plan = Plan.make(network_type="CNN", dataset_id="d",
    ...                  axes=["convolution2dLayer_2_Padding=[0:1:3]", "convolution2dLayer_2_filterSize=[1:1:8]"])
    >>> grid = cells(plan)
    >>> len(grid), sum(cell.buildable for cell in grid), sum(bool(cell.warnings) for cell in grid)
    (32, 32, 6)
    """
    return tuple(_cells(plan, class_count))


def trials(plan: Plan, every: Sequence[Cell], own_recipe: Mapping[str, Any] | None = None) -> tuple[Trial, ...]:
    """Return the trials of a plan in the order in which they should run.

    The grid fills from coarse to fine: first the ends of every axis, then the middles between them, so that a
    cube shows its shape long before it is full; the second fold starts when the first has been everywhere, and the
    second seed when the first has told all folds.

    Parameters
    ----------
    plan : Plan
        The plan.
    every : sequence of Cell
        Its `cells`.
    own_recipe : mapping, optional
        As of `TrialIdentities`.

    Returns
    -------
    tuple of Trial
        For each cell that can be run, each fold and each seed.

    Examples
    --------
    >>> plan = Plan.make(network_type="CNN", dataset_id="d", axes={"averagePooling2dLayer_6_poolSize": "1:5"})
    >>> [trial.cell for trial in trials(plan, cells(plan))]
    [0, 4, 2, 1, 3]
    """
    ranks = [_coarse_to_fine(length) for length in plan.shape]
    order = [(max(levels, default=0), sum(levels)) for levels in product(*ranks)]
    buildable = [cell for cell in every if cell.buildable]
    buildable.sort(key=lambda cell: (order[cell.index], cell.index))
    seeds: Sequence[int | None] = [None] if SEED.name in plan.axes else plan.seeds
    identities = TrialIdentities(plan.space, plan.network_type, plan.architecture, plan.dataset_id, own_recipe)
    folds: Sequence[int | None] = plan.folds or [None]
    known = [(cell, identities.of_cell(cell.settings)) for cell in buildable]
    return tuple(_trial(plan, cell, fold, seed, told) for seed in seeds for fold in folds for cell, told in known)


def shortened(
    plan: Plan, whole: Sequence[Trial], epochs: int, own_recipe: Mapping[str, Any] | None = None
) -> tuple[Trial, ...]:
    """Return trials with fewer epochs: others than the whole ones, with identities of their own.

    Parameters
    ----------
    plan : Plan
        The plan.
    whole : sequence of Trial
        Some of its `trials`.
    epochs : int
        How long each is to be trained instead; where that is what the plan says, it is the whole trial.
    own_recipe : mapping, optional
        As of `TrialIdentities`.

    Examples
    --------
    >>> plan = Plan.make(network_type="CNN", dataset_id="d", axes={"averagePooling2dLayer_6_poolSize": "1:2"})
    >>> whole = trials(plan, cells(plan))
    >>> short = shortened(plan, whole, 3)
    >>> [trial.settings["training.epochs"] for trial in short], short[0].trial_id == whole[0].trial_id
    ([3, 3], False)
    >>> shortened(plan, whole, 15) == whole
    True
    """
    identities = TrialIdentities(plan.space, plan.network_type, plan.architecture, plan.dataset_id, own_recipe)
    # an older plan leaves the precision open: which one it came to is no part of an identity
    told = {PRECISION: plan.settings[PRECISION]} if plan.value_of(PRECISION) == "auto" else {}
    return tuple(
        trial
        if trial.settings[EPOCHS] == epochs
        else replace(
            trial,
            trial_id=identities.of({**trial.settings, **told, EPOCHS: epochs}),
            settings={**trial.settings, EPOCHS: epochs},
        )
        for trial in whole
    )


def _cells(plan: Plan, class_count: int) -> Iterator[Cell]:
    space, names = plan.space, tuple(plan.axes)
    # what is checked and completed once; only the varied settings, and what follows them, change from cell to cell
    ground = plan.settings
    followers = space.followers({**plan.base, **plan.fixed, **plan.axes})
    checker = Checker(plan.model, class_count)
    recipes: dict[tuple[Value, ...], str | None] = {}
    of_recipe = [place for place, name in enumerate(names) if name.startswith("fingerprint.")]
    for index, combination in enumerate(product(*plan.axes.values())):
        varied = dict(zip(names, combination, strict=True))
        settings = {**ground, **varied}
        for follower, leader in followers:
            settings[follower] = settings[leader]
        if settings[_SELECTION] != "mad":
            settings[_STATISTICS] = ""
        key = tuple(combination[place] for place in of_recipe)
        if key not in recipes:
            recipes[key] = _recipe_problem(settings)
        problem = recipes[key]
        result = (
            checker.check(settings, int(settings[_SIZE]))
            if problem is None
            else Check(buildable=False, reason=problem, warnings=())
        )
        yield Cell(
            index=index,
            values=varied,
            settings=settings,
            buildable=result.buildable,
            reason=result.reason,
            warnings=result.warnings,
        )


def _recipe_problem(settings: Mapping[str, Value]) -> str | None:
    try:
        FingerprintRecipe.from_dict(group_of(settings, FingerprintRecipe.prefix))
    except RecipeError as error:
        return f"The fingerprints cannot be computed: {error}"
    return None


def _trial(plan: Plan, cell: Cell, fold: int | None, seed: int | None, told: CellIdentities) -> Trial:
    settings = dict(cell.settings)
    if seed is None:
        seed = int(settings[SEED.name])
    else:
        settings[SEED.name] = seed
    if fold is not None:
        settings[FOLD.name] = fold
    return Trial(
        trial_id=told.of(fold, seed),
        cell=cell.index,
        axis_values=cell.values,
        network_type=plan.network_type,
        architecture=plan.architecture,
        dataset_id=plan.dataset_id,
        settings=settings,
    )


def _coarse_to_fine(length: int) -> list[int]:
    """Return for each place on an axis in which round of halving it comes up; the ends come in round 0."""
    rank = [0] * length
    gaps = [(0, length - 1)]
    level = 1
    while gaps:
        halved = [(low, (low + high) // 2, high) for low, high in gaps if high - low > 1]
        for _, middle, _ in halved:
            rank[middle] = level
        gaps = [half for low, middle, high in halved for half in ((low, middle), (middle, high))]
        level += 1
    return rank
