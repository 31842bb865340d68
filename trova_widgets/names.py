"""Names that somebody mistyped: which ones may be meant."""

from collections.abc import Iterable
from difflib import get_close_matches

_FEW = 4
_NEAREST = 3
_NAMED = 8


def nearest(name: str, known: Iterable[str]) -> str:
    """Tell in words which names there are: of more than a few those that are like the given one, or the first.

    Parameters
    ----------
    name : str
        What was given.
    known : iterable of str
        What there is.

    Returns
    -------
    str
        A part of a sentence.

    Examples
    --------
    >>> measured = ["onset_s", "snr_db", "cutoff_hz", "gap_count", "gap_s"]
    >>> nearest("cutof", measured), nearest("Gap", measured)
    ('the nearest is cutoff_hz', 'the nearest are gap_s, gap_count')
    >>> nearest("x", ["a", "b"]), nearest("x", [])
    ('there are a, b', 'there is none yet')
    """
    names, wanted = list(known), name.casefold().strip()
    if not names:
        return "there is none yet"
    if len(names) <= _FEW:
        return f"there are {', '.join(names)}"
    spelt = {each.casefold(): each for each in names}
    holding = [each for folded, each in spelt.items() if wanted and wanted in folded]
    close = [spelt[folded] for folded in get_close_matches(wanted, spelt, n=_NEAREST)]
    if meant := list(dict.fromkeys([*close, *holding]))[:_NEAREST]:
        return f"the nearest {'is' if len(meant) == 1 else 'are'} {', '.join(meant)}"
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return f"there are {', '.join(names[:_NAMED])}{more}"
