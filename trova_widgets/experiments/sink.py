"""Where a sweep puts its results: the store, or anything that keeps them."""

from collections.abc import Sequence
from typing import Protocol

from trova_widgets.space import TrialResult


class ResultSink(Protocol):
    """What keeps results; workers never see it."""

    def append(self, results: Sequence[TrialResult]) -> object:
        """Keep the results, all or none of them; only when it returns are they taken for kept.

        An attempt that is already there (equal trial_id and finished_at_ns) must not be kept twice, and a
        finished trial must not be changed.
        """
        ...

    def finished(self, trial_ids: Sequence[str]) -> set[str]:
        """Return those of the trials that are there and finished."""
        ...
