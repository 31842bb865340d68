"""What is handed on with a network: the report of its evaluation, and its model card."""

from pathlib import Path

from trova_widgets.store import RecordFilter
from trova_widgets.workspace import card_facts, card_figures
from trova_widgets.workspace.described import describe_records
from trova_widgets.workspace.evaluating import Evaluation
from trova_widgets.workspace.evaluation_document import document
from trova_widgets.workspace.model_card import CardPart, ModelCard
from trova_widgets.workspace.paths import write_named
from trova_widgets.workspace.progress import Progress, progress_bar
from trova_widgets.workspace.tasks.evaluation import EvaluationTasks


class CardTasks(EvaluationTasks):
    """What is done to let others know what a network is."""

    def model_card(
        self,
        experiment: str,
        path: str | Path | None = None,
        *,
        evaluation: Evaluation | None = None,
        progress: Progress = progress_bar,
    ) -> ModelCard:
        """Write the model card of an experiment's best cell as Markdown, from what the workspace knows.

        Parameters
        ----------
        experiment : str
            An experiment over a data set with folds.
        path : path, optional
            The file; none is written, if left out.
        evaluation : Evaluation, optional
            Of the same experiment, with whatever it was asked for: baselines, what was left out, rates. It is evaluated
            without them, if left out.
        progress : Progress
            Who watches.

        Returns
        -------
        ModelCard
            Printed, it is the text.

        Raises
        ------
        PlanError
            As of `evaluate`.
        StoreError
            When the file cannot be written.

        References
        ----------
        Mitchell et al. (2019), Model cards for model reporting, doi 10.1145/3287560.3287596.
        """
        told = self.evaluate(experiment, baselines=[], progress=progress) if evaluation is None else evaluation
        card = ModelCard(experiment=told.experiment, about=self._about(told), measured=card_figures.measured(told))
        if path is not None:
            write_named(path, f"{card}\n".encode())
        return card

    def evaluation_report(self, evaluation: Evaluation, path: str | Path) -> Path:
        """Write an evaluation as one page of HTML that needs nothing else, and return where it is.

        Raises
        ------
        StoreError
            When the file cannot be written.
        """
        return write_named(path, document(evaluation, self._about(evaluation)).encode())

    def _about(self, evaluation: Evaluation) -> tuple[CardPart, ...]:
        """Return the facts of a model card that no evaluation tells."""
        found = self.results(evaluation.experiment)
        trial_id = found.best.trial_id
        dataset = self._store.dataset(found.plan.dataset_id)
        members = self._store.dataset_members(dataset.dataset_id)
        records = self._store.records(RecordFilter(record_ids=list(members["record_id"])))
        return card_facts.about(
            card_facts.Origin(
                results=found,
                trial=self.trial(trial_id),
                dataset=dataset,
                records=describe_records(members, records, self._store.events()),
                weights=self._runs.weights_of(trial_id),
            )
        )
