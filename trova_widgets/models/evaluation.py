"""The evaluation page: how well an experiment's best cell tells classes, and which labels contradict it."""

from base64 import b64encode
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import traitlets
from traitlets import Bool, Dict, Enum, List, Unicode, observe

from trova_widgets.errors import PlanError
from trova_widgets.experiments.baselines import BASELINES, baseline_named
from trova_widgets.models import results_display as words
from trova_widgets.models.application import ApplicationModel
from trova_widgets.models.background import LatestOnlyQueue
from trova_widgets.models.changing import changing
from trova_widgets.models.doubts import DoubtsModel
from trova_widgets.models.evaluation_words import classified_in, evaluation_curves, evaluation_words, taken_in
from trova_widgets.models.formatting import class_title
from trova_widgets.models.page import PageModel
from trova_widgets.models.rates import typed_rates

if TYPE_CHECKING:
    from collections.abc import Callable

    from trova_widgets.experiments.evaluation import Figures
    from trova_widgets.workspace.evaluating import Evaluation

TABS = ("good", "doubts")
#: So many evaluations are remembered; one of many records is large.
_REMEMBERED = 6
#: What can be left out as a whole.
LEAVES = ("station", "region", "period")


class EvaluationModel(PageModel):
    """The state and the actions of the evaluation page.

    An evaluation changes nothing in the store, so that a visitor may ask for one as well, but not for one that trains;
    it is remembered as long as the page is open.

    Attributes
    ----------
    doubts : DoubtsModel
        The labels that contradict the networks.
    tab : {"good", "doubts"}
        What is looked at.
    experiments : list of str
        Those that can be evaluated, the latest first.
    others : list of str
        Those that cannot, as their data set has no folds or nothing has finished.
    experiment : str
        Which one is looked at.
    lost : str
        Why the one that the address names cannot be evaluated; nothing where it can.
    choices : list of dict
        The baselines: ``name``, ``title``, ``source``.
    baselines : list of str
        Which of them are told beside it.
    leave : list of str
        What is left out as a whole, of `LEAVES`: networks are trained for it.
    placement : bool
        Whether onsets are also taken to be wrong.
    rate_fields : list of dict
        The classes of the experiment: ``slug``, ``title``.
    rates : dict of str to str
        How often each class comes where the network is used, per cent, as it was typed; nothing: as in the data set.
    shown : dict
        The evaluation, see `evaluation_words`; empty where there is none yet.
    curves : list of dict
        Its curves, as groups of pictures.
    outdated : bool
        Whether the experiment has changed since.
    by : {"record", "event"}
        What the matrix counts.
    matrix : dict, confused : list of str, taken : dict
        The confusion matrix, its cell that is picked, and who stands in it.
    report_file : dict
        The report or the model card that was made last: its ``name`` and its ``content`` (base 64).
    """

    slug = "evaluation"
    remembered = ("tab", "baselines")

    tab = Enum(TABS, "good")
    experiments = List(Unicode())
    others = List(Unicode())
    experiment = Unicode("")
    lost = Unicode("")
    choices = List(Dict())
    baselines = List(Unicode(), list(BASELINES))
    leave = List(Enum(LEAVES))
    placement = Bool(False)
    rate_fields = List(Dict())
    rates = Dict()
    shown = Dict()
    curves = List(Dict())
    outdated = Bool(False)
    by = Enum(("record", "event"), "event")
    matrix = Dict()
    confused = List(Unicode())
    taken = Dict()
    report_file = Dict()

    def __init__(self, application: ApplicationModel) -> None:
        self.doubts = DoubtsModel(application)
        self._evaluations: dict[tuple[str, str], tuple[object, Evaluation]] = {}
        self._seen: Evaluation | None = None
        self._asking, self._ageing, self._naming = LatestOnlyQueue(), LatestOnlyQueue(), LatestOnlyQueue()
        self._asked: dict[str, str] = {}
        super().__init__(application)
        self.choices = [
            {"name": each.name, "title": each.title, "source": each.source} for each in map(baseline_named, BASELINES)
        ]
        application.observe(self._visited, "visits")
        application.observe(self._follow_address, ["page", "subject"])
        self.doubts.observe(self._write_address, "selected")
        self._follow_address()

    def refresh(self) -> None:
        """Read again which experiments can be evaluated, and what was said of labels."""
        self._reading.submit(self._read, self._show, self._say_problem)

    def choose(self, experiment: str) -> None:
        """Look at another experiment; the address follows."""
        self.application.open(self.slug, experiment)

    def evaluate(self) -> None:
        """Evaluate the experiment: Trova's choice at once, then beside the baselines and with all else that takes long.

        Rates are given for all classes or for none, in per cent.
        """
        experiment, names = self.experiment, tuple(name for name in BASELINES if name in self.baselines)
        leave, placement = [each for each in LEAVES if each in self.leave], self.placement
        if not experiment:
            return
        try:
            rates = typed_rates(self.rates)
        except PlanError as error:
            self.problem = str(error)
            return
        if leave and self.application.why_read_only():
            leave = []
            self.application.notify("To leave stations, regions or periods out trains networks, which an analyst does.")
        workspace = self.workspace
        slow = bool(names or leave or placement)

        def ask(whole: bool) -> "tuple[object, Evaluation]":
            mark = workspace.results_mark(experiment)
            more = {"baselines": names, "leave": leave, "placement": placement} if whole else {"baselines": ()}
            return mark, workspace.evaluate(experiment, rates=rates, progress=watched, **more)

        def watched(items: Iterable[Any], label: str, total: int | None = None) -> Iterator[Any]:
            for item in self.watched(items, label, total):
                if experiment != self.experiment:
                    raise PlanError(f"Another experiment is looked at; evaluate {experiment} again when you come back.")
                yield item

        def keep(what: str, found: "tuple[object, Evaluation]") -> None:
            self._evaluations.pop((experiment, what), None)
            self._evaluations[experiment, what] = found
            while len(self._evaluations) > _REMEMBERED:
                del self._evaluations[next(iter(self._evaluations))]

        def alone(found: "tuple[object, Evaluation]") -> None:
            keep("alone", found)
            if experiment != self.experiment:
                return
            self._show_evaluation(found[1], awaited=names)
            if slow:
                what = "Training without parts of the data" if leave else "Telling by the baselines"
                self.do(what if names or leave else "Moving the onsets", lambda: ask(True), beside, self._asking)

        def beside(found: "tuple[object, Evaluation]") -> None:
            keep("whole", found)
            if experiment == self.experiment:
                self._show_evaluation(found[1])

        self.do("Evaluating", lambda: ask(False), alone, self._asking)

    @changing
    def look_at_holdout(self) -> None:
        """Tell what is right on the hold-out, too; that somebody has looked is kept."""
        seen = self._seen
        if seen is None:
            return

        def show(found: "tuple[Figures, int]") -> None:
            if seen is self._seen:
                with_it = replace(seen, holdout=found[0], looks=found[1])
                for key, (mark, each) in self._evaluations.items():
                    if each is seen:
                        self._evaluations[key] = mark, with_it
                self._show_evaluation(with_it)

        self.do("Looking at the hold-out", lambda: self.workspace.look_at_holdout(seen.experiment), show)

    def report(self) -> None:
        """Write what is shown as one page that needs nothing else, and hand it over in `report_file`."""
        self._hand_over("evaluation.html", "Writing the report", self._write_report)

    def card(self) -> None:
        """Write the model card of what is shown, and hand it over in `report_file`."""
        self._hand_over("card.md", "Writing the model card", self._write_card)

    def _write_report(self, seen: "Evaluation", path: Path) -> None:
        self.workspace.evaluation_report(seen, path)

    def _write_card(self, seen: "Evaluation", path: Path) -> None:
        self.workspace.model_card(seen.experiment, path, evaluation=seen)

    def _hand_over(self, name: str, what: str, write: "Callable[[Evaluation, Path], None]") -> None:
        seen = self._seen
        if seen is None:
            return

        def written() -> bytes:
            with TemporaryDirectory() as folder:
                path = Path(folder) / name
                write(seen, path)
                return path.read_bytes()

        def hand(content: bytes) -> None:
            self.report_file = {"name": f"{seen.experiment}-{name}", "content": b64encode(content).decode()}

        self.report_file = {}
        self.do(what, written, hand)

    def confuse(self, true: str, predicted: str) -> None:
        """List who stands in a cell of the matrix; once more, and nobody is listed."""
        if {true, predicted} <= {row["slug"] for row in self.matrix.get("rows", [])}:
            self.confused = [] if self.confused == [true, predicted] else [true, predicted]

    # -- reading -------------------------------------------------------------------------------------------------

    def _read(self) -> tuple[list[str], list[str]]:
        """Return the experiments that can be evaluated, and the others, the latest first."""
        workspace = self.workspace
        ready: list[str] = []
        others: list[str] = []
        for row in workspace.experiment_totals().itertuples(index=False):
            has_folds = bool(workspace.experiment_plan(row.name).folds)
            (ready if has_folds and row.finished_count else others).append(str(row.name))
        return ready[::-1], others[::-1]

    def _show(self, found: tuple[list[str], list[str]]) -> None:
        with self.hold_trait_notifications():
            self.experiments, self.others = found
            self.read = True
        if self.experiment not in self.experiments:
            self.experiment = ""
        self._follow_address()
        if self._seen is not None and self.experiment == self._seen.experiment:
            self._tell_age()
        self.doubts.refresh()

    def _look_at(self, experiment: str) -> None:
        """Show what is known of an experiment; the doubts are worked out when they are looked at."""
        if experiment != self.experiment:
            self.experiment, self.problem = experiment, ""
            self._asking.submit(lambda: None, lambda _: None)
            self.busy, self.progress = "", {}
            self.rates = {}
            self._naming.submit(lambda: self._classes_of(experiment), self._name_rates, self._say_problem)
            self._recall_evaluation()
        if self.tab == "doubts" and self.application.page == self.slug:
            self.doubts.look(experiment)

    def _classes_of(self, experiment: str) -> tuple[str, tuple[str, ...]]:
        dataset_id = self.workspace.experiments().set_index("name")["dataset_id"][experiment]
        return experiment, tuple(self.workspace.datasets().set_index("dataset_id")["classes"][dataset_id])

    def _name_rates(self, found: tuple[str, tuple[str, ...]]) -> None:
        if found[0] == self.experiment:
            self.rate_fields = [{"slug": slug, "title": class_title(slug)} for slug in found[1]]

    def _recall_evaluation(self) -> None:
        """Show the evaluation that was made last of the experiment, or none."""
        made = [found for (name, _), found in self._evaluations.items() if name == self.experiment]
        if made:
            self._show_evaluation(made[-1][1])
            self._tell_age()
        else:
            self._seen = None
            with self.hold_trait_notifications():
                self.shown, self.curves, self.matrix, self.taken = {}, [], {}, {}
                self.confused, self.outdated = [], False

    def _tell_age(self) -> None:
        """Find out whether the experiment has changed since it was evaluated."""
        experiment, seen = self.experiment, self._seen
        marks = [mark for mark, found in self._evaluations.values() if found is seen]

        def show(mark: object) -> None:
            if seen is self._seen and marks:
                self.outdated = mark != marks[0]

        self._ageing.submit(lambda: self.workspace.results_mark(experiment), show, self._say_problem)

    def _show_evaluation(self, found: "Evaluation", awaited: tuple[str, ...] = ()) -> None:
        self._seen = found
        with self.hold_trait_notifications():
            self.shown = evaluation_words(found, [baseline_named(name) for name in awaited])
            self.curves = evaluation_curves(found)
            self.outdated = False
            self._show_matrix()

    @observe("by", "confused")
    def _show_matrix(self, _: Any = None) -> None:
        seen = self._seen
        if seen is None:
            return
        told = classified_in(seen, "event" if self.by == "event" else "record")
        self.matrix = words.matrix_words(told.matrix, told.by)
        cell = self.confused if len(self.confused) == 2 and set(self.confused) <= set(told.classes) else []
        self.taken = taken_in(told, cell) if cell else {}

    def _say_problem(self, sentence: str) -> None:
        self.problem = sentence

    # -- the address ---------------------------------------------------------------------------------------------

    def _visited(self, _: Any = None) -> None:
        if self.application.page != self.slug:
            return
        self._asked = {str(name): str(text) for name, text in self.application.asked.items()}
        with suppress(traitlets.TraitError):
            self.tab = self._asked.get("tab", self.tab)
        if self._asked.get("event"):
            self.doubts.choose(self._asked["event"])
        self._write_address()

    def _follow_address(self, _: Any = None) -> None:
        if self.application.page != self.slug or not self.read:
            return
        wanted = self.application.subject or self.experiment or (self.experiments[0] if self.experiments else "")
        if wanted and wanted not in self.experiments:
            self.lost = _why_not(wanted, self.others)
            return
        self.lost = ""
        self._look_at(wanted)
        self._write_address()

    @observe("tab")
    def _turn(self, _: Any) -> None:
        if self.tab == "doubts" and self.experiment and self.application.page == self.slug:
            self.doubts.look(self.experiment)
        self._write_address()

    def _write_address(self, _: Any = None) -> None:
        application = self.application
        if application.page != self.slug or not self.experiment or self.lost:
            return
        if application.subject not in ("", self.experiment):
            # another experiment is asked for, and is still being read
            return
        query = {"tab": self.tab}
        if self.tab == "doubts" and self.doubts.selected:
            query["event"] = self.doubts.selected
        with application.hold_trait_notifications():
            application.subject = self.experiment
            application.query = query


def _why_not(experiment: str, others: list[str]) -> str:
    """Return why an experiment cannot be evaluated."""
    if experiment not in others:
        return f"There is no experiment {experiment}."
    return (
        f"{experiment} cannot be evaluated: nothing of it has finished, or its data set has no folds, so that its "
        "records were told by networks that were trained on them. Build a data set with folds on the page Overview, "
        "plan an experiment over it, and run it."
    )
