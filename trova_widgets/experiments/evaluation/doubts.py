"""Labels that contradict what networks say which never saw them: confident learning."""

from __future__ import annotations

import numpy as np

from trova_widgets.experiments.choice.losses import Array, IntArray


def doubts(probabilities: Array, classes: IntArray) -> tuple[Array, IntArray]:
    """Return how doubtful each label is, and the class that contradicts it.

    A class's threshold is the mean probability that its own records give it. A label is in doubt where another class
    is above its threshold; the margin between the likeliest other class and the label's own orders the doubts, so that
    the queue has an order beyond those that are surely in doubt (Northcutt, Jiang and Chuang, 2021,
    doi 10.1613/jair.1.12125).

    Parameters
    ----------
    probabilities : ndarray of float, shape (record, class)
        Told by networks that never saw the records.
    classes : ndarray of int, shape (record,)
        The labels.

    Returns
    -------
    (ndarray of float, ndarray of int), shape (record,)
        From 0 (no doubt) to 2: 1 and more where another class is above its threshold. And the likeliest other class.

    Examples
    --------
    >>> told = np.array([[0.9, 0.1], [0.9, 0.1], [0.8, 0.2], [0.2, 0.8], [0.1, 0.9], [0.95, 0.05]])
    >>> doubt, other = doubts(told, np.array([0, 0, 0, 1, 1, 1]))
    >>> int(doubt.argmax()), bool(doubt[5] >= 1), bool((doubt[:5] < 1).all())
    (5, True, True)
    """
    number = probabilities.shape[1]
    places = np.arange(len(classes))
    own = probabilities[places, classes]
    present = np.unique(classes)
    # no label is ever in doubt because of a class that nobody has
    thresholds = np.full(number, np.inf)
    thresholds[present] = [own[classes == each].mean() for each in present]
    others = probabilities.copy()
    others[places, classes] = -1.0
    rival = others.argmax(axis=1)
    above = np.where(others >= thresholds, others, -1.0).max(axis=1) > own
    margin = (1 + others[places, rival] - own) / 2
    return np.asarray(np.clip(margin, 0, 1 - 1e-9) + above), rival.astype(np.int64)
