"""Labels that are in doubt: the queue of them, the event that is looked at, and what an analyst says of it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd
from traitlets import Dict, Enum, Int, List, Unicode, observe

from trova_widgets.models.application import ApplicationModel
from trova_widgets.models.background import InOrderQueue, LatestOnlyQueue
from trova_widgets.models.changing import changing
from trova_widgets.models.doubt_words import (
    class_choices,
    difference_words,
    event_hours,
    event_words,
    queue_row,
    queue_words,
)
from trova_widgets.models.doubted_event import DoubtedEvent, alike
from trova_widgets.models.event_map import MOST_POINTS, EventMapModel
from trova_widgets.models.formatting import class_title
from trova_widgets.models.handles import free_name
from trova_widgets.models.seismogram import SeismogramModel
from trova_widgets.models.task import TaskModel
from trova_widgets.store import PlacedEvents
from trova_widgets.workspace.tasks.reviewing import REVIEWED

if TYPE_CHECKING:
    from trova_widgets.workspace import Workspace

#: More rows than this nobody goes through at once.
_ROWS_AT_MOST = 300
SHOWN = ("open", "settled", "all")


@dataclass(frozen=True, kw_only=True, eq=False)
class Doubted:
    """What was read of the doubts in an experiment.

    Attributes
    ----------
    experiment, dataset : str
        The experiment, and the data set that it is over.
    mark : object
        What is the same as long as the experiment's results are.
    queue : DataFrame
        As of `Workspace.doubts`, the most doubtful first.
    reviews : DataFrame
        As of `Workspace.reviews`.
    classes : list of str
        What an event can be, in this workspace.
    places : PlacedEvents
    stations : DataFrame
        What stands on the map.
    """

    experiment: str
    dataset: str
    mark: object
    queue: pd.DataFrame
    reviews: pd.DataFrame
    classes: list[str]
    places: PlacedEvents
    stations: pd.DataFrame

    @classmethod
    def read(cls, workspace: "Workspace", experiment: str, before: "Doubted | None" = None) -> "Doubted":
        """Read the doubts; the queue that was read before is kept where the results have not changed."""
        mark = workspace.results_mark(experiment)
        is_same = before is not None and (before.experiment, before.mark) == (experiment, mark)
        queue = before.queue if before is not None and is_same else workspace.doubts(experiment)
        experiments = workspace.experiments().set_index("name")["dataset_id"]
        dataset = workspace.datasets().set_index("dataset_id")["name"][experiments[experiment]]
        known = [str(name) for name in workspace.class_counts()["event_class"] if isinstance(name, str) and name]
        return cls(
            experiment=experiment,
            dataset=str(dataset),
            mark=mark,
            queue=queue,
            reviews=workspace.reviews(str(dataset)),
            classes=list(dict.fromkeys([*queue["event_class"].unique(), *queue["told"].unique(), *known])),
            places=workspace.placed_events(MOST_POINTS),
            stations=workspace.stations(),
        )

    @property
    def labelled(self) -> pd.DataFrame:
        """The queue with ``label`` (the class that an event has now), ``settled`` (by whom it was looked at)."""
        reviews = self.reviews
        now = dict(zip(reviews["event_id"], reviews["label"], strict=True))
        looked_at = reviews[reviews["looked_at"]]
        by = dict(zip(looked_at["event_id"], looked_at["author"], strict=True))
        events = self.queue["event_id"]
        return self.queue.assign(
            label=[now.get(event, label) for event, label in zip(events, self.queue["event_class"], strict=True)],
            settled=[by.get(event, "") for event in events],
        )


class DoubtsModel(TaskModel):
    """The state and the actions of the queue.

    Attributes
    ----------
    seismogram, map : SeismogramModel, EventMapModel
        The event that is looked at, and where it was.
    experiment, dataset : str
        What is looked at, and the data set whose labels are doubted.
    show : {"open", "settled", "all"}
        Those in doubt that nobody has looked at yet, those that somebody has, or the whole queue.
    rows : list of dict
        The queue, see `queue_row`.
    counts : dict of str to int
        How many events there are of each kind of ``show``.
    sentence, difference : str
        How many labels are in doubt, and how many differ from those of the data set by now.
    changed : int
        How many do.
    selected : str
        The event that is looked at.
    record_id : str
        Its record whose similar ones are shown.
    event : dict, hours : list of dict
        See `event_words` and `event_hours`.
    fingerprints, similar : list of dict, similar_note : str
        The fingerprints of its records, and the records that are most like the picked one, or why there are none.
    classes : list of dict
        What an event can be: ``value``, ``title``.
    versions : list of str
        The data set and the version of it that was made last.
    """

    experiment = Unicode("")
    dataset = Unicode("")
    show = Enum(SHOWN, "open")
    rows = List(Dict())
    counts = Dict()
    sentence = Unicode("")
    difference = Unicode("")
    changed = Int(0)
    selected = Unicode("")
    record_id = Unicode("")
    event = Dict()
    hours = List(Dict())
    fingerprints = List(Dict())
    similar = List(Dict())
    similar_note = Unicode("")
    classes = List(Dict())
    versions = List(Unicode())

    def __init__(self, application: ApplicationModel) -> None:
        self.seismogram = SeismogramModel()
        self.map = EventMapModel()
        self._known: Doubted | None = None
        self._seen: DoubtedEvent | None = None
        self._wanted = ""
        self._reading, self._looking, self._comparing = InOrderQueue(), LatestOnlyQueue(), LatestOnlyQueue()
        super().__init__(application)
        self.map.observe(self._pick_on_map, "selected")

    def look(self, experiment: str) -> None:
        """Look at the doubts of an experiment."""
        if experiment and experiment != self.experiment:
            if self._wanted == self.selected:
                # it was of the experiment before; another one is named by the address
                self._wanted = ""
            self.experiment = experiment
            with self.hold_trait_notifications():
                self._known, self._seen = None, None
                self.rows, self.counts, self.sentence, self.difference = [], {}, "", ""
                self.event, self.selected, self.problem, self.versions = {}, "", "", []
            self._read("Holding labels against what was told")

    def refresh(self) -> None:
        """Read again what was said of labels, and what was told where that has changed."""
        if self._known is not None:
            self._read("")

    def choose(self, event_id: str) -> None:
        """Look at an event of the queue, as soon as it is read."""
        self._wanted = event_id
        known = self._known
        if known is None or not event_id or event_id == self.selected:
            return
        if event_id not in set(known.queue["event_id"]):
            self.application.notify(f"The event {event_id} is not in the data set {known.dataset}.")
            return
        if event_id not in {row["event_id"] for row in self.rows}:
            self.show = "all"
        self.selected = event_id

    def step(self, by: int) -> None:
        """Go to the next event of the queue, or back."""
        names = [row["event_id"] for row in self.rows]
        if names:
            at = names.index(self.selected) + by if self.selected in names else 0
            self.choose(names[min(max(at, 0), len(names) - 1)])

    def pick_record(self, record_id: str) -> None:
        """Show which records are most like one of the event's."""
        if record_id in {each["record_id"] for each in self.fingerprints}:
            self.record_id = record_id

    @changing
    def confirm(self, event_id: str = "") -> None:
        """Say, as an analyst, that the label of an event is right; the shown one where none is named."""
        self._say(event_id or self.selected, "")

    @changing
    def relabel(self, event_class: str, event_id: str = "") -> None:
        """Say, as an analyst, which class an event is of; what was said before is kept."""
        self._say(event_id or self.selected, event_class)

    @changing
    def renew(self) -> None:
        """Make a new version of the data set, with the labels as they are now."""
        name, workspace = self.dataset, self.workspace
        if not name:
            return

        def make() -> str:
            new = free_name(name, set(workspace.datasets()["name"]))
            workspace.copy("dataset", name, new)
            return new

        def show(new: str) -> None:
            self.versions = [name, new]
            self.application.notify(f"{new} has the labels as they are now; plan an experiment over it.")
            self.application.refresh()

        self.do(f"Making a new version of {name}", make, show)

    # -- reading -------------------------------------------------------------------------------------------------

    def _read(self, what: str) -> None:
        experiment, before = self.experiment, self._known

        def show(found: Doubted) -> None:
            if experiment == self.experiment:
                self._show(found)

        self.do(what, lambda: Doubted.read(self.workspace, experiment, before), show, self._reading)

    def _show(self, found: Doubted) -> None:
        is_new = self._known is None
        self._known = found
        with self.hold_trait_notifications():
            self.dataset = found.dataset
            self.classes = class_choices(found.classes)
            self.map.show(found.places, found.stations)
            self._show_queue()
        if self._wanted and self._wanted != self.selected:
            self.choose(self._wanted)
        if not self.selected:
            if is_new and not self.rows:
                self.show = "all"
            self.step(0)
        elif not is_new:
            self._look()

    @observe("show")
    def _show_queue(self, _: Any = None) -> None:
        if self._known is None:
            return
        queue = self._known.labelled
        is_settled, is_told = queue["settled"] != "", queue["doubt"] >= 1
        in_doubt = is_told | (queue["why"] != "")
        kinds = {"open": in_doubt & ~is_settled, "settled": is_settled, "all": pd.Series(True, index=queue.index)}
        self.counts = {kind: int(here.sum()) for kind, here in kinds.items()}
        shown = queue[kinds[self.show]].head(_ROWS_AT_MOST)
        self.rows = [queue_row(row) for row in shown.to_dict("records")]
        self.sentence = queue_words(
            len(queue), int(is_told.sum()), int((in_doubt & ~is_told).sum()), int(is_settled.sum())
        )
        self.changed = int((queue["label"] != queue["event_class"]).sum())
        self.difference = difference_words(self.changed, self._known.dataset)

    @observe("selected")
    def _look(self, _: Any = None) -> None:
        """Read the event that is looked at, in the background."""
        event_id = self.selected
        if not event_id:
            return
        self._wanted = event_id
        if self._seen is None or self._seen.event_id != event_id:
            self.fingerprints, self.similar, self.similar_note, self.record_id = [], [], "", ""
        self._looking.submit(lambda: DoubtedEvent.read(self.workspace, event_id), self._show_event, self._say_problem)

    def _show_event(self, seen: DoubtedEvent) -> None:
        known = self._known
        if known is None or seen.event_id != self.selected:
            return
        is_another = self._seen is None or self._seen.event_id != seen.event_id
        self._seen = seen
        with self.hold_trait_notifications():
            self.event = event_words(known.labelled, seen)
            self.hours = event_hours(known.labelled, seen.event_id)
            if is_another:
                self.seismogram.show(seen.traces, "the origin")
                self.fingerprints = seen.fingerprints
                self.record_id = seen.record_id
            self.map.pick(seen.event_id, seen.near["code"])

    @observe("record_id")
    def _compare(self, _: Any = None) -> None:
        record_id = self.record_id
        self.similar, self.similar_note = [], ""
        if not record_id:
            return

        def show(found: tuple[list[dict[str, Any]], str]) -> None:
            if record_id == self.record_id:
                self.similar, self.similar_note = found

        self._comparing.submit(lambda: alike(self.workspace, record_id), show, self._say_problem)

    def _say(self, event_id: str, event_class: str) -> None:
        """Keep what an analyst says of an event, and go on to the next one."""
        known = self._known
        if known is None or not event_id or self.busy:
            return
        found = known.labelled.set_index("event_id")["label"]
        if event_id not in found.index:
            return
        label = event_class or str(found[event_id])
        done = "confirmed" if label == found[event_id] else f"changed from {found[event_id]}"
        names = [row["event_id"] for row in self.rows]
        comment = f"{REVIEWED} in {known.experiment}: {done}"

        def kept(_: None) -> None:
            self.application.notify(f"{event_id.rpartition('/')[2]}: {class_title(label).lower()}, {done}.")
            if event_id == self.selected and event_id in names[:-1]:
                self.selected = names[names.index(event_id) + 1]
            self.application.refresh()

        self.do("Keeping the label", lambda: self.workspace.label(event_id, label, comment=comment), kept)

    def _pick_on_map(self, _: Any = None) -> None:
        if self.map.selected and self.map.selected != self.selected:
            self.choose(self.map.selected)

    def _say_problem(self, sentence: str) -> None:
        self.problem = sentence
