"""An evaluation in words: how good the choice is and how it stands to the best baseline, and what its curves say."""

from trova_widgets.experiments.baselines import BASELINES
from trova_widgets.experiments.evaluation import Figure
from trova_widgets.figures.curves import Curves, coverage_curves, placement_curves, reliability_curves
from trova_widgets.workspace.evaluating import Evaluation, Teller


def headline(evaluation: Evaluation) -> str:
    """Return in one sentence how many events are told right, and how that stands to the best baseline.

    Parameters
    ----------
    evaluation : Evaluation
        As of `Workspace.evaluate`.
    """
    accuracy = evaluation.choice.by_event.accuracy
    told = (
        f"{100 * accuracy.value:.1f} % of the events are told right "
        f"({100 * accuracy.low:.1f} to {100 * accuracy.high:.1f} %)"
    )
    best = best_baseline(evaluation)
    if best is None:
        return f"{told}."
    return f"{told}, {standing(best.apart['event'])} the best baseline: {_named(best.title)}."


def best_baseline(evaluation: Evaluation) -> Teller | None:
    """Return the baseline that tells most events right; None where none was asked."""
    found = [teller for teller in evaluation.tellers if teller.name in BASELINES]
    return max(found, key=lambda teller: teller.by_event.accuracy.value, default=None)


def standing(apart: Figure) -> str:
    """Return how the choice stands to another one that it is so much better than.

    Parameters
    ----------
    apart : Figure
        By how much its accuracy is higher.

    Examples
    --------
    >>> standing(Figure(value=0.041, low=0.012, high=0.07))
    '4.1 points (1.2 to 7.0) above'
    >>> standing(Figure(value=-0.01, low=-0.04, high=0.02))
    'which cannot be told from that of (−1.0 points, −4.0 to 2.0)'
    """
    value, low, high = (100 * each for each in (apart.value, apart.low, apart.high))
    if low > 0:
        return f"{value:.1f} points ({low:.1f} to {high:.1f}) above"
    if high < 0:
        return f"{-value:.1f} points ({-high:.1f} to {-low:.1f}) below"
    ends = f"{value:.1f} points, {low:.1f} to {high:.1f}".replace("-", "−")
    return f"which cannot be told from that of ({ends})"


def curve_words(evaluation: Evaluation) -> list[tuple[Curves, str]]:
    """Return the curves of an evaluation, each with what it says."""
    raw, scaled, told = evaluation.raw, evaluation.scaled, evaluation.abstaining
    drawn = [
        (
            reliability_curves(
                (raw.confidence, raw.accuracy), (scaled.confidence, scaled.accuracy), 1 / len(evaluation.classes)
            ),
            f"Accuracy against confidence. Grey as told (error {raw.error:.3f}), coloured scaled ({scaled.error:.3f}); "
            "on the broken line each is as sure as it is right.",
        ),
        (
            coverage_curves(told.coverage, told.accuracy),
            f"Accuracy against the share that is told, the surest first: {100 * told.at(0.8):.1f} % of the surest "
            "80 % are right.",
        ),
    ]
    curve = evaluation.placement
    if curve is not None:
        columns = (curve[name].to_numpy(dtype=float) for name in ("shift_s", "accuracy", "low", "high"))
        words = "Accuracy against how much later the onset is taken to be, and its interval."
        drawn.append((placement_curves(*columns), words))
    return drawn


def _named(title: str) -> str:
    """Return a title as it stands within a sentence."""
    return title if title[:2].isupper() or title[:1].isdigit() else title[:1].lower() + title[1:]
