"""Documents that are read without Trova: one page of HTML that needs no other file and asks no network."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from html import escape

from trova_widgets import __version__

_STYLE = """
:root { --ink: #22303c; --soft: #5f6c78; --line: #dfe4ea; --ground: #f6f7f9; --card: #fff; --accent: #2f5d8c; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e3e8ee; --soft: #a3afbb; --line: #36414c; --ground: #161b21; --card: #1e252c; --accent: #8ab4dd; }
}
/* pictures that pages show as well have the names of theirs */
:root { --trova-ink: var(--ink); --trova-soft: var(--soft); --trova-line: var(--line); --trova-card: var(--card); }
:root { --trova-accent: var(--accent); }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 15px/1.5 Roboto, "Segoe UI", sans-serif; }
main { max-width: 1080px; margin: 0 auto; padding: 32px 20px 64px; display: grid; gap: 18px; }
h1 { font-size: 26px; font-weight: 500; margin: 0; }
h2 { font-size: 18px; font-weight: 500; margin: 0 0 10px; }
h3 { font-size: 15px; font-weight: 600; margin: 18px 0 6px; }
p { margin: 6px 0; max-width: 76ch; }
section { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 18px 22px; }
section { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: 7px 14px 7px 0; border-bottom: 1px solid var(--line); vertical-align: top; }
th { color: var(--soft); font-weight: 500; font-size: 13px; }
tr:last-child td { border-bottom: 0; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.soft { color: var(--soft); }
.small { font-size: 13px; }
ul { margin: 6px 0; padding-left: 20px; max-width: 92ch; }
pre { background: var(--ground); border: 1px solid var(--line); border-radius: 6px; padding: 8px 12px; }
pre { overflow-x: auto; }
.figures { display: flex; flex-wrap: wrap; gap: 14px 44px; }
.figures b { display: block; font-size: 22px; font-weight: 500; }
.pictures { display: flex; flex-wrap: wrap; gap: 12px 20px; align-items: flex-end; }
figure { margin: 0; }
figcaption { font-size: 13px; color: var(--soft); max-width: 300px; }
svg { font: 11px Roboto, "Segoe UI", system-ui, sans-serif; display: block; max-width: 100%; }
svg text { fill: var(--soft); }
.decision { border-left: 3px solid var(--accent); padding-left: 14px; margin-top: 14px; }
@media print { body { background: #fff; } section { break-inside: avoid; border: 0; padding: 8px 0; } }
"""
#: Nothing is asked of anybody: a browser refuses whatever is not in the page itself.
_SEALED = (
    '<meta http-equiv="Content-Security-Policy" '
    "content=\"default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:\">"
)


def page(title: str, parts: Iterable[str], *, style: str = "", script: str = "") -> str:
    """Return a document.

    Parameters
    ----------
    title : str
        What it is called.
    parts : iterable of str
        Its sections, as HTML; empty ones are left out.
    style : str
        What it wants besides the look that all documents have.
    script : str
        What moves in it.

    Returns
    -------
    str
        The whole page.

    Examples
    --------
    >>> page("A <report>", ["<section></section>", ""]).count("&lt;report&gt;")
    1
    """
    now = datetime.now(UTC)
    foot = f'<p class="small soft">Trova {__version__}, {now:%Y-%m-%d %H:%M} UTC.</p>'
    moves = f"<script>{script}</script>" if script else ""
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8">{_SEALED}<title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}{style}</style></head>'
        f"<body><main>{''.join(filter(None, parts))}{foot}</main>{moves}</body></html>\n"
    )


def table(titles: Sequence[str], rows: Iterable[Sequence[str]], words: int = 1) -> str:
    """Return a table whose first columns hold words, and the others numbers.

    Parameters
    ----------
    titles : sequence of str
        Of the columns.
    rows : iterable of sequence of str
        Plain text.
    words : int
        How many columns hold words.

    Examples
    --------
    >>> table(["Class", "Recall"], [["<new>", "90 %"]]).count("&lt;new&gt;")
    1
    """

    def kind(place: int) -> str:
        return "" if place < words else ' class="number"'

    head = "".join(f"<th{kind(place)}>{escape(title)}</th>" for place, title in enumerate(titles))
    body = "".join(
        f"<tr>{''.join(f'<td{kind(place)}>{escape(cell)}</td>' for place, cell in enumerate(row))}</tr>" for row in rows
    )
    return f"<table><tr>{head}</tr>{body}</table>"
