"""A table as a Parquet file, which other tools read."""

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from trova_widgets.store.literals import literal

if TYPE_CHECKING:
    import pandas as pd


def parquet_bytes(frame: "pd.DataFrame", notes: Mapping[str, str]) -> bytes:
    """Return a table as the content of a Parquet file.

    Parameters
    ----------
    frame : DataFrame
        Columns of numbers, texts, moments (UTC) or truth values; what is missing stays missing.
    notes : mapping of str to str
        What is written beside the table, as the file's key-value metadata.

    Returns
    -------
    bytes

    Examples
    --------
    >>> import io, pandas as pd
    >>> content = parquet_bytes(pd.DataFrame({"cell": [0, 1], "name": ["=1+1", None]}), {"cell": "Its number."})
    >>> content[:4], content[-4:]
    (b'PAR1', b'PAR1')
    """
    told = ", ".join(f"{literal(name)}: {literal(text)}" for name, text in notes.items())
    form = f"FORMAT parquet, KV_METADATA {{{told}}}" if told else "FORMAT parquet"
    with tempfile.TemporaryDirectory(prefix="trova-") as folder, duckdb.connect() as connection:
        target = Path(folder) / "table.parquet"
        connection.register("given", frame)
        connection.execute(f"COPY (FROM given) TO {literal(str(target))} ({form})")
        return target.read_bytes()
