"""A finished experiment as one page of HTML: its cube turns, its pictures follow each other, no network is asked."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from functools import cache
from html import escape
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from trova_widgets.errors import PlanError
from trova_widgets.figures.colour import scale_of
from trova_widgets.figures.spread import axis_title, shares
from trova_widgets.space import Index, format_value, format_values, short_name
from trova_widgets.wording import spoken
from trova_widgets.workspace.classified import matrix_intervals
from trova_widgets.workspace.documents import page

if TYPE_CHECKING:
    from trova_widgets.workspace.results import ExperimentResults

#: Beyond this many trainings the single ones are left out: their cells say what they said together.
_TRIALS_AT_MOST = 20_000
_WHY = {
    "missing": "not run yet",
    "running": "being trained",
    "failed": "its training failed",
    "impossible": "no network can be built",
}
_DIGITS = 5
#: The shares of a matrix, in the order in which the document has how sure they are.
_SHARES = ("row_shares", "sensitivity", "specificity", "positive_value", "negative_value", "accuracy")
_READING = (
    "A cell is one combination of the varied settings. Its quality is the share of records that networks told "
    "right which had never seen the event, pooled over folds and seeds; intervals are at 95 %, by a bootstrap of "
    "events and of the luck of trainings. A cell cannot be told from the best when the model confidence set "
    "(Hansen, Lunde and Nason 2011) holds it at 90 %; in all pictures it has a dark ring or a white point. The "
    "orange ring is the picked cell: pick another one in any picture or in the table, and all others follow. The "
    "gradient is the length of the largest steps to the neighbours along each axis: low is stable. The influence "
    "of a setting is the standard deviation, from value to value, of the mean quality over all other settings, in "
    "points, what chance adds taken off. Nothing was chosen on the hold-out."
)


def experiment_page(results: ExperimentResults) -> str:
    """Return all that an experiment has found as the text of an HTML page.

    Parameters
    ----------
    results : ExperimentResults
        What it has found.

    Raises
    ------
    PlanError
        When no trial of it has finished.
    """
    if results.grid.holes.all():
        raise PlanError(
            f"No trial of {results.experiment} has finished yet, so there is nothing to show; run it first."
        )
    axes = list(range(min(len(results.shown_grid.shape), 3)))
    body = "".join(
        [
            _head(results),
            _figures(results),
            _data(results, "quality", axes, results.shown_place),
            _ranged(_CUBE, results),
            _PICTURES,
            _MATRIX,
            _drawn(results),
            _TABLE,
            _provenance(results),
            f'<section><h2>How to read this</h2><p class="small soft">{escape(_READING)}</p></section>',
        ]
    )
    scripts = ("grid.js", "cube.js", "pictures.js", "page.js")
    return page(results.experiment, [body], style=_asset("page.css"), script="".join(map(_asset, scripts)))


def cube_page(results: ExperimentResults, of: str, axes: Sequence[int], place: Index) -> str:
    """Return the cube alone, as the text of an HTML page.

    Parameters
    ----------
    results : ExperimentResults
        What an experiment has found.
    of : {"quality", "gradient"}
        What is shown first.
    axes : sequence of int
        The settings along its edges; further ones have a slider.
    place : tuple of int
        The cell that is picked first.
    """
    body = _data(results, of, list(axes[:3]), place) + _ranged(_CUBE_ALONE, results)
    scripts = ("grid.js", "cube.js", "page.js")
    style = _asset("page.css") + "main { padding: 8px; gap: 8px; } main > p { display: none; }"
    return page(results.experiment, [body], style=style, script="".join(map(_asset, scripts)))


_TOOLS = """
<div class="tools"><span role="group" aria-label="What is shown">
<button data-of="quality">Quality</button> <button data-of="gradient">Gradient</button></span>
<div data-part="legend"></div><label>Show <input type="range" data-part="threshold" {range}
aria-label="Lowest quality shown">
<output data-part="threshold-said">all</output></label>
<button data-part="best">Best cell</button><button data-part="reset">Reset the view</button></div>
<div class="sliders" data-part="sliders"></div><div data-part="cube"></div>
<p class="small soft">Drag to turn. Ring: cannot be told from the best. Orange ring: the picked cell. Cross: no
result. Arrow keys and Page keys walk through the grid, with Shift they turn it.</p>
"""
_HATCH = (
    '<svg width="0" height="0" style="position:absolute" aria-hidden="true"><defs><pattern id="hatch" width="6" '
    'height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="6" height="6" fill="#c9ced4"/>'
    '<path d="M0 0V6" stroke="#8a939c" stroke-width="2"/></pattern></defs></svg>'
)
_NO_SCRIPT = "<noscript><p>The pictures of this page are drawn by a script, which is switched off here.</p></noscript>"
_CUBE = f"""<section><h2>Cube</h2>{_NO_SCRIPT}
<div class="two"><div>{_TOOLS}</div><div data-part="card"></div></div></section>"""
_CUBE_ALONE = f"<section>{_TOOLS}</section>"
_PICTURES = f"""{_HATCH}<section><h2>Images</h2><div class="pictures" data-part="images"></div></section>
<section><h2>Line charts</h2><div class="scroll" data-part="lines"></div></section>
<section><h2>Quality against gradient</h2><div class="scroll" data-part="tradeoff"></div>
<p class="small soft">Dashed: the Pareto front, of which nothing is both better and more stable.</p></section>"""
_MATRIX = '<section><h2>Confusion matrix of the picked cell</h2><div class="scroll" data-part="matrix"></div></section>'
_TABLE = '<section><h2>All cells</h2><div class="scroll" data-part="table"></div></section>'


@cache
def _asset(name: str) -> str:
    return files("trova_widgets.workspace.views").joinpath("offline", name).read_text(encoding="utf-8")


def _ranged(section: str, results: ExperimentResults) -> str:
    """Give the slider of the threshold the ends of what there is."""
    known = results.grid.mean[~results.grid.holes]
    low, high = (float(known.min()), float(known.max())) if known.size else (0.0, 1.0)
    ends = f'min="{low - 0.0005:.4f}" max="{high:.4f}" step="0.001" value="{low - 0.0005:.4f}"'
    return section.replace("{range}", ends)


def _head(results: ExperimentResults) -> str:
    names = [short_name(name) for name in results.grid.names]
    over = f"Quality over {', '.join(names)}." if names else "The network as it was saved."
    return (
        f'<div><h1>{escape(results.experiment)}</h1><p class="soft">{escape(over)}</p>'
        f"<p>{escape(results.sentence)}</p></div>"
    )


def _figures(results: ExperimentResults) -> str:
    told = [
        (f"{results.grid.mean.size:,}", "cells"),
        (f"{int(results.grid.count.sum()):,}", "finished trainings"),
        (_share(results.best.quality), f"{results.objective} of the best cell"),
    ]
    if results.is_sure:
        told.append((f"{int(results.indistinct.sum()):,}", "cells cannot be told from the best"))
        expected, held = results.expectation, results.holdout
        if expected is not None:
            said = f"to expect of it ({_range(expected.low, expected.high)}), without the luck of the choice"
            told.append((_share(expected.quality), said))
        if held is not None:
            told.append((_share(held.value), f"on the hold-out ({_range(held.low, held.high)}), {held.events} events"))
    shown = "".join(f'<div><b>{escape(what)}</b><span class="soft">{escape(said)}</span></div>' for what, said in told)
    return f'<section><div class="figures">{shown}</div></section>'


def _data(results: ExperimentResults, of: str, axes: Sequence[int], place: Index) -> str:
    """Return the numbers that the pictures are drawn from, as a block of JSON that no text can break out of."""
    text = json.dumps(_content(results, of, axes, place), ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    safe = text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    return f'<script type="application/json" id="trova-data">{safe}</script>'


def _content(results: ExperimentResults, of: str, axes: Sequence[int], place: Index) -> dict[str, Any]:
    grid = results.shown_grid
    steep = grid.of_gradient()
    states = [str(state) for state in dict.fromkeys(grid.state.ravel().tolist())]
    picked = int(np.ravel_multi_index(place, grid.shape))
    content: dict[str, Any] = {
        "of": of,
        "drawn": list(axes),
        "axes": [
            {
                "title": short_name(name),
                "along": axis_title(name, values, logarithmic=name in results.logarithmic),
                "labels": [format_value(value) for value in values],
                "at": _numbers(shares(values, logarithmic=name in results.logarithmic)),
            }
            for name, values in zip(grid.names, grid.values, strict=True)
        ],
        "scales": {
            "quality": _scale("quality", grid.mean, "Quality Q [%]"),
            "gradient": _scale("gradient", steep.mean, "Gradient [points a step]"),
        },
        "classes": [spoken(name) for name in results.classes],
        "best": picked,
        "quality": _numbers(grid.mean),
        "gradient": _numbers(steep.mean),
        "repeats": grid.count.ravel().tolist(),
        "state": [states.index(str(state)) for state in grid.state.ravel()],
        "reasons": [_WHY.get(state, state) for state in states],
        "parameters": _parameters(results),
    }
    if results.is_sure:
        low, high = results.intervals
        content |= {
            "low": _numbers(low),
            "high": _numbers(high),
            "inside": results.indistinct.ravel().astype(int).tolist(),
        }
        counts: list[Any] = [None] * grid.mean.size
        for cell, matrix in zip(results.evidence.cells, results.evidence.confusion, strict=True):
            counts[int(cell)] = np.rint(matrix).astype(int).ravel().tolist()
        content |= {"confusion": counts, "sure": _sure(results)}
    finished = results.table[results.table["state"] == "finished"]
    if len(finished) <= _TRIALS_AT_MOST:
        columns = (finished[name].tolist() for name in ("cell", "fold", "seed"))
        folds = finished["fold"].notna().tolist()
        content["trials"] = [
            [int(cell), int(fold) if known else None, int(seed), number]
            for (cell, fold, seed), known, number in zip(
                zip(*columns, strict=True), folds, _numbers(finished["quality"].to_numpy(dtype=float)), strict=True
            )
        ]
    return content


def _sure(results: ExperimentResults) -> list[list[int | None] | None]:
    """Return of each cell how sure the shares of its matrix are: lower and upper ends in turn, in whole per cent."""
    found: list[list[int | None] | None] = [None] * results.grid.mean.size
    cells = results.evidence.cells
    intervals = matrix_intervals(results)
    ends = np.concatenate([np.stack(intervals[name], axis=-1).reshape(len(cells), -1) for name in _SHARES], axis=1)
    for cell, row in zip(cells, ends, strict=True):
        found[int(cell)] = [int(f"{100 * end:.0f}") if np.isfinite(end) else None for end in row]
    return found


def _scale(objective: str, numbers: ArrayLike, title: str) -> dict[str, Any]:
    scale = scale_of(objective, numbers, stretched=True)
    return {"title": title, "low": scale.low, "high": scale.high, "colours": list(scale.colours)}


def _numbers(array: ArrayLike) -> list[float | None]:
    flat = np.ravel(np.asarray(array, dtype=float))
    return [
        round(each, _DIGITS) if known else None for each, known in zip(flat.tolist(), np.isfinite(flat), strict=True)
    ]


def _parameters(results: ExperimentResults) -> list[int | None]:
    """Return how many numbers the network of each cell learns."""
    found: list[int | None] = [None] * results.grid.mean.size
    known = results.table[results.table["parameter_count"].notna()].drop_duplicates("cell")
    for cell, count in zip(known["cell"], known["parameter_count"], strict=True):
        found[int(cell)] = int(count)
    return found


def _drawn(results: ExperimentResults) -> str:
    """Return what does not follow the picked cell: the influence, and network and learning of the best cell."""
    views = [("Influence on the quality", results.influence()), ("Network of the best cell", results.diagram())]
    if results.read_trial is not None:
        views.append(("Learning of the best cell", results.learning()))
    return "".join(
        f'<section><h2>{escape(title)}</h2><div class="paper">{view.svg[view.svg.index("<svg") :]}</div></section>'
        for title, view in views
    )


def _provenance(results: ExperimentResults) -> str:
    plan = results.plan
    rows = [*_origin(results)]
    rows += [(name, format_values(values), "varied") for name, values in plan.axes.items()]
    fixed = [(name, format_value(value), "") for name, value in plan.settings.items() if name not in plan.axes]
    body, rest = (
        "".join(
            f"<tr><td>{escape(name)}</td><td>{escape(value)}</td><td class='soft'>{escape(said)}</td></tr>"
            for name, value, said in part
        )
        for part in (rows, fixed)
    )
    return (
        f'<section><h2>Where it comes from</h2><table class="settings">{body}</table>'
        f'<details><summary>All {len(fixed)} settings that do not vary</summary><table class="settings">{rest}</table>'
        "</details></section>"
    )


def _origin(results: ExperimentResults) -> Iterator[tuple[str, str, str]]:
    plan = results.plan
    yield "network", f"{plan.network_type}, {plan.architecture}", ""
    yield from results.origin
    yield "classes", ", ".join(results.classes), ""
    yield "folds", ", ".join(map(str, plan.folds)) or "one split", ""
    yield "seeds", ", ".join(map(str, plan.seeds)), ""
    yield "measured on", f"{results.measured_on:,} records", f"{results.objective} by {results.by}"
    seconds = float(results.table["seconds"].sum())
    yield "computing", f"{seconds / 3600:.1f} h" if seconds > 3600 else f"{seconds / 60:.1f} min", "of all trainings"


def _share(share: float) -> str:
    return f"{100 * share:.1f} %"


def _range(low: float, high: float) -> str:
    return f"{100 * low:.1f} to {100 * high:.1f}"
