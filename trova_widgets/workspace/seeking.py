"""A search on autopilot: experiment after experiment, each as large as its share of the budget allows."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trova_widgets.durations import duration
from trova_widgets.errors import PlanError
from trova_widgets.experiments import Budget, Plan, cells, trial_cost
from trova_widgets.experiments.seeking import (
    Decision,
    Proposed,
    Search,
    Step,
    begun,
    decided,
    fair_share,
    fitted,
    next_experiment,
    remaining_settings,
)
from trova_widgets.space import Trial, Value
from trova_widgets.store import Store
from trova_widgets.workspace.naming import new_identity
from trova_widgets.workspace.planning import Draft
from trova_widgets.workspace.searching import decision_of, free_name, keep
from trova_widgets.workspace.states import ExperimentStatus

#: What a race trains of all repeats, as long as none of this search has told: as simulated with a few hundred events.
_USUAL_SHARE = 0.8
#: How many values the refinement has of a setting.
_FINE_VALUES = 5


class Purse:
    """What is left of a budget."""

    def __init__(self, budget: Budget | None) -> None:
        self.budget = budget
        self._started, self._trained = time.monotonic(), 0

    def spend(self, trained: int) -> None:
        """Take trials that were trained from it."""
        self._trained += trained

    @property
    def left(self) -> float:
        """Seconds or trials that are left; infinite without a budget."""
        if self.budget is None:
            return float("inf")
        if self.budget.trials is not None:
            return float(max(self.budget.trials - self._trained, 0))
        return max((self.budget.seconds or 0.0) - (time.monotonic() - self._started), 0.0)

    @property
    def counts_trials(self) -> bool:
        """Whether it is a number of trials."""
        return self.budget is not None and self.budget.trials is not None

    def rest(self) -> Budget | None:
        """Return what is left as a budget of its own."""
        if self.budget is None:
            return None
        return Budget(trials=int(self.left)) if self.counts_trials else Budget(seconds=self.left)

    def words(self, amount: float) -> str:
        """Return an amount of it, for a person."""
        return f"{amount:.0f} trials" if self.counts_trials else duration(amount)


@dataclass(frozen=True, kw_only=True)
class Ways:
    """What a search asks of its workspace.

    Attributes
    ----------
    draft : callable
        Returns a plan over what it is made of.
    keep_plan : callable
        Plans an experiment of a name.
    run : callable
        Runs an experiment within a budget.
    trials_of : callable
        Returns the trials that an experiment plans, by its identity.
    cores : int
        How many trainings go on at once.
    """

    draft: Callable[[Plan], Draft]
    keep_plan: Callable[[str, Draft], object]
    run: Callable[[str, Budget | None], ExperimentStatus]
    trials_of: Callable[[str], Sequence[Trial]]
    cores: int


class Seeker:
    """Goes on with a search until everything had its turn, or its budget is used.

    Parameters
    ----------
    store : Store
        Where it is kept.
    search : Search
        How far it is.
    ways : Ways
        What it asks of the workspace.
    budget : Budget or None
        What it may use from now on.
    tell : callable
        Told what it is about, in a sentence.
    should_stop : callable
        Asked whether somebody wants it to stop.
    """

    def __init__(
        self,
        store: Store,
        search: Search,
        ways: Ways,
        budget: Budget | None,
        tell: Callable[[str], object],
        should_stop: Callable[[], bool],
    ) -> None:
        self.search = search
        self._store, self._ways, self._tell, self._should_stop = store, ways, tell, should_stop
        self._purse = Purse(budget)
        row = store.search(search.name)
        self._dataset = store.dataset(row.dataset_id)
        self._folds = tuple(store.folds(row.dataset_id))

    def go_on(self, steps: int | None = None) -> tuple[str, str]:
        """Go on, and return how it ended: ``finished`` or ``stopped``, and why.

        Parameters
        ----------
        steps : int, optional
            How many decisions to come to; all, if left out.
        """
        while steps is None or steps > 0:
            step = self.search.under_way
            if step is None:
                proposed = next_experiment(self.search)
                if proposed is None:
                    return "finished", "Every setting has had its turn."
                if refusal := self._begin(proposed):
                    return "stopped", refusal
                continue
            if refusal := self._run(step):
                return "stopped", refusal
            decision = decision_of(self._store, self.search, step)
            self.search = keep(self._store, decided(self.search, decision))
            self._tell(f"{step.experiment}: {decision.reason}")
            steps = None if steps is None else steps - 1
        return "stopped", "As many experiments as were asked for are decided."

    def _begin(self, proposed: Proposed) -> str:
        """Begin an experiment, or say why not."""
        if self._purse.left <= 0:
            return f"The budget of {self._purse.budget} is used."
        made = self._fitted(proposed)
        # fewer settings at once are still something to look at
        for at_once in range(len(proposed.axes) - 1, 0, -1):
            if not isinstance(made, str):
                break
            proposed = next_experiment(self.search, at_once) or proposed
            made = self._fitted(proposed)
        if isinstance(made, str):
            return made
        axes, seeds, told = made
        number = len(self.search.steps) + 1
        there = self._store.experiments()
        name = free_name(self.search.name, number, list(there["name"]))
        step = Step(
            kind=proposed.kind,
            experiment=name,
            experiment_id=new_identity("experiment", name, set(there["experiment_id"])),
            axes=axes,
            fixed=proposed.fixed,
            reason=" ".join(filter(None, [proposed.reason, told])),
            seeds=seeds,
        )
        draft = self._draft(step)
        search = begun(self.search, step)
        if not draft.trials:
            reason = next(cell.reason for cell in draft.cells if cell.reason)
            search = decided(search, Decision(taken={}, reason=f"Nothing of it can be built: {reason}"))
        self.search = keep(self._store, search)
        return ""

    def _run(self, step: Step) -> str:
        """Run an experiment that was begun to its end, or say why not."""
        if self._should_stop():
            return "Stopped; seek again to go on."
        rest = self._purse.rest()
        if self._purse.left <= 0:
            return f"The budget of {self._purse.budget} is used; {step.experiment} goes on with the next one."
        self._keep_plan(step)
        self._tell(f"{step.experiment}: {step.reason}")
        before = self._finished(step)
        status = self._ways.run(step.experiment, rest)
        self._purse.spend(self._finished(step) - before)
        if status.state == "finished":
            return ""
        if status.state == "stopped" and not self._should_stop() and self._purse.left < 1:
            return f"The budget of {self._purse.budget} is used; {step.experiment} goes on with the next one."
        return f"{step.experiment} was stopped; seek again to go on."

    def _keep_plan(self, step: Step) -> None:
        """Plan an experiment that was begun, or what is missing of its plan; one that somebody has changed stays so."""
        draft = self._draft(step)
        there = self._store.experiments().set_index("experiment_id")["plan"]
        if step.experiment_id not in there.index or Plan.from_dict(there[step.experiment_id]) == draft.plan:
            self._ways.keep_plan(step.experiment, draft)

    def _draft(self, step: Step) -> Draft:
        return self._ways.draft(self.search.plan_of(step, self._dataset.dataset_id, self._folds))

    def _finished(self, step: Step) -> int:
        return int((self._store.trials(step.experiment_id)["state"] != "planned").sum())

    def _fitted(self, proposed: Proposed) -> tuple[Mapping[str, tuple[Value, ...]], int, str] | str:
        """Return the axes and seeds with which an experiment fits its share, and what that says; or why it does not."""
        search, purse = self.search, self._purse
        if purse.budget is None or not proposed.axes:
            return proposed.axes, search.agenda.seeds, ""
        costs = self._costs(proposed.axes, proposed.fixed) * self._share_trained()
        share = fair_share(purse.left, [float(costs.sum()) * search.agenda.seeds, *self._later(proposed)])
        present = {name: search.value_of(name) for name in proposed.axes}
        made = fitted(proposed.axes, costs, search.agenda.seeds, share, present)
        if made.cost > purse.left:
            return (
                f"The budget of {purse.budget} goes no further: {purse.words(purse.left)} are left, and the next "
                f"experiment takes {purse.words(made.cost)} at least. Seek again to go on."
            )
        expected = f"Expected to take {purse.words(made.cost)}; its share of what is left was {purse.words(share)}."
        return made.axes, made.seeds, " ".join(filter(None, [made.told, expected]))

    def _later(self, proposed: Proposed) -> list[float]:
        """Return what each experiment after the next one would cost whole."""
        search, share = self.search, self._share_trained() * self.search.agenda.seeds
        if proposed.kind == "fine":
            return []
        later = remaining_settings(search, proposed.axes)
        order, held = search.agenda.order, {**search.agenda.fixed, **search.optimum}
        wanted = [
            self._costs(
                {name: order[name] for name in names}, {name: held[name] for name in held if name not in names}
            ).sum()
            for names in later
        ]
        steps = search.agenda.refinement
        sizes = [len(each) for each in steps.values()] if steps else [_FINE_VALUES] * search.agenda.at_once
        fine = float(self._costs({}, held).sum()) * float(np.prod(sizes))
        return [share * float(each) for each in [*wanted, fine]]

    def _costs(self, axes: Mapping[str, tuple[Value, ...]], fixed: Mapping[str, Value]) -> NDArray[np.float64]:
        """Return what the trainings of each cell cost with one seed over all folds, in seconds or trials."""
        step = Step(kind="wide", experiment="", experiment_id="", axes=axes, fixed=fixed, reason="")
        plan = self.search.plan_of(step, self._dataset.dataset_id, self._folds)
        classes, repeats = len(self._dataset.classes), max(len(self._folds), 1)
        pace = 0.0 if self._purse.counts_trials else self._seconds_an_operation()
        found = np.zeros(plan.cell_count)
        for cell in cells(plan, classes):
            if cell.buildable:
                trial = _trial_of(plan, cell.settings)
                found[cell.index] = repeats * (1.0 if self._purse.counts_trials else pace * trial_cost(trial, classes))
        return found.reshape(plan.shape)

    def _seconds_an_operation(self) -> float:
        """Return how long an operation has taken in the trials of this search, all cores together [s]."""
        paces, work = [], []
        for step in self.search.decided:
            took = self._store.trials(step.experiment_id).set_index("trial_id")["seconds"].dropna()
            costs = {
                trial.trial_id: trial_cost(trial, len(self._dataset.classes))
                for trial in self._ways.trials_of(step.experiment_id)
                if trial.trial_id in took.index
            }
            ratios = sorted((float(took[name]) / cost, cost) for name, cost in costs.items())
            # the first training of each process loads and compiles what the others find ready
            usual = ratios[: max(len(ratios) - self._ways.cores, 1)]
            paces += [pace for pace, _ in usual]
            work += [cost for _, cost in usual]
        if not work:
            raise PlanError("No training of this search has ended, so nothing tells how long the others will take.")
        return float(np.average(paces, weights=work)) / self._ways.cores

    def _share_trained(self) -> float:
        """Return what a race is expected to train of all repeats, from what races of this search have trained."""
        shares = [_USUAL_SHARE]
        for step in self.search.decided:
            if step.axes and step.decision is not None and step.decision.planned:
                shares.append(step.decision.trainings / step.decision.planned)
        return float(np.mean(shares)) if len(self._folds) > 1 else 1.0


def _trial_of(plan: Plan, settings: Mapping[str, Value]) -> Trial:
    """Return a trial of which only the work matters."""
    return Trial(
        trial_id="",
        cell=0,
        axis_values={},
        network_type=plan.network_type,
        architecture=plan.architecture,
        dataset_id=plan.dataset_id,
        settings=settings,
    )
