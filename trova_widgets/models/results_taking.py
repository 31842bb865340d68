"""What is taken away from the results page: the table, a view as a picture, the experiment as one page."""

from base64 import b64encode
from typing import TYPE_CHECKING, Any

from traitlets import Dict, Enum, Unicode

from trova_widgets.models.results_experiment import ExperimentModel
from trova_widgets.space import Index
from trova_widgets.workspace.table_files import KINDS

if TYPE_CHECKING:
    from trova_widgets.workspace.results import ExperimentResults

#: The whole experiment, of which there is one kind of file.
PAGE = "page"
#: The one view that needs another experiment.
BESIDE = "beside"
_OVER_AXES = ("cube", "images", "lines", "surfaces")
VIEWS = (*_OVER_AXES, "parallel", "influence", "tradeoff", "confusion", "diagram", "learning")
PICTURES = ("svg", "png")


def file_of(
    results: "ExperimentResults",
    view: str,
    kind: str,
    objective: str,
    position: Index,
    other: "ExperimentResults | None" = None,
) -> bytes | None:
    """Return the content of a file; nothing for what there is not.

    Parameters
    ----------
    results : ExperimentResults
        What is looked at.
    view : str
        One of `VIEWS`, ``"beside"`` or ``"page"``.
    kind : {"svg", "png", "html"}
        Of which kind; a page is ``html``.
    objective : {"quality", "gradient", "both"}
        What is seen; of both, the first.
    position : tuple of int
        The combination that is picked.
    other : ExperimentResults, optional
        What stands beside it.
    """
    if (view, kind) == (PAGE, "html"):
        return results.html.encode()
    cell = position if results.grid.shape else ()
    if view == BESIDE and other is not None and kind in PICTURES:
        return results.beside(other, cell=cell).to_bytes(kind)
    if view not in VIEWS or kind not in PICTURES:
        return None
    of = {"of": "gradient" if objective == "gradient" else "quality"} if view in _OVER_AXES else {}
    content: bytes = getattr(results, view)(cell=cell, **of).to_bytes(kind)
    return content


class TakingModel(ExperimentModel):
    """An experiment of which files are made, and handed over to the browser.

    Attributes
    ----------
    objective : {"quality", "gradient", "both"}
        What is drawn.
    second : str
        The experiment that stands beside this one; empty where none does.
    table_file : dict
        The file that was made last: its ``name`` and its ``content`` (base 64).
    """

    objective = Enum(("quality", "gradient", "both"), "quality")
    second = Unicode("")
    table_file = Dict()

    def export(self, kind: str) -> None:
        """Make a file of all trials, with every setting, figure and interval, and hand it over in `table_file`.

        Parameters
        ----------
        kind : {".csv", ".parquet", ".xlsx"}
            As of `trova_widgets.workspace.result_tables.ResultTables`.
        """
        reading = self.reading
        if reading is None or kind not in KINDS:
            return

        def show(content: bytes) -> None:
            self.table_file = {"name": f"{reading.experiment}{kind}", "content": b64encode(content).decode()}

        self.table_file = {}
        self.do("Writing the table", lambda: reading.results.tables.to_bytes(kind), show)

    def take(self, view: str, kind: str) -> None:
        """Make a file of a view, or of the whole experiment, and hand it over in `table_file`.

        Parameters
        ----------
        view, kind : str
            As of `trova_widgets.models.results_taking.file_of`.
        """
        reading = self.reading
        if reading is None:
            return
        objective, position = self.objective, tuple(self.position)
        second = self.second
        what: tuple[Any, Any] = (self.measure, self.by)

        def draw() -> bytes | None:
            other = self.workspace.results(second, *what) if view == BESIDE and second else None
            return file_of(reading.results, view, kind, objective, position, other)

        def show(content: bytes | None) -> None:
            if content is not None:
                name = reading.experiment if view == PAGE else f"{reading.experiment}-{view}"
                name = f"{name}-{second}" if view == BESIDE else name
                self.table_file = {"name": f"{name}.{kind}", "content": b64encode(content).decode()}

        self.table_file = {}
        self.do("Drawing", draw, show)
