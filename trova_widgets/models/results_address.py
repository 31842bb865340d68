"""The address of the results page: what is seen as a few words behind the page's name, and back again."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from math import isnan
from typing import TYPE_CHECKING, Any

import traitlets

from trova_widgets.models.application import ApplicationModel
from trova_widgets.models.results_columns import NUMERIC, OPEN, is_open
from trova_widgets.models.results_table import headers
from trova_widgets.space import Grid, Index, format_value

if TYPE_CHECKING:
    from trova_widgets.models.results import ResultsModel

#: What is written as it is, and what it is where nothing is written.
_PLAIN = {"tab": "images", "objective": "quality", "measure": "accuracy", "by": "record", "show": "all"}
#: These stand there even where they are as at first: an address with them is one that a person made.
_ALWAYS = ("tab", "objective")
#: By which column the table is sorted at first, and whether the highest come first.
_SORTED = ("cell_quality", True)


class ResultsAddress:
    """Keeps the address at what is seen, and brings back what an address says.

    Parameters
    ----------
    model : ResultsModel
        What is seen.
    application : ApplicationModel
        It has the address.
    """

    def __init__(self, model: "ResultsModel", application: ApplicationModel) -> None:
        self._model, self._application = model, application
        self._asked: dict[str, str] | None = None
        application.observe(self._visited, "visits")
        # who comes by an address of the page alone, or by its button, comes to what is open there
        application.observe(self.write, ["page", "subject"])

    def write(self, _: Any = None) -> None:
        """Write what is seen into the address."""
        model = self._model
        reading = model.reading
        if self._application.page != model.slug or reading is None or self._asked is not None:
            return
        if self._application.subject not in ("", reading.experiment):
            # another experiment is asked for, and is still being read
            return
        grid = reading.quality
        query = {name: getattr(model, name) for name in _PLAIN}
        query = {name: text for name, text in query.items() if name in _ALWAYS or text != _PLAIN[name]}
        query["cell"] = ",".join(format_value(value) for value in grid.cell(model.position).values())
        if not model.pooled and model.trial_id:
            query["trial"] = model.trial_id
        if model.locked != frozenset(range(3, len(grid.names))):
            query["locked"] = ",".join(grid.names[axis] for axis in sorted(model.locked)) or "none"
        if model.series != grid.names[min(len(grid.names), 3) - 1]:
            query["series"] = model.series
        if model.threshold:
            query["above"] = f"{model.threshold:g}"
        if model.show == "top":
            query["top"] = f"{model.top}"
        if model.limits:
            query["limits"] = _limit_words(model.limits)
        if model.row_limits:
            query["rows"] = _limit_words(model.row_limits)
        if (model.sort, model.descending) != _SORTED:
            query["sort"] = f"{'-' if model.descending else ''}{model.sort}"
        if model.table_page:
            query["page"] = f"{model.table_page + 1}"
        if not model.stretched:
            query["scale"] = "whole"
        if model.second:
            query["beside"] = model.second
        if model.missed:
            query["missed"] = model.missed
        if model.confused:
            query["taken"] = ",".join(model.confused)
        with self._application.hold_trait_notifications():
            self._application.subject = reading.experiment
            self._application.query = query

    def apply(self) -> None:
        """Bring back what the address says, as far as it means something in the experiment that was read."""
        model, asked = self._model, self._asked
        if asked is None or model.reading is None:
            return
        subject = self._application.subject
        if subject and subject != model.reading.experiment:
            # the experiment is still being read
            return
        grid = model.reading.quality
        names = asked.get("locked", "").split(",")
        with model.hold_trait_notifications():
            for name, usual in _PLAIN.items():
                with suppress(traitlets.TraitError):
                    model.set_trait(name, asked.get(name, usual))
            model.stretched = asked.get("scale") != "whole"
            with suppress(ValueError):
                model.top = max(1, int(asked.get("top", model.top)))
            model.threshold = _number(asked.get("above", "0"))
            model.limits = _within(grid, _limits(asked.get("limits", "")))
            model.row_limits = {
                name: ends
                for name, ends in _limits(asked.get("rows", "")).items()
                if name in NUMERIC and name in model.reading.table
            }
            key, descending = asked.get("sort", "").removeprefix("-"), asked.get("sort", "").startswith("-")
            known = any(column["key"] == key for column in headers(model.reading))
            model.sort, model.descending = (key, descending) if known else _SORTED
            model.confused = [name for name in asked.get("taken", "").split(",") if name][:2]
            if asked.get("series", "") in grid.names:
                model.series = asked["series"]
        # a filter goes back to the first page when it is set
        with suppress(ValueError):
            model.table_page = max(int(asked.get("page", "1")) - 1, 0)
        locked = {axis for axis, name in enumerate(grid.names) if name in names}
        if "locked" in asked and len(grid.names) - len(locked) <= 3:
            model.lock_all(frozenset(locked))
        place = _place(grid, asked.get("cell", ""))
        if place is not None:
            model.select(place)
        if asked.get("trial"):
            model.select_trial(asked["trial"])
        if asked.get("beside", "") != model.second:
            model.compare(asked.get("beside", ""))
        if asked.get("missed", "") != model.missed:
            model.miss(asked.get("missed", ""))
        self._asked = None
        self.write()

    def _visited(self, _: Any) -> None:
        if self._application.page == self._model.slug:
            self._asked = {str(name): str(text) for name, text in self._application.asked.items()}
            # where the experiment is still being read, it would be brought back after what is asked for
            self._model.forget_recalled()
            self.apply()


def _place(grid: Grid, text: str) -> Index | None:
    """Return where the cell of these values is; None where one of them is not in this experiment."""
    written = text.split(",")
    if len(written) != len(grid.names):
        return None
    place = []
    for value, values in zip(written, grid.values, strict=True):
        labels = [format_value(each) for each in values]
        if value not in labels:
            return None
        place.append(labels.index(value))
    return tuple(place)


def _limit_words(limits: Mapping[str, Sequence[float]]) -> str:
    """Return limits as an address has them: an end that is open is empty."""
    ends = {name: [f"{end:.10g}" if not is_open(end) else "" for end in each] for name, each in limits.items()}
    return ";".join(f"{name}:{low}:{high}" for name, (low, high) in ends.items())


def _limits(text: str) -> dict[str, list[float]]:
    found = {}
    for part in filter(None, text.split(";")):
        name, _, ends = part.partition(":")
        low, _, high = ends.partition(":")
        if not low and not high:
            continue
        with suppress(ValueError):
            between = [float(low or -OPEN), float(high or OPEN)]
            if not any(map(isnan, between)):
                found[name] = between
    return found


def _within(grid: Grid, limits: dict[str, list[float]]) -> dict[str, list[float]]:
    """Return limits of which those of a setting are places that it has."""
    last = {name: float(size - 1) for name, size in zip(grid.names, grid.shape, strict=True)}
    return {
        name: [min(max(end, 0.0), last[name]) for end in ends] if name in last else ends
        for name, ends in limits.items()
    }


def _number(text: str) -> float:
    try:
        return min(max(float(text), 0.0), 1.0)
    except ValueError:
        return 0.0
