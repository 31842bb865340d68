"""What a workspace holds, listed and counted: the store's own answers, passed on."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from trova_widgets.store import Store
from trova_widgets.workspace.tasks.base import WorkspaceBase

Arguments = ParamSpec("Arguments")
Answer = TypeVar("Answer")


def from_store(
    method: Callable[Concatenate[Store, Arguments], Answer],
) -> Callable[Concatenate[WorkspaceBase, Arguments], Answer]:
    """Return a method of the store as one of the workspace: with its signature, its documentation and its answer."""

    @wraps(method)
    def passed_on(self: WorkspaceBase, /, *args: Arguments.args, **kwargs: Arguments.kwargs) -> Answer:
        return method(self._store, *args, **kwargs)

    return passed_on


class ListingTasks(WorkspaceBase):
    """What can be asked of everything that a workspace holds."""

    records = from_store(Store.records)
    record = from_store(Store.record)
    record_page = from_store(Store.record_page)
    record_place = from_store(Store.record_place)
    record_choices = from_store(Store.record_choices)
    count_records = from_store(Store.count_records)
    events = from_store(Store.events)
    events_with = from_store(Store.events_with)
    placed_events = from_store(Store.placed_events)
    class_counts = from_store(Store.class_counts)
    stations = from_store(Store.stations)
    recipes = from_store(Store.recipes)
    datasets = from_store(Store.datasets)
    networks = from_store(Store.networks)
    experiments = from_store(Store.experiments)
    counts = from_store(Store.counts)
    revision = from_store(Store.revision)
