"""Figure data as the plain lists and words that the results page's template draws."""

from collections.abc import Mapping, Sequence
from statistics import fmean
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from trova_widgets.figures.colour import ColourScale, ink_on
from trova_widgets.figures.confusion import Confusion
from trova_widgets.figures.diagram import LayerBox
from trova_widgets.figures.learning import LearningCurve
from trova_widgets.figures.screen.learning import COLOURS, series_name
from trova_widgets.figures.telling import HOLE_WORDS
from trova_widgets.models.formatting import class_title, duration, moment, percent
from trova_widgets.models.results_reading import Reading
from trova_widgets.models.results_table import number
from trova_widgets.space import Grid, Index, format_value, short_name
from trova_widgets.wording import spoken

if TYPE_CHECKING:
    from trova_widgets.workspace.classified import Classified
    from trova_widgets.workspace.results import ExperimentResults

#: More records than this are not listed under the matrix.
LISTED_AT_MOST = 200


def legend_words(scale: ColourScale) -> dict[str, Any]:
    """Return a colour scale: its colours, and its ticks with their places in percent, and its ends."""
    ticks = [{"at": 100 * float(scale.share(tick)), "text": scale.written(tick)} for tick in scale.ticks(4)]
    return {
        "title": scale.title,
        "colours": list(scale.colours),
        "ticks": ticks,
        "share": scale.is_share,
        "ends": [scale.low, scale.high],
    }


def held_words(grid: Grid, locked: frozenset[int], position: Index, edges: int) -> str:
    """Return which parameters are held because a cube has three edges, and how to see them; nothing where none is."""
    names = [short_name(name) for name in grid.names]
    if len(names) <= edges or not locked:
        return ""
    first = names[min(locked)]
    free = [axis for axis in range(len(names)) if axis not in locked]
    instead = f" Set it free, and {names[free[-1]]} is held instead." if len(free) == edges and len(locked) == 1 else ""
    held = [f"{names[axis]} at {format_value(grid.values[axis][position[axis]])}" for axis in sorted(locked)]
    numbers = {4: "Four", 5: "Five", 6: "Six"}
    return (
        f"{numbers.get(len(names), str(len(names)))} parameters vary and a cube has three edges: held is "
        f"{', '.join(held)}. Above, {first} has a small cube for each of its values; its slider, or ▶ beside it, runs "
        f"through them in all views.{instead}"
    )


def trial_words(reading: Reading, position: Index, trial_id: str) -> dict[str, Any]:
    """Return the card of a combination and of the trial that is chosen of it."""
    quality, gradient = reading.quality, reading.gradient
    trials = reading.trials_at(position)
    state = str(quality.state[position])
    row = next((each for each in trials if each["trial_id"] == trial_id), {})
    held_out = [float(each["holdout"]) for each in trials if not pd.isna(each["holdout"])]
    cell = int(np.ravel_multi_index(position, quality.shape)) + 1
    repeats = int(quality.count[position])
    return {
        "title": f"Combination {cell} of {quality.mean.size}",
        "best": reading.best is not None and position == reading.best_place,
        "state": state,
        "why": _why(reading, position),
        "quality": percent(quality.mean[position]),
        "repeats": _repeats(reading, position),
        "indistinct": reading.indistinct is not None and bool(reading.indistinct[position]),
        "holdout": percent(fmean(held_out) if held_out else None) or "–",
        "gradient": number(gradient.mean[position], ".4f"),
        "parameters": number(row.get("parameter_count"), ",.0f"),
        "seconds": duration(row.get("seconds")) or "–",
        "folded": reading.indistinct is not None,
        # the curve and the mistakes are those of one training
        "of_repeat": f"{_repeat(row)}: {percent(row['quality'])}" if row and repeats > 1 else "",
        "values": [
            {"name": short_name(name), "full": name, "value": format_value(value)}
            for name, value in quality.cell(position).items()
        ],
        "trials": [
            {
                "repeat": _repeat(each),
                "trial_id": each["trial_id"],
                "quality": percent(each["quality"]) or "–",
                "here": each["trial_id"] == trial_id,
            }
            for each in trials
        ],
    }


