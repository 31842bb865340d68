"""The report of an evaluation as one page of HTML that needs nothing else."""

from collections.abc import Sequence
from html import escape

import pandas as pd

from trova_widgets.experiments.evaluation import Figures
from trova_widgets.figures.screen.curves import curve_chart
from trova_widgets.workspace.documents import page, table
from trova_widgets.workspace.elsewhere import points, rated_sentence, share
from trova_widgets.workspace.elsewhere_sections import left_out_section, rated_section
from trova_widgets.workspace.evaluating import PART_NAMES, Evaluation
from trova_widgets.workspace.evaluation_words import curve_words, headline
from trova_widgets.workspace.model_card import CardPart, card_section

_READING = (
    "Every record was told by networks that never saw its event (folds of whole events). Intervals are at 95 %, by a "
    "bootstrap of events: stations of one event are wrong together. By event, the records of an event are combined by "
    "the mean of the logarithms of their probabilities. How far a baseline lies below is paired by event, and its "
    "interval (90 %) holds for all baselines together. Probabilities are scaled by one temperature, which each fold "
    "gets from the other folds. Nothing was chosen on the hold-out."
)


def document(evaluation: Evaluation, about: Sequence[CardPart] = ()) -> str:
    """Return the report of an evaluation as the text of an HTML page.

    Parameters
    ----------
    evaluation : Evaluation
        As of `Workspace.evaluate`.
    about : sequence of CardPart
        What a model card says beside how good the network is.
    """
    choice = evaluation.choice
    # that of the rates stands in their section
    words = [each for each in evaluation.sentences if not evaluation.rated or each != rated_sentence(evaluation.rated)]
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
        left_out_section(evaluation.left_out),
        rated_section(evaluation.rated),
        f"<section><h2>In words</h2>{''.join(f'<p>{escape(each)}</p>' for each in words)}</section>",
        card_section(about),
        f'<section><h2>How to read this</h2><p class="small soft">{escape(_READING)}</p></section>',
    ]
    return page(f"Evaluation of {evaluation.experiment}", parts)


def _tellers(evaluation: Evaluation) -> str:
    right, ranked = [], []
    for teller, row in zip(evaluation.tellers, evaluation.table.itertuples(index=False), strict=True):
        below = [
            "" if each is None else points(each.value, each.low, each.high)
            for each in (teller.apart.get("record"), teller.apart.get("event"))
        ]
        source = f" ({teller.source})" if teller.source else ""
        right.append(
            [
                teller.title + source,
                share(row.record, row.record_low, row.record_high),
                share(row.event, row.event_low, row.event_high),
                f"{100 * row.loud:.1f} %",
                f"{row.macro_f1:.3f}",
            ]
        )
        ranked.append(
            [
                teller.title,
                str(teller.by_record.auc),
                str(teller.by_event.auc),
                *below,
            ]
        )
    titles = ("Who tells", "Right by record", "Right by event", "Above 10 dB", "Macro-F1")
    others = ("Who tells", "AUC by record", "AUC by event", "Below Trova's, points by record", "by event")
    return (
        f"<section><h2>Trova's choice and the baselines</h2>{table(titles, right)}"
        f"<h3>Ranking, and how far below Trova's choice</h3>{table(others, ranked)}</section>"
    )


def _classes(classes: Sequence[str], found: Figures, unit: str) -> str:
    rows = []
    for place, name in enumerate(classes):
        recall, precision = found.recall[place], found.precision[place]
        rows.append(
            [
                name,
                *(f"{count:g}" for count in found.confusion[place].round(1)),
                share(recall.value, recall.low, recall.high),
                share(precision.value, precision.low, precision.high),
            ]
        )
    titles = ["True class", *(f"told {name}" for name in classes), "Recall", "Precision"]
    return f"<section><h2>Each class, {escape(unit)}</h2>{table(titles, rows)}</section>"


def _parts(parts: pd.DataFrame) -> str:
    rows = [
        [PART_NAMES[row.by], row.part, f"{row.records}", share(row.accuracy, row.low, row.high)]
        for row in parts.itertuples(index=False)
    ]
    titles = ("By", "Part", "Records", "Accuracy")
    return f"<section><h2>Where it is right</h2>{table(titles, rows, words=2)}</section>"


def _curves(evaluation: Evaluation) -> str:
    drawn = "".join(
        f"<figure>{curve_chart(curves)}<figcaption>{escape(words)}</figcaption></figure>"
        for curves, words in curve_words(evaluation)
    )
    return f'<section><h2>How sure</h2><div class="pictures">{drawn}</div></section>'
