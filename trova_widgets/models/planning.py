"""The form of a new experiment: which parameters vary and how, and what that comes to before it is started."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from traitlets import Bool, Dict, Enum, Int, List, Unicode, observe

from trova_widgets.errors import TrovaError
from trova_widgets.experiments import (
    EPOCHS,
    Budget,
    TrainingSettings,
    next_parameters,
    space_of,
)
from trova_widgets.models.application import ApplicationModel
from trova_widgets.models.background import in_background
from trova_widgets.models.changing import changing
from trova_widgets.models.page import PageModel
from trova_widgets.models.plan_forecast import Draft, forecast
from trova_widgets.models.plan_reading import free_name, plan_after, plan_of
from trova_widgets.models.setting_rows import setting_row
from trova_widgets.networks import Architecture, architecture
from trova_widgets.space import SEED, Setting, Space, format_values, parse_axis, parse_values
from trova_widgets.wording import counted

if TYPE_CHECKING:
    from trova_widgets.workspace import Workspace
    from trova_widgets.workspace.planning import PlanReport

WAYS = ("race", "halve", "all")

_MOST_EPOCHS, _MOST_SEEDS = 1000, 100


class PlanModel(PageModel):
    """The state and the actions of the form of a new experiment.

    Attributes
    ----------
    networks, datasets : list of str
        What can be chosen.
    network, dataset, name : str
        What is chosen, and what the experiment will be called.
    parameters : list of dict
        Every setting that can vary: of the chosen network's layers, of the training, of the recipe, and the seed:
        ``name``, ``default``, ``meaning``, ``constraint``, ``suggestion``.
    axes : list of dict
        A row a setting that is not left as it is: ``parameter``, and ``text`` (one value, a list, or a range).
    notes : list of dict
        What each of these rows comes to: ``words`` ("8 values", "fixed"), ``problem``.
    epochs, seeds : int
        How long and how often each cell is trained.
    way : {"race", "halve", "all"}
        Which cells are trained to the end: those that may still be the best, where the data set has folds; the better
        part of them after a few epochs, and so on; every cell.
    budget : str
        How long the run may go on, or how many trials it may train, as of `Budget.read`; empty for no end.
    editing : str
        The experiment whose plan is being changed; nothing where a new one is planned.
    forecast : dict
        ``sentence`` ("12 cells, 12 can be built, about 3 min"), ``details`` (reasons, warnings), ``runnable``.
    joins : str
        The search whose next experiment this is to be; empty for one that stands alone.
    """

    slug = "experiments"

    networks = List(Unicode())
    datasets = List(Unicode())
    network = Unicode("")
    dataset = Unicode("")
    name = Unicode("")
    parameters = List(Dict())
    axes = List(Dict())
    notes = List(Dict())
    epochs = Int(TrainingSettings().epochs)
    seeds = Int(1)
    way = Enum(WAYS, "race")
    budget = Unicode("")
    editing = Unicode("")
    forecast = Dict()
    joins = Unicode("")
    ready = Bool(False)

    def __init__(self, application: ApplicationModel) -> None:
        self._models: dict[str, Architecture] = {}
        self._spaces: dict[str, Space] = {}
        self._question = 0
        self._filling = self._is_calibrated = False
        self._asked_for = ""
        self._copied = "", ""
        super().__init__(application)
        application.observe(lambda _: self._follow_address(), ["page", "subject"])
        self._follow_address()

    def refresh(self) -> None:
        """Read again which networks and data sets there are."""
        self._reading.submit(self._read, self._show, self.application.notify)

    def copy(self, experiment: str) -> None:
        """Fill the form with the plan of an experiment, under a new name."""
        self._fill_with("Reading the plan", experiment, plan_of)

    def edit(self, experiment: str) -> None:
        """Fill the form with the plan of an experiment, to change it."""
        self._fill_with("Reading the plan", experiment, _as_it_is, experiment)

    def begin(self) -> None:
        """Begin a new plan."""
        self.editing, self.joins, self.name, self.axes = "", "", "", []
        self._propose()
        self.refresh()

    def propose(self, experiment: str) -> None:
        """Fill the form with the experiment that follows: the best cell fixed, the next three parameters varied."""
        self._fill_with("Looking for what comes next", experiment, plan_after)

    def take_over(self, search: str, network: str, dataset: str, rows: list[dict[str, str]]) -> None:
        """Fill the form with what a search proposes; started, it counts as the next experiment of that search.

        Parameters
        ----------
        search, network, dataset : str
            Names.
        rows : list of dict
            As of `axes`.
        """
        epochs = next((row["text"] for row in rows if row["parameter"] == EPOCHS), None)
        self._fill(
            {
                "network": network,
                "dataset": dataset,
                "axes": [row for row in rows if row["parameter"] != EPOCHS],
                "epochs": self.epochs if epochs is None else int(float(epochs)),
                "name": free_name(set(self.workspace.experiments()["name"])),
                "joins": search,
                "editing": "",
            }
        )

    def stand_alone(self) -> None:
        """Let the plan of the form be no experiment of a search."""
        self.joins = ""

    def _fill_with(
        self, label: str, experiment: str, read: "Callable[[Workspace, str], dict[str, Any]]", editing: str = ""
    ) -> None:
        self._copied = experiment, editing

        def fill(values: dict[str, Any]) -> None:
            # meanwhile another one may have been chosen
            if self._copied == (experiment, editing):
                self._fill({**values, "editing": editing, "joins": ""})

        self.do(label, lambda: read(self.workspace, experiment), fill)

    @changing
    def start(self) -> None:
        """Keep the plan and run it, outside this process; the page goes on at once."""
        draft = self._draft()
        if draft is None or not self.forecast.get("runnable"):
            return
        name, editing, joins = self.name.strip(), self.editing, self.joins
        how: dict[str, Any] = {"budget": self.budget.strip() or None}
        # a race is what is usual, and needs not be asked for; it may have been halved before
        how |= {"halve": True} if self.way == "halve" else {"race": False} if self.way == "all" else {"halve": False}

        def work() -> "PlanReport":
            if editing:
                report = self.workspace.edit(editing, **self._changes(editing, draft))
            else:
                report = self.workspace.plan(name, **draft.arguments())
            if joins:
                self.workspace.join_search(joins, name)
            if report.missing:
                self.workspace.start(name, **how)
            return report

        self.do(f"Starting {name}", work, lambda report: self._started(name, report))

    @observe("network")
    def _choose_network(self, _: Any = None) -> None:
        space = self._spaces.get(self.network)
        if space is None or self._filling:
            return
        self.parameters = [setting_row(setting) for setting in space.values() if setting.kind != "text"]
        varied = [row for row in self.parameters if row["name"] in {axis["parameter"] for axis in self.axes}]
        if not varied:
            self._propose()

    def _propose(self) -> None:
        """Begin small: a few cells, that can be run in minutes and grown."""
        model, space = self._models.get(self.network), self._spaces.get(self.network)
        if model is not None and space is not None:
            names = next_parameters(model)
            self.axes = [{"parameter": name, "text": _few(space[name])} for name in names]

    @observe("network", "dataset", "axes", "epochs", "seeds", "name", "editing", "budget", "way")
    def _ask(self, _: Any = None) -> None:
        """Work out what the plan comes to; an answer that comes after the next question is dropped."""
        if self._filling:
            return
        self._question += 1
        question = self._question
        draft = self._draft()
        if draft is None:
            return

        def answer(report: "PlanReport") -> None:
            if question == self._question:
                self.forecast = forecast(report, draft, halved=halved)
                if report.missing and report.seconds is None:
                    self._calibrate()

        def refuse(sentence: str) -> None:
            if question == self._question:
                self.forecast = {"sentence": "", "details": [sentence], "runnable": False}

        editing, halved = self.editing, self.way == "halve"

        def look() -> "PlanReport":
            if editing:
                return self.workspace.preview_edit(editing, **self._changes(editing, draft))
            return self.workspace.preview(**draft.arguments())

        in_background(look, answer, refuse)

    def _changes(self, experiment: str, draft: Draft) -> dict[str, Any]:
        """Return the draft as arguments of `Workspace.edit`: what is not fixed any more is set free."""
        plan = self.workspace.experiment_plan(experiment)
        seeds = None if draft.seeds == len(plan.seeds) else draft.seeds
        return {**draft.arguments(), "fixed": {**dict.fromkeys(plan.fixed), **draft.fixed}, "seeds": seeds}

    def _draft(self) -> Draft | None:
        """Return the plan that the form says, or None, saying what is missing."""
        axes: dict[str, tuple[Any, ...]] = {}
        notes = []
        for row in self.axes:
            note, values = self._note(row, axes)
            notes.append(note)
            if values is not None:
                axes[row["parameter"]] = values
        self.notes = notes
        problem = self._first_problem()
        if problem is not None:
            self.forecast = {"sentence": "", "details": [problem] if problem else [], "runnable": False}
            return None
        return Draft(
            network=self.network,
            dataset=self.dataset,
            axes={name: values for name, values in axes.items() if len(values) > 1},
            fixed={name: values[0] for name, values in axes.items() if len(values) == 1},
            seeds=1 if SEED.name in axes else self.seeds,
            epochs=None if EPOCHS in axes else self.epochs,
        )

    def _note(self, row: dict[str, str], axes: dict[str, Any]) -> tuple[dict[str, str], tuple[Any, ...] | None]:
        text = row["text"].strip()
        try:
            name, values = parse_axis(text) if "=" in text else (row["parameter"], parse_values(text))
            if name != row["parameter"]:
                raise TrovaError(f"This is {name}; choose that setting at the left.")
            if name in axes:
                raise TrovaError("This setting has a row already.")
            values = self._spaces[self.network].values_of(name, values)
        except TrovaError as error:
            return {"words": "", "problem": str(error)}, None
        return {"words": "fixed" if len(values) == 1 else f"{len(values)} values", "problem": ""}, values

    def _first_problem(self) -> str | None:
        """Return what is missing, an empty text where the row itself says it, or None."""
        checks = (
            (not self.network, "There is no network yet: create one on the page Networks."),
            (not self.dataset, "There is no data set yet: build one on the page Overview."),
            (any(note["problem"] for note in self.notes), ""),
            (not any(note["words"] != "fixed" for note in self.notes), "Give at least one setting several values."),
            (not self.name.strip(), "Give the experiment a name."),
            (not 1 <= self.epochs <= _MOST_EPOCHS, f"Epochs are 1 to {_MOST_EPOCHS}."),
            (not 1 <= self.seeds <= _MOST_SEEDS, f"Seeds are 1 to {_MOST_SEEDS}."),
            (not _is_budget(self.budget), "A budget is some time or trials: 2h, 90min, 500 trials; or leave it empty."),
        )
        return next((sentence for is_so, sentence in checks if is_so), None)

    def _calibrate(self) -> None:
        """Find out how fast this machine is, where nothing was run on it yet, and estimate again."""
        if self._is_calibrated:
            return
        self._is_calibrated = True

        def calibrate() -> float | None:
            return self.workspace.seconds_an_operation(calibrate=True)

        def ask_again(pace: float | None) -> None:
            if pace is not None:
                self._ask()

        in_background(calibrate, ask_again)

    def _follow_address(self) -> None:
        """Take the network that the address names; one that was saved a moment ago is taken when it has been read."""
        if self.application.page == self.slug:
            self._asked_for = self.application.subject
            self._take_asked_for()

    def _take_asked_for(self) -> None:
        if self._asked_for in self.networks:
            self.network, self._asked_for = self._asked_for, ""

    def _started(self, name: str, report: "PlanReport") -> None:
        if report.missing:
            self.application.notify(f"{name} is running: {counted(report.missing, 'trial')}.")
        else:
            self.application.notify(f"{name} has nothing to run: all its trials are there.")
        self.application.refresh()
        self.joins = ""
        # what somebody has begun to write meanwhile stays
        if self.name.strip() == name:
            self.editing = ""
            self.name = free_name(set(self.workspace.experiments()["name"]))

    def _fill(self, values: dict[str, Any]) -> None:
        self._filling = True
        for name, value in values.items():
            self.set_trait(name, value)
        self._filling = False
        self._choose_network()
        self._ask()

    def _read(self) -> dict[str, Any]:
        workspace = self.workspace
        networks = workspace.networks()
        return {
            "models": {
                row.name: architecture(row.network_type, row.architecture) for row in networks.itertuples(index=False)
            },
            "datasets": list(workspace.datasets()["name"]),
            "experiments": set(workspace.experiments()["name"]),
        }

    def _show(self, found: dict[str, Any]) -> None:
        self._models = found["models"]
        self._spaces = {name: space_of(model.network_type, model.name) for name, model in self._models.items()}
        self.networks, self.datasets = list(self._spaces), found["datasets"]
        self._take_asked_for()
        if self.network not in self.networks:
            self.network = next(iter(self.networks), "")
        if self.dataset not in self.datasets:
            self.dataset = next(iter(self.datasets), "")
        if self.editing not in {"", *found["experiments"]}:
            # it was deleted, or has another name
            self.editing, self.name = "", ""
        if not self.name:
            self.name = free_name(found["experiments"])
        self.read = True
        self._ask()


def _few(setting: Setting) -> str:
    """Return those two values nearest to the usual one with which a setting is looked around."""
    suggested = parse_values(setting.suggestion)
    usual = setting.default
    if not isinstance(usual, str):
        nearest = sorted(suggested, key=lambda value: abs(float(value) - float(usual)))[:2]
        suggested = tuple(value for value in suggested if value in nearest)
    return format_values(suggested[:2])


def _is_budget(text: str) -> bool:
    """Tell whether a budget is understood; none at all is."""
    try:
        return not text.strip() or bool(Budget.read(text))
    except TrovaError:
        return False


def _as_it_is(workspace: "Workspace", experiment: str) -> dict[str, Any]:
    return {**plan_of(workspace, experiment), "name": experiment}
