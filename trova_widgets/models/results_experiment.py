"""Which experiment is looked at, and what was read of it: read again when it has changed, and surely a moment later."""

from threading import Lock
from typing import TYPE_CHECKING, Any

import traitlets
from traitlets import List, Unicode, observe

from trova_widgets.models.application import ApplicationModel
from trova_widgets.models.background import in_background, later
from trova_widgets.models.results_reading import Reading, read_experiment, reading_of
from trova_widgets.models.results_trial import TrialModel
from trova_widgets.space import Index

if TYPE_CHECKING:
    from trova_widgets.workspace.verdict import Verdict

# A page is drawn by then [s].
_SETTLED_AFTER_S = 3.0


class ExperimentModel(TrialModel):
    """The experiment that is looked at; where one stands in it, and what is drawn, a page's own model says.

    Attributes
    ----------
    experiments : list of str
        What can be looked at.
    experiment : str
        What is looked at.
    lost : str
        That the address names an experiment which is not there; nothing otherwise.
    measure, by : str
        What quality is: an objective of ``Workspace.results``, by record or by event.
    reading : Reading or None
        What was read of it.
    position : tuple of int
        The chosen combination.
    """

    experiments = List(Unicode())
    experiment = Unicode("")
    lost = Unicode("")
    measure = Unicode("accuracy")
    by = Unicode("record")
    reading = traitlets.Instance(Reading, allow_none=True)
    position = traitlets.Tuple()

    def __init__(self, application: ApplicationModel) -> None:
        self._wanted = ""
        # what was read last, and the mark of what it depends on; who reads meanwhile waits for it
        self._known: tuple[Reading, object] | None = None
        self._turn = Lock()
        self._judged: Reading | None = None
        # while it is said where one stands; all of it is drawn afterwards
        self._arriving = False
        super().__init__(application)
        application.observe(self._follow_address, ["page", "subject"])
        application.observe(lambda _: self._settle(), ["awaited", "runs"])

    def refresh(self) -> None:
        """Read the experiment again; what is chosen stays chosen."""
        wanted = self.application.subject if self.application.page == self.slug else ""
        self._wanted = wanted = wanted or self.experiment
        what: tuple[Any, Any] = (self.measure, self.by)

        def read() -> tuple[list[str], Reading | None]:
            names = [str(name) for name in self.workspace.experiments()["name"]]
            name = wanted if wanted or not names else names[0]
            if name not in names:
                return names, None
            with self._turn:
                mark = (what, self.workspace.results_mark(name))
                # trials of another experiment change nothing here
                if self._known is not None and self._known[0].experiment == name and self._known[1] == mark:
                    return names, self._known[0]
                reading = read_experiment(self.workspace, name, *what)
                self._prepare(reading)
                self._known = (reading, mark)
            return names, reading

        def show(found: tuple[list[str], Reading | None]) -> None:
            names, reading = found
            # meanwhile another one may have been chosen
            if wanted != self._wanted:
                return
            self.experiments = names
            if reading is not None and reading is self.reading:
                self._come_back()
                # somebody else may have written one
                self._read_remarks(self.trial_id)
            else:
                self._take(wanted, reading)

        self.do("" if self.read else "Reading the experiments", read, show, self._reading)

    def choose(self, experiment: str) -> None:
        """Look at another experiment; the address follows."""
        self.application.open(self.slug, experiment)

    def select(self, index: Index) -> None:
        """Choose a combination."""
        raise NotImplementedError

    def _prepare(self, reading: Reading) -> None:
        """Work out, beside the page, what will be drawn of a reading."""

    def _arrive(self, before: Reading | None, reading: Reading) -> None:
        """Say where one stands in a new reading; nothing is drawn yet."""
        raise NotImplementedError

    def _come_back(self) -> None:
        """Go where the address says, in a reading that is the same."""
        raise NotImplementedError

    def _show(self) -> None:
        """Draw a new reading."""
        raise NotImplementedError

    def _take(self, wanted: str, reading: Reading | None) -> None:
        before = self.reading
        self._arriving = True
        try:
            with self.hold_trait_notifications():
                self.reading = reading
                self.read = True
                self.lost = f"There is no experiment {wanted}." if wanted and reading is None else ""
                if reading is None:
                    return
                self.forget_trials()
                self._arrive(before, reading)
                self.experiment = self._wanted = reading.experiment
        finally:
            self._arriving = False
        self._show()
        self._settle()

    def _settle(self) -> None:
        """Have it worked out how sure the answer is, where that is not known, and show it when it is."""
        reading = self.reading
        # one that takes minutes may be under way, and a page that nobody looks at does not begin it
        if reading is None or reading.settled or self._judged is not None or self.application.awaited:
            return
        run = self.application.runs.get(reading.experiment)
        if run is not None and run.is_running:
            # it would be out of date before it is there
            return
        self._judged = reading

        def show(verdict: "Verdict") -> None:
            self._judged = None
            if reading is not self.reading:
                self._settle()
                return
            at_best = self.position == reading.best_place
            verdict.settle(reading.results)
            settled = reading_of(reading.results)
            if self._known is not None and self._known[0] is reading:
                self._known = (settled, self._known[1])
            self._take(reading.experiment, settled)
            if at_best:
                self.select(settled.best_place)

        def failed(sentence: str) -> None:
            self._judged = None
            self.application.report(f"How sure {reading.experiment} is could not be worked out: {sentence}")
            if reading is not self.reading:
                self._settle()

        def begin() -> None:
            if reading is self.reading:
                in_background(lambda: self.workspace.verdict(reading.results), show, failed)
            else:
                self._judged = None
                self._settle()

        # a process that has both cores to itself would keep the page from being drawn
        later(_SETTLED_AFTER_S, begin)

    def _follow_address(self, _: Any = None) -> None:
        subject = self.application.subject
        if self.application.page == self.slug and subject and subject != self._wanted:
            self.refresh()

    @observe("measure", "by")
    def _changed_measure(self, _: Any) -> None:
        if self.read:
            self.refresh()
