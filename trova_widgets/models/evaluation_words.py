"""An evaluation as a person reads it on a page: the headline, the tables, the curves, the confusion matrices."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from trova_widgets.experiments.baselines import BASELINES, Baseline
from trova_widgets.experiments.choice import Unit
from trova_widgets.experiments.evaluation import Figure, by_event
from trova_widgets.figures.screen.curves import curve_chart
from trova_widgets.models import results_display
from trova_widgets.models.formatting import class_title, percent
from trova_widgets.wording import counted
from trova_widgets.workspace.classified import Classified
from trova_widgets.workspace.elsewhere import LEFT_OUT_TITLES, RATED_TITLES, left_out_rows, rated_rows
from trova_widgets.workspace.evaluating import PART_NAMES
from trova_widgets.workspace.evaluation_words import best_baseline, curve_words, headline

if TYPE_CHECKING:
    from trova_widgets.workspace.evaluating import Evaluation

#: Bars of intervals begin here at the highest, so that none is drawn from a cliff.
_NEVER_ABOVE = 0.5


def evaluation_words(evaluation: "Evaluation", awaited: Sequence[Baseline] = ()) -> dict[str, Any]:
    """Return an evaluation in words.

    Parameters
    ----------
    evaluation : Evaluation
        As of `Workspace.evaluate`.
    awaited : sequence of Baseline
        Baselines that are still being told; their rows are there already.

    Returns
    -------
    dict
        ``headline``, ``about``, ``tellers`` (rows), ``classes`` (``record`` and ``event``: rows), ``parts`` (groups of
        rows), ``sentences``, and ``tables`` (``title``, ``columns``, ``rows``) of
        what else was found.
    """
    record = evaluation.choice.by_record
    return {
        "headline": headline(evaluation),
        "about": f"{evaluation.dataset}: {counted(record.count, 'record')} of {counted(record.events, 'event')}, each "
        f"told by networks that never saw its event. {evaluation.cell}",
        "tellers": [*_tellers(evaluation), *map(_awaited, awaited)],
        "classes": {"record": _classes(evaluation, "record"), "event": _classes(evaluation, "event")},
        "parts": _parts(evaluation.parts),
        "sentences": list(evaluation.sentences),
        "tables": _further(evaluation),
    }


def evaluation_curves(evaluation: "Evaluation") -> list[dict[str, Any]]:
    """Return the curves of an evaluation as groups of one picture each, with what it says below it."""
    return [
        {"title": "", "note": note, "panels": [{"title": "", "svg": curve_chart(curves), "here": False}]}
        for curves, note in curve_words(evaluation)
    ]


def classified_in(evaluation: "Evaluation", by: Unit) -> Classified:
    """Return what Trova's choice told of each record, or of each event, all seeds counted.

    Parameters
    ----------
    evaluation : Evaluation
        As of `Workspace.evaluate`.
    by : {"record", "event"}
        What is told.
    """
    told, records, names = evaluation.choice.probabilities, evaluation.records, np.array(evaluation.classes)
    if by == "event":
        numbers = pd.factorize(records["event_id"])[0]
        truth = np.array([evaluation.classes.index(name) for name in records["event_class"]], dtype=np.int64)
        told, _, places = by_event(told, truth, numbers)
        records = records.drop_duplicates("event_id").reset_index(drop=True).loc[places]
    count = len(told)
    said = told.argmax(axis=2).ravel()
    repeated = pd.concat([records[["record_id", "event_id", "event_class", "fold"]]] * count, ignore_index=True)
    tellings = repeated.assign(
        predicted=names[said],
        probability=np.take_along_axis(told, told.argmax(axis=2)[..., None], axis=2).ravel(),
        seed=np.repeat(np.arange(count), len(records)),
    )
    return Classified(classes=evaluation.classes, by=by, tellings=tellings)


def taken_in(told: Classified, cell: Sequence[str]) -> dict[str, Any]:
    """Return who stands in a cell of the matrix: ``title``, ``records``, and how many are left out in ``more``."""
    words = results_display.taken_words(told, cell, "")
    listed, there = len(words["records"]), told.times(*cell)[0]
    return {**words, "more": f"The first {listed} of {there:,}." if listed < there else ""}


def _tellers(evaluation: "Evaluation") -> list[dict[str, Any]]:
    best = best_baseline(evaluation)
    floor = _floor(each.by_event.accuracy.low for each in evaluation.tellers)
    loud = evaluation.table.set_index("name")["loud"]
    return [
        {
            "name": teller.name,
            "title": teller.title,
            "source": teller.source,
            "ours": teller.name not in BASELINES,
            "best": best is not None and teller.name == best.name,
            "record": _share(teller.by_record.accuracy),
            "event": _share(teller.by_event.accuracy),
            "bar": _bar(teller.by_event.accuracy, floor),
            "loud": percent(float(loud[teller.name])) or "–",
            "macro_f1": _number(teller.by_record.macro_f1),
            "record_auc": _number(teller.by_record.auc),
            "event_auc": _number(teller.by_event.auc),
            "record_below": _points(teller.apart.get("record")),
            "event_below": _points(teller.apart.get("event")),
        }
        for teller in evaluation.tellers
    ]


def _awaited(baseline: Baseline) -> dict[str, Any]:
    """Return the row of a baseline of which nothing is known yet."""
    return {"name": baseline.name, "title": baseline.title, "source": baseline.source, "awaited": True}


def _classes(evaluation: "Evaluation", by: Unit) -> list[dict[str, Any]]:
    found = evaluation.choice.by_record if by == "record" else evaluation.choice.by_event
    return [
        {"slug": name, "title": class_title(name), "recall": _share(recall), "precision": _share(precision)}
        for name, recall, precision in zip(evaluation.classes, found.recall, found.precision, strict=True)
    ]


def _parts(parts: pd.DataFrame) -> list[dict[str, Any]]:
    floor = _floor(parts["low"])
    return [
        {
            "title": PART_NAMES[str(by)].capitalize(),
            "rows": [
                {
                    "part": row.part,
                    "records": f"{row.records:,}",
                    **_share(figure := Figure(value=row.accuracy, low=row.low, high=row.high)),
                    "bar": _bar(figure, floor),
                }
                for row in group.itertuples(index=False)
            ],
        }
        for by, group in parts.groupby("by", sort=False)
    ]


def _further(evaluation: "Evaluation") -> list[dict[str, Any]]:
    """Return what was asked for besides, as tables."""
    found = []
    if evaluation.left_out is not None and len(evaluation.left_out):
        title = "Where nothing of the same station, region or period was seen"
        rows = left_out_rows(evaluation.left_out)
        found.append({"title": title, "columns": list(LEFT_OUT_TITLES), "rows": rows})
    if evaluation.rated is not None:
        rows = [[class_title(name), *rest] for name, *rest in rated_rows(evaluation.rated)]
        found.append({"title": "At your rates of classes", "columns": list(RATED_TITLES), "rows": rows})
    return found


def _share(figure: Figure) -> dict[str, str]:
    """Return a share with its interval, in per cent."""
    known = figure.low == figure.low
    return {
        "value": percent(figure.value) or "–",
        "ends": f"{100 * figure.low:.1f} to {100 * figure.high:.1f}" if known else "",
    }


def _number(figure: Figure) -> dict[str, str]:
    if figure.value != figure.value:
        return {"value": "–", "ends": ""}
    return {"value": f"{figure.value:.3f}", "ends": f"{figure.low:.3f} to {figure.high:.3f}"}


def _points(figure: Figure | None) -> dict[str, Any]:
    """Return by how many points something lies below Trova's choice, and whether that is sure."""
    if figure is None:
        return {"value": "", "ends": "", "sure": False}
    value, low, high = (f"{100 * each:+z.1f}".replace("-", "−") for each in (figure.value, figure.low, figure.high))
    return {"value": value, "ends": f"{low} to {high}", "sure": figure.low > 0 or figure.high < 0}


def _floor(lows: Any) -> float:
    """Return where the bars of some intervals begin: a round share below all of them."""
    known = [low for low in lows if low == low]
    return float(np.floor(10 * min([*known, _NEVER_ABOVE])) / 10)


def _bar(figure: Figure, floor: float) -> dict[str, float]:
    """Return where an interval and its middle lie on a bar, in per cent of its width."""
    if figure.low != figure.low:
        return {}
    at, low, high = ((each - floor) / (1 - floor) for each in (figure.value, figure.low, figure.high))
    return {"at": round(100 * at, 1), "low": round(100 * low, 1), "wide": round(100 * (high - low), 1)}
