"""Figure data as the plain lists and words that the results page's template draws."""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from trova_widgets.figures.colour import ColourScale, ink_on
from trova_widgets.figures.confusion import Confusion
from trova_widgets.figures.diagram import LayerBox
from trova_widgets.figures.field import Field, Index, short_name, spoken
from trova_widgets.figures.influence import InfluenceBar
from trova_widgets.figures.learning import LearningCurve
from trova_widgets.figures.parallel import Parallel
from trova_widgets.figures.surfaces import SurfaceSheet
from trova_widgets.models.results_reading import Reading
from trova_widgets.models.results_table import number
from trova_widgets.models.words import class_title, duration, moment, percent

_WHY = {
    "missing": "Not run yet.",
    "running": "Being trained.",
    "failed": "The trial failed.",
    "impossible": "No network can be built from this combination.",
}
_UNIT = 100.0


def legend_words(scale: ColourScale) -> dict[str, Any]:
    """Return a colour scale: its colours, and its ticks with their places in percent."""
    ticks = [{"at": 100 * float(scale.share(tick)), "text": f"{tick:g}"} for tick in scale.ticks()]
    return {"title": scale.title, "colours": list(scale.colours), "ticks": ticks}


def edge_words(field: Field, axis: int) -> dict[str, str]:
    """Return what stands along an edge of the cube."""
    values = field.values[axis]
    return {"title": short_name(field.names[axis]), "range": f"{spoken(values[0])} … {spoken(values[-1])}"}


def trial_words(reading: Reading, position: Index, trial_id: str) -> dict[str, Any]:
    """Return the card of a combination and of the trial that is chosen of it."""
    quality, gradient = reading.quality, reading.gradient
    trials = reading.trials_at(position)
    state = str(quality.state[position])
    chosen = trials[trials["trial_id"] == trial_id]
    row = chosen.iloc[0].to_dict() if len(chosen) else {}
    errors = [error for error in trials["error"] if isinstance(error, str)] if state == "failed" else []
    cell = int(np.ravel_multi_index(position, quality.shape)) + 1
    return {
        "title": f"Combination {cell} of {quality.mean.size}",
        "state": state,
        "why": " ".join([_WHY.get(state, ""), *errors[:1]]).strip(),
        "quality": percent(quality.mean[position]),
        "deviation": f"± {percent(quality.deviation[position])}" if quality.count[position] > 1 else "",
        "gradient": number(gradient.mean[position], ".4f"),
        "parameters": number(row.get("parameter_count"), ",.0f"),
        "seconds": duration(row.get("seconds")) or "–",
        "values": [
            {"name": short_name(name), "full": name, "value": spoken(value)}
            for name, value in quality.value_at(position).items()
        ],
        "seeds": [
            {"seed": str(seed), "trial_id": identity, "quality": percent(value) or "–", "here": identity == trial_id}
            for seed, identity, value in zip(trials["seed"], trials["trial_id"], trials["quality"], strict=True)
        ],
    }


def matrix_words(matrix: Confusion) -> dict[str, Any]:
    """Return a confusion matrix with its margins, each cell with its background and its ink."""
    own = matrix.counts.sum(axis=1, keepdims=True)
    share = np.divide(matrix.counts, own, out=np.zeros(matrix.counts.shape), where=own > 0)
    rows = []
    for true, name in enumerate(matrix.classes):
        cells = [
            {
                "count": int(matrix.counts[true, column]),
                "share": percent(matrix.shares[true, column]),
                **_shade(share[true, column], right=true == column),
            }
            for column in range(len(matrix.classes))
        ]
        margins = {
            "sensitivity": percent(matrix.sensitivity[true]) or "–",
            "specificity": percent(matrix.specificity[true]) or "–",
        }
        rows.append({"slug": name, "name": class_title(name), "cells": cells, **margins})
    return {
        "classes": [class_title(name) for name in matrix.classes],
        "rows": rows,
        "positive": [percent(value) or "–" for value in matrix.positive_value],
        "negative": [percent(value) or "–" for value in matrix.negative_value],
        "accuracy": percent(matrix.accuracy),
        "total": matrix.total,
        "wrong": matrix.wrong,
    }


