"""The diagram of a network on paper: a box a layer, with the values of the picked cell on it (the article's Fig. 7)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from trova_widgets.figures.diagram import LayerBox
from trova_widgets.figures.printed.sheet import ACCENT, BLUE, INK, SOFT, new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_ROW_IN, _WIDE_IN = 0.36, 8.8
#: Where the output's size stands, and where the numbers end.
_OUTPUT_IN, _NUMBERS_IN = 6.35, 8.7


def draw_layers(boxes: Sequence[LayerBox]) -> Figure:
    """Draw the layers of a network from above to below.

    Parameters
    ----------
    boxes : sequence of LayerBox
        The layers; what varies is in the accent colour.

    Returns
    -------
    Figure
    """
    from matplotlib.patches import FancyBboxPatch

    figure = new_figure(_WIDE_IN, _ROW_IN * (len(boxes) + 1.2) + 0.2)
    here = figure.subplots()
    here.set_xlim(0, _WIDE_IN)
    here.set_ylim(len(boxes) + 0.1, -1.1)
    here.set_axis_off()
    for x, words, align in (
        (0.62, "Layer", "left"), (_OUTPUT_IN, "Output", "left"), (_NUMBERS_IN, "Numbers it learns", "right"),
    ):  # fmt: skip
        here.text(x, -0.55, words, ha=align, va="center", fontsize=8, color=SOFT)
    for row, box in enumerate(boxes):
        accented = bool(box.varied)
        here.add_patch(
            FancyBboxPatch(
                (0.48, row - 0.4), 5.65, 0.8, boxstyle="round,pad=0,rounding_size=0.08",
                facecolor="#fdf1ea" if accented else "#f6f7f9",
                edgecolor=ACCENT if accented else "#c3cad1", linewidth=1.1 if accented else 0.7,
            )
        )  # fmt: skip
        if row:
            here.plot([2.7, 2.7], [row - 0.6, row - 0.4], color=SOFT, linewidth=0.8)
        here.text(0.36, row, f"{box.position}", ha="right", va="center", fontsize=8, color=SOFT)
        title = here.text(0.62, row, box.title, va="center", fontsize=8.5, color=INK)
        varied = ", ".join(f"{name} {value}" for name, value in box.varied)
        start = 0.62 + 0.072 * len(title.get_text()) + 0.16
        if varied:
            here.text(start, row, varied, va="center", fontsize=8.5, color=ACCENT, fontweight="bold")
            start += 0.075 * len(varied) + 0.14
        here.text(start, row, box.text, va="center", fontsize=8, color=SOFT)
        here.barh(row, 1.1 * box.level, left=_OUTPUT_IN, height=0.34, color=BLUE, alpha=0.25)
        here.text(_OUTPUT_IN + 0.05, row, box.shape, va="center", fontsize=8.5, color=INK)
        if box.parameters:
            here.text(_NUMBERS_IN, row, f"{box.parameters:,}", ha="right", va="center", fontsize=8.5, color=INK)
    return figure
