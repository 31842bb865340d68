"""What printed views share: type, colours, the scale beside them, the marks of holes and of the picked cell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from textwrap import fill
from typing import TYPE_CHECKING, Any

import numpy as np

from trova_widgets.figures.colour import HATCH, HOLE, ColourScale
from trova_widgets.space import Floats

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.colors import Colormap
    from matplotlib.figure import Figure

INK, SOFT, LINE, ACCENT, BLUE = "#22303c", "#55636f", "#c3cad1", "#c2410c", "#2f5d8c"
#: A page is so wide at most, inches.
PAGE_IN = 10.0
_LETTERS_AN_INCH = 13
_STYLE = {
    # text stays text, so that it can be searched, read aloud and edited
    "svg.fonttype": "none",
    "pdf.fonttype": 42,
    # the same figure is the same file
    "svg.hashsalt": "trova",
    "font.family": ["DejaVu Sans"],
    "font.size": 9.0,
    "axes.titlesize": 9.0,
    "axes.labelsize": 9.0,
    "xtick.labelsize": 8.0,
    "ytick.labelsize": 8.0,
    "axes.edgecolor": SOFT,
    "axes.labelcolor": INK,
    "text.color": INK,
    "xtick.color": SOFT,
    "ytick.color": SOFT,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "axes.linewidth": 0.7,
    "hatch.linewidth": 0.7,
    "hatch.color": HATCH,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "figure.facecolor": "white",
    "axes.facecolor": "white",
}


@contextmanager
def style() -> Iterator[None]:
    """Draw and write within this, whatever somebody's own style is."""
    import matplotlib

    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(_STYLE)
        yield


def new_figure(width_in: float, height_in: float, *, arranged: bool = True) -> Figure:
    """Return an empty figure that nothing else knows of; what is put into it finds its room, if it is arranged."""
    from matplotlib.figure import Figure

    return Figure(figsize=(width_in, height_in), layout="constrained" if arranged else None)


def to_bytes(figure: Figure, kind: str, dots_per_inch: int) -> bytes:
    """Return a figure as the content of a file.

    Parameters
    ----------
    figure : Figure
        The drawing.
    kind : {"svg", "png", "pdf"}
        Of which kind.
    dots_per_inch : int
        How fine a PNG is.
    """
    stream = BytesIO()
    # without the moment: the same figure is the same file
    about: dict[str, Any] = {"svg": {"Date": None}, "pdf": {"CreationDate": None}, "png": {}}[kind]
    figure.savefig(stream, format=kind, dpi=dots_per_inch, metadata=about, bbox_inches="tight", pad_inches=0.08)
    return stream.getvalue()


def colour_map(scale: ColourScale) -> Colormap:
    """Return a scale's colours as Matplotlib takes them; what is not a number is a hole."""
    from matplotlib.colors import LinearSegmentedColormap

    return LinearSegmentedColormap.from_list(scale.title, list(scale.colours)).with_extremes(bad=HOLE)


def colour_bar(figure: Figure, axes: Sequence[Axes], scale: ColourScale, label: str) -> None:
    """Draw the scale beside some axes, in per cent."""
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import Normalize

    shown = ScalarMappable(Normalize(100 * scale.low, 100 * scale.high), colour_map(scale))
    bar = figure.colorbar(shown, ax=list(axes), shrink=0.75, aspect=28, pad=0.02, label=label)
    bar.set_ticks([100 * tick for tick in scale.ticks()])
    bar.ax.set_yticklabels([f"{100 * tick:.3g}" for tick in scale.ticks()])
    bar.outline.set_linewidth(0.5)


def with_room(shares: Floats, at_most: int) -> list[int]:
    """Return which of some places along an axis have room for a label, where so many have that stand evenly.

    Parameters
    ----------
    shares : ndarray of float
        The places, rising, as shares of the axis.
    at_most : int
        How many labels have room.

    Examples
    --------
    >>> with_room(np.array([0, 0.25, 0.5, 0.75, 1]), 3), with_room(np.array([0, 0.01, 1]), 4)
    ([0, 2, 4], [0, 2])
    """
    count = len(shares)
    apart = np.diff(shares)
    if not apart.size or apart.min() > 0.99 * apart.max():
        return list(range(0, count, -(-count // at_most)))
    kept = [0]
    for place in range(1, count):
        if shares[place] - shares[kept[-1]] >= (shares[-1] - shares[0]) / at_most:
            kept.append(place)
    return kept


def value_ticks(axes: Axes, which: str, labels: Sequence[str], at_most: int = 12, steps: Floats | None = None) -> None:
    """Put values along an axis; so many of them as have room, which is less where they are long.

    Parameters
    ----------
    axes : Axes
        What they belong to.
    which : {"x", "y"}
        Along which axis.
    labels : sequence of str
        The values in words.
    at_most : int
        How many have room.
    steps : ndarray of float, optional
        Where they stand, 0 to their count less one; at 0, 1, 2..., if left out.
    """
    at = np.arange(len(labels), dtype=float) if steps is None else steps
    places = with_room(at / max(len(labels) - 1, 1), at_most)
    axis = axes.xaxis if which == "x" else axes.yaxis
    longest = max(len(labels[place]) for place in places)
    turned = which == "x" and longest * len(places) > 5 * at_most
    axis.set_ticks(
        [float(at[place]) for place in places], [labels[place] for place in places], rotation=40 if turned else 0
    )
    if turned:
        for text in axis.get_ticklabels():
            text.set_ha("right")
            text.set_rotation_mode("anchor")


def hatch_cells(axes: Axes, rows: Sequence[int], columns: Sequence[int]) -> None:
    """Hatch pixels of an image: they are combinations without a result."""
    from matplotlib.patches import Rectangle

    for row, column in zip(rows, columns, strict=True):
        corner = (column - 0.5, row - 0.5)
        axes.add_patch(Rectangle(corner, 1, 1, facecolor=HOLE, edgecolor=HATCH, hatch="////", linewidth=0))


def write_around(figure: Figure, title: str, sentences: Sequence[str]) -> None:
    """Write what a figure is above it, and what its marks mean below it; the page grows by that.

    Parameters
    ----------
    figure : Figure
        The drawing.
    title : str
        Above it.
    sentences : sequence of str
        Below it; empty ones are left out.
    """
    width, height = figure.get_size_inches()
    letters = max(int(width * _LETTERS_AN_INCH), 48)
    figure.text(0.0, 1 + 0.08 / height, fill(title, letters), va="bottom", fontsize=10.5, fontweight="bold")
    figure.text(0.0, -0.08 / height, fill(" ".join(filter(None, sentences)), letters), va="top", color=SOFT)


def inks(scale: ColourScale, numbers: Any) -> list[str]:
    """Return black or white for each number, whichever reads better on its colour."""
    from trova_widgets.figures.colour import ink_on

    return [ink_on(colour) for colour in scale.rgb(np.ravel(numbers))]
