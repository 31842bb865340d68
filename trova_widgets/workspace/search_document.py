"""The report of a search as one page of HTML that needs nothing else: every decision, and its evidence."""

from collections.abc import Iterator, Mapping
from html import escape

import numpy as np

from trova_widgets.durations import duration
from trova_widgets.errors import StoreError
from trova_widgets.experiments.seeking import Search, Step
from trova_widgets.figures.colour import ColourScale, scale_of
from trova_widgets.figures.drawings import bars, colour_bar, image, means_chart
from trova_widgets.space import Grid, Index, Value, format_value, format_values, short_name
from trova_widgets.store import Store
from trova_widgets.workspace.documents import page
from trova_widgets.workspace.elsewhere import share
from trova_widgets.workspace.result_reading import read_results
from trova_widgets.workspace.results import ExperimentResults
from trova_widgets.workspace.searching import SearchReport, figure_words

_READING = (
    "A cell is one combination of the varied settings. Its quality is the share of records that networks told right "
    "which had never seen the event, pooled over folds and seeds; intervals are at 95 %, by a bootstrap of events and "
    "of the luck of trainings. A cell cannot be told from the best when the model confidence set (Hansen, Lunde and "
    "Nason 2011) holds it at 90 %. The influence of a setting is the standard deviation, from value to value, of the "
    "mean quality over all other settings, in points, what chance adds taken off; where its interval begins at 0 it "
    "cannot be told from nothing. Nothing was chosen on the hold-out."
)


def document(store: Store, report: SearchReport) -> str:
    """Return the report of a search as the text of an HTML page.

    Parameters
    ----------
    store : Store
        Where its experiments are.
    report : SearchReport
        The search, and in what state it is.
    """
    search = report.search
    found = {step.experiment_id: results for step in search.decided if (results := _results(store, step)) is not None}
    parts = [
        _head(report),
        _figures(search, found),
        _optimum(search),
        _influences(search),
        _table(search),
        *(_experiment(number, search, step, found) for number, step in enumerate(search.steps, start=1)),
        f'<section><h2>How to read this</h2><p class="small soft">{escape(_READING)}</p></section>',
    ]
    return page(f"Search {search.name}", parts)


def _results(store: Store, step: Step) -> ExperimentResults | None:
    try:
        found = read_results(store, store.experiment(step.experiment_id))
    except StoreError:
        # nothing of it could be built, or somebody has deleted it since; what was decided stands
        return None
    return None if found.grid.holes.all() else found


def _head(report: SearchReport) -> str:
    search = report.search
    over = f"{search.network} on {search.dataset}, {report.state}. {report.message}".rstrip()
    return f'<div><h1>Search {escape(search.name)}</h1><p class="soft">{escape(over)}</p></div>'


def _figures(search: Search, found: Mapping[str, ExperimentResults]) -> str:
    figures: list[tuple[str, str]] = []
    step = search.best_step
    decided = search.decided[-1].decision if search.decided else None
    if step is not None and decided is not None:
        figures.append(
            (figure_words(decided if decided.quality is not None else step.decision or decided), "optimum so far")
        )
        results = found.get(step.experiment_id)
        if results is not None and step.decision is not None and step.decision.cell is not None:
            figures += _sure(results, results.grid.place(step.decision.cell))
    trainings = sum(each.decision.trainings for each in search.decided if each.decision)
    seconds = sum(each.decision.seconds for each in search.decided if each.decision)
    figures += [
        (f"{len(search.decided)}", "experiments decided"),
        (f"{trainings:,}", "trainings"),
        (duration(seconds), "of computing, all cores together"),
    ]
    told = "".join(
        f'<div><b>{escape(figure)}</b><span class="soft">{escape(what)}</span></div>' for figure, what in figures
    )
    return f'<section><div class="figures">{told}</div></section>'


