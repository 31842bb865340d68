"""Sections of an evaluation's page about other places, other times and other rates of classes."""

from html import escape

import pandas as pd

from trova_widgets.experiments.evaluation import Rated
from trova_widgets.figures.drawings import dots
from trova_widgets.workspace.documents import table
from trova_widgets.workspace.elsewhere import figure, points, rated_sentence, share
from trova_widgets.workspace.leaving import ALL

_KINDS = {"station": "Stations", "region": "Regions", "period": "Periods"}
_LEFT_OUT = (
    "The chosen cell was trained anew, so that each record is told by a network that saw neither its event nor any "
    "record of its group of stations, its cell of the map or its period. Whole stations are dealt to groups of nearly "
    "equal numbers of records, the largest first; the map is halved across its longer side until there are as many "
    "cells as folds; the catalogue's time is cut into as many periods; events stay whole. Dot and line: told right, "
    "with its interval at 95 % by a bootstrap of events. Ring: the same records by the usual folds, with one seed. "
    "What is lost is paired by event. Of the stations' networks each learnt from fewer records than usually, as a part "
    "of the stations is left out of what the other folds hold."
)
_RATED = (
    "Within each class the records stand for those that will come; what differs is how often each class comes. The "
    "probabilities, tempered by the other folds, are moved from the rates of the training to these by Bayes' rule "
    "(Saerens, Latinne and Decaestecker 2002, doi 10.1162/089976602753284446), and each class is counted at its rate."
)


def left_out_section(left_out: pd.DataFrame | None) -> str:
    """Return what networks tell of stations, regions and periods that they never saw; empty where nobody asked."""
    if left_out is None or left_out.empty:
        return ""
    rows, drawn = [], []
    for row in left_out.itertuples(index=False):
        name = _KINDS[row.by] if row.part == ALL else row.part
        rows.append(
            [
                f"{name}, all parts" if row.part == ALL else f"\N{EM SPACE}{name}",
                f"{row.records:,}",
                f"{row.events:,}",
                share(row.accuracy, row.low, row.high),
                f"{100 * row.usual:.1f} %",
                points(row.lost, row.lost_low, row.lost_high),
                f"{row.learnt_from:,.0f}",
            ]
        )
        figures = (100 * each for each in (row.accuracy, row.low, row.high, row.usual))
        drawn.append((name if row.part == ALL else f" {name}", *figures))
    titles = ("Left out", "Records", "Events", "Told right", "Usual folds", "Lost, points", "Learnt from, records")
    return (
        f"<section><h2>Where nothing of the same station, region or period was seen</h2>{dots(drawn, '%')}"
        f'{table(titles, rows)}<p class="small soft">{escape(_LEFT_OUT)}</p></section>'
    )


def rated_section(rated: Rated | None) -> str:
    """Return what is told right where classes come at a user's own rates; empty where nobody asked."""
    if rated is None:
        return ""
    rows = []
    for place, (name, rate) in enumerate(zip(rated.classes, rated.rates, strict=True)):
        cells = [
            figure(each[place])
            for found in (rated.by_record, rated.by_event)
            for each in (found.recall, found.precision)
        ]
        rows.append([name, f"{100 * rate:.3g} %", *cells])
    titles = ("Class", "Rate", "Recall", "Precision", "Recall by event", "Precision by event")
    return (
        f"<section><h2>At your rates of classes</h2><p>{escape(rated_sentence(rated))}</p>{table(titles, rows)}"
        f'<p class="small soft">{escape(_RATED)}</p></section>'
    )
