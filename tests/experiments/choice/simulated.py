"""Losses whose truth is known, and a runner that trains what a race asks for."""

import numpy as np

from trova_widgets.experiments.choice import Losses, Race, RaceRules, race


def losses_of(error, *, events=100, seeds=1, folds=5, luck=0.0, seed=0):
    """Cells with these shares of errors; the luck of a training is normal with this standard deviation."""
    rng = np.random.default_rng(seed)
    fold = np.arange(events) % folds
    share = np.asarray(error)[:, None, None] + rng.normal(0, luck, (len(error), seeds, folds))[:, :, fold]
    # the same events are hard for all cells
    hard = np.where(rng.random(share.shape) < 0.5, rng.random(events), rng.random(share.shape))
    wrong = hard < share
    return Losses(values=wrong.astype(float), folds=fold)


def run_race(losses: Losses, rules: RaceRules, rng: np.random.Generator | None = None) -> tuple[Race, Losses]:
    """Train what the race asks for; with a generator in any order, some at a time, asking anew each time."""
    there = np.zeros_like(losses.measured)
    while True:
        seen = losses.select(trainings=there)
        now = race(seen, rules)
        if now.reason is not None:
            return now, seen
        asked = list(now.next)
        if rng is not None:
            asked = [asked[place] for place in rng.permutation(len(asked))[: rng.integers(1, len(asked) + 1)]]
        for training in asked:
            there[training] = True
