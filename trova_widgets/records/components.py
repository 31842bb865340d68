"""Which of the channels of an instrument stands for it: the vertical one, or else the first by the usual letters."""

from collections.abc import Iterable

#: Components by preference: vertical ones by their letters, then horizontal ones.
PREFERENCE = ("Z", "3", "V", "N", "1", "E", "2", "R", "T")

#: Codes of network, station, location and channel.
Codes = tuple[str, str, str, str]


def standing_for(channels: Iterable[Codes]) -> dict[Codes, str]:
    """Return for each channel the code of the one that stands for its instrument, which may be itself.

    Parameters
    ----------
    channels : iterable of (str, str, str, str)
        Channels of one instrument differ in their last letter alone, that of the component. One whose last letter is
        none of `PREFERENCE` stands for itself.

    Returns
    -------
    dict of (str, str, str, str) to str
        The code of a channel, by each one that was given.

    Examples
    --------
    >>> found = standing_for([("IM", "APA", "", code) for code in ("BHE", "BHN", "BHZ", "HHE", "LOG")])
    >>> list(found.values())
    ['BHZ', 'BHZ', 'BHZ', 'HHE', 'LOG']
    """
    instruments: dict[Codes, list[Codes]] = {}
    for codes in channels:
        known = codes[3][-1:].upper() in PREFERENCE
        instruments.setdefault((*codes[:3], codes[3][:-1] if known else codes[3]), []).append(codes)
    return {
        codes: min((each[3] for each in together), key=_rank) for together in instruments.values() for codes in together
    }


def _rank(channel: str) -> int:
    letter = channel[-1:].upper()
    return PREFERENCE.index(letter) if letter in PREFERENCE else len(PREFERENCE)
