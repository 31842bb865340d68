"""What the commands have in common: arguments are parsed, a workspace is opened, a table is shown."""

import argparse
import sys
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from trova_widgets.errors import TrovaError, TrovaWarning

if TYPE_CHECKING:
    from pandas import DataFrame

    from trova_widgets.workspace import Workspace

#: What does a command; it returns its exit status where that is not 0.
Handler = Callable[[argparse.Namespace], int | None]

#: Rows of a table that are printed; an export has them all.
_SCREEN = 40


def is_changing(command: str) -> bool:
    """Tell whether a command changes a workspace whatever else it is told."""
    return command in _CHANGING


class Command(Protocol):
    """What declares a command: its name, what does it, what it is for, and whether it wants a workspace."""

    def __call__(self, name: str, handler: Handler, help_text: str, workspace: bool = True) -> argparse.ArgumentParser:
        """Return the command's parser, to be told what else it takes."""


#: Commands that change a workspace whatever else they are told; others say so in ``options.changes``.
_CHANGING = frozenset(
    {
        *("import", "fetch", "fingerprint", "dataset", "network", "plan", "run", "stop"),
        *("copy", "rename", "edit", "annotate", "delete"),
    }
)


def opened(options: argparse.Namespace) -> "Workspace":
    """Open the workspace that is named; what it warns of is printed as a sentence.

    A command that changes the workspace is refused where nothing may be changed, with one sentence and before anything
    is done.
    """
    from trova_widgets.workspace import Workspace

    with warnings.catch_warnings(record=True, category=TrovaWarning) as said:
        warnings.simplefilter("always", TrovaWarning)
        workspace = Workspace.open(options.workspace)
    if options.changes and workspace.read_only:
        with workspace:
            workspace.must_write()
    for warning in said:
        print(f"trova: {warning.message}", file=sys.stderr)
    return workspace


def workspace_folder(options: argparse.Namespace) -> Path:
    """Return the folder of the workspace that is named, without opening its database."""
    folder: Path = options.workspace
    if not (folder / "trova.duckdb").exists():
        raise TrovaError(f"{folder} is no workspace; name one with -w, or make one with: trova init {folder}")
    return folder.resolve()


def show(
    frame: "DataFrame", export: Path | None, columns: Sequence[str] = (), empty: str = "The table is empty."
) -> None:
    """Write a table to a file where one is named, else print what fits on a screen.

    Parameters
    ----------
    frame : DataFrame
        The table.
    export : Path or None
        The file; it gets every row and column, with all digits.
    columns : sequence of str
        Those that are worth a place on the screen; all, if none is named. One without any value is left out.
    empty : str
        What is said where there is no row.
    """
    if export is None and frame.empty:
        print(empty)
        return
    if export is None:
        print(_formatted(frame.head(_SCREEN), columns))
        left = [f"{len(frame) - _SCREEN} more rows"] if len(frame) > _SCREEN else []
        hidden = len(frame.columns) - len(columns or frame.columns)
        left += [f"{hidden} more columns"] if hidden > 0 else []
        if left:
            print(f"... and {', '.join(left)}; --export FILE.csv writes everything.")
        return
    from trova_widgets.records.catalogues.sheets import marked_frame

    try:
        marked_frame(frame).to_csv(export, index=False)
    except OSError as error:
        raise TrovaError(f"{export} cannot be written: {error.strerror or error}; name another file.") from error
    print(f"{len(frame)} rows written to {export}")


def _formatted(frame: "DataFrame", columns: Sequence[str]) -> str:
    """Return a table as short lines: times to the second, numbers to five digits."""
    shown = frame[[name for name in columns or frame.columns if name in frame]]
    shown = shown.dropna(axis="columns", how="all").copy()
    for name, values in shown.items():
        if values.dtype.kind == "M":
            shown[name] = values.dt.strftime("%Y-%m-%d %H:%M:%S")
        elif values.dtype.kind != "f":
            shown[name] = values.astype(object).where(values.notna(), "")
    text: str = shown.to_string(index=False, float_format="{:.5g}".format, na_rep="")
    return text


def texts(words: Sequence[str]) -> dict[str, str]:
    """Read words of the form ``name=value``."""
    found: dict[str, str] = {}
    for word in words:
        name, equals, value = (part.strip() for part in word.partition("="))
        if not (equals and name):
            raise TrovaError(f"{word!r} sets nothing; write it as name=value.")
        if name in found:
            raise TrovaError(f"{name} is given twice; give it one value.")
        found[name] = value
    return found


def assignments(words: Sequence[str]) -> dict[str, object]:
    """Read words of the form ``name=value``; a value that is not a number stays a word."""
    return {name: _value(text) for name, text in texts(words).items()}


def _value(text: str) -> object:
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


def class_rates(words: Sequence[str]) -> dict[str, float]:
    """Read rates of classes of the form ``class=share``.

    Raises
    ------
    TrovaError
        When a word is none such, or a class is given twice.

    Examples
    --------
    >>> class_rates(["earthquake=0.9", "quarry_blast=10%"])
    {'earthquake': 0.9, 'quarry_blast': 0.1}
    """
    return {name: _share(name, text) for name, text in texts(words).items()}


def _share(name: str, text: str) -> float:
    try:
        return float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    except ValueError:
        raise TrovaError(f"{name}={text} is no rate; write a share, such as {name}=0.9.") from None
