"""The assistant of the strategy: what a search has found, and which experiment it proposes next."""

from typing import TYPE_CHECKING, Any

from traitlets import Dict, List, Unicode, observe

from trova_widgets.models.application import ApplicationModel
from trova_widgets.models.changing import changing
from trova_widgets.models.page import PageModel
from trova_widgets.models.planning import PlanModel
from trova_widgets.space import format_value, format_values, short_name

if TYPE_CHECKING:
    from trova_widgets.experiments.seeking import Influenced, Proposed, Search
    from trova_widgets.workspace.searching import SearchReport

_NOTHING: dict[str, Any] = {"name": "", "state": "", "message": "", "figure": "", "running": False, "waiting": ""}


class SearchModel(PageModel):
    """The state and the actions of the strategy's assistant.

    Parameters
    ----------
    application : ApplicationModel
        What all pages share.
    plan : PlanModel
        The form of a new experiment: a search is begun over its network and data set, and a proposal that is to be
        changed fills it.

    Attributes
    ----------
    searches : list of str
        All searches, the latest first.
    search : str
        The one that is looked at.
    standing : dict
        ``name`` (``network``, ``dataset``), ``state`` and ``message``, ``figure`` (the quality of the optimum so far),
        ``running``, ``waiting`` (the settings that still have to have their turn), ``under_way`` (an experiment).
    proposal : dict
        The next experiment: ``reason``, ``rows`` (``name``, ``values``), ``changeable``; nothing where everything has
        had its turn, or an experiment is under way.
    optimum : list of dict
        A row a setting that has had its turn: ``name``, ``value``, ``before``, ``changed``.
    influences : list of dict
        The strongest first: ``name``, ``words``, ``told``, and ``size``, ``low``, ``high`` as shares of the
        largest end.
    decisions : list of dict
        ``experiment``, ``varied``, ``words``, the latest first.
    budget : str
        What the autopilot may use.
    report_file : str
        The report that was asked for last, a page of HTML.
    """

    slug = "experiments"

    searches = List(Unicode())
    search = Unicode("")
    standing = Dict(_NOTHING)
    proposal = Dict()
    optimum = List(Dict())
    influences = List(Dict())
    decisions = List(Dict())
    budget = Unicode("1h")
    report_file = Unicode("")

    def __init__(self, application: ApplicationModel, plan: PlanModel) -> None:
        self._plan = plan
        # a run says how far it is without touching the store
        application.observe(lambda _: self._changed(), "runs")
        super().__init__(application)

    def refresh(self) -> None:
        """Read again which searches there are, and how far the chosen one is."""
        chosen = self.search
        self._reading.submit(lambda: self._read(chosen), self._show, self.application.notify)

    @observe("search")
    def _choose(self, _: Any = None) -> None:
        self.refresh()

    @changing
    def begin(self, preset: str = "") -> None:
        """Begin a search over the network and the data set of the form, with its epochs; nothing runs yet."""
        network, dataset, epochs = self._plan.network, self._plan.dataset, self._plan.epochs
        name = stem = f"{network}-{preset or 'search'}"
        number = len(self.searches)
        while name in self.searches:
            number += 1
            name = f"{stem}-{number}"

        def work() -> str:
            return self.workspace.begin_search(network, dataset, name=name, preset=preset or None, epochs=epochs).name

        self.do("Beginning a search", work, self._begun)

    @changing
    def take(self) -> None:
        """Run the experiment that is proposed, or under way, and decide from it."""
        self._start(steps=1)

    @changing
    def go_on(self) -> None:
        """Go on by itself until everything has had its turn, or the budget is used."""
        self._start(budget=self.budget.strip() or None)

    @changing
    def stop(self) -> None:
        """Stop after the trials in flight."""
        name = self.search
        self.do("Stopping", lambda: self.workspace.stop_seek(name), lambda _: self.refresh())

    def change(self) -> None:
        """Fill the form with the proposal, to be changed there; what is started then counts as the next experiment."""
        rows = [{"parameter": row["name"], "text": row["values"]} for row in self.proposal.get("rows", [])]
        held = [{"parameter": row["name"], "text": row["value"]} for row in self.proposal.get("held", [])]
        if rows:
            self._plan.take_over(self.search, self.standing["network"], self.standing["dataset"], [*rows, *held])

    def report(self) -> None:
        """Make the report of the search."""
        name = self.search
        # the same report again is handed over again
        self.report_file = ""
        self.do(
            "Making the report",
            lambda: self.workspace.search_html(name),
            lambda text: self.set_trait("report_file", text),
        )

    def _start(self, **how: Any) -> None:
        name = self.search

        def started(_: int) -> None:
            self.application.refresh()
            self.refresh()

        self.do(f"Starting {name}", lambda: self.workspace.start_seek(name, **how), started)

    def _begun(self, name: str) -> None:
        self.search = name
        self.refresh()

    def _read(self, chosen: str) -> "tuple[list[str], SearchReport | None, Proposed | None]":
        names = list(self.workspace.searches())[::-1]
        name = chosen if chosen in names else next(iter(names), "")
        if not name:
            return names, None, None
        return names, self.workspace.search_report(name), self.workspace.next_experiment(name)

    def _show(self, found: "tuple[list[str], SearchReport | None, Proposed | None]") -> None:
        names, report, proposed = found
        self.searches, self.read = names, True
        if report is None:
            self.standing, self.proposal = _NOTHING, {}
            self.optimum = self.influences = self.decisions = []
            return
        search = report.search
        if not self.search:
            self.set_trait("search", search.name)
        self.standing = _standing(report)
        self.proposal = {} if proposed is None else _proposal(search, proposed)
        self.optimum = _optimum(search)
        self.influences = _influences(search.influences)
        self.decisions = [
            {
                "experiment": step.experiment,
                "varied": ", ".join(short_name(name) for name in step.axes) or "the network as saved",
                "words": "under way" if step.decision is None else step.decision.reason,
            }
            for step in search.steps[::-1]
        ]


