"""Where the values of a setting stand along an axis."""

from collections.abc import Sequence

import numpy as np

from trova_widgets.space import Floats, Value


def log_positions(values: Sequence[Value]) -> Floats | None:
    """Return where values stand on a logarithmic axis; None where they cannot: words, and what is not above nought.

    Examples
    --------
    >>> log_positions((0.001, 0.01, 1.0)).tolist(), log_positions((0, 1)), log_positions(("on", "off"))
    ([-3.0, -2.0, 0.0], None, None)
    """
    if len(values) < 2 or not all(isinstance(value, (int, float)) and value > 0 for value in values):
        return None
    positions: Floats = np.log10(np.asarray(values, dtype=float))
    return positions


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
    even: Floats = (np.arange(len(values)) + 0.5) / len(values)
    spread = log_positions(values) if logarithmic else None
    if spread is None or spread.max() == spread.min():
        return even
    placed: Floats = room + (1 - 2 * room) * (spread - spread.min()) / (spread.max() - spread.min())
    return placed
