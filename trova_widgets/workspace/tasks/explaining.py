"""Answers explained: what stands behind one about a file."""

from functools import cached_property
from pathlib import Path
from typing import Any

from trova_widgets.errors import RecordError
from trova_widgets.records import catalogue_file
from trova_widgets.workspace import explaining
from trova_widgets.workspace.classification import TrainedNetwork
from trova_widgets.workspace.explaining import ExplainedAnswer
from trova_widgets.workspace.questions import Question, questions_of
from trova_widgets.workspace.tasks.answers import AnswerTasks


class ExplainingTasks(AnswerTasks):
    """What is done to see why an answer is what it is."""

    @cached_property
    def _questions(self) -> dict[tuple[Any, ...], list[Question]]:
        return {}

    def explain_file(
        self, path: str | Path, answer: int = 0, network: str | None = None, catalog: str | Path | None = None
    ) -> ExplainedAnswer:
        """Tell what stands behind an answer about a file, which need not be one of this workspace.

        Parameters
        ----------
        path : path
            A file that `classify` was asked about.
        answer : int, default 0
            Which of the answers about this file, counted from 0.
        network, catalog
            As `classify` was asked.

        Returns
        -------
        ExplainedAnswer
            What was classified, with its onset, and what in it speaks for each class, as of `explain`.

        Raises
        ------
        RecordError
            When the file is not there, has no such answer, or could not be answered.
        NetworkError
            As of `classify`.
        """
        trained = self._trained(network)
        questions = self._questions_of(Path(path), trained, None if catalog is None else Path(catalog))
        if not 0 <= answer < len(questions):
            raise RecordError(f"{path} has {len(questions)} answers, counted from 0; there is no answer {answer}.")
        asked = questions[answer]
        if asked.problem or asked.waveform is None:
            raise RecordError(asked.problem)
        return ExplainedAnswer(
            waveform=asked.waveform,
            onset_s=asked.onset_s,
            cutoff_hz=asked.cutoff_hz,
            record_id=asked.record_id,
            recipe=trained.recipe,
            statistics=trained.fitted.values if trained.fitted else None,
            classes=explaining.explain(trained, asked.waveform, asked.onset_s, asked.cutoff_hz),
        )

    def _questions_of(self, path: Path, trained: TrainedNetwork, catalog: Path | None) -> list[Question]:
        """Return what was asked about a file; of the last one it is kept, as events of hours take seconds to find."""
        if not path.is_file():
            raise RecordError(f"The file {path.name} is not there any more; choose it again and classify it anew.")
        changed = path.stat().st_mtime_ns
        key = (path, changed, catalog, trained.recipe, self._store.revision("records", "parameters"))
        found = self._questions.get(key)
        if found is None:
            events = None if catalog is None else catalogue_file(catalog).events
            found = list(questions_of(path, self._store, trained.recipe, events))
            self._questions.clear()
            self._questions[key] = found
        return found