def mistake_words(mistakes: pd.DataFrame) -> list[dict[str, str]]:
    """Return the records that a trial took for something else."""
    return [
        {
            "record_id": str(row.record_id),
            "event": str(row.event_id),
            "true": class_title(str(row.event_class)),
            "predicted": class_title(str(row.predicted)),
            "probability": percent(row.probability, 0),
        }
        for row in mistakes.itertuples(index=False)
    ]


def remark_words(remarks: pd.DataFrame) -> list[dict[str, str]]:
    """Return what people wrote beside a trial."""
    return [
        {"text": str(row.text), "author": str(row.author), "when": moment(row.made_at)}
        for row in remarks.itertuples(index=False)
    ]


def curve_words(curve: LearningCurve) -> list[str]:
    """Return what the series of a training were measured on, such as ``training`` and ``test``."""
    return [
        name.replace("_accuracy", "").replace("_loss", "").replace("_", " ") for name in curve.shares or curve.losses
    ]


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


def surface_words(sheet: SurfaceSheet) -> dict[str, Any]:
    """Return surfaces as the points of polygons."""
    left, top, width, height = (side * _UNIT for side in sheet.bounds)
    return {
        "view": f"{left - 6:.1f} {top - 8:.1f} {width + 12:.1f} {height + 24:.1f}",
        "across": {"text": sheet.across, "x": sheet.across_end[0] * _UNIT, "y": sheet.across_end[1] * _UNIT + 9},
        "up": {"text": sheet.up, "x": sheet.up_end[0] * _UNIT, "y": sheet.up_end[1] * _UNIT + 9},
        "surfaces": [
            {
                "title": surface.title,
                "at_slider": surface.at_slider,
                "patches": [
                    [_points(patch), colour] for patch, colour in zip(surface.patches, surface.colours, strict=True)
                ],
                "holes": [_points(patch) for patch in surface.hole_patches],
                "frame": [_points(line) for line in surface.frame],
                "nodes": [
                    [round(x * _UNIT, 1), round(y * _UNIT, 1), [int(place) for place in index]]
                    for (x, y), index in zip(surface.nodes, surface.index, strict=True)
                    if np.isfinite(y)
                ],
                "stem": _points(surface.stem),
            }
            for surface in sheet.surfaces
        ],
    }


def parallel_words(lines: Parallel) -> dict[str, Any]:
    """Return parallel coordinates as the points of polylines on a page of 1000 by 260."""
    across = np.linspace(60, 940, len(lines.axes))
    down = 240 - 200 * lines.heights
    return {
        "axes": [
            {"title": axis.title, "x": float(x), "ticks": [[240 - 200 * height, text] for height, text in axis.ticks]}
            for axis, x in zip(lines.axes, across, strict=True)
        ],
        "lines": [
            [" ".join(f"{x:.0f},{y:.1f}" for x, y in zip(across, row, strict=True)), colour, [int(i) for i in index]]
            for row, colour, index in zip(down, lines.colours, lines.index, strict=True)
        ],
        "chosen": -1 if lines.chosen is None else lines.chosen,
        "left_out": lines.left_out,
    }


def influence_words(bars: tuple[InfluenceBar, ...]) -> list[dict[str, Any]]:
    """Return the influence of parameters as bars in percent of the page's width."""
    return [
        {
            "axis": bar.axis,
            "name": bar.name,
            "main": percent(bar.main) or "–",
            "width": round(100 * float(np.nan_to_num(bar.main)), 1),
            "step": number(bar.step, ".4f"),
            "reach": number(bar.reach, ".4f"),
        }
        for bar in bars
    ]


def _shade(share: float, *, right: bool) -> dict[str, str]:
    # what is right is blue, what is wrong is red, and both fade to the card's white
    full = np.array([0.18, 0.36, 0.55]) if right else np.array([0.74, 0.25, 0.18])
    rgb = 1 - (1 - full) * float(share) ** 0.7
    red, green, blue = np.rint(255 * rgb).astype(int)
    return {"ground": f"rgb({red}, {green}, {blue})", "ink": ink_on(rgb)}


def _points(line: ArrayLike) -> str:
    return " ".join(f"{x * _UNIT:.1f},{y * _UNIT:.1f}" for x, y in np.asarray(line))
