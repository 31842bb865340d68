"""What an evaluation says of other places, other times and other rates of classes: lines and sentences."""

import pandas as pd

from trova_widgets.experiments.evaluation import Figure, Rated

#: What the row is called in which all parts stand together.
ALL = "all"
LEFT_OUT_TITLES = ("Left out", "Records", "Events", "Told right", "Usual folds", "Lost, points", "Learnt from, records")
RATED_TITLES = ("Class", "Rate", "Recall", "Precision", "Recall by event", "Precision by event")
_KINDS = {"station": "Stations", "region": "Regions", "period": "Periods"}


def share(value: float, low: float, high: float) -> str:
    """Return a share with its interval in per cent; a dash where it cannot be told.

    Examples
    --------
    >>> share(0.9, 0.85, 0.94), share(float("nan"), float("nan"), float("nan"))
    ('90.0 % (85.0 to 94.0)', '—')
    """
    return "—" if value != value else f"{100 * value:.1f} % ({100 * low:.1f} to {100 * high:.1f})"


def points(value: float, low: float, high: float) -> str:
    """Return a difference of shares in points.

    Examples
    --------
    >>> points(0.021, -0.01, 0.052)
    '2.1 (-1.0 to 5.2)'
    """
    # that nothing reads as less than nothing
    middle, first, last = (round(100 * each, 1) + 0.0 for each in (value, low, high))
    return f"{middle:.1f} ({first:.1f} to {last:.1f})"


def apart(lost: float, low: float, high: float) -> str:
    """Return how a share that is so much lower stands to another one.

    Examples
    --------
    >>> apart(0.021, -0.01, 0.052), apart(-0.01, -0.03, 0.02)
    ('2.1 points (-1.0 to 5.2) below', '1.0 points (-2.0 to 3.0) above')
    """
    middle, _, rest = (points(-lost, -high, -low) if lost < 0 else points(lost, low, high)).partition(" ")
    return f"{middle} points {rest} {'above' if lost < 0 else 'below'}"


def figure(found: Figure) -> str:
    """Return a figure as `share` does."""
    return share(found.value, found.low, found.high)


def left_out_lines(left_out: pd.DataFrame) -> list[str]:
    """Return the table of what was left out as lines of text.

    Parameters
    ----------
    left_out : DataFrame
        As of `Evaluation.left_out`.
    """
    wide = max(len(f"{row.by}: {row.part}") for row in left_out.itertuples(index=False))
    titles = ("records", "events", "told right", "usually", "lost, points")
    lines = [f"{'Left out':{wide}} {titles[0]:>7} {titles[1]:>6} {titles[2]:>24} {titles[3]:>8} {titles[4]:>21}"]
    for row in left_out.itertuples(index=False):
        lines.append(
            f"{f'{row.by}: {row.part}':{wide}} {row.records:7} {row.events:6} "
            f"{share(row.accuracy, row.low, row.high):>24} {100 * row.usual:6.1f} % "
            f"{points(row.lost, row.lost_low, row.lost_high):>21}"
        )
    return lines


def left_out_rows(left_out: pd.DataFrame) -> list[list[str]]:
    """Return the table of what was left out as texts, in the order of `LEFT_OUT_TITLES`; parts of a kind are set in.

    Parameters
    ----------
    left_out : DataFrame
        As of `Evaluation.left_out`.
    """
    return [
        [
            f"{_KINDS[row.by]}, all parts" if row.part == ALL else f"\N{EM SPACE}{row.part}",
            f"{row.records:,}",
            f"{row.events:,}",
            share(row.accuracy, row.low, row.high),
            f"{100 * row.usual:.1f} %",
            points(row.lost, row.lost_low, row.lost_high),
            f"{row.learnt_from:,.0f}",
        ]
        for row in left_out.itertuples(index=False)
    ]


def left_out_dots(left_out: pd.DataFrame) -> list[tuple[str, float, float, float, float]]:
    """Return what is drawn of it: the name of each part, what is told right and its ends, and usually, in per cent."""
    return [
        (
            _KINDS[row.by] if row.part == ALL else f" {row.part}",
            100 * row.accuracy,
            100 * row.low,
            100 * row.high,
            100 * row.usual,
        )
        for row in left_out.itertuples(index=False)
    ]


def rated_rows(rated: Rated) -> list[list[str]]:
    """Return what is told right of each class at other rates as texts, in the order of `RATED_TITLES`."""
    return [
        [
            name,
            f"{100 * rate:.3g} %",
            *(
                figure(each[place])
                for found in (rated.by_record, rated.by_event)
                for each in (found.recall, found.precision)
            ),
        ]
        for place, (name, rate) in enumerate(zip(rated.classes, rated.rates, strict=True))
    ]


def rated_lines(rated: Rated) -> list[str]:
    """Return what is told right of each class at other rates as lines of text."""
    wide = max(map(len, (*rated.classes, "Class")))
    titles = ("rate", "recall", "precision", "recall by event", "precision by event")
    lines = [f"{'Class':{wide}} {titles[0]:>7} {titles[1]:>24} {titles[2]:>24} {titles[3]:>24} {titles[4]:>24}"]
    for place, (name, rate) in enumerate(zip(rated.classes, rated.rates, strict=True)):
        cells = (
            figure(each[place])
            for found in (rated.by_record, rated.by_event)
            for each in (found.recall, found.precision)
        )
        lines.append(f"{name:{wide}} {100 * rate:5.1f} % {' '.join(f'{cell:>24}' for cell in cells)}")
    return lines


def rated_sentence(rated: Rated) -> str:
    """Return in words what is told right at other rates, and what moving the probabilities has to do with it."""
    usual = int(rated.rates.argmax())
    return (
        f"Where classes come at the rates {rated.words}: {figure(rated.by_record.accuracy)} of the records and "
        f"{figure(rated.by_event.accuracy)} of the events are told right, with the probabilities moved from the rates "
        f"of the training to these; with the probabilities as told, {figure(rated.as_told.accuracy)} of the records. "
        f"Whoever always says {rated.classes[usual]} is right in {100 * rated.rates[usual]:.3g} %."
    )
