"""The form of a new experiment: which parameters vary and how, and what that comes to before it is started."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from traitlets import Bool, Dict, Int, List, Unicode, observe

from trova_widgets.errors import TrovaError
from trova_widgets.experiments import usable_cores
from trova_widgets.models.application import ApplicationModel
from trova_widgets.models.background import in_background
from trova_widgets.models.page import PageModel
from trova_widgets.models.words import counted, duration
from trova_widgets.networks import Architecture, architecture, format_values, parse_axis, parse_values

if TYPE_CHECKING:
    from trova_widgets.workspace.planning import PlanReport

_PROPOSED_AXES = 3
_MOST_EPOCHS, _MOST_SEEDS = 1000, 100


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A plan as the form says it, and what an epoch of it took before.

    Attributes
    ----------
    network, dataset : str
        Names.
    axes, fixed : dict
        Values of the parameters that vary, and of those that are fixed.
    seeds, epochs : int
        As in `Workspace.plan`.
    """

    network: str
    dataset: str
    axes: dict[str, tuple[Any, ...]]
    fixed: dict[str, Any]
    seeds: int
    epochs: int

    def arguments(self) -> dict[str, Any]:
        """Return the draft as arguments of `Workspace.plan`."""
        return dict(vars(self))


class PlanModel(PageModel):
    """The state and the actions of the form of a new experiment.

    Attributes
    ----------
    networks, datasets : list of str
        What can be chosen.
    network, dataset, name : str
        What is chosen, and what the experiment will be called.
    parameters : list of dict
        Those of the chosen network: ``name``, ``title``, ``default``, ``meaning``, ``constraint``, ``suggestion``.
    axes : list of dict
        A row a parameter that is not left as it is: ``parameter``, and ``text`` (one value, a list, or a range).
    notes : list of dict
        What each of these rows comes to: ``words`` ("8 values", "fixed"), ``problem``.
    epochs, seeds : int
        How long and how often each cell is trained.
    forecast : dict
        ``sentence`` ("12 cells, 12 can be built, about 3 min"), ``details`` (reasons, warnings), ``runnable``.
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
    epochs = Int(15)
    seeds = Int(1)
    forecast = Dict()
    ready = Bool(False)

    def __init__(self, application: ApplicationModel) -> None:
        self._architectures: dict[str, Architecture] = {}
        self._pace: dict[str, float] = {}
        self._question = 0
        self._filling = False
        self._asked_for = self._copied = ""
        super().__init__(application)
        application.observe(lambda _: self._follow_address(), ["page", "subject"])
        self._follow_address()

    def refresh(self) -> None:
        """Read again which networks and data sets there are, and how long trials took."""
        self._reading.ask(self._read, self._show, self.application.tell)

    def copy(self, experiment: str) -> None:
        """Fill the form with the plan of an experiment, under a new name."""
        self._copied = experiment

        def fill(values: dict[str, Any]) -> None:
            # meanwhile another one may have been chosen
            if self._copied == experiment:
                self._fill(values)

        self.do("Reading the plan", lambda: self._plan_of(experiment), fill)

    def start(self) -> None:
        """Keep the plan and run it, outside this process; the page goes on at once."""
        draft = self._draft()
        if draft is None or not self.forecast.get("runnable"):
            return
        name = self.name.strip()

        def work() -> "PlanReport":
            report = self.workspace.plan(name, **draft.arguments())
            if report.missing:
                self.workspace.start(name)
            return report

        self.do(f"Starting {name}", work, lambda report: self._started(name, report))

    @observe("network")
    def _choose_network(self, _: Any = None) -> None:
        model = self._architectures.get(self.network)
        if model is None or self._filling:
            return
        self.parameters = [_parameter_row(model, name) for name in model.parameters]
        varied = [row for row in self.parameters if row["name"] in {axis["parameter"] for axis in self.axes}]
        if not varied:
            self.axes = [
                {"parameter": row["name"], "text": row["suggestion"]} for row in self.parameters[:_PROPOSED_AXES]
            ]

    @observe("network", "dataset", "axes", "epochs", "seeds", "name")
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
                self.forecast = self._told(report, draft)

        def refuse(sentence: str) -> None:
            if question == self._question:
                self.forecast = {"sentence": "", "details": [sentence], "runnable": False}

        in_background(lambda: self.workspace.preview(**draft.arguments()), answer, refuse)

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
            seeds=self.seeds,
            epochs=self.epochs,
        )

    def _note(self, row: dict[str, str], axes: dict[str, Any]) -> tuple[dict[str, str], tuple[Any, ...] | None]:
        text = row["text"].strip()
        try:
            name, values = parse_axis(text) if "=" in text else (row["parameter"], parse_values(text))
            if name != row["parameter"]:
                raise TrovaError(f"This is {name}; choose that parameter at the left.")
            if name in axes:
                raise TrovaError("This parameter has a row already.")
            parameter = self._architectures[self.network].parameter(name)
            values = tuple(parameter.value_of(value) for value in values)
        except TrovaError as error:
            return {"words": "", "problem": str(error)}, None
        return {"words": "fixed" if len(values) == 1 else f"{len(values)} values", "problem": ""}, values

    def _first_problem(self) -> str | None:
        """Return what is missing, an empty text where the row itself says it, or None."""
        checks = (
            (not self.network, "There is no network yet: create one on the page Networks."),
            (not self.dataset, "There is no data set yet: build one on the page Overview."),
            (any(note["problem"] for note in self.notes), ""),
            (not any(note["words"] != "fixed" for note in self.notes), "Give at least one parameter several values."),
            (not self.name.strip(), "Give the experiment a name."),
            (not 1 <= self.epochs <= _MOST_EPOCHS, f"Epochs are 1 to {_MOST_EPOCHS}."),
            (not 1 <= self.seeds <= _MOST_SEEDS, f"Seeds are 1 to {_MOST_SEEDS}."),
        )
        return next((sentence for is_so, sentence in checks if is_so), None)

    def _told(self, report: "PlanReport", draft: Draft) -> dict[str, Any]:
        parts = [
            f"{report.cells:,} {counted(report.cells, 'cells')}",
            f"{report.buildable:,} can be built" if report.buildable < report.cells else "all can be built",
        ]
        if report.trials != report.buildable:
            parts.append(f"{report.trials:,} {counted(report.trials, 'trials')}")
        if report.missing < report.trials:
            parts.append(f"{report.trials - report.missing:,} of them are there already")
        pace = self._pace.get(draft.network) or self._pace.get("")
        if pace and report.missing:
            parts.append(f"about {duration(report.missing * pace * draft.epochs / usable_cores())}")
        details = [f"Cannot be built: {reason}" for reason in report.refused]
        details += [f"Beyond the constraints, run all the same: {warning}" for warning in report.warnings]
        return {"sentence": ", ".join(parts), "details": details, "runnable": report.trials > 0}

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
            self.application.tell(f"{name} is running: {report.missing} {counted(report.missing, 'trials')}.")
        else:
            self.application.tell(f"{name} has nothing to run: all its trials are there.")
        self.application.refresh()
        # what somebody has begun to write meanwhile stays
        if self.name.strip() == name:
            self.name = _free_name(set(self.workspace.experiments()["name"]))

    def _plan_of(self, experiment: str) -> dict[str, Any]:
        plan = self.workspace.experiment_plan(experiment)
        experiments = self.workspace.experiments().set_index("name")
        networks = self.workspace.networks().set_index("network_id")["name"]
        datasets = self.workspace.datasets().set_index("dataset_id")["name"]
        varied = [{"parameter": name, "text": format_values(values)} for name, values in plan.axes.items()]
        fixed = [{"parameter": name, "text": str(value)} for name, value in plan.fixed.items()]
        return {
            "network": networks[experiments.loc[experiment, "network_id"]],
            "dataset": datasets[experiments.loc[experiment, "dataset_id"]],
            "axes": varied + fixed,
            "epochs": plan.training.epochs,
            "seeds": len(plan.seeds),
            "name": _free_name(set(experiments.index)),
        }

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
            "architectures": {
                row.name: architecture(row.network_type, row.architecture) for row in networks.itertuples(index=False)
            },
            "datasets": list(workspace.datasets()["name"]),
            "pace": self._seconds_an_epoch(),
            "experiments": set(workspace.experiments()["name"]),
        }

    def _seconds_an_epoch(self) -> dict[str, float]:
        """Return how long an epoch of a trial took on average, for each network and (under "") for all."""
        names = self.workspace.networks().set_index("network_id")["name"]
        pace: dict[str, list[float]] = {}
        totals = self.workspace.experiments().merge(self.workspace.experiment_totals(), on="name")
        for row in totals[totals["finished_count"] > 0].itertuples(index=False):
            epochs = row.finished_count * self.workspace.experiment_plan(row.name).training.epochs
            for name in ("", names.get(row.network_id, "")):
                pace.setdefault(name, []).append(row.seconds / epochs)
        return {name: sum(values) / len(values) for name, values in pace.items()}

    def _show(self, found: dict[str, Any]) -> None:
        self._architectures, self._pace = found["architectures"], found["pace"]
        self.networks, self.datasets = list(self._architectures), found["datasets"]
        self._take_asked_for()
        if self.network not in self.networks:
            self.network = next(iter(self.networks), "")
        if self.dataset not in self.datasets:
            self.dataset = next(iter(self.datasets), "")
        if not self.name:
            self.name = _free_name(found["experiments"])
        self.read = True
        self._ask()


def _parameter_row(model: Architecture, name: str) -> dict[str, Any]:
    parameter = model.parameters[name]
    return {
        "name": name,
        "title": name,
        "default": str(parameter.default),
        "meaning": parameter.meaning,
        "constraint": parameter.constraint,
        "suggestion": parameter.reconnaissance,
    }


def _free_name(taken: set[str]) -> str:
    number = len(taken) + 1
    while f"experiment-{number}" in taken:
        number += 1
    return f"experiment-{number}"
