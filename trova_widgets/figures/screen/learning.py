"""The learning curve on a page: accuracy and, below it, loss after each epoch, each over an axis of its own."""

from collections.abc import Mapping

import numpy as np

from trova_widgets.figures.colour import ColourScale
from trova_widgets.figures.learning import LearningCurve
from trova_widgets.figures.screen.svg import LINE, Frame, path, picture, tag, upright_axis, words
from trova_widgets.space import Floats
from trova_widgets.wording import spoken

#: What a training is measured on has the same colour in both charts.
COLOURS = ("#2f7dbd", "#D55E00", "#7f7f7f", "#009E73")
_HIGH, _LEFT = 104.0, 52.0


def series_name(name: str) -> str:
    """Return what a series was measured on: ``training`` of ``training_loss``."""
    return spoken(name.replace("_accuracy", "").replace("_loss", ""))


def learning_charts(curve: LearningCurve, *, width: float = 320.0) -> str:
    """Draw what a training told after each epoch.

    Parameters
    ----------
    curve : LearningCurve
        The series.
    width : float
        The picture's width, pixels.

    Returns
    -------
    str
        An ``svg`` element.
    """
    shares = ColourScale(title="Accuracy", low=_lowest(curve.shares), high=1.0, colours=(), is_share=True)
    losses = ColourScale(title="Loss", low=0.0, high=curve.highest_loss, colours=())
    names = list(dict.fromkeys(series_name(name) for name in (*curve.shares, *curve.losses)))
    parts, top = [], 22.0
    for scale, series in ((shares, curve.shares), (losses, curve.losses)):
        if not series:
            continue
        frame = Frame(_LEFT, top, width - 10, top + _HIGH)
        parts.append(words(4, top - 8, scale.title, "start", strong=True))
        parts.append(upright_axis(frame, scale, count=3))
        parts.append(tag("path", d=f"M{frame.left} {frame.top}V{frame.bottom}H{frame.right}", stroke=LINE, fill="none"))
        for name, values in series.items():
            colour = COLOURS[names.index(series_name(name)) % len(COLOURS)]
            parts.append(_curve(curve, name, values, scale, frame, colour))
        top += _HIGH + 30
    ends = (curve.epochs[0], curve.epochs[-1]) if len(curve.epochs) else (1.0, 1.0)
    bottom = top - 30
    for tick in curve.epoch_ticks:
        share = 0.5 if ends[0] == ends[1] else (tick - ends[0]) / (ends[1] - ends[0])
        parts.append(words(_LEFT + (width - 10 - _LEFT) * (0.02 + 0.96 * share), bottom + 16, f"{tick:g}"))
    parts.append(words(width - 10, bottom + 32, "Epoch →", "end"))
    return picture(width, bottom + 38, parts, "Learning curve", class_="ts-curve")


def _curve(curve: LearningCurve, name: str, values: Floats, scale: ColourScale, frame: Frame, colour: str) -> str:
    count = len(curve.epochs)
    at = np.linspace(0.02, 0.98, count) if count > 1 else np.array([0.5])
    known = np.flatnonzero(np.isfinite(values))
    points = [(frame.x(at[each]), frame.y(0.06 + 0.88 * float(scale.share(values[each])))) for each in known]
    parts = [path(points, stroke=colour, stroke_width=1.8, class_="ts-series")]
    what = f"{series_name(name)} {scale.title.lower()}"
    for each, (x, y) in zip(known, points, strict=True):
        written = f"{100 * values[each]:.1f} %" if scale.is_share else f"{values[each]:.3f}"
        told = f"Epoch {curve.epochs[each]:g}: {what} {written}"
        if count < 40:
            parts.append(tag("circle", cx=x, cy=y, r=2.2, fill=colour))
        parts.append(tag("circle", cx=x, cy=y, r=7, fill="transparent", data_say=told, class_="ts-say"))
    return "".join(parts)


def _lowest(shares: Mapping[str, Floats]) -> float:
    """Return the lower end of the axis of accuracies: a round number below all of them."""
    every = np.concatenate([np.empty(0), *shares.values()])
    every = every[np.isfinite(every)]
    return float(np.floor(every.min() * 10) / 10) if every.size and every.min() < 1 else 0.0
