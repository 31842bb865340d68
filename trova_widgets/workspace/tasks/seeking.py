"""Searches: the strategy of modelling on autopilot, in a process of its own, watched, stopped, told in a report."""

import time
import warnings
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from trova_widgets.errors import PlanError, StoreError, TrovaWarning
from trova_widgets.experiments import Budget, Plan, RunStatus
from trova_widgets.experiments.groups import resolved_device
from trova_widgets.experiments.seeking import Agenda, Proposed, Search, Step, agenda_of, article_order, begun
from trova_widgets.experiments.seeking import next_experiment as _next
from trova_widgets.identity import identity_of
from trova_widgets.processes import this_process, usable_cores
from trova_widgets.space import Trial
from trova_widgets.store import SearchRow, SharingImpossible
from trova_widgets.workspace import planning
from trova_widgets.workspace.changing import changing
from trova_widgets.workspace.naming import checked_name
from trova_widgets.workspace.paths import write_named
from trova_widgets.workspace.search_document import document
from trova_widgets.workspace.searching import SearchReport, keep, search_of
from trova_widgets.workspace.seeking import Seeker, Ways
from trova_widgets.workspace.states import ExperimentStatus
from trova_widgets.workspace.tasks.base import must_work
from trova_widgets.workspace.tasks.experiments import ExperimentTasks
from trova_widgets.workspace.watching import watch_search

_ARTICLE = "article"
_TICK_S = 1.0


