"""The application: the frame around the pages, which are built when they are first visited."""

import asyncio
import logging
import os
from collections.abc import Callable
from html import escape
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import traitlets
from comm import get_comm_manager
from ipyvuetify.Themes import theme
from ipywidgets import HTML, DOMWidget, Widget, widget_serialization
from traitlets import Dict, List, Unicode

from trova_widgets.errors import TrovaError
from trova_widgets.models.application import PAGES, ApplicationModel
from trova_widgets.models.background import sentence_of
from trova_widgets.models.failures import FailureHandler
from trova_widgets.models.formatting import time_left
from trova_widgets.pages.gate.terms import ANALYST_VARIABLE, VISITOR_VARIABLE, WORKSPACE_VARIABLE
from trova_widgets.pages.pulse import Pulse
from trova_widgets.widgets.view import Part, View
from trova_widgets.wording import counted

if TYPE_CHECKING:
    from trova_widgets.workspace import Workspace

#: Builds a page's widget from the workspace and the application's state.
Builder = Callable[["Workspace", ApplicationModel], DOMWidget]

#: The applications that this kernel shows to others: one, on a page that is served.
_shown: list[ApplicationModel] = []

_TITLES = {
    "overview": ("Overview", "mdi-view-dashboard-outline"),
    "records": ("Records", "mdi-sine-wave"),
    "fingerprint": ("Fingerprint", "mdi-fingerprint"),
    "networks": ("Networks", "mdi-layers-outline"),
    "experiments": ("Experiments", "mdi-flask-outline"),
    "results": ("Results", "mdi-cube-outline"),
    "evaluation": ("Evaluation", "mdi-scale-balance"),
    "classify": ("Classify", "mdi-tag-search-outline"),
    "learn": ("Learn", "mdi-school-outline"),
}


def _builder(slug: str) -> Builder:
    """Return the function that builds a page; its module is imported at the first visit."""

    def build(workspace: "Workspace", model: ApplicationModel) -> DOMWidget:
        module = import_module(f"trova_widgets.pages.{slug}")
        return getattr(module, f"{slug}_page")(workspace, model)

    return build


class Frame(View[ApplicationModel]):
    """The frame: bar, drawer, the open page and the status line.

    Parameters
    ----------
    model : ApplicationModel
        The state that the frame shows.
    builders : dict of str to callable, optional
        The function that builds each page.
    """

    template_file = (__file__, "frame.vue")

    pages = List(Dict()).tag(sync=True)
    built = List(Dict()).tag(sync=True, **widget_serialization)
    page = Unicode("overview").tag(sync=True)
    subject = Unicode("").tag(sync=True)
    query = Dict().tag(sync=True)
    workspace_name = Unicode("").tag(sync=True)
    workspace_path = Unicode("").tag(sync=True)
    counts = List(Dict()).tag(sync=True)
    running = Dict().tag(sync=True)
    pulse = traitlets.Any().tag(sync=True, **widget_serialization)

    def __init__(self, model: ApplicationModel, builders: dict[str, Builder] | None = None) -> None:
        super().__init__(
            Part(model, ("message", "dark", "read_only", "memory", "trouble")),
            pulse=Pulse(model.failures),
            pages=[{"slug": slug, "title": _TITLES[slug][0], "icon": _TITLES[slug][1]} for slug in PAGES],
            workspace_name=model.workspace.path.name,
            workspace_path=str(model.workspace.path),
        )
        self._builders = builders or {slug: _builder(slug) for slug in PAGES}
        model.observe(self._go, ["page", "subject", "query"])
        model.observe(self._show_counts, "counts")
        model.observe(self._show_running, "runs")
        model.observe(self._build, "page")
        model.observe(self._paint, "dark")
        self._go()
        self._show_counts()
        self._show_running()
        self._build()

    def vue_visit(self, place: dict[str, Any]) -> None:
        """Go where a link or the address says."""
        if "query" in place:
            self.model.visit(place["page"], place["subject"], place["query"])
        else:
            self.model.open(place["page"], place["subject"])

    def vue_recall(self, memory: dict[str, Any]) -> None:
        """Come back to what was open on each page before it was loaded again."""
        self.model.recall(memory)

    def vue_stop(self, experiment: str) -> None:
        """Stop a running experiment."""
        self.model.stop(experiment)

    def _go(self, _: Any = None) -> None:
        # together, as an address of the new page with the subject of the old one would stand in the browser's history
        with self.hold_sync():
            self.page, self.subject, self.query = self.model.page, self.model.subject, dict(self.model.query)

    def _build(self, _: Any = None) -> None:
        slug = self.model.page
        if any(item["slug"] == slug for item in self.built):
            return
        try:
            widget = self._builders[slug](self.model.workspace, self.model)
        except Exception as error:
            # one page that cannot be drawn must not take the others along
            widget = _apology("This page cannot be drawn", sentence_of(error))
        self.built = [*self.built, {"slug": slug, "widget": widget}]

    def _paint(self, _: Any = None) -> None:
        theme.dark = self.model.dark

    def _show_counts(self, _: Any = None) -> None:
        told = (counted(self.model.counts.get(f"{noun}s", 0), noun) for noun in ("record", "fingerprint", "experiment"))
        self.counts = [{"text": number, "label": label} for number, label in map(str.split, told)]

    def _show_running(self, _: Any = None) -> None:
        running = self.model.running
        if not running:
            self.running = {}
            return
        run = running[0]
        self.running = {
            "name": run.experiment,
            "state": run.state,
            "others": len(running) - 1,
            "done": run.done,
            "failed": run.failed,
            "total": run.total,
            "share": 100 * run.done / max(run.total, 1),
            "left": time_left(run.seconds_left),
        }