def _standing(report: "SearchReport") -> dict[str, Any]:
    search, best = report.search, report.search.best_step
    decided = search.decided[-1].decision if search.decided else None
    quality = decided or (best.decision if best is not None else None)
    figure = ""
    if quality is not None and quality.quality is not None:
        figure = f"{100 * quality.quality:.1f} %"
        if quality.low is not None and quality.high is not None:
            figure += f" ({100 * quality.low:.1f} to {100 * quality.high:.1f})"
    return {
        "name": search.name,
        "network": search.network,
        "dataset": search.dataset,
        "state": report.state,
        "message": report.message,
        "figure": figure,
        "running": report.state == "running",
        "waiting": ", ".join(short_name(name) for name in search.waiting),
        "under_way": "" if search.under_way is None else search.under_way.experiment,
    }


def _proposal(search: "Search", proposed: "Proposed") -> dict[str, Any]:
    space = search.agenda.space
    rows = [{"name": name, "values": format_values(values)} for name, values in proposed.axes.items()]
    for row in rows:
        row["meaning"] = space[row["name"]].meaning
    held = [{"name": name, "value": format_value(value)} for name, value in proposed.fixed.items() if value is not None]
    return {"reason": proposed.reason, "rows": rows, "held": held, "changeable": bool(rows)}


def _optimum(search: "Search") -> list[dict[str, Any]]:
    before = search.agenda.space.complete({**search.agenda.base, **search.agenda.fixed})
    return [
        {
            "name": name,
            "value": format_value(search.value_of(name)),
            "before": format_value(before[name]),
            "changed": search.value_of(name) != before[name],
        }
        for name in search.done
    ]


def _influences(found: "tuple[Influenced, ...]") -> list[dict[str, Any]]:
    known = [each for each in found if each.size is not None and each.low is not None and each.high is not None]
    most = max((each.high or 0.0 for each in known), default=0.0) or 1.0
    return [
        {
            "name": short_name(each.name),
            "title": each.name,
            "words": f"{100 * (each.size or 0):.1f} ({100 * (each.low or 0):.1f} to {100 * (each.high or 0):.1f})",
            "told": each.is_told,
            "size": (each.size or 0.0) / most,
            "low": (each.low or 0.0) / most,
            "high": (each.high or 0.0) / most,
        }
        for each in known
    ]
