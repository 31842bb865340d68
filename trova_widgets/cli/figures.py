"""The command that takes views away: one of them as a picture, or all of them into a folder."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trova_widgets.cli.common import Command, assignments, opened
from trova_widgets.errors import TrovaError

if TYPE_CHECKING:
    from trova_widgets.workspace.results import ExperimentResults
    from trova_widgets.workspace.views import View

_ALL, _BESIDE = "all", "beside"
#: What of the options each view takes.
_TAKES_WHAT = ("cube", "images", "lines", "surfaces")
_OF_A_CELL = ("confusion", "diagram", "learning")
_VIEWS = (*_TAKES_WHAT, "parallel", "influence", "tradeoff", *_OF_A_CELL)


def add_commands(command: Command) -> None:
    """Declare the command and what it takes."""
    figure = command("figure", _figure, "Draw a view of an experiment's results into a file, without a browser.")
    figure.add_argument("experiment")
    figure.add_argument("view", choices=(*_VIEWS, _BESIDE, _ALL), help="which; all of them go into a folder")
    figure.add_argument(
        "file", type=Path, help="cube.svg, cube.png, cube.pdf; of a cube also cube.html, where it turns"
    )
    figure.add_argument("--of", choices=("quality", "gradient"), default="quality", help="what is shown (quality)")
    figure.add_argument(
        "--axes", nargs="+", default=[], metavar="SETTING", help="what is drawn, in this order (the plan's first ones)"
    )
    figure.add_argument(
        "--cell", nargs="+", default=[], metavar="SETTING=VALUE", help="which cell is picked (the best, if left out)"
    )
    figure.add_argument("--beside", metavar="EXPERIMENT", help="the other experiment, for the view beside")
    figure.add_argument("--dpi", type=int, default=300, help="how fine a PNG is (300)")
    figure.add_argument("--kind", choices=("svg", "png", "pdf"), default="svg", help="of all views in a folder (svg)")


def _figure(options: argparse.Namespace) -> None:
    if options.dpi < 1:
        raise TrovaError(f"{options.dpi} dots an inch cannot be drawn; 300 is usual for print.")
    with opened(options) as workspace:
        results = workspace.results(options.experiment)
        if options.view == _BESIDE:
            if not options.beside:
                raise TrovaError("Name the other experiment: trova figure A beside A-B.svg --beside B.")
            cell: dict[str, Any] | None = assignments(options.cell) or None
            view = results.beside(workspace.results(options.beside), axes=options.axes, cell=cell)
            print(f"Written: {view.save(options.file, options.dpi)}")
            return
        if options.view != _ALL:
            print(f"Written: {_view(results, options.view, options).save(options.file, options.dpi)}")
            return
        try:
            options.file.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise TrovaError(
                f"{options.file} cannot be made: {error.strerror or error}; name another folder."
            ) from error
        for name in _VIEWS:
            path = options.file / f"{name}.{options.kind}"
            print(f"Written: {_view(results, name, options).save(path, options.dpi)}")


def _view(results: "ExperimentResults", name: str, options: argparse.Namespace) -> "View":
    given: dict[str, Any] = {"cell": assignments(options.cell) or None}
    if name in _TAKES_WHAT:
        given["of"] = options.of
        # as many of them as a view can draw
        given["axes"] = options.axes[:3] if name == "surfaces" and options.view == _ALL else options.axes
    elif options.view != _ALL and (options.axes or options.of != "quality"):
        raise TrovaError(f"The view {name} takes neither --of nor --axes; leave them out.")
    view: View = getattr(results, name)(**given)
    return view
