"""A view of results as one has it in a notebook: shown where it stands, saved as a file, its numbers as a table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from trova_widgets.errors import StoreError
from trova_widgets.figures.printed.sheet import style, to_bytes, write_around
from trova_widgets.workspace.paths import write_named

if TYPE_CHECKING:
    from matplotlib.figure import Figure

#: The files that a view can be saved as.
KINDS = ("svg", "png", "pdf")
#: How fine a picture is printed.
DOTS_PER_INCH = 300
_SCREEN_DOTS_PER_INCH = 110
#: A drawing of more letters than this is shown as a picture: a browser would be slow with it.
_SVG_AT_MOST = 1_500_000


class View:
    """One view of an experiment's results.

    In a notebook it is drawn where it stands; no browser is needed to save it.

    Parameters
    ----------
    name : str
        Which view: ``"cube"``.
    title : str
        What stands above it.
    sentences : sequence of str
        Its key: what its marks mean.
    table : DataFrame
        The numbers that are drawn.
    draw : callable
        Returns the drawing, a Matplotlib figure.
    turning : callable, optional
        Returns a page of HTML in which it turns; where there is none it is shown as a drawing.

    Attributes
    ----------
    name, title, table
        As given.
    key : str
        What its marks mean.
    """

    def __init__(
        self,
        name: str,
        title: str,
        sentences: Sequence[str],
        table: pd.DataFrame,
        draw: Callable[[], Figure],
        turning: Callable[[], str] | None = None,
    ) -> None:
        self.name, self.title, self.table = name, title, table
        self._sentences = tuple(filter(None, sentences))
        self._draw, self._turning = draw, turning

    @property
    def key(self) -> str:
        """What its marks mean."""
        return " ".join(self._sentences)

    @cached_property
    def svg(self) -> str:
        """The drawing as SVG, whose text is text."""
        return self.to_bytes("svg").decode()

    def to_bytes(self, kind: str, dots_per_inch: int = DOTS_PER_INCH) -> bytes:
        """Return the view as the content of a file.

        Parameters
        ----------
        kind : {"svg", "png", "pdf", "html"}
            ``html`` where the view turns.
        dots_per_inch : int, default 300
            How fine a PNG is.

        Raises
        ------
        StoreError
            When there is no such kind.
        """
        if kind == "html" and self._turning is not None:
            return self._turning().encode()
        if kind not in KINDS:
            raise StoreError(
                f"A {self.name} cannot be saved as {kind!r}; let its name end in {_endings(self._turning)}."
            )
        with style():
            figure = self._draw()
            write_around(figure, self.title, self._sentences)
            return to_bytes(figure, kind, dots_per_inch)

    def save(self, path: str | Path, dots_per_inch: int = DOTS_PER_INCH) -> Path:
        """Write the view into a file; the end of its name says of which kind.

        Parameters
        ----------
        path : path
            ``cube.svg``, ``cube.png`` or ``cube.pdf``; a cube also as ``cube.html``, in which it turns.
        dots_per_inch : int, default 300
            How fine a PNG is.

        Returns
        -------
        Path
            The file.

        Raises
        ------
        StoreError
            When the name ends in none of these, or the file cannot be written.
        """
        return write_named(path, self.to_bytes(Path(path).suffix[1:].lower(), dots_per_inch))

    def __repr__(self) -> str:
        return f"<{self.title}>"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        """Return what a notebook shows: a page that turns, a drawing, or a picture where that is too large."""
        shown: dict[str, Any] = {"text/plain": f"{self.title}. {self.key}"}
        if self._turning is not None:
            shown["text/html"] = framed(self._turning(), self.title, 640)
        elif len(self.svg) <= _SVG_AT_MOST:
            shown["image/svg+xml"] = self.svg
        else:
            from base64 import b64encode

            shown["image/png"] = b64encode(self.to_bytes("png", _SCREEN_DOTS_PER_INCH)).decode()
        return shown


def framed(page: str, title: str, height: int) -> str:
    """Return a whole page of HTML as a part of another, which it cannot disturb.

    Parameters
    ----------
    page : str
        The page.
    title : str
        What it is, for those who do not see it.
    height : int
        How high the frame is, in pixels.
    """
    return (
        f'<iframe title="{escape(title, quote=True)}" srcdoc="{escape(page, quote=True)}" sandbox="allow-scripts" '
        f'style="width:100%;height:{height}px;border:0" loading="lazy"></iframe>'
    )


def _endings(turning: object) -> str:
    kinds = [f".{kind}" for kind in (*KINDS, *(["html"] if turning is not None else []))]
    return f"{', '.join(kinds[:-1])} or {kinds[-1]}"