def application(workspace: "Workspace", *, awaited: bool = False) -> Frame:
    """Return the whole application on a workspace.

    A study that has experiments opens at its results, another one at the overview. In a notebook's kernel it keeps
    looking for what others change, and stays up to date by itself. What goes wrong
    behind it is written to ``.trova/pages.log`` in the workspace.

    Parameters
    ----------
    workspace : Workspace
        The open study.
    awaited : bool
        Whether it is made before a browser asks for it: what takes minutes is then begun when one does.

    Returns
    -------
    Frame
        A widget to show in Voilà, or in a cell of JupyterLab.
    """
    log = _keep_log(workspace.path / ".trova" / "pages.log")
    colours = theme.themes
    colours.light.primary, colours.dark.primary = "#2f5d8c", "#8ab4dd"
    model = ApplicationModel(workspace, awaited=awaited)
    log.addHandler(FailureHandler(model.report, model.in_loop, lambda: not model.why_read_only()))
    if model.counts.get("experiments"):
        model.open("results")
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        pass
    else:
        model.watch()
    return Frame(model)


def dashboard() -> DOMWidget:
    """Return the application on the workspace that the server was started for.

    The server names the workspace in the environment. What keeps it from opening is said on the page.

    Returns
    -------
    DOMWidget
        The application, or a page that says what is wrong and what to do.
    """
    from trova_widgets.workspace import Workspace

    path = os.environ.get(WORKSPACE_VARIABLE)
    try:
        if path is None:
            raise TrovaError(
                f"No workspace is named in the environment variable {WORKSPACE_VARIABLE}; "
                "start the page with: trova serve -w FOLDER"
            )
        visitor = VISITOR_VARIABLE in os.environ
        frame = application(Workspace.open(Path(path), shared=True, visitor=visitor), awaited=True)
        if visitor:
            _close_doors()
            _shown.append(frame.model)
            if ANALYST_VARIABLE in os.environ:
                admit(os.environ[ANALYST_VARIABLE])
        return frame
    except TrovaError as error:
        return _apology("Trova cannot open the workspace", str(error))


def admit(name: str) -> None:
    """Let who looks at this kernel's page change things, under a name; the server alone can call it."""
    # a kernel that was only just warmed up may draw its page after this
    os.environ[ANALYST_VARIABLE] = name
    for model in _shown:
        model.admit(name)


def _close_doors() -> None:
    """Let no message make a widget: a page that is served has all that it needs, and no browser needs another."""
    get_comm_manager().unregister_target("jupyter.widget", Widget.handle_comm_opened)


def _keep_log(path: Path) -> logging.Logger:
    """Write what goes wrong to a file: a kernel's standard error ends in the page's output, where nobody sees it."""
    log = logging.getLogger("trova_widgets")
    if any(getattr(handler, "baseFilename", None) == str(path) for handler in log.handlers):
        return log
    path.parent.mkdir(exist_ok=True)
    handler = logging.FileHandler(path, delay=True, encoding="utf-8")
    handler.setLevel(logging.WARNING)
    handler.setFormatter(logging.Formatter("%(asctime)s %(process)d %(levelname)s %(name)s: %(message)s"))
    log.addHandler(handler)
    return log


def _apology(title: str, sentence: str) -> HTML:
    return HTML(
        '<div class="trova-ready" style="max-width: 60ch; margin: 12vh auto; font: 16px/1.5 Roboto, sans-serif">'
        f"<h1>{escape(title)}</h1><p>{escape(sentence)}</p></div>"
    )
