"""What a notebook shows of a workspace and of what is in it: a title, sentences, tables, in a notebook's own look."""

from collections.abc import Sequence
from html import escape

import pandas as pd

_ROWS = 20


def shown(title: str, sentences: Sequence[str], *tables: tuple[str, pd.DataFrame]) -> str:
    """Return a part of a page.

    Parameters
    ----------
    title : str
        What it is.
    sentences : sequence of str
        What is said of it.
    *tables : (str, DataFrame)
        What is listed below, each with its caption; of a long one the first rows.

    Returns
    -------
    str
        HTML, in which every text stays a text.

    Examples
    --------
    >>> "<i>" in shown("a <i> b", [])
    False
    """
    parts = [f"<h3>{escape(title)}</h3>", *(f"<p>{escape(each)}</p>" for each in sentences if each)]
    for caption, table in tables:
        more = f", the first {_ROWS} of {len(table):,}" if len(table) > _ROWS else ""
        parts.append(f"<p><b>{escape(caption)}</b>{more}</p>")
        text = table.head(_ROWS).to_html(border=0, na_rep="", float_format="{:.4g}".format)
        parts.append(f'<div style="overflow-x:auto">{text}</div>')
    return f"<div>{''.join(parts)}</div>"
