"""Searches: what each is to do, how far it is, what it proposes next, and its report."""

import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from trova_widgets.errors import PlanError
from trova_widgets.experiments import Plan
from trova_widgets.experiments.seeking import Agenda, Proposed, Search, Step, agenda_of, article_order, begun
from trova_widgets.experiments.seeking import next_experiment as _next
from trova_widgets.identity import identity_of
from trova_widgets.store import SearchRow
from trova_widgets.workspace import planning
from trova_widgets.workspace.changing import changing
from trova_widgets.workspace.naming import checked_name
from trova_widgets.workspace.paths import write_named
from trova_widgets.workspace.search_document import document
from trova_widgets.workspace.searching import SearchReport, keep, search_of
from trova_widgets.workspace.tasks.plans import PlanTasks

_ARTICLE = "article"


class SearchTasks(PlanTasks):
    """What is done with searches, but for letting them go on."""

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
