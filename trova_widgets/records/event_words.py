"""What catalogues call their events, beside QuakeML's words: short codes, and doubts that stand in the type itself."""

import re

from trova_widgets.records.letters import composed

CERTAINTIES = ("known", "suspected")
"""What a catalogue says of its event types: QuakeML's words."""

NO_NAMES = ("", "-", "--", "?", "nan", "none", "null", "na", "n/a", "unknown", "unnamed", "noname", "no name", "нет")
"""Words that stand where an event has no name: taken for one, they would make one event of all."""

CSS_TYPES = {
    "qb": "quarry blast",
    "qb+": "quarry blast",
    "qb1": "quarry blast",
    "qb2": "quarry blast",
    "qbx": "quarry blast",
    "qmt": "rock burst",
    "eq": "earthquake",
    "eq1": "earthquake",
    "eq2": "earthquake",
    "me": "explosion",
    "ex": "explosion",
    "nu": "nuclear explosion",
    "nc": "cavity collapse",
    "o": "other event",
}
"""The types of a CSS 3.0 table of origins, the same as those of SAC; what is local, regional or teleseismic and of
unknown origin (``l``, ``r``, ``t``) has none."""

_ISF_TYPES = {
    "e": "earthquake",
    "r": "rock burst",
    "i": "induced or triggered event",
    "m": "mining explosion",
    "h": "chemical explosion",
    "x": "experimental explosion",
    "n": "nuclear explosion",
}
"""The second letter of the types of IASPEI's seismic format; the first one is ``k`` for known, ``s`` for suspected."""

_DOUBTING = (
    r"suspected|suspect|susp\.?|probable|probably|prob\.?|possible|possibly|poss\.?|likely|supposed|presumed|presumable|"
    r"presumably|assumed|uncertain|unconfirmed|not confirmed|questionable|"
    r"предполагаемый|предполагаемая|предполагаемое|предположительно|предп\.?|вероятный|вероятная|вероятное|вероятно|"
    r"возможный|возможная|возможное|возможно|подозрение на|не подтверждено|неподтвержд[её]нный"
)
_DOUBT_BEFORE = re.compile(rf"^(?:\?+\s*|(?:{_DOUBTING})[\s:,_-]+)(?P<type>[^\s?].*)$")
_DOUBT_BEHIND = re.compile(rf"^(?P<type>.*[^\s?,;:(_-])(?:\s*\?[\s?]*|[\s,;:_(-]+(?:{_DOUBTING}|\?+)\)?)$")
_CERTAIN_BEFORE = re.compile(r"^(known|confirmed|certain|достоверный)\s+(?P<type>\S.*)$")


def type_and_doubt(text: str | None, certainty: str | None = None) -> tuple[str | None, str | None]:
    """Take the doubt out of an event type.

    Parameters
    ----------
    text : str or None
        As a catalogue writes it: ``"explosion?"``, ``"suspected quarry blast"``.
    certainty : str or None
        What the catalogue says of it in a field of its own.

    Returns
    -------
    event_type : str or None
        Without the doubt.
    certainty : {"known", "suspected"} or None
        None where nothing is said; any other word than QuakeML's two is a doubt.

    Examples
    --------
    >>> type_and_doubt("explosion?"), type_and_doubt("suspected quarry blast"), type_and_doubt("earthquake", "known")
    (('explosion', 'suspected'), ('quarry blast', 'suspected'), ('earthquake', 'known'))
    """
    event_type = " ".join(composed(text).split()) if text else ""
    said = _certainty(certainty)
    for pattern, doubt in ((_DOUBT_BEFORE, "suspected"), (_DOUBT_BEHIND, "suspected"), (_CERTAIN_BEFORE, "known")):
        if found := pattern.match(event_type.lower()):
            begin, end = found.span("type")
            event_type = event_type[begin:end]
            said = said or doubt
            break
    return event_type or None, said


def type_of_code(code: str) -> tuple[str | None, str | None]:
    """Return the event type and its doubt of a code in a CSS 3.0 table; a code that is not known stays as it is.

    Examples
    --------
    >>> type_of_code("qb"), type_of_code("sm"), type_of_code("-")
    (('quarry blast', None), ('mining explosion', 'suspected'), (None, None))
    """
    key = code.strip().lower()
    if key in ("", "-", "u", "uk", "l", "r", "t", "f"):
        return None, None
    return (CSS_TYPES[key], None) if key in CSS_TYPES else isf_type(code) or type_and_doubt(code)


def isf_type(code: str) -> tuple[str, str] | None:
    """Return the event type and its doubt of a code of IASPEI's seismic format; None for any other text.

    Examples
    --------
    >>> isf_type("ke"), isf_type("earthquake") is None
    (('earthquake', 'known'), True)
    """
    key = code.strip().lower()
    if len(key) == 2 and key[0] in "ks" and key[1] in _ISF_TYPES:
        return _ISF_TYPES[key[1]], "known" if key[0] == "k" else "suspected"
    return None


def _certainty(text: str | None) -> str | None:
    word = (text or "").strip().lower()
    if word in ("", "-", "nan", "none", "null", "unknown"):
        return None
    return "known" if word in ("known", "confirmed", "certain", "sure", "k", "1", "yes") else "suspected"