class SeekTasks(ExperimentTasks):
    """What is done with searches."""

    @changing
    def begin_search(
        self,
        network: str,
        dataset: str,
        *,
        name: str | None = None,
        settings: Mapping[str, Any] | Sequence[str] | None = None,
        preset: str | None = None,
        fixed: Mapping[str, Any] | None = None,
        epochs: int | None = None,
        seeds: int | None = None,
    ) -> Search:
        """Write down what a search is to do, and run nothing yet.

        Parameters
        ----------
        network, dataset, name, settings, preset, fixed, epochs, seeds
            As of `seek`.

        Returns
        -------
        Search
            As far as it is: one of that name that is there already is returned, where it is asked for the same, or for
            nothing in particular.

        Raises
        ------
        PlanError
            When something is not understood, or the name is that of a search that is to do something else.
        """
        called = checked_name(name or f"{network}-{preset or 'search'}", "a search")
        asked = (settings, preset, fixed, epochs, seeds)
        saved, frozen = self._store.network(network), self._store.dataset(dataset)
        there = [row for row in self._store.searches() if row.name == called]
        over = (saved.network_id, frozen.dataset_id)
        if there and all(each is None for each in asked) and (there[0].network_id, there[0].dataset_id) == over:
            return self.search(called)
        if preset not in (None, _ARTICLE):
            raise PlanError(f"There is no preset {preset!r} of a search; there is {_ARTICLE}.")
        if preset and settings:
            raise PlanError(f"The preset {preset} names the settings itself; leave out one of the two.")
        refinement = None
        if preset:
            settings, refinement = article_order()
        draft = planning.draft(
            saved,
            frozen,
            self._own_recipe(frozen),
            self.recipe(),
            axes={},
            fixed=fixed,
            seeds=1,
            folds=self._store.folds(frozen.dataset_id),
            epochs=epochs,
        )
        agenda = agenda_of(draft.plan, settings, refinement=refinement, seeds=1 if seeds is None else seeds)
        row = SearchRow(
            search_id=identity_of(["search", called]),
            name=called,
            network_id=saved.network_id,
            dataset_id=frozen.dataset_id,
            agenda=agenda.to_dict(),
            steps=[],
            created_at_ns=time.time_ns(),
        )
        if not self._store.add_search(row):
            self._must_be_the_same(row, agenda)
        return self.search(called)

    @changing
    def seek(
        self,
        network: str,
        dataset: str,
        *,
        budget: str | None = None,
        name: str | None = None,
        settings: Mapping[str, Any] | Sequence[str] | None = None,
        preset: str | None = None,
        fixed: Mapping[str, Any] | None = None,
        epochs: int | None = None,
        seeds: int | None = None,
        steps: int | None = None,
        workers: int | None = None,
        device: str = "auto",
    ) -> SearchReport:
        """Seek the best settings of a network by the strategy of the article, experiment by experiment.

        The network as it was saved is measured first. Then the settings have their turn, three at a time over a wide
        range with a coarse step; the best cell of each experiment is held in the next, and a setting whose influence
        cannot be told from nothing stays as it was. In the end those that act most are refined around the optimum.
        The cells of each experiment race. All of it goes on in a process of its own, and is watched to its end; where
        it was stopped or killed, or its budget was used, the same call goes on from there, and an experiment that was
        begun is finished first.

        Parameters
        ----------
        network, dataset : str
            A saved network and a frozen data set.
        budget : str, optional
            What this call may use: ``"8h"``, ``"90min"``, ``"500 trials"``. It is split over what is to come: an
            experiment that would take more than its share gets fewer seeds and coarser steps, and its reason says so.
            Without one all experiments are whole.
        name : str, optional
            What the search is called; else after the network.
        settings : mapping, or sequence of str, optional
            Which settings have their turn, in this order: names, or names with values as in `plan`. If left out, the
            parameters of all layers, in the order of the layers, Padding and Stride last.
        preset : {"article"}, optional
            The article's settings in its order with its ranges, and its refinement.
        fixed : mapping, optional
            Settings that all experiments hold at another value, as in `plan`.
        epochs : int, optional
            How long a trial is trained.
        seeds : int, optional
            How often each cell is trained on each fold (1).
        steps : int, optional
            How many decisions to come to; all, if left out.
        workers, device
            As of `run`.

        Returns
        -------
        SearchReport
            Every experiment with its decision, the optimum, and each setting's influence; `seek_report` writes it
            with pictures.

        Raises
        ------
        PlanError
            When something is not understood, the search runs already, or its process broke down.
        """
        asked = self.begin_search(
            network,
            dataset,
            name=name,
            settings=settings,
            preset=preset,
            fixed=fixed,
            epochs=epochs,
            seeds=seeds,
        )
        called = asked.name
        try:
            self.start_seek(called, budget=budget, steps=steps, workers=workers, device=device)
        except SharingImpossible as reason:
            warnings.warn(f"{reason} The search goes on in this process.", TrovaWarning, stacklevel=2)
            return self.seek_here(called, budget=budget, steps=steps, workers=workers, device=device)
        watch_search(self._seeks, self._runs, called)
        return self.search_report(called)

    @changing
    def start_seek(
        self,
        name: str,
        *,
        budget: str | None = None,
        steps: int | None = None,
        workers: int | None = None,
        device: str = "auto",
    ) -> int:
        """Go on with a search in a process of its own and come back at once, with its process number; see `seek`."""
        self._store.search(name)
        must_work(workers)
        how = [] if budget is None else ["--budget", str(Budget.read(budget))]
        if steps is not None:
            how += ["--steps", str(steps)]
        self._store.share()
        return self._seeks.start(name, workers, device, how)

    @changing
    def seek_here(
        self,
        name: str,
        *,
        budget: str | None = None,
        steps: int | None = None,
        workers: int | None = None,
        device: str = "auto",
    ) -> SearchReport:
        """Go on with a search from this process: what its own process does; see `seek`."""
        must_work(workers)
        search, this, started = self.search(name), this_process(), time.time()

        def say(state: str, message: str) -> None:
            status = RunStatus(
                experiment=name,
                pid=this.pid,
                began=this.began,
                state=state,
                started_at=started,
                updated_at=time.time(),
                message=message,
            )
            self._seeks.write_status(name, status)

        def run(experiment: str, rest: Budget | None) -> ExperimentStatus:
            self._wait_for(experiment)
            self._runs.forget_stop(experiment)
            return self.run_here(experiment, workers, device, budget=None if rest is None else str(rest))

        on_cpu = resolved_device(device) == "cpu"
        ways = Ways(
            draft=lambda plan: self._draft_of(plan, search.network),
            keep_plan=lambda experiment, draft: planning.keep_plan(self._store, experiment, draft),
            run=run,
            trials_of=self._trials_there,
            cores=(workers or usable_cores()) if on_cpu else 1,
        )
        seeker = Seeker(
            self._store,
            search,
            ways,
            None if budget is None else Budget.read(budget),
            tell=lambda sentence: say("running", sentence),
            should_stop=lambda: self._seeks.stop_asked(name),
        )
        say("running", "")
        try:
            say(*seeker.go_on(steps))
        except BaseException as error:
            say("failed", f"{type(error).__name__}: {error}")
            raise
        return self.search_report(name)

    @changing
    def stop_seek(self, name: str) -> None:
        """Ask a search to stop after the trials in flight."""
        if not self._seeks.is_alive(name):
            raise PlanError(f"The search {name} is not running.")
        self._seeks.ask_to_stop(name)
        step = self.search(name).under_way
        if step is not None and self._runs.is_alive(step.experiment):
            self._runs.ask_to_stop(step.experiment)

    @changing
    def join_search(self, name: str, experiment: str) -> Search:
        """Take an experiment that somebody has planned for the next one of a search.

        The proposal of the strategy may be changed before it is taken: what the experiment varies has its turn then,
        and the decision from it is the search's next.

        Parameters
        ----------
        name : str
            The search.
        experiment : str
            A planned experiment over its network and data set.

        Raises
        ------
        PlanError
            When an experiment of the search is under way, or this one is over another network or data set.
        """
        search, row = self.search(name), self._store.experiment(experiment)
        kept = self._store.search(name)
        if search.under_way is not None:
            raise PlanError(f"{search.under_way.experiment} is under way in the search {name}; let it end first.")
        if (row.network_id, row.dataset_id) != (kept.network_id, kept.dataset_id):
            raise PlanError(f"{row.name} is over another network or data set than the search {name}.")
        plan = Plan.from_dict(row.plan)
        step = Step(
            kind="wide" if set(plan.axes) - set(search.done) or not search.steps else "fine",
            experiment=row.name,
            experiment_id=row.experiment_id,
            axes=plan.axes,
            fixed=plan.fixed,
            reason="Planned by hand.",
            seeds=len(plan.seeds),
        )
        return keep(self._store, begun(search, step))

    def searches(self) -> tuple[str, ...]:
        """Return the names of all searches, the oldest first."""
        return tuple(row.name for row in self._store.searches())

    def search(self, name: str) -> Search:
        """Return how far a search is: its experiments, its decisions, the optimum so far, what comes next.

        Raises
        ------
        StoreError
            When there is none of this name.
        """
        return search_of(self._store, self._store.search(name))

    def search_report(self, name: str) -> SearchReport:
        """Return how far a search is, in words."""
        search, status = self.search(name), self._seeks.status(name)
        if status is None:
            return SearchReport(search=search, state="planned")
        state = "running" if status.is_alive else status.state
        return SearchReport(search=search, state=state, message=status.message)

    def search_html(self, name: str) -> str:
        """Return the report of a search as the text of an HTML page; see `seek_report`."""
        return document(self._store, self.search_report(name))

    def seek_report(self, name: str, file: str | Path | None = None) -> Path:
        """Write the report of a search: every experiment with its pictures, every decision and its evidence.

        Parameters
        ----------
        name : str
            The search.
        file : path, optional
            Where it goes; into the folder ``reports`` of the workspace, if left out.

        Returns
        -------
        Path
            One HTML file, which needs no other one and no network.

        Raises
        ------
        StoreError
            When it cannot be written.
        """
        page = self.search_html(name).encode()
        if file is None:
            file = self.path / "reports" / f"{name}.html"
            # what keeps the folder from being made is told of the file
            with suppress(OSError):
                file.parent.mkdir(exist_ok=True)
        return write_named(file, page)

    def next_experiment(self, name: str) -> Proposed | None:
        """Return the experiment that a search proposes next, before anybody asks what it costs.

        None when everything has had its turn, or an experiment is under way.
        """
        search = self.search(name)
        return None if search.under_way is not None else _next(search)

    def _must_be_the_same(self, row: SearchRow, agenda: Agenda) -> None:
        kept = self._store.search(row.name)
        # the usual recipe and training may have changed since; what the search stands on stays
        before = Agenda.from_dict(kept.agenda)
        same = (row.network_id, row.dataset_id) == (kept.network_id, kept.dataset_id)
        if not same or replace(agenda, base=before.base) != before:
            raise PlanError(
                f"There is a search {row.name} that is to do something else; leave its settings, epochs and seeds out "
                "to go on with it, or give the new one another name."
            )

    def _draft_of(self, plan: Plan, network: str) -> planning.Draft:
        dataset = self._store.dataset(plan.dataset_id)
        return planning.Draft(
            plan=plan,
            network=self._store.network(network),
            dataset=dataset,
            own_recipe=self._own_recipe(dataset),
        )

    def _trials_there(self, experiment_id: str) -> Sequence[Trial]:
        """Return the trials of an experiment; none where somebody has deleted it."""
        try:
            return self._trials_of(self._store.experiment(experiment_id))
        except StoreError:
            return ()

    def _wait_for(self, experiment: str) -> None:
        """Wait for the end of a run that somebody else has started."""
        while (status := self._runs.status(experiment)) is not None and status.is_alive:
            if status.pid == this_process().pid:
                return
            time.sleep(_TICK_S)
