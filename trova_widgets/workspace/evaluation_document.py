"""The report of an evaluation as one page of HTML that needs nothing else."""

from collections.abc import Sequence
from html import escape

import pandas as pd

from trova_widgets.experiments.evaluation import Figures
from trova_widgets.figures.screen.curves import curve_chart
from trova_widgets.workspace.documents import page
from trova_widgets.workspace.evaluating import Evaluation
from trova_widgets.workspace.evaluation_words import curve_words, headline

_READING = (
    "Every record was told by networks that never saw its event (folds of whole events). Intervals are at 95 %, by a "
    "bootstrap of events: stations of one event are wrong together. By event, the records of an event are combined by "
    "the mean of the logarithms of their probabilities. How far a baseline lies below is paired by event, and its "
    "interval (90 %) holds for all baselines together. Probabilities are scaled by one temperature, which each fold "
    "gets from the other folds. Nothing was chosen on the hold-out."
)
_NAMES = {"snr_db": "signal to noise", "distance_km": "distance", "magnitude": "magnitude"}


def document(evaluation: Evaluation) -> str:
    """Return the report of an evaluation as the text of an HTML page."""
    choice = evaluation.choice
    parts = [
        f"<div><h1>Evaluation of {escape(evaluation.experiment)}</h1>"
        f'<p class="soft">{escape(evaluation.dataset)}: {choice.by_record.count:,} records of '
        f"{choice.by_record.events:,} events. {escape(evaluation.cell)}</p>"
        f"<p>{escape(headline(evaluation))}</p></div>",
        _tellers(evaluation),
        _classes(evaluation.classes, choice.by_record, "by record"),
        _classes(evaluation.classes, choice.by_event, "by event"),
        _curves(evaluation),
        _parts(evaluation.parts),
        f"<section><h2>In words</h2>{''.join(f'<p>{escape(each)}</p>' for each in evaluation.sentences)}</section>",
        f'<section><h2>How to read this</h2><p class="small soft">{escape(_READING)}</p></section>',
    ]
    return page(f"Evaluation of {evaluation.experiment}", parts)


def _share(value: float, low: float, high: float) -> str:
    return f"{100 * value:.1f} % ({100 * low:.1f} to {100 * high:.1f})"


def _table(titles: Sequence[str], rows: Sequence[Sequence[str]], words: int = 1) -> str:
    """Return a table whose first columns hold words, and the others numbers."""

    def kind(place: int) -> str:
        return "" if place < words else ' class="number"'

    head = "".join(f"<th{kind(place)}>{escape(title)}</th>" for place, title in enumerate(titles))
    body = "".join(
        f"<tr>{''.join(f'<td{kind(place)}>{escape(cell)}</td>' for place, cell in enumerate(row))}</tr>" for row in rows
    )
    return f"<table><tr>{head}</tr>{body}</table>"


def _tellers(evaluation: Evaluation) -> str:
    rows = []
    for teller, row in zip(evaluation.tellers, evaluation.table.itertuples(index=False), strict=True):
        below = [
            "" if each is None else f"{100 * each.value:+.1f} ({100 * each.low:+.1f} to {100 * each.high:+.1f})"
            for each in (teller.apart.get("record"), teller.apart.get("event"))
        ]
        source = f" ({teller.source})" if teller.source else ""
        rows.append(
            [
                teller.title + source,
                _share(row.record, row.record_low, row.record_high),
                _share(row.event, row.event_low, row.event_high),
                f"{100 * row.loud:.1f} %",
                f"{row.macro_f1:.3f}",
                f"{row.record_auc:.3f} ({row.record_auc_low:.3f} to {row.record_auc_high:.3f})",
                f"{row.event_auc:.3f} ({row.event_auc_low:.3f} to {row.event_auc_high:.3f})",
                *below,
            ]
        )
    titles = (
        "Who tells",
        "By record",
        "By event",
        "Above 10 dB",
        "Macro-F1",
        "AUC by record",
        "AUC by event",
        "Below Trova's, points by record",
        "by event",
    )
    return f"<section><h2>Trova's choice and the baselines</h2>{_table(titles, rows)}</section>"


def _classes(classes: Sequence[str], found: Figures, unit: str) -> str:
    rows = []
    for place, name in enumerate(classes):
        recall, precision = found.recall[place], found.precision[place]
        rows.append(
            [
                name,
                *(f"{count:g}" for count in found.confusion[place].round(1)),
                _share(recall.value, recall.low, recall.high),
                _share(precision.value, precision.low, precision.high),
            ]
        )
    titles = ["True class", *(f"told {name}" for name in classes), "Recall", "Precision"]
    return f"<section><h2>Each class, {escape(unit)}</h2>{_table(titles, rows)}</section>"


def _parts(parts: pd.DataFrame) -> str:
    rows = [
        [_NAMES[row.by], row.part, f"{row.records}", _share(row.accuracy, row.low, row.high)]
        for row in parts.itertuples(index=False)
    ]
    titles = ("By", "Part", "Records", "Accuracy")
    return f"<section><h2>Where it is right</h2>{_table(titles, rows, words=2)}</section>"


def _curves(evaluation: Evaluation) -> str:
    drawn = "".join(
        f"<figure>{curve_chart(curves)}<figcaption>{escape(words)}</figcaption></figure>"
        for curves, words in curve_words(evaluation)
    )
    return f'<section><h2>How sure</h2><div class="pictures">{drawn}</div></section>'
