"""The page that explains the method, and lists the teaching notebooks."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

from traitlets import Dict, List

from trova_widgets.models.application import ApplicationModel
from trova_widgets.resources import share_folder
from trova_widgets.widgets.template import Template

if TYPE_CHECKING:
    from trova_widgets.workspace import Workspace

_APPLICATION = "dashboard.ipynb"


class LearnPage(Template):
    """What a fingerprint is, how the search for a network goes, and where to read more.

    Parameters
    ----------
    application : ApplicationModel
        For the links to the other pages.
    """

    template_file = (__file__, "learn.vue")

    notebooks = List(Dict()).tag(sync=True)

    def __init__(self, application: ApplicationModel) -> None:
        paths = sorted(path for path in share_folder("notebooks").glob("*.ipynb") if path.name != _APPLICATION)
        super().__init__(notebooks=[{"name": path.name, "title": _title(path)} for path in paths])
        self.application = application

    def vue_open(self, page: str) -> None:
        """Go to another page."""
        self.application.open(page)


def learn_page(workspace: "Workspace", application: ApplicationModel) -> LearnPage:
    """Return the page that explains the method."""
    return LearnPage(application)


def _title(path: Path) -> str:
    """Return the first heading of a notebook, or its name."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    lines = (line for cell in cells if cell["cell_type"] == "markdown" for line in "".join(cell["source"]).splitlines())
    return next((line.lstrip("# ") for line in lines if line.startswith("#")), path.stem)
