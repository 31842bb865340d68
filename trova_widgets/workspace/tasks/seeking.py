"""A search on its way: the strategy of modelling on autopilot, in a process of its own, watched and stopped."""

import time
import warnings
from collections.abc import Mapping, Sequence
from typing import Any

from trova_widgets.errors import PlanError, StoreError, TrovaWarning
from trova_widgets.experiments import Budget, Plan, RunStatus
from trova_widgets.experiments.groups import resolved_device
from trova_widgets.processes import this_process, usable_cores
from trova_widgets.space import Trial
from trova_widgets.store import SharingImpossible
from trova_widgets.workspace import planning
from trova_widgets.workspace.changing import changing
from trova_widgets.workspace.searching import SearchReport
from trova_widgets.workspace.seeking import Seeker, Ways
from trova_widgets.workspace.states import ExperimentStatus
from trova_widgets.workspace.tasks.base import must_work
from trova_widgets.workspace.tasks.experiments import ExperimentTasks
from trova_widgets.workspace.tasks.searches import SearchTasks
from trova_widgets.workspace.watching import watch_search

_TICK_S = 1.0


class SeekTasks(SearchTasks, ExperimentTasks):
    """A search that goes on."""

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
