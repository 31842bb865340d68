"""Shares as lines over a number: how far confidence can be taken at its word, and what abstaining gains."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from trova_widgets.space import Floats

#: A line has no more points than this: more would not be seen.
_POINTS_AT_MOST = 100
#: The axis of a share begins here at the latest, so that a curve that hardly falls is not drawn as a cliff.
_NEVER_ABOVE = 0.8


@dataclass(frozen=True, kw_only=True, eq=False)
class Curve:
    """One line.

    Attributes
    ----------
    name : str
        What it is.
    x, y : ndarray of float, shape (n,)
        Its points; ``y`` is a share from 0 to 1.
    role : {"main", "other", "aid"}
        What is looked at, what it is held against, or what helps the eye.
    """

    name: str
    x: Floats
    y: Floats
    role: Literal["main", "other", "aid"] = "main"


@dataclass(frozen=True, kw_only=True, eq=False)
class Curves:
    """Lines over one pair of axes.

    Attributes
    ----------
    title : str
        What stands along the upright axis.
    along : str
        What stands along the level axis.
    across, up : (float, float)
        From where to where the axes go.
    lines : tuple of Curve
        What is drawn last lies above.
    unit : str
        The unit of the level axis; one of shares has none, and is written in per cent.
    """

    title: str
    along: str
    across: tuple[float, float]
    up: tuple[float, float]
    lines: tuple[Curve, ...]
    unit: str = ""


def reliability_curves(told: tuple[ArrayLike, ArrayLike], scaled: tuple[ArrayLike, ArrayLike], least: float) -> Curves:
    """Return a reliability diagram: how often what was told with some confidence was right.

    Parameters
    ----------
    told, scaled : (array_like, array_like), shape (bin,)
        Mean confidence and the share that was right, as told and after scaling.
    least : float
        The lowest confidence that there can be: one over the number of classes.

    Examples
    --------
    >>> drawn = reliability_curves(([0.6, 0.9], [0.5, 0.9]), ([0.55, 0.9], [0.5, 0.9]), 1 / 3)
    >>> [line.name for line in drawn.lines], drawn.up
    (['as sure as right', 'as told', 'scaled'], (0.0, 1.0))
    """
    ends = np.array([least, 1.0])
    return Curves(
        title="Told right",
        along="Confidence",
        across=(least, 1.0),
        up=(0.0, 1.0),
        lines=(
            Curve(name="as sure as right", x=ends, y=ends, role="aid"),
            _curve("as told", *told, role="other"),
            _curve("scaled", *scaled),
        ),
    )


def coverage_curves(coverage: ArrayLike, accuracy: ArrayLike) -> Curves:
    """Return accuracy against the share that is told, the surest first.

    Parameters
    ----------
    coverage, accuracy : array_like of float, shape (n,)
        Rising coverage, and the share of these that is right.

    Examples
    --------
    >>> coverage_curves([0.5, 1.0], [1.0, 0.9]).up
    (0.8, 1.0)
    """
    line = _curve("told right", coverage, accuracy)
    lowest = float(np.floor(line.y.min() * 10) / 10)
    return Curves(
        title="Told right",
        along="Share that is told, the surest first",
        across=(0.0, 1.0),
        up=(min(lowest, _NEVER_ABOVE), 1.0),
        lines=(line,),
    )


def placement_curves(shifts_s: ArrayLike, accuracy: ArrayLike, low: ArrayLike, high: ArrayLike) -> Curves:
    """Return accuracy against how much later the onset is taken to be, between the ends of its interval.

    Parameters
    ----------
    shifts_s : array_like of float, shape (n,)
        How much later [s].
    accuracy, low, high : array_like of float, shape (n,)
        The share that is right, and its interval.

    Examples
    --------
    >>> drawn = placement_curves([-1, 0, 1], [0.7, 0.9, 0.8], [0.65, 0.85, 0.75], [0.75, 0.95, 0.85])
    >>> drawn.across, drawn.up, drawn.unit
    ((-1.0, 1.0), (0.6, 1.0), 's')
    """
    ends = [_curve(name, shifts_s, values, role="aid") for name, values in (("lower", low), ("upper", high))]
    line = _curve("told right", shifts_s, accuracy)
    return Curves(
        title="Told right",
        along="Onset taken to be later, s",
        across=(float(line.x.min()), float(line.x.max())),
        up=(min(float(np.floor(ends[0].y.min() * 10) / 10), _NEVER_ABOVE), 1.0),
        lines=(*ends, line),
        unit="s",
    )


def ticks_between(ends: tuple[float, float], count: int = 5) -> Sequence[float]:
    """Return evenly spaced ticks between the ends of an axis, both of them among these.

    Examples
    --------
    >>> ticks_between((0.0, 1.0), 3)
    [0.0, 0.5, 1.0]
    """
    ticks: list[float] = np.linspace(*ends, count).tolist()
    return ticks


def _curve(name: str, x: ArrayLike, y: ArrayLike, role: Literal["main", "other", "aid"] = "main") -> Curve:
    across, up = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    some = np.unique(np.linspace(0, across.size - 1, _POINTS_AT_MOST).astype(int))
    return Curve(name=name, x=across[some], y=up[some], role=role)
