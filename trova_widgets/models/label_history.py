"""Who said which class an event is of, as a person reads it."""

import pandas as pd

from trova_widgets.models.formatting import class_title, moment


def label_history(labels: pd.DataFrame) -> list[dict[str, str]]:
    """Return the labels of an event, the latest first; what is said over and over is told once.

    Parameters
    ----------
    labels : DataFrame
        As of `Workspace.labels`, the oldest first; or empty.

    Returns
    -------
    list of dict
        ``event_class``, ``title``, ``author``, ``time``, ``comment``.
    """
    said = [
        {
            "event_class": row.event_class,
            "title": class_title(row.event_class),
            "author": row.author,
            "time": moment(row.made_at),
            "comment": row.comment,
        }
        for row in labels.itertuples(index=False)
    ]
    # an archive that was imported in pieces says the same several times over
    once = [label for place, label in enumerate(said) if not place or _differs(label, said[place - 1])]
    return once[::-1]


def _differs(label: dict[str, str], before: dict[str, str]) -> bool:
    """Tell whether a label says something else than the one before it."""
    return any(label[name] != before[name] for name in ("event_class", "author", "comment"))
