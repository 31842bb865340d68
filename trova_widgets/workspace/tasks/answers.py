"""Answers: the classes that a trained network names, of files and folders, and of events by all their stations."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd

from trova_widgets.errors import NetworkError, PlanError, RecordError
from trova_widgets.experiments import Plan
from trova_widgets.experiments.evaluation import checked_rates, trained_rates
from trova_widgets.fingerprinting import FingerprintRecipe
from trova_widgets.names import nearest
from trova_widgets.records import catalogue_file
from trova_widgets.records.catalogues.quakeml_answers import quakeml_of
from trova_widgets.store import ExperimentRow
from trova_widgets.workspace import classification
from trova_widgets.workspace.answer_events import events_of, verdicts_of
from trova_widgets.workspace.answerer import Answerer, answerer, temperature_of
from trova_widgets.workspace.incoming import INTERVAL_S, settled_files
from trova_widgets.workspace.likeness import KnownRecords, known_records, trained_members
from trova_widgets.workspace.paths import Paths, list_of_paths, write_named
from trova_widgets.workspace.result_reading import read_results
from trova_widgets.workspace.tasks.results import ResultTasks, result_recipe


class AnswerTasks(ResultTasks):
    """What is done with a network that has been trained."""

    @cached_property
    def _known(self) -> dict[tuple[str, str, int | None], KnownRecords]:
        # a data set is frozen and a fingerprint's identity is its content's, so that nothing here grows old
        return {}

    @cached_property
    def _temperatures(self) -> dict[tuple[object, ...], float]:
        return {}

    def classify(
        self,
        paths: Paths,
        network: str | None = None,
        catalog: str | Path | None = None,
        *,
        rates: Mapping[str, float] | None = None,
    ) -> pd.DataFrame:
        """Name the class of every event in some files.

        Of an instrument's components the vertical one is asked. A record of up to five minutes is of one event; in a
        longer one the events are looked for (`detect_events`), each with an answer of its own.

        The probabilities are those of the network, tempered so that they can be taken at their word: by the temperature
        that all folds together ask for, as `evaluate` tells it (of an experiment without folds they are as they are).

        A record that is less like the known ones, and more like noise, pulses, spikes, ringing, far earthquakes or
        slides (`trova_widgets.records.synthetics.oddities`), than 99 % of the known records are, each held against
        those of other events, is ``none_of_these``; the probabilities stay as they are. That finds artefacts, but not
        noise that looks like a weak event: ``python -m tests.benchmarks.none_of_these`` measures it.

        Parameters
        ----------
        paths : path or paths
            Files of seismograms.
        network : str, optional
            A network or an experiment, the best trial of whose (latest) experiment answers, or a trial; that of the
            latest experiment of all, if left out.
        catalog : path, optional
            Events, as for an import: those that a record can show are answered, each where its waves arrive.
        rates : mapping of str to float, optional
            At what rates the classes come where the records are from, a share for each class: the probabilities are
            moved there from the rates that the training saw (Saerens et al., 2002, doi 10.1162/089976602753284446).

        Returns
        -------
        DataFrame
            A row an event of a record, a column of probability a class. ``start_time`` is that of the record, or of
            what was cut out of a long one, ``onset_time`` that of the event's first wave; ``event_id`` is the
            catalogue's. ``record_id`` says which record of this workspace it is, if any: that one's onset and
            cut-off count then, an analyst's too, and its event. ``likeness`` is by how much the fingerprint is more
            like the most alike of the training's records than like any oddity, a difference of Jaccard similarities
            from -1 to 1. ``trial_id`` says whose network has answered, ``remark`` what is to be known of an answer,
            ``note`` why there is none.

        Raises
        ------
        RecordError
            When there is no such file or catalogue.
        NetworkError
            When there is no such network, experiment or trial, or it was not trained in this workspace.
        PlanError
            When the rates do not fit the classes.
        """
        files = list_of_paths(paths)
        for path in files:
            if path.is_dir():
                raise RecordError(f"{path} is a folder; name the files in it, or answer what comes with --watch.")
            if not path.is_file():
                raise RecordError(f"There is no file {path}; check the path.")
        return self._asking(network, catalog, rates).answers(files)

    def classify_folder(
        self,
        folder: str | Path,
        network: str | None = None,
        catalog: str | Path | None = None,
        *,
        rates: Mapping[str, float] | None = None,
        new_only: bool = False,
        interval_s: float = INTERVAL_S,
    ) -> Iterator[pd.DataFrame]:
        """Name the class of every event in the files of a folder, and of its sub-folders, as they come, for ever.

        Each file is answered once it is whole: when two looks find it unchanged; one that changes later is answered
        anew. Hidden and partial files (``.part``, ``.tmp``, ``~``) are left alone.

        Parameters
        ----------
        folder : path
            The folder.
        network, catalog, rates
            As of `classify`; read once.
        new_only : bool
            Whether to leave out what is there at the beginning.
        interval_s : float
            Between two looks at the folder [s].

        Returns
        -------
        iterator of DataFrame
            As of `classify`, one a file; a file that cannot be read has its ``note``.

        Raises
        ------
        RecordError
            When there is no such folder or catalogue.
        NetworkError, PlanError
            As of `classify`; PlanError too when there is no time between two looks.
        """
        watched = Path(folder)
        if not watched.is_dir():
            raise RecordError(f"There is no folder {watched}; name the one into which files come.")
        if not interval_s > 0:
            raise PlanError(f"Between two looks are {interval_s:g} s; wait longer than 0, 2 for instance.")
        asking = self._asking(network, catalog, rates)
        return (asking.answers([path]) for path in settled_files(watched, new_only=new_only, interval_s=interval_s))

    def who_answers(self, network: str | None = None) -> Answerer:
        """Return which network `classify` asks, and how good it is by event.

        Parameters
        ----------
        network : str, optional
            As of `classify`.

        Returns
        -------
        Answerer
            Printed, one line.

        Raises
        ------
        NetworkError
            As of `classify`.
        """
        row, trial_id = self._chosen_trial(network)
        return answerer(read_results(self._store, row), trial_id)

    def answers_by_event(self, answers: pd.DataFrame) -> pd.DataFrame:
        """Return what the stations of each event say together: the mean of the logarithms of their probabilities.

        Records that are none of the classes have no say, unless all are.

        Parameters
        ----------
        answers : DataFrame
            Of `classify`; those with an ``event_id`` count.

        Returns
        -------
        DataFrame
            Columns ``event_id``, ``event_class``, ``probability`` (of that class), ``records``, ``agree`` (how many of
            them say the same by themselves); in the order of the answers.
        """
        return verdicts_of(answers)

    def write_answers(self, answers: pd.DataFrame, path: str | Path) -> int:
        """Write the answers of `classify` as QuakeML, with the type of each event and the picks, for other programs.

        Records of one event of a catalogue are combined; every other answer is an event of its own. The type is
        suspected, and a comment has the probabilities and whose network has answered. What is none of the classes is
        of the type "not reported".

        Parameters
        ----------
        answers : DataFrame
            Of `classify`.
        path : path
            The file.

        Returns
        -------
        int
            How many events were written.

        Raises
        ------
        StoreError
            When it cannot be written.
        """
        events = events_of(answers)
        write_named(path, quakeml_of(events))
        return len(events)

    def _asking(
        self, name: str | None, catalog: str | Path | None, rates: Mapping[str, float] | None
    ) -> classification.Asking:
        row, trial_id = self._chosen_trial(name)
        network = self._trained_in(row, trial_id)
        trial = network.trial
        trained = trained_members(self._store.dataset_members(row.dataset_id), trial.fold)
        key = row.dataset_id, network.recipe.identity, trial.fold
        if key not in self._known:
            statistics = network.fitted.values if network.fitted else None
            self._known[key] = known_records(self._store, trained, network.recipe, statistics)
        moved = None
        if rates is not None:
            wanted = checked_rates(rates, network.classes)
            of_each = trained.drop_duplicates("record_id")["event_class"]
            classes = np.array([network.classes.index(each) for each in of_each], dtype=np.int64)
            augmentation = str(trial.settings["training.augmentation"])
            seen = trained_rates(classes, network.recipe.variants, augmentation, trial.seed, len(network.classes))
            moved = classification.Rates(trained=seen, wanted=wanted)
        return classification.Asking(
            network=network,
            store=self._store,
            catalogue=None if catalog is None else catalogue_file(catalog).events,
            known=self._known[key],
            rates=moved,
        )

    def _trained(self, name: str | None) -> classification.TrainedNetwork:
        """Find a trial with weights: the one of that name, or the best one of the latest experiment that has it."""
        return self._trained_in(*self._chosen_trial(name))

    def _trained_in(self, row: ExperimentRow, trial_id: str) -> classification.TrainedNetwork:
        dataset = self._store.dataset(row.dataset_id)
        result = self._store.trial(trial_id)
        plan = Plan.from_dict(row.plan)
        recipe = FingerprintRecipe.from_dict(result_recipe(result, plan))
        if not recipe.is_fitted:
            # as its run did
            recipe = self.fit_recipe(recipe, dataset=dataset.name)
        mark = (*self._store.experiment_mark(row.name), trial_id)
        if mark not in self._temperatures:
            self._temperatures[mark] = temperature_of(read_results(self._store, row), trial_id)
        return classification.TrainedNetwork(
            model=plan.model,
            trial=result,
            weights=self._runs.weights_of(trial_id),
            classes=dataset.classes,
            recipe=recipe,
            fitted=self.statistics(recipe),
            temperature=self._temperatures[mark],
        )

    def _chosen_trial(self, name: str | None) -> tuple[ExperimentRow, str]:
        networks = self._store.networks().set_index("network_id")["name"]
        experiments = self._store.experiments()[::-1]
        if name is not None and name not in {*networks, *experiments["name"]}:
            if "trial" not in self._store.kinds_of(name):
                known = [*networks, *experiments["name"]]
                raise NetworkError(
                    f"There is no network, experiment or trial {name!r} in this workspace; {nearest(name, known)}."
                )
            if self._runs.weights_of(name).exists():
                return self._experiment_of(name), name
            experiments = experiments.head(0)
        for experiment in experiments["name"]:
            row = self._store.experiment(experiment)
            if name is None or name in (experiment, networks[row.network_id]):
                found = read_results(self._store, row)
                if not found.grid.holes.all() and self._runs.weights_of(found.best.trial_id).exists():
                    return row, found.best.trial_id
        raise NetworkError(
            f"{f'{name} was not trained here' if name else 'No network was trained here yet'}; run an experiment "
            f"over a network first, or name a trial that was run in this workspace."
        )
