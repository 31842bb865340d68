"""The answer of an experiment in words that a user can check: which cell, why, and how sure that is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from trova_widgets.space import Value, format_value, short_name

if TYPE_CHECKING:
    from trova_widgets.experiments import Best
    from trova_widgets.workspace.results import ExperimentResults


def told_by_folds(results: ExperimentResults) -> str:
    """Return the answer of an experiment whose cells were measured on folds.

    How many cells cannot be told from the best; which one is taken and why; what to expect of it; and the hold-out.
    """
    best, found = results.best, results.evidence.set
    measured = len(results.evidence.cells)
    inside, confidence = int(found.inside.sum()), f"{100 * found.confidence:g} %"
    if measured == 1:
        parts = []
    elif inside == measured:
        parts = [f"None of the {measured} cells can be told from the best ({confidence})."]
    elif inside == 1:
        parts = [f"One of {measured} cells is better than all others ({confidence})."]
    else:
        parts = [f"{inside} of {measured} cells cannot be told from the best ({confidence})."]
    parts.append(f"Taken: {cell_words(best)}{_why(best, results.margin)}: {_figure(results)}.")
    held = results.holdout
    of = "" if results.objective == "accuracy" and results.by == "record" else " accuracy by record"
    if held is not None:
        parts.append(
            f"On the hold-out, on which nothing was chosen: {_percent(held.value)}{of} ({_range(held.low, held.high)}; "
            f"{held.events} events)."
        )
    return " ".join(parts)


def told_at_first(results: ExperimentResults) -> str:
    """Return the answer of an experiment as long as it is not known how sure that is."""
    best = results.highest
    measured, why = int((~results.grid.holes).sum()), _why(best, results.margin)
    return (
        f"Of {measured:,} cells so far: {cell_words(best)}{why}: {_percent(best.quality)}. How many others cannot be "
        "told from it is being worked out."
    )


def told_by_split(results: ExperimentResults) -> str:
    """Return the answer of an experiment whose cells were measured on one validation split, as the article does."""
    best = results.best
    repeats = f" ± {100 * best.deviation:.1f} over {best.repeats} seeds" if best.repeats > 1 else ""
    holdout = "" if np.isnan(best.holdout) else f", {_percent(best.holdout)} on the hold-out"
    others = best.equal - 1
    why = (
        "No other cell comes within one standard error of it."
        if not others
        else f"{others} other {'cells come' if others > 1 else 'cell comes'} within one standard error "
        f"({100 * best.slack:.1f} points) of the highest; this one is the least steep."
    )
    return f"Best: {cell_words(best)}, {_percent(best.quality)}{repeats}{holdout}. {why}"


def cell_words(best: Best) -> str:
    """Return the values of a cell: ``filterSize 2, numFilters 8``."""
    return settings_words(best.cell)


def settings_words(cell: Mapping[str, Value]) -> str:
    """Return the values of varied settings in words, as of `cell_words`."""
    values = ", ".join(f"{short_name(name)} {format_value(value)}" for name, value in cell.items())
    return values or "the network as saved"


def _why(best: Best, margin: float) -> str:
    if best.equal == 1:
        return ", the highest by more than " + _points(margin)
    return f", the least steep of the {best.equal} that are within {_points(margin)} of the highest"


def _figure(results: ExperimentResults) -> str:
    best, expected = results.best, results.expectation
    repeats = f" over {best.repeats} repeats" if best.repeats > 1 else ""
    objective = "" if results.objective == "accuracy" and results.by == "record" else f" {results.objective}"
    told = f"{_percent(best.quality)}{objective}{' by event' if results.by == 'event' else ''}{repeats}"
    if expected is None:
        return told
    luck = best.quality - expected.quality
    of_which = f", of which {100 * luck:.1f} points are luck" if luck > 0 else ""
    return f"{told}{of_which}: expect {_percent(expected.quality)} ({_range(expected.low, expected.high)})"


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def _range(low: float, high: float) -> str:
    return f"{100 * low:.1f} to {100 * high:.1f}"


def _points(margin: float) -> str:
    points = 100 * margin
    return f"{points:g} point{'' if points == 1 else 's'}"
