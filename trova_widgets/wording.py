"""Words that sentences are made of: counts with their nouns, lists, and the names of classes as a person reads them."""

from collections.abc import Sequence


def counted(count: int, noun: str) -> str:
    """Return a count with its noun.

    Examples
    --------
    >>> counted(1, "record"), counted(1200, "record")
    ('1 record', '1,200 records')
    """
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def listed(words: Sequence[str]) -> str:
    """Return words as a list in a sentence.

    Examples
    --------
    >>> listed(["time"]), listed(["time", "place", "class"])
    ('time', 'time, place and class')
    """
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def spoken(slug: str) -> str:
    """Return a name of the kind that columns and classes have as the words it is made of.

    Examples
    --------
    >>> spoken("quarry_blast")
    'quarry blast'
    """
    return slug.replace("_", " ")


def titled(slug: str) -> str:
    """Return such a name as it stands at the head of a row or a column.

    Examples
    --------
    >>> titled("quarry_blast")
    'Quarry blast'
    """
    return spoken(slug).capitalize()
