"""Shares as lines, on a page and in a document."""

from trova_widgets.figures.curves import Curve, Curves, ticks_between
from trova_widgets.figures.screen.svg import LINE, SOFT, Frame, path, picture, tag, words

#: The colour of each role; a page and a document have an accent of their own.
_COLOURS = {"main": "var(--trova-accent,#2f5d8c)", "other": SOFT, "aid": LINE}


def curve_chart(curves: Curves, *, width: float = 340.0, height: float = 230.0) -> str:
    """Draw lines of shares; what is under the pointer says its numbers.

    Parameters
    ----------
    curves : Curves
        The lines and their axes.
    width, height : float
        The picture's size, pixels.

    Returns
    -------
    str
        An ``svg`` element.

    Examples
    --------
    >>> from trova_widgets.figures.curves import coverage_curves
    >>> curve_chart(coverage_curves([0.5, 1.0], [1.0, 0.9])).count("<polyline")
    1
    """
    frame = Frame(44, 26, width - 12, height - 42)
    (left, right), (low, high) = curves.across, curves.up
    parts = [words(4, 14, f"{curves.title}, %", "start", strong=True)]
    for tick in ticks_between(curves.up):
        y = frame.y((tick - low) / (high - low))
        parts.append(tag("path", d=f"M{frame.left:.1f} {y:.1f}H{frame.right:.1f}", stroke=LINE, stroke_width=0.8))
        parts.append(words(frame.left - 5, y + 4, f"{100 * tick:.3g}", "end"))
    for tick in ticks_between(curves.across):
        x = frame.x((tick - left) / (right - left))
        parts.append(tag("path", d=f"M{x:.1f} {frame.bottom:.1f}v4", stroke=SOFT, stroke_width=1))
        parts.append(words(x, frame.bottom + 16, f"{tick:.3g}" if curves.unit else f"{100 * tick:.3g}"))
    along = curves.along if curves.unit else f"{curves.along}, %"
    parts.append(words(frame.right, height - 6, along, "end", strong=True))
    parts += [_line(curves, each, frame) for each in curves.lines]
    return picture(width, height, parts, f"{curves.title} against {curves.along.lower()}", class_="ts-curves")


def _line(curves: Curves, line: Curve, frame: Frame) -> str:
    (left, right), (low, high) = curves.across, curves.up
    points = [
        (frame.x((x - left) / (right - left)), frame.y((y - low) / (high - low)))
        for x, y in zip(line.x.tolist(), line.y.tolist(), strict=True)
    ]
    dashes = "5 4" if line.role == "aid" else ""
    parts = [path(points, stroke=_COLOURS[line.role], stroke_width=1.8, stroke_dasharray=dashes, class_="ts-series")]
    if line.role == "aid":
        return parts[0]
    for (across, up), x, y in zip(points, line.x.tolist(), line.y.tolist(), strict=True):
        at = f"{x:+g} {curves.unit}" if curves.unit else f"{100 * x:.1f} %"
        told = f"{curves.along} {at}: {100 * y:.1f} % right, {line.name}"
        if len(points) <= 20:
            parts.append(tag("circle", cx=across, cy=up, r=2.6, fill=_COLOURS[line.role]))
        parts.append(tag("circle", cx=across, cy=up, r=7, fill="transparent", data_say=told, class_="ts-say"))
    return "".join(parts)