def _why(reading: Reading, position: Index) -> str:
    """Return why a combination has no result: the state in words, and the layer or the error behind it."""
    if not reading.quality.holes[position]:
        return ""
    said = HOLE_WORDS.get(str(reading.quality.state[position]), "no result")
    why = reading.certainty.why(position) if reading.certainty.why is not None else ""
    return f"{said[0].upper()}{said[1:]}{f': {why}' if why else '.'}"


def _repeats(reading: Reading, position: Index) -> str:
    """Return how sure the quality of a combination is, and of how many trials it is made."""
    count = int(reading.quality.count[position])
    if reading.low is not None and reading.high is not None:
        low, high = reading.low[position], reading.high[position]
        return f"{100 * low:.1f} to {percent(high)}, {count} {'repeats' if count > 1 else 'repeat'}"
    return f"± {percent(reading.quality.deviation[position])}, mean of {count} seeds" if count > 1 else "one seed"


def _repeat(trial: Mapping[str, Any]) -> str:
    """Return what tells a trial of a combination from its others."""
    seed = f"seed {trial['seed']}"
    return seed if pd.isna(trial["fold"]) else f"fold {trial['fold']}, {seed}"


def matrix_words(matrix: Confusion, by: str) -> dict[str, Any]:
    """Return a confusion matrix with its margins and intervals, each cell with its background and its ink."""
    share = np.nan_to_num(matrix.row_shares)
    titles = [class_title(name) for name in matrix.classes]
    rows = []
    for true, name in enumerate(matrix.classes):
        cells = [
            {
                "slug": matrix.classes[column],
                "count": int(matrix.counts[true, column]),
                "share": percent(matrix.row_shares[true, column]) or "–",
                "ends": _ends(matrix, "row_shares", true, column),
                "told": f"{titles[true]} taken for {titles[column].lower()}",
                **_shade(share[true, column], right=true == column),
            }
            for column in range(len(matrix.classes))
        ]
        margins = {
            figure: {"share": percent(getattr(matrix, figure)[true]) or "–", "ends": _ends(matrix, figure, true)}
            for figure in ("sensitivity", "specificity")
        }
        rows.append({"slug": name, "name": class_title(name), "cells": cells, **margins})
    values = {
        short: [
            {"share": percent(value) or "–", "ends": _ends(matrix, figure, column)}
            for column, value in enumerate(getattr(matrix, figure))
        ]
        for short, figure in (("positive", "positive_value"), ("negative", "negative_value"))
    }
    return {
        "classes": titles,
        "rows": rows,
        **values,
        "accuracy": {"share": percent(matrix.accuracy), "ends": _ends(matrix, "accuracy")},
        "total": matrix.total,
        "wrong": matrix.wrong,
        "by": by,
    }


def _ends(matrix: Confusion, figure: str, *at: int) -> str:
    """Return the interval of a share, in per cent; nothing where it is not known."""
    if figure not in matrix.intervals:
        return ""
    low, high = (float(ends[at]) for ends in matrix.intervals[figure])
    return "" if np.isnan(low) else f"{100 * low:.0f} to {100 * high:.0f}"


def missed_words(reading: Reading, record_id: str) -> str:
    """Return how many combinations tell a record wrong."""
    events = reading.results.told.measured().set_index("record_id")["event_id"]
    what = f"{events.loc[record_id]}" if reading.results.by == "event" else f"a record of {events.loc[record_id]}"
    wrong, every = int(reading.missed_by(record_id).sum()), int((~reading.quality.holes).sum())
    return f"{what} is told wrong by {wrong} of {every}"


