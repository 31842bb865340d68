"""Where the values of a setting stand along an axis."""

from collections.abc import Sequence

import numpy as np

from trova_widgets.space import Floats, Value, short_name


def log_positions(values: Sequence[Value]) -> Floats | None:
    """Return where values stand on a logarithmic axis; None for words, numbers not above nought or not in their order.

    Examples
    --------
    >>> log_positions((0.001, 0.01, 1.0)).tolist(), log_positions((0, 1)), log_positions(("on", "off"))
    ([-3.0, -2.0, 0.0], None, None)
    """
    if len(values) < 2 or not all(isinstance(value, (int, float)) and value > 0 for value in values):
        return None
    positions: Floats = np.log10(np.asarray(values, dtype=float))
    # what is next to each other in a plan is next to each other in every view
    return positions if (np.diff(positions) > 0).all() else None


def shares(values: Sequence[Value], *, logarithmic: bool) -> Floats:
    """Return where values stand between the ends of an axis, 0 to 1, with room at both ends.

    Parameters
    ----------
    values : sequence
        In their order.
    logarithmic : bool
        Whether equal ratios are equal steps. Otherwise each value has as much room as any other.

    Examples
    --------
    >>> shares((1, 2, 3, 4), logarithmic=False).tolist(), shares((1, 10, 1000), logarithmic=True).round(3).tolist()
    ([0.125, 0.375, 0.625, 0.875], [0.167, 0.389, 0.833])
    """
    room = 0.5 / len(values)
    placed: Floats = room + (1 - 2 * room) * spans(values, logarithmic=logarithmic)
    return placed


def spans(values: Sequence[Value], *, logarithmic: bool) -> Floats:
    """Return where values stand from one end of an axis to the other, 0 to 1; a single one stands in the middle.

    Parameters
    ----------
    values, logarithmic
        As of `shares`.

    Examples
    --------
    >>> spans((1, 2, 3), logarithmic=False).tolist(), spans((1, 10, 1000), logarithmic=True).round(3).tolist()
    ([0.0, 0.5, 1.0], [0.0, 0.333, 1.0])
    """
    spread = log_positions(values) if logarithmic else None
    if spread is None:
        return np.linspace(0.0, 1.0, len(values)) if len(values) > 1 else np.full(len(values), 0.5)
    placed: Floats = (spread - spread.min()) / (spread.max() - spread.min())
    return placed


def axis_title(name: str, values: Sequence[Value], *, logarithmic: bool) -> str:
    """Return what an axis is called: a logarithmic one says so.

    Examples
    --------
    >>> axis_title("training.rate", (0.1, 1), logarithmic=True), axis_title("training.rate", (0, 1), logarithmic=True)
    ('rate (log)', 'rate')
    """
    is_spread = logarithmic and log_positions(values) is not None
    return f"{short_name(name)}{' (log)' if is_spread else ''}"
