"""The views of an experiment's results, each in one line: in a notebook, and as files without a browser."""

from __future__ import annotations

from html import escape
from pathlib import Path

from trova_widgets.errors import StoreError
from trova_widgets.workspace.paths import write_named
from trova_widgets.workspace.views.cell import CellViews
from trova_widgets.workspace.views.landscape import LandscapeViews
from trova_widgets.workspace.views.view import framed

#: Those of one cell.
OF_A_CELL = ("confusion", "diagram", "learning")
#: The views that are there, as methods of the results.
VIEWS = ("cube", "images", "lines", "surfaces", "parallel", "influence", "tradeoff", *OF_A_CELL)


class ResultViews(LandscapeViews, CellViews):
    """What can be seen of results: each view by its name, and all of it as one page."""

    @property
    def html(self) -> str:
        """All of it as one page of HTML that works offline and whose cube turns; see `save`."""
        from trova_widgets.workspace.views.document import experiment_page

        return experiment_page(self.results)

    def save(self, path: str | Path) -> Path:
        """Write all of it into one file of HTML, which needs no other one and no network.

        Its cube turns; images, line charts, the trade-off, the confusion matrix and the table follow the cell that is
        picked; influence, network, learning and where it all comes from are there too.

        Parameters
        ----------
        path : path
            ``experiment-1.html``.

        Returns
        -------
        Path
            The file.

        Raises
        ------
        PlanError
            When no trial has finished.
        StoreError
            When the name does not end in ``.html``, or the file cannot be written.
        """
        file = Path(path)
        if file.suffix.lower() not in (".html", ".htm"):
            raise StoreError(
                f"Results are saved as one page, {file.stem}.html for instance; export writes tables, and each view "
                "has a save of its own for pictures."
            )
        return write_named(file, self.html.encode())

    def __repr__(self) -> str:
        said = self.results.sentence or "no trial has finished yet."
        return f"{self.results.experiment}: {said}"

    def _repr_html_(self) -> str:
        """Return the whole for a notebook."""
        if self.results.grid.holes.all():
            return f"<p>{escape(self.results.experiment)}: no trial has finished yet.</p>"
        return framed(self.html, f"Results of {self.results.experiment}", 820)
