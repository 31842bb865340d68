"""Sections of an evaluation's page about other places, other times and other rates of classes."""

from html import escape

import pandas as pd

from trova_widgets.experiments.evaluation import Rated
from trova_widgets.figures.drawings import dots
from trova_widgets.workspace.documents import table
from trova_widgets.workspace.elsewhere import (
    LEFT_OUT_TITLES,
    RATED_TITLES,
    left_out_dots,
    left_out_rows,
    rated_rows,
    rated_sentence,
)

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
    return (
        "<section><h2>Where nothing of the same station, region or period was seen</h2>"
        f"{dots(left_out_dots(left_out), '%')}"
        f'{table(LEFT_OUT_TITLES, left_out_rows(left_out))}<p class="small soft">{escape(_LEFT_OUT)}</p></section>'
    )


def rated_section(rated: Rated | None) -> str:
    """Return what is told right where classes come at a user's own rates; empty where nobody asked."""
    if rated is None:
        return ""
    return (
        f"<section><h2>At your rates of classes</h2><p>{escape(rated_sentence(rated))}</p>"
        f"{table(RATED_TITLES, rated_rows(rated))}"
        f'<p class="small soft">{escape(_RATED)}</p></section>'
    )
