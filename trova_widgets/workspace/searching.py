"""Searches as the workspace keeps them, and what is decided from an experiment of one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from trova_widgets.durations import duration
from trova_widgets.errors import PlanError, StoreError
from trova_widgets.experiments.choice import Evidence
from trova_widgets.experiments.seeking import Agenda, Comparison, Decision, Influenced, Search, Step, decide
from trova_widgets.experiments.seeking.decision import against_before
from trova_widgets.reports import Report
from trova_widgets.space import Value, format_value, format_values, short_name
from trova_widgets.store import SearchRow, Store
from trova_widgets.workspace.evidence import ToldRecords
from trova_widgets.workspace.result_reading import read_results
from trova_widgets.workspace.results import ExperimentResults


def search_of(store: Store, row: SearchRow) -> Search:
    """Return a search out of its row."""
    agenda = Agenda.from_dict(row.agenda)
    steps = [Step.from_dict(step, agenda.space) for step in row.steps]
    # an experiment may have another name by now; one that was deleted keeps the one that it had
    called = dict(store.experiments()[["experiment_id", "name"]].itertuples(index=False))
    names = dict(store.networks()[["network_id", "name"]].itertuples(index=False))
    return Search(
        name=row.name,
        network=names.get(row.network_id, ""),
        dataset=store.dataset(row.dataset_id).name,
        agenda=agenda,
        steps=tuple(replace(step, experiment=called.get(step.experiment_id, step.experiment)) for step in steps),
    )


def keep(store: Store, search: Search) -> Search:
    """Keep how far a search is, and return it."""
    store.keep_steps(search.name, [step.to_dict() for step in search.steps])
    return search


def decision_of(store: Store, search: Search, step: Step) -> Decision:
    """Return what is decided from an experiment that has ended.

    Parameters
    ----------
    store : Store
        Where its results are.
    search : Search
        The search before the decision.
    step : Step
        The experiment.

    Raises
    ------
    PlanError
        When no trial of it has finished.
    """
    found = read_results(store, store.experiment(step.experiment_id))
    if found.grid.holes.all():
        raise PlanError(
            f"No trial of {found.experiment} could be finished, so nothing can be decided; the table of trials says "
            f"why of each: trova results {found.experiment}"
        )
    if not step.axes:
        said = "The measure of all that follows."
        return _with_figures(Decision(taken={}, cell={}, reason=said), found)
    # somebody may have edited it since it was begun
    present = {name: search.value_of(name) for name in found.plan.axes}
    decision = decide(found.plan, found.grid, found.best, found.competing, found.effects, present)
    comparison = None if decision.cell is None else _comparison(store, search, found, decision.cell)
    settled = _with_figures(against_before(decision, found.plan, comparison, present), found)
    return settled if settled.cell is not None else _as_before(settled, search)


def _as_before(decision: Decision, search: Search) -> Decision:
    """Return a decision with the figures of the optimum that stays."""
    step = search.best_step
    before = None if step is None else step.decision
    if before is None:
        return decision
    return replace(decision, quality=before.quality, low=before.low, high=before.high)


def _with_figures(decision: Decision, found: ExperimentResults) -> Decision:
    table = found.table
    settled = replace(
        decision,
        cells=len(found.evidence.cells),
        indistinct=int(found.indistinct.sum()),
        trainings=int((table["state"] == "finished").sum()),
        planned=len(table),
        seconds=float(table["seconds"].fillna(0.0).sum()),
    )
    if decision.cell is None:
        return settled
    place, (low, high) = found.grid.place(decision.cell), found.intervals
    return replace(settled, quality=float(found.grid.mean[place]), low=float(low[place]), high=float(high[place]))


def _comparison(store: Store, search: Search, found: ExperimentResults, cell: Mapping[str, Value]) -> Comparison | None:
    """Compare a cell with the optimum so far on the events that both have told; None where that one is gone."""
    step = search.best_step
    if step is None or step.decision is None or step.decision.cell is None:
        return None
    try:
        row = store.experiment(step.experiment_id)
    except StoreError:
        return None
    before = read_results(store, row)
    parts = [
        before.trials_of(before.grid.place(step.decision.cell)).assign(cell=0),
        found.trials_of(found.grid.place(cell)).assign(cell=1),
    ]
    if set(parts[0]["trial_id"]) & set(parts[1]["trial_id"]):
        # the very same settings, met again
        quality = float(before.grid.mean[before.grid.place(step.decision.cell)])
        return Comparison(before=quality, difference=0.0, low=0.0, high=0.0)
    columns = ["trial_id", "cell", "fold", "seed", "state"]
    table = pd.concat([part[columns] for part in parts], ignore_index=True)
    outcomes, cells = ToldRecords(store, store.dataset(row.dataset_id), table).outcomes()
    evidence = Evidence(outcomes=outcomes, cells=cells)
    compared = evidence.compared_with(0)
    return Comparison(
        before=float(evidence.quality[0]),
        difference=float(compared.difference[1]),
        low=float(compared.low[1]),
        high=float(compared.high[1]),
    )


@dataclass(frozen=True, kw_only=True, repr=False)
class SearchReport(Report):
    """How far a search is, in words.

    Attributes
    ----------
    search : Search
        Its experiments and decisions.
    state : str
        ``planned``, ``running``, ``stopped``, ``failed``, ``died`` or ``finished``.
    message : str
        How it ended, or what it is about.
    """

    search: Search
    state: str
    message: str = ""

    def __str__(self) -> str:
        search = self.search
        lines = [
            f"Search {search.name} over {search.network} on {search.dataset}: {self.state}. {self.message}".rstrip()
        ]
        for number, step in enumerate(search.steps, start=1):
            lines += _told(number, step)
        if told := optimum_words(search):
            lines.append(told)
        if search.influences:
            lines.append("Influence on the quality, in points (95 %):")
            lines += [f"  {influence_words(each)}" for each in search.influences]
        if search.waiting:
            lines.append(f"Still to come: {', '.join(short_name(name) for name in search.waiting)}.")
        return "\n".join(lines)


def _told(number: int, step: Step) -> list[str]:
    varied = "; ".join(f"{short_name(name)} {format_values(values)}" for name, values in step.axes.items())
    lines = [f"{number}. {step.experiment or 'nothing to run'}: {varied or 'the network as saved'}"]
    if step.reason and step.axes:
        lines.append(f"   {step.reason}")
    decision = step.decision
    if decision is None:
        return [*lines, "   under way"]
    if decision.cells:
        lines.append(
            f"   {decision.cells} cells, {decision.indistinct} cannot be told from the best; {decision.trainings} of "
            f"{decision.planned} trainings, {duration(decision.seconds)} of computing."
        )
    return [*lines, f"   {decision.reason}"]


def optimum_words(search: Search) -> str:
    """Return the optimum so far, with its figure."""
    step = search.best_step
    if step is None or step.decision is None:
        return ""
    values = ", ".join(f"{short_name(name)} {format_value(value)}" for name, value in search.optimum.items())
    decision = search.decided[-1].decision or step.decision
    quality = decision if decision.quality is not None else step.decision
    return (
        f"Optimum so far: {values or 'the network as saved'}: {figure_words(quality)}, measured in {step.experiment}."
    )


def figure_words(decision: Decision) -> str:
    """Return the quality of the optimum with its interval."""
    if decision.quality is None:
        return "not measured"
    if decision.low is None or decision.high is None or np.isnan(decision.low):
        return f"{100 * decision.quality:.1f} %"
    return f"{100 * decision.quality:.1f} % ({100 * decision.low:.1f} to {100 * decision.high:.1f})"


def influence_words(each: Influenced) -> str:
    """Return how much a setting acts, with its interval."""
    if each.size is None or each.low is None or each.high is None:
        return f"{short_name(each.name)}: nothing could be compared"
    told = "" if each.is_told else ", which cannot be told from nothing"
    return f"{short_name(each.name)}: {100 * each.size:.1f} ({100 * each.low:.1f} to {100 * each.high:.1f}){told}"


def free_name(search: str, number: int, taken: Sequence[str]) -> str:
    """Return what the next experiment of a search is called."""
    name, more = f"{search}-{number}", 1
    while name in taken:
        more += 1
        name = f"{search}-{number}-{more}"
    return name
