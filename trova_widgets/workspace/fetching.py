"""Seismograms from a data centre into a workspace, event by event, so that a fetch can be stopped and gone on with."""

import json
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trova_widgets.errors import RecordError
from trova_widgets.identity import Identities, identity_of
from trova_widgets.records import Fetched, RecordReader, Rejection, SeismicEvent
from trova_widgets.records.archives.fdsn import CentreError, Channel, DataCentre, windows
from trova_widgets.records.archives.sds import AFTER_ORIGIN_S, BEFORE_ORIGIN_S
from trova_widgets.records.items import sentences
from trova_widgets.store import Store
from trova_widgets.workspace.import_report import ImportReport
from trova_widgets.workspace.importing import store_records
from trova_widgets.workspace.progress import Progress
from trova_widgets.workspace.reading import read_files
from trova_widgets.workspace.waveforms import WaveformFolder

JOURNAL = "fetched.jsonl"
"""What was asked for of which event, a line an event: a channel that gave nothing then is not asked for again."""

CHANNELS = ("HHZ", "BHZ", "EHZ", "SHZ")
"""Vertical seismometers, broad-band before short-period ones."""

# the journals of all workspaces call it so
_SELECTION = "wish"
# surface waves of shallow events are the last to come
_SLOWEST_KM_S = 2.5
# lines of a request; some centres refuse longer ones
_CHANNELS_A_REQUEST = 50


@dataclass(frozen=True, kw_only=True)
class StationSelection:
    """Which stations and channels are fetched of each event.

    Attributes
    ----------
    radius_km : float
        Stations within it.
    networks, stations : str
        Their codes, comma-separated, with wildcards.
    channels : tuple of str
        Channel codes by preference: of each station the first kind that it has.
    """

    radius_km: float = 200.0
    networks: str = "*"
    stations: str = "*"
    channels: tuple[str, ...] = CHANNELS


class FetchJournal:
    """Which channels were asked for of which event, and which events are done.

    Parameters
    ----------
    folder : Path
        The workspace's folder.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / JOURNAL
        self.asked: dict[str, set[Channel]] = {}
        self.done: set[tuple[str, str]] = set()
        for line in self._lines():
            event_id, selection = str(line["event_id"]), str(line[_SELECTION])
            self.done.add((event_id, selection))
            self.asked.setdefault(event_id, set()).update(_codes(text) for text in line["channels"])

    def append(self, event_id: str, selection: str, channels: Iterable[Channel]) -> None:
        """Note that everything of an event was asked for."""
        names = [".".join(channel) for channel in channels]
        line = {"event_id": event_id, _SELECTION: selection, "channels": names, "asked_at_s": round(time.time())}
        with self._path.open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(line) + "\n")
        self.done.add((event_id, selection))
        self.asked.setdefault(event_id, set()).update(map(_codes, names))

    def _lines(self) -> list[dict[str, Any]]:
        if not self._path.exists():
            return []
        lines = []
        for text in self._path.read_text(encoding="utf-8").splitlines():
            try:
                line = json.loads(text)
            except ValueError:
                # cut short by a power cut: that event is asked for once more
                continue
            if isinstance(line, dict) and line.keys() >= {"event_id", _SELECTION, "channels"}:
                lines.append(line)
        return lines


def fetch(
    store: Store,
    waveforms: WaveformFolder,
    journal: FetchJournal,
    centre: DataCentre,
    events: Sequence[SeismicEvent],
    selection: StationSelection,
    *,
    class_mapping: Mapping[str, str],
    author: str,
    progress: Progress,
    again: bool = False,
) -> ImportReport:
    """Fetch the seismograms of events; see `Workspace.fetch_records`."""
    started = time.monotonic()
    reader = RecordReader.open(None, None, Identities(store.file_hashes()), class_mapping=class_mapping)
    there = _channels_by_event(store)
    key = identity_of(
        [centre.address, selection.radius_km, selection.networks, selection.stations, list(selection.channels)]
    )
    reports: list[ImportReport] = []
    for done, event in enumerate(progress(events, "fetching", len(events))):
        if not again and (event.event_id, key) in journal.done:
            reports.append(ImportReport(already_there=1))
            continue
        known = there.get(event.event_id, set()) | (set() if again else journal.asked.get(event.event_id, set()))
        try:
            asked, found = _ask(centre, event, selection, known)
        except CentreError as error:
            raise CentreError(f"{str(error).rstrip('.')}: {done} of {len(events)} events are done.") from error
        except RecordError as error:
            reports.append(ImportReport(rejections=(Rejection(path=_name(event), **sentences(str(error))),)))
            continue
        reports.append(store_records(store, waveforms, reader, read_files(reader, waveforms, found), author=author))
        # after the rows: an event is only done when its records are kept
        journal.append(event.event_id, key, asked)
    return ImportReport.of(reports, seconds=time.monotonic() - started)


def _ask(
    centre: DataCentre, event: SeismicEvent, selection: StationSelection, known: set[Channel]
) -> tuple[list[Channel], list[Fetched]]:
    """Ask for the channels near an event that are not known, and return which those were and what came."""
    if event.origin_time_ns is None or event.latitude is None or event.longitude is None:
        raise RecordError(
            f"The event {event.event_id} has no time or no place, by which stations are chosen; complete the catalogue."
        )
    near = centre.near(
        event, selection.radius_km, selection.channels, network=selection.networks, station=selection.stations
    )
    offers = [offer for offer in near.offers if offer.channel not in known]
    asked = windows(offers, event.origin_time_ns, BEFORE_ORIGIN_S, AFTER_ORIGIN_S, slowest_km_s=_SLOWEST_KM_S)
    parts = [asked[first : first + _CHANNELS_A_REQUEST] for first in range(0, len(asked), _CHANNELS_A_REQUEST)]
    answers = [answer for part in parts if (answer := centre.seismograms(part)) is not None]
    found = [Fetched(path=_name(event), content=answer, event=event, places=near.places) for answer in answers]
    return [offer.channel for offer in offers], found


def _name(event: SeismicEvent) -> Path:
    return Path(f"{event.event_id}.mseed")


def _channels_by_event(store: Store) -> dict[str, set[Channel]]:
    """Return the channels that the workspace has of each event."""
    there: dict[str, set[Channel]] = {}
    columns = ["event_id", "network", "station", "location", "channel"]
    for event_id, *codes in store.records()[columns].itertuples(index=False, name=None):
        if isinstance(event_id, str):
            there.setdefault(event_id, set()).add((codes[0], codes[1], codes[2], codes[3]))
    return there


def _codes(text: str) -> Channel:
    network, station, location, channel = (*text.split("."), "", "", "", "")[:4]
    return network, station, location, channel
