"""Small multiples: which of many panels are drawn."""


def window(count: int, limit: int, centre: int) -> range:
    """Return at most ``limit`` neighbouring places of ``count``, around ``centre``.

    Examples
    --------
    >>> window(5, 8, 0), window(50, 4, 49)
    (range(0, 5), range(46, 50))
    """
    first = min(max(centre - limit // 2, 0), max(count - limit, 0))
    return range(first, min(first + limit, count))
