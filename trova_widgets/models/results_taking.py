"""What is taken away from the results page: the view that is seen as a picture, or the experiment as one page."""

from typing import TYPE_CHECKING

from trova_widgets.space import Index

if TYPE_CHECKING:
    from trova_widgets.workspace.results import ExperimentResults

#: The whole experiment, of which there is one kind of file.
PAGE = "page"
_OVER_AXES = ("cube", "images", "lines", "surfaces")
VIEWS = (*_OVER_AXES, "parallel", "influence", "tradeoff", "confusion", "diagram", "learning")
PICTURES = ("svg", "png")


def file_of(results: "ExperimentResults", view: str, kind: str, objective: str, position: Index) -> bytes | None:
    """Return the content of a file; nothing for what there is not.

    Parameters
    ----------
    results : ExperimentResults
        What is looked at.
    view : str
        One of `VIEWS`, or ``"page"``.
    kind : {"svg", "png", "html"}
        Of which kind; a page is ``html``.
    objective : {"quality", "gradient", "both"}
        What is seen; of both, the first.
    position : tuple of int
        The combination that is picked.
    """
    if (view, kind) == (PAGE, "html"):
        return results.html.encode()
    if view not in VIEWS or kind not in PICTURES:
        return None
    cell = position if results.grid.shape else ()
    of = {"of": "gradient" if objective == "gradient" else "quality"} if view in _OVER_AXES else {}
    content: bytes = getattr(results, view)(cell=cell, **of).to_bytes(kind)
    return content
