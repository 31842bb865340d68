"""What a content that no reader knows is, by the signature in its first bytes."""

_BEGINNINGS = {
    b"%PDF": "a PDF document",
    b"\x89PNG": "a picture (PNG)",
    b"\xff\xd8\xff": "a picture (JPEG)",
    b"\x93NUMPY": "an array of NumPy",
    b"MATLAB": "a file of MATLAB",
    b"\x7fELF": "a program",
    b"SQLite format 3": "a database (SQLite)",
}

# enough to tell text from numbers
_LOOKED_AT = 512
_SHOWN = 4


def describe_content(content: bytes) -> str:
    r"""Return what a content looks like, the same words for all that look alike.

    Parameters
    ----------
    content : bytes
        The whole of it.

    Examples
    --------
    >>> describe_content(b"Station: APA\n"), describe_content(b"\x00\x01\x02\x03\x04"), describe_content(b"")
    ('plain text', 'binary data that begin with the bytes 00 01 02 03', 'empty')
    """
    beginning = content[:_LOOKED_AT]
    if not beginning.strip(b"\0 \t\r\n"):
        return "empty" if len(content) <= _LOOKED_AT else "blank at its beginning"
    for signature, look in _BEGINNINGS.items():
        if beginning.startswith(signature):
            return look
    if beginning.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return "XML or HTML"
    try:
        # the cut may go through a letter
        text = beginning.decode("utf-8-sig", errors="strict" if len(content) <= _LOOKED_AT else "ignore")
    except UnicodeDecodeError:
        text = "\0"
    if text and all(letter.isprintable() or letter in "\t\r\n\f" for letter in text):
        return "plain text"
    return f"binary data that begin with the bytes {beginning[:_SHOWN].hex(' ')}"