def _sure(results: ExperimentResults, place: Index) -> Iterator[tuple[str, str]]:
    """Yield what to expect of the optimum, and what it gets on the hold-out."""
    expected, held = results.expectation, results.holdout_at(place)
    if expected is not None and place == results.best.place:
        yield share(expected.quality, expected.low, expected.high), "to expect of it, without the luck of the choice"
    if held is not None:
        yield share(held.value, held.low, held.high), f"on the hold-out, {held.events} events"


def _optimum(search: Search) -> str:
    if not search.done and not search.optimum:
        return ""
    before = search.agenda.space.complete({**search.agenda.base, **search.agenda.fixed})
    influences = {each.name: each for each in search.influences}
    rows = []
    for name in search.done:
        where = next((step.experiment for step in search.decided[::-1] if name in step.axes), "")
        here, was = format_value(search.value_of(name)), format_value(before[name])
        told = "" if influences[name].is_told else "no influence could be told"
        changed = f"<b>{escape(here)}</b>" if here != was else escape(here)
        cells = [escape(name), changed, escape(was), escape(where), f'<span class="soft">{told}</span>']
        rows.append("".join(f"<td>{cell}</td>" for cell in cells))
    head = "".join(f"<th>{title}</th>" for title in ("Setting", "Optimum so far", "As saved", "Last varied in", ""))
    waiting = ", ".join(search.waiting)
    rest = f'<p class="soft small">Still to have their turn: {escape(waiting)}.</p>' if waiting else ""
    body = "".join(f"<tr>{row}</tr>" for row in rows)
    return f"<section><h2>The optimum so far</h2><table><tr>{head}</tr>{body}</table>{rest}</section>"


def _influences(search: Search) -> str:
    rows = [
        (short_name(each.name), 100 * each.size, 100 * each.low, 100 * each.high, each.is_told)
        for each in search.influences
        if each.size is not None and each.low is not None and each.high is not None
    ]
    if not rows:
        return ""
    said = "Over the wide range of each setting. Pale: cannot be told from nothing."
    return f'<section><h2>Influence on the quality</h2>{bars(rows, "points")}<p class="small soft">{said}</p></section>'


def _table(search: Search) -> str:
    rows = []
    for number, step in enumerate(search.steps, start=1):
        decision = step.decision
        varied = "<br>".join(f"{escape(name)} {escape(format_values(values))}" for name, values in step.axes.items())
        taken = {} if decision is None else decision.taken
        held = "<br>".join(f"{escape(short_name(name))} {escape(format_value(value))}" for name, value in taken.items())
        words = ["", "", "", ""]
        if decision is not None and decision.cells:
            trained = f"{decision.trainings:,} of {decision.planned:,}"
            words = [f"{decision.cells}", f"{decision.indistinct}", trained, duration(decision.seconds)]
        cells = [
            f"<td>{number}</td><td>{escape(step.experiment)}</td>",
            f'<td class="small">{varied or "the network as saved"}</td>',
        ]
        cells += [f'<td class="number">{escape(word)}</td>' for word in words]
        cells.append(f"<td class='small'>{held or ('under way' if decision is None else 'nothing changed')}</td>")
        rows.append(f"<tr>{''.join(cells)}</tr>")
    titles = (
        "",
        "Experiment",
        "Varied",
        "Cells",
        "Not told from the best",
        "Trainings",
        "Computing",
        "Held from then on",
    )
    head = "".join(f"<th>{title}</th>" for title in titles)
    return f"<section><h2>Experiments</h2><table><tr>{head}</tr>{''.join(rows)}</table></section>"


