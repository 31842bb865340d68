"""The pieces of SVG text: shapes, words, and the frame around them."""

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import NamedTuple

from trova_widgets.figures.colour import ColourScale, round_ticks
from trova_widgets.space import Index

#: Letters are never smaller than 12 pixels; a letter of that size is about so wide.
LETTER = 6.6
FONT = 12
SOFT, LINE, INK, ACCENT, CARD = (
    "var(--trova-soft,#5f6c78)",
    "var(--trova-line,#dfe4ea)",
    "var(--trova-ink,#22303c)",
    "var(--trova-picked,#c2410c)",
    "var(--trova-card,#fff)",
)
_MARK = '<g class="ts-mark" pointer-events="none">'
_SIZE = re.compile(r'viewBox="[^"]*" width="\d+" height="\d+"')
#: The pattern of holes, which a page defines once.
HATCHED = "url(#trova-hatched)"


class Frame(NamedTuple):
    """The part of a picture in which something is drawn, in pixels; y grows downwards.

    Attributes
    ----------
    left, top, right, bottom : float
        Its edges.
    """

    left: float
    top: float
    right: float
    bottom: float

    def x(self, share: float) -> float:
        """Return the x of a share of the width."""
        return self.left + (self.right - self.left) * share

    def y(self, share: float) -> float:
        """Return the y of a share of the height, from the bottom."""
        return self.bottom - (self.bottom - self.top) * share


def tag(name: str, content: str = "", /, **attributes: object) -> str:
    """Return an element; ``_`` in a name stands for ``-``, and ``class_`` is the class.

    Examples
    --------
    >>> tag("circle", cx=1.25, cy=2, data_at="1,0", class_="node")
    '<circle cx="1.2" cy="2" data-at="1,0" class="node"/>'
    """
    told = " ".join(
        f'{key.rstrip("_").replace("_", "-")}="{_written(value)}"' for key, value in attributes.items() if value != ""
    )
    return f"<{name} {told}>{content}</{name}>" if content else f"<{name} {told}/>"


def dot(x: float, y: float, radius: float, fill: str, kind: str, index: Iterable[int], edge: str) -> str:
    """Return the point of a combination; there may be thousands, so this one is quick.

    Examples
    --------
    >>> dot(1.25, 2, 4, "#440154", "node", (1, 0), 'stroke="none"')
    '<circle cx="1.2" cy="2.0" r="4.0" fill="#440154" class="node" data-at="1,0" stroke="none"/>'
    """
    at = ",".join(map(str, index))
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="{fill}" class="{kind}" data-at="{at}" {edge}/>'


def words(
    x: float,
    y: float,
    text: str,
    anchor: str = "middle",
    *,
    strong: bool = False,
    fill: str = SOFT,
) -> str:
    """Return words at a point."""
    return tag(
        "text",
        escape(text),
        x=x,
        y=y,
        text_anchor=anchor,
        fill=fill,
        font_size=FONT,
        font_weight="600" if strong else "",
    )


def path(points: Iterable[tuple[float, float]], **attributes: object) -> str:
    """Return a line through points."""
    drawn = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return tag("polyline", points=drawn, fill="none", **attributes) if drawn else ""


def picture(width: float, height: float, parts: Iterable[str], title: str, **attributes: object) -> str:
    """Return the whole picture, as wide as it is, with what it shows in words."""
    return tag(
        "svg",
        "".join(parts),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {width:.0f} {height:.0f}",
        width=round(width),
        height=round(height),
        role="img",
        aria_label=title,
        **attributes,
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class Markable(ABC):
    """A picture in which any combination may be picked: all else of it stays as it is.

    Attributes
    ----------
    before, after : str
        What is drawn below and above the mark, see `around_mark`.
    """

    before: str
    after: str

    @abstractmethod
    def mark(self, position: Index) -> Iterable[str]:
        """Return what marks a combination; nothing where it is not in this picture."""

    def marked(self, position: Index) -> str:
        """Return the picture, an ``svg`` element, in which a combination is marked."""
        marks = "".join(self.mark(position))
        return f"{self.before}{_MARK}{marks}</g>{self.after}" if marks else self.before + self.after


def around_mark(
    width: float, height: float, below: Iterable[str], above: Iterable[str], title: str, **attributes: object
) -> tuple[str, str]:
    """Return a picture as what is drawn below and above the mark of a combination.

    Examples
    --------
    >>> around_mark(30, 20, ["<path/>"], ["<text/>"], "dots")[1]
    '<text/></svg>'
    """
    before, _, after = picture(width, height, [*below, _MARK, *above], title, **attributes).partition(_MARK)
    return before, after


def lifted(svg: str) -> tuple[str, str]:
    """Return a picture without its mark, and the mark in a picture of the same size that lies over it.

    Examples
    --------
    >>> class Dots(Markable):
    ...     def mark(self, position):
    ...         return ["<circle/>"]
    >>> below, above = around_mark(30, 20, ["<path/>"], [], "dots")
    >>> base, over = lifted(Dots(before=below, after=above).marked((0,)))
    >>> "circle" in base, over
    (False, '<svg viewBox="0 0 30 20" width="30" height="20" aria-hidden="true"><circle/></svg>')
    """
    before, found, rest = svg.partition(_MARK)
    if not found:
        return svg, ""
    marks, _, after = rest.partition("</g>")
    size = _SIZE.search(before)
    over = f'<svg {size[0]} aria-hidden="true">{marks}</svg>' if size else ""
    return before + after, over


def place_of(index: Iterable[int]) -> str:
    """Return a combination's place as ``data-at`` has it.

    Examples
    --------
    >>> place_of((2, 0, 1))
    '2,0,1'
    """
    return ",".join(str(int(place)) for place in index)


def thinned(labels: Sequence[str], step_px: float) -> list[tuple[int, str]]:
    """Return the labels that have room where each has so many pixels, with their places.

    Examples
    --------
    >>> thinned(["10", "20", "30", "40"], 12.0)
    [(0, '10'), (2, '30')]
    """
    widest = max(len(label) for label in labels) * LETTER + 6
    every = max(1, -int(-widest // step_px))
    return list(enumerate(labels))[::every]


def upright_axis(frame: Frame, scale: ColourScale, *, count: int = 4, room: float = 0.06, grid: bool = True) -> str:
    """Return the ticks of an upright axis over a scale, whose ends lie a little inside the frame."""
    parts = []
    for tick in scale.ticks(count):
        y = frame.y(room + (1 - 2 * room) * float(scale.share(tick)))
        if grid:
            parts.append(tag("path", d=f"M{frame.left:.1f} {y:.1f}H{frame.right:.1f}", stroke=LINE, stroke_width=0.8))
        parts.append(words(frame.left - 5, y + 4, scale.written(tick), "end"))
    return "".join(parts)


def level_axis(frame: Frame, low: float, high: float, scale: ColourScale | None = None, *, count: int = 4) -> str:
    """Return the ticks of an axis from the left to the right between two numbers."""
    parts = []
    for tick in round_ticks(low, high, count):
        x = frame.x((tick - low) / (high - low))
        parts.append(tag("path", d=f"M{x:.1f} {frame.bottom:.1f}v4", stroke=SOFT, stroke_width=1))
        parts.append(words(x, frame.bottom + 16, f"{tick:g}" if scale is None else scale.written(tick)))
    return "".join(parts)


def _written(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.1f}".removesuffix(".0")
    return escape(str(value), quote=True)
