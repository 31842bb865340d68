"""The clock of blasting beside a map: it follows the filters of the list and the part of the map that is looked at."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from traitlets import Bool, HasTraits, Int, Unicode, observe

from trova_widgets.figures.screen.clock import clock_picture
from trova_widgets.models.application import ApplicationModel
from trova_widgets.models.background import LatestOnlyQueue
from trova_widgets.models.event_map import Part, inside
from trova_widgets.models.record_filters import number_of
from trova_widgets.store import RecordFilter

if TYPE_CHECKING:
    from trova_widgets.workspace.clock import ClockReport


class ClockModel(HasTraits):
    """What the clock says of some events, and its picture.

    Parameters
    ----------
    application : ApplicationModel
        What all pages share.

    Attributes
    ----------
    said : str
        What it says, in words, or nothing where there is no event.
    about : str
        Which events these are and whose time it is; or why there is nothing to see.
    picture : str
        An ``svg`` element as wide as there is room; empty as long as it is closed.
    opened : bool
        Whether the picture is wanted.
    utc_offset : str
        How far the local clocks are ahead of UTC, hours; without a number each event has the sun's.
    room : int
        How wide the picture may be, pixels.
    """

    said = Unicode("")
    about = Unicode("")
    picture = Unicode("")
    opened = Bool(False)
    utc_offset = Unicode("")
    room = Int(1000)

    def __init__(self, application: ApplicationModel) -> None:
        super().__init__()
        self._application = application
        self._asking = LatestOnlyQueue()
        self._found: ClockReport | None = None
        self._question: tuple[RecordFilter | None, Part | None] = (None, None)

    @property
    def part(self) -> Part | None:
        """The part of the map that was asked for last."""
        return self._question[1]

    def ask(self, where: RecordFilter | None, part: Part | None) -> None:
        """Make the clock of events.

        Parameters
        ----------
        where : RecordFilter or None
            Those of which a record passes; None for all that there are.
        part : tuple or None
            Those in this part of the map alone, as of `EventMapModel.part`.
        """
        self._question = (where, part)
        workspace, offset = self._application.workspace, number_of(self.utc_offset)

        def work() -> "ClockReport":
            events = workspace.events() if where is None else workspace.events_with(where)
            if part is not None:
                events = inside(events, part)
            found: ClockReport = workspace.clock(events, utc_offset_h=offset)
            words = ("among the records that pass the filters" if where is not None else "",
                     "in the part of the map that is seen" if part is not None else "")  # fmt: skip
            return replace(found, where=" and ".join(filter(None, words)))

        self._asking.submit(work, self._show, self._say_problem)

    @observe("utc_offset")
    def _ask_again(self, _: Any) -> None:
        self.ask(*self._question)

    def _show(self, found: "ClockReport") -> None:
        self._found = found
        self.said, self.about = " ".join(found.sentences), found.about
        self._draw()

    @observe("opened", "room")
    def _draw(self, _: Any = None) -> None:
        found = self._found if self.opened else None
        self.picture = "" if found is None else clock_picture(found.clock, self.room, self.said)

    def _say_problem(self, sentence: str) -> None:
        self._found = None
        self.said, self.about, self.picture = "", sentence, ""
