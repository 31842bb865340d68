"""The figures of a model card: how good the network is, where, how sure, and on what it never saw."""

import pandas as pd

from trova_widgets.experiments.evaluation import Figures
from trova_widgets.workspace.elsewhere import ALL, figure, points, rated_sentence, share
from trova_widgets.workspace.evaluating import PART_NAMES, Evaluation
from trova_widgets.workspace.model_card import CardPart


def measured(evaluation: Evaluation) -> tuple[CardPart, ...]:
    """Return how good it is, where, how sure, and what was left out, as far as the evaluation tells."""
    parts = [_quality(evaluation), _classes(evaluation), _where(evaluation), _sure(evaluation)]
    if evaluation.left_out is not None and len(evaluation.left_out):
        parts.append(_left_out(evaluation.left_out))
    if evaluation.rated is not None:
        parts.append(CardPart(title="At other rates of classes", sentences=(rated_sentence(evaluation.rated),)))
    return tuple(parts)


def _quality(evaluation: Evaluation) -> CardPart:
    choice = evaluation.choice
    rows = tuple(
        (title, *(figure(each) for each in (found.accuracy, found.balanced)), f"{found.macro_f1}", f"{found.auc}")
        for title, found in (("by record", choice.by_record), ("by event", choice.by_event))
    )
    beside = [
        f"{teller.title}: {figure(teller.by_record.accuracy)} by record, {figure(teller.by_event.accuracy)} by event."
        for teller in evaluation.tellers[1:]
    ]
    return CardPart(
        title="Quality",
        sentences=(
            f"{choice.by_record.count:,} records of {choice.by_record.events:,} events, each told by networks that "
            "never saw its event; intervals at 95 %, by a bootstrap of events.",
            *beside,
        ),
        titles=("Counted", "Told right", "Mean recall", "Macro-F1", "AUC"),
        rows=rows,
    )


def _classes(evaluation: Evaluation) -> CardPart:
    both: tuple[Figures, Figures] = (evaluation.choice.by_record, evaluation.choice.by_event)
    rows = tuple(
        (name, *(figure(each[place]) for found in both for each in (found.recall, found.precision)))
        for place, name in enumerate(evaluation.classes)
    )
    titles = ("Class", "Recall by record", "Precision by record", "Recall by event", "Precision by event")
    return CardPart(title="Quality of each class", titles=titles, rows=rows)


def _where(evaluation: Evaluation) -> CardPart:
    rows = tuple(
        (PART_NAMES[row.by], row.part, f"{row.records:,}", share(row.accuracy, row.low, row.high))
        for row in evaluation.parts.itertuples(index=False)
    )
    whole = evaluation.choice.by_record.accuracy
    worse = evaluation.parts[evaluation.parts["high"] < whole.low]
    weak = [
        f"Its interval lies below the share on the whole: {PART_NAMES[row.by]} {row.part}, "
        f"{share(row.accuracy, row.low, row.high)}."
        for row in worse.itertuples(index=False)
    ]
    return CardPart(
        title="Where it is right, and where it fails",
        sentences=tuple(weak)
        or (f"No part by {', '.join(PART_NAMES.values())} has an interval below the share on the whole.",),
        titles=("By", "Part", "Records", "Told right"),
        rows=rows,
        words=2,
    )


def _sure(evaluation: Evaluation) -> CardPart:
    return CardPart(title="How sure it is", sentences=tuple(evaluation.how_sure))


def _left_out(left_out: pd.DataFrame) -> CardPart:
    rows = tuple(
        (
            row.by,
            "all parts" if row.part == ALL else row.part,
            f"{row.records:,}",
            share(row.accuracy, row.low, row.high),
            f"{100 * row.usual:.1f} %",
            points(row.lost, row.lost_low, row.lost_high),
        )
        for row in left_out.itertuples(index=False)
    )
    return CardPart(
        title="Where nothing of the same station, region or period was seen",
        titles=("Left out", "Part", "Records", "Told right", "By the usual folds", "Lost, points"),
        rows=rows,
        words=2,
    )