def _experiment(number: int, search: Search, step: Step, found: Mapping[str, ExperimentResults]) -> str:
    decision, results = step.decision, found.get(step.experiment_id)
    parts = [f"<h2>{number}. {escape(step.experiment or 'Nothing to run')}</h2><p>{escape(step.reason)}</p>"]
    if results is not None:
        if step.axes:
            cell = None if decision is None else decision.cell
            parts += [_images(results, cell), _means(results, cell)]
        parts.append(f'<p class="soft">{escape(results.sentence)}</p>')
    elif decision is not None and step.axes:
        parts.append('<p class="soft">Its results are not there any more, or nothing of it could be run.</p>')
    said = "Under way." if decision is None else decision.reason
    parts.append(f'<div class="decision"><p>{escape(said)}</p></div>')
    return f"<section>{''.join(parts)}</section>"


def _images(results: ExperimentResults, cell: Mapping[str, Value] | None) -> str:
    grid = results.grid
    place: Index = results.best.place if cell is None else grid.place(cell)
    if len(grid.names) < 2:
        return ""
    scale = scale_of("quality", grid.mean, stretched=True)
    shown = (0, 1)
    series = grid.values[2] if len(grid.names) > 2 else (None,)
    pictures = [
        _image(results, grid, scale, place, shown, at if len(grid.names) > 2 else None) for at in range(len(series))
    ]
    bar = colour_bar(scale, "Quality [%]")
    ring = "the best cell, which was not taken" if cell is None else "the cell that was taken"
    said = f"Point: cannot be told from the best. Ring: {ring}. Hatched: without a result."
    rest = [
        f"{short_name(name)} {format_value(values[at])}"
        for name, values, at in zip(grid.names[3:], grid.values[3:], place[3:], strict=True)
    ]
    held = f" At {', '.join(rest)}." if rest else ""
    return (
        f'<div class="pictures">{"".join(f"<figure>{each}</figure>" for each in pictures)}<figure>{bar}</figure></div>'
        f'<p class="small soft">{escape(said + held)}</p>'
    )


def _image(
    results: ExperimentResults, grid: Grid, scale: ColourScale, place: Index, shown: tuple[int, int], third: int | None
) -> str:
    low, high = results.intervals
    held = [*place[:2], *([] if third is None else [third]), *place[3:]]

    def told(pixel: Index) -> str:
        at = (*pixel, *held[2:])
        cell = ", ".join(f"{short_name(name)} {format_value(value)}" for name, value in grid.cell(at).items())
        if np.isnan(grid.mean[at]):
            return f"{cell}: {grid.state[at]}"
        repeats = int(grid.count[at])
        return f"{cell}: {100 * grid.mean[at]:.1f} % ({100 * low[at]:.1f} to {100 * high[at]:.1f}), {repeats} trainings"

    here = third is None or place[2] == third
    return image(
        grid.values[0],
        grid.values[1],
        np.asarray(grid.plane(grid.mean, shown, held), dtype=float),
        scale,
        told,
        marked=np.asarray(grid.plane(results.indistinct, shown, held), dtype=bool),
        taken=(place[0], place[1]) if here else None,
        names=(short_name(grid.names[0]), short_name(grid.names[1])),
        title="" if third is None else f"{short_name(grid.names[2])} {format_value(grid.values[2][third])}",
    )


def _means(results: ExperimentResults, cell: Mapping[str, Value] | None) -> str:
    found = results.effects
    lows = np.concatenate([each.low for each in found])
    highs = np.concatenate([each.high for each in found])
    ends = (float(np.nanmin(lows)) - 0.005, float(np.nanmax(highs)) + 0.005)
    charts = []
    for each in found:
        taken = None if cell is None else each.values.index(cell[each.name])
        chart = means_chart(each.values, each.means, each.low, each.high, ends, taken=taken)
        size = f"influence {100 * each.size:.1f} points ({100 * each.size_low:.1f} to {100 * each.size_high:.1f})"
        said = size if each.is_told else f"{size}: not told from nothing"
        charts.append(f"<figure>{chart}<figcaption>{escape(short_name(each.name))}: {said}</figcaption></figure>")
    return (
        f"<h3>Mean quality at each value [%], over all other settings</h3><div class='pictures'>{''.join(charts)}</div>"
    )