def measured_words(results: "ExperimentResults") -> str:
    """Return the arguments of ``Workspace.results`` that are not as usual."""
    objective = f", {results.objective!r}" if results.objective != "accuracy" else ""
    return objective + (f", by={results.by!r}" if results.by != "record" else "")


def taken_words(told: "Classified", cell: Sequence[str], line: str, *, listed: bool = True) -> dict[str, Any]:
    """Return the records in a cell of the matrix, or all that were taken for something else, as a list to read.

    Parameters
    ----------
    told : Classified
        What was told.
    cell : sequence of str
        True and predicted class; empty for all mistakes.
    line : str
        The line of a notebook that has what was told.
    listed : bool
        Whether the records are seen; otherwise it is told only how many there are.
    """
    records, times = told.times(*cell)
    noun = told.by if records == 1 else f"{told.by}s"
    said = f"{times:,} times" if times != 1 else "once"
    if not cell:
        title = f"All mistakes: {records:,} {noun}, {said}"
    elif cell[0] == cell[1]:
        title = f"{class_title(cell[0])}, told right: {records:,} {noun}, {said}"
    else:
        title = f"{class_title(cell[0])} taken for {class_title(cell[1]).lower()}: {records:,} {noun}, {said}"
    shown = [
        {
            "record_id": str(row.record_id),
            "event": str(row.event_id),
            "true": class_title(str(row.event_class)),
            "predicted": class_title(str(row.predicted)),
            "times": f"{row.times} of {row.told}",
            "probability": percent(row.probability, 0),
        }
        for row in (told.records(*cell).head(LISTED_AT_MOST).itertuples(index=False) if listed else ())
    ]
    more = f"The first {LISTED_AT_MOST} of {records:,}. " if records > LISTED_AT_MOST else ""
    more += f"In a notebook: {line}.records({', '.join(map(repr, cell))})"
    return {"title": title, "records": shown, "more": more, "several": len(told.tellings) > told.size}


def remark_words(remarks: pd.DataFrame) -> list[dict[str, str]]:
    """Return what people wrote beside a trial."""
    return [
        {"text": str(row.text), "author": str(row.author), "when": moment(row.made_at)}
        for row in remarks.itertuples(index=False)
    ]


def curve_words(curve: LearningCurve) -> dict[str, Any]:
    """Return what a learning curve was measured on, with the colours, and its numbers as a table."""
    names = list(dict.fromkeys(series_name(name) for name in (*curve.shares, *curve.losses)))
    series = [*curve.shares.items(), *curve.losses.items()]
    return {
        "names": [{"name": name, "colour": COLOURS[at % len(COLOURS)]} for at, name in enumerate(names)],
        "columns": ["epoch", *(spoken(name) for name, _ in series)],
        "rows": [
            [f"{epoch:g}", *(_at_epoch(name, values[at]) for name, values in series)]
            for at, epoch in enumerate(curve.epochs)
        ],
    }


def _at_epoch(name: str, value: float) -> str:
    return number(value, ".3f") if "loss" in name else percent(value) or "–"


def layer_words(boxes: tuple[LayerBox, ...]) -> list[dict[str, Any]]:
    """Return the boxes of a network's diagram."""
    return [
        {
            "position": box.position,
            "title": box.title,
            "text": box.text,
            "varied": [{"name": name, "value": value} for name, value in box.varied],
            "shape": box.shape,
            "parameters": f"{box.parameters:,}" if box.parameters else "",
            "level": round(100 * box.level, 1),
        }
        for box in boxes
    ]


def _shade(share: float, *, right: bool) -> dict[str, str]:
    # what is right is blue, what is wrong is red, and both fade to the card's white
    full = np.array([0.18, 0.36, 0.55]) if right else np.array([0.74, 0.25, 0.18])
    rgb = 1 - (1 - full) * float(share) ** 0.7
    red, green, blue = np.rint(255 * rgb).astype(int)
    return {"ground": f"rgb({red}, {green}, {blue})", "ink": ink_on(rgb)}
