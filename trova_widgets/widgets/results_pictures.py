"""Pictures that say what is under the pointer; those of the results are picked by a click."""

from typing import Any

from traitlets import Dict, HasTraits, List, Unicode

from trova_widgets.figures.screen.svg import lifted
from trova_widgets.models.results import ResultsModel
from trova_widgets.widgets.view import Part, View


class ShownPictures(View[Any]):
    """Pictures that say what is under the pointer.

    Parameters
    ----------
    model : HasTraits
        What is shown.
    trait : str
        Which of its traits has the groups of pictures.
    *more : Part
        What else of the model is shown.

    Attributes
    ----------
    groups : list of dict
        The pictures, without what marks the picked combination.
    marks : list of list of dict
        For each picture of each group what lies over it, an ``svg``, and whether the picked one is ``here``.
    """

    template_file = (__file__, "results_pictures.vue")

    name = Unicode("").tag(sync=True)
    groups = List(Dict()).tag(sync=True)
    marks = List(List(Dict())).tag(sync=True)

    def __init__(self, model: HasTraits, trait: str, *more: Part) -> None:
        super().__init__(Part(model, ()), *more, name=trait)
        model.observe(self._show, trait)
        self._show()

    def _show(self, _: Any = None) -> None:
        """Show the pictures, and over them what is picked: most pictures stay where another combination is."""
        groups, marks = [], []
        for group in getattr(self.model, self.name):
            panels = [(panel, *lifted(panel["svg"])) for panel in group["panels"]]
            groups.append({**group, "panels": [{"title": panel["title"], "svg": base} for panel, base, _ in panels]})
            marks.append([{"svg": over, "here": panel["here"]} for panel, _, over in panels])
        with self.hold_sync():
            self.groups, self.marks = groups, marks


class PicturesView(ShownPictures):
    """One view of the results, in which a combination is picked by a click.

    Parameters
    ----------
    model : ResultsModel
        What is shown.
    trait : str
        Which of its views: ``images``, ``slices``, ``lines``, ``surfaces``, ``parallel``, ``influence``, ``tradeoff``,
        ``plane``, ``cubes``, ``beside`` or ``learning``.
    """

    model: ResultsModel

    def __init__(self, model: ResultsModel, trait: str) -> None:
        super().__init__(model, trait, Part(model, ("told",)))

    def vue_look(self, at: str) -> None:
        """Say what is under the pointer; the place is empty where there is nothing."""
        self.model.look(_place(at))

    def vue_pick(self, at: str) -> None:
        """Choose the combination under the pointer."""
        self.model.select(_place(at))

    def vue_step(self, along: list[int]) -> None:
        """Walk to the next combination: along which parameter, and how far."""
        self.model.step(*along)

    def vue_brush(self, part: list[Any]) -> None:
        """Keep what lies in a part of an upright axis: its number, and the part's ends from 0 to 1."""
        self.model.brush(int(part[0]), float(part[1]), float(part[2]))


def _place(at: str) -> tuple[int, ...]:
    return tuple(int(place) for place in at.split(",")) if at else ()
