"""Records fetched from a data centre: what is asked for, in a person's words, and how far it is."""

import math
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from traitlets import Bool, Dict, List, Unicode

from trova_widgets.errors import RecordError
from trova_widgets.models.application import ApplicationModel
from trova_widgets.models.background import in_background
from trova_widgets.models.catalog_columns import CatalogColumnsModel
from trova_widgets.models.changing import changing
from trova_widgets.models.task import TaskModel
from trova_widgets.records import Region, RequestPolicy

Item = TypeVar("Item")


class FetchModel(TaskModel):
    """A fetch from a data centre; it goes on beside the page.

    Parameters
    ----------
    application : ApplicationModel
        What all pages share.
    policy : RequestPolicy, optional
        How a centre is asked.

    Attributes
    ----------
    address : str
        The data centre: an address, or a name out of `centres`.
    event_address : str
        Another centre that is asked for the events of a region.
    radius_km : str
        How far from an epicentre stations may be.
    networks, stations, channels : str
        Codes, comma-separated, with wildcards; channels in the order of preference.
    begin, end, south, north, west, east, minimum_magnitude : str
        In place of a catalogue, the region and the time in which events are looked for: ISO 8601 and degrees.
    again : bool
        Ask once more for what gave nothing before.
    centres : list of dict
        The centres that are known by name: ``value``, and a ``title`` with the address.
    columns : CatalogColumnsModel
        How the catalogue is understood, where it is a table.
    stopping : bool
        Whether it ends after the event in hand.
    report : str
        What the last fetch brought.
    """

    address = Unicode("")
    event_address = Unicode("")
    radius_km = Unicode("200")
    networks = Unicode("*")
    stations = Unicode("*")
    channels = Unicode("HHZ, BHZ, EHZ, SHZ")
    begin = Unicode("")
    end = Unicode("")
    south = Unicode("")
    north = Unicode("")
    west = Unicode("")
    east = Unicode("")
    minimum_magnitude = Unicode("")
    again = Bool(False)
    centres = List(Dict())
    stopping = Bool(False)
    report = Unicode("")

    def __init__(self, application: ApplicationModel, policy: RequestPolicy | None = None) -> None:
        self.columns = CatalogColumnsModel()
        self._policy = policy
        super().__init__(application)

    def look(self) -> None:
        """Find out which data centres are known by name."""
        if not self.centres:
            in_background(self.workspace.data_centres, self._show_centres, self._say_problem)

    def look_at_catalog(self, catalog: Path | None) -> None:
        """Show the columns of an uploaded catalogue, where it is a table."""
        self.columns.look_at(self.workspace, catalog)

    @changing
    def fetch(self, catalog: Path | None) -> None:
        """Fetch the seismograms of the events of a catalogue, or of the region where there is none."""
        self.report, self.stopping = "", False
        try:
            selection = self._selection(catalog)
        except RecordError as error:
            self.problem = str(error)
            return
        self.do(
            "Asking the data centre",
            lambda: self.workspace.fetch_records(
                catalog=catalog, again=self.again, policy=self._policy, progress=self._until_stopped, **selection
            ),
            self._fetched,
        )

    def stop(self) -> None:
        """End after the event in hand; what was fetched stays."""
        self.stopping = bool(self.busy)

    def _selection(self, catalog: Path | None) -> dict[str, Any]:
        """Return what `Workspace.fetch_records` is asked for.

        Raises
        ------
        RecordError
            When something is missing or is no number.
        """
        if not self.address.strip():
            raise RecordError(
                "No data centre is named; give its address, https://geofon.gfz.de for instance, or a name."
            )
        channels = [code.strip() for code in self.channels.split(",") if code.strip()]
        if not channels:
            raise RecordError("No channel is named; give codes in the order of preference, HHZ, BHZ for instance.")
        radius_km = _number(self.radius_km, "radius", "km")
        if radius_km is None or radius_km <= 0:
            raise RecordError(f"The radius is {self.radius_km!r}, expected more than 0 km; correct it.")
        return {
            "address": self.address.strip(),
            "event_address": self.event_address.strip() or None,
            "radius_km": radius_km,
            "networks": self.networks.replace(" ", "") or "*",
            "stations": self.stations.replace(" ", "") or "*",
            "channels": channels,
            "columns": self.columns.columns if catalog is not None else None,
            "region": None if catalog is not None else self._region(),
        }

    def _region(self) -> Region:
        if not (self.begin.strip() and self.end.strip()):
            raise RecordError(
                "Nothing says which events are meant; choose a catalogue of them, or give the begin and the end of the "
                "time to look for them in, as in 2021-05-04."
            )
        bounds = {name: _number(getattr(self, name), name, "degrees") for name in ("south", "north", "west", "east")}
        return Region(
            begin=self.begin.strip(),
            end=self.end.strip(),
            minimum_magnitude=_number(self.minimum_magnitude, "smallest magnitude", "a number"),
            **{name: value for name, value in bounds.items() if value is not None},
        )

    def _until_stopped(self, items: Iterable[Item], label: str, total: int | None = None) -> Iterator[Item]:
        for item in self.watched(items, label, total):
            if self.stopping:
                return
            yield item

    def _fetched(self, report: object) -> None:
        stopped = "\nIt was stopped; fetch again, and it goes on where it was." if self.stopping else ""
        self.report, self.stopping = f"{report}{stopped}", False
        self.application.refresh()

    def _show_centres(self, centres: dict[str, str]) -> None:
        self.centres = [{"value": name, "title": f"{name} ({address})"} for name, address in centres.items()]

    def _say_problem(self, sentence: str) -> None:
        self.problem = sentence


def _number(text: str, what: str, unit: str) -> float | None:
    """Read a number; None where nothing was written."""
    if not text.strip():
        return None
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise RecordError(f"The {what} is {text[:40]!r}, expected {unit}; correct it.")
    return number
