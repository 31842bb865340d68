"""Which stations see an event, and how strong it is made for that: found by trial, and kept for the teaching set."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from trova_widgets.errors import RecordError
from trova_widgets.records.synthetics.events import STATIONS, TEACHING_SEED, event_name
from trova_widgets.resources import share_folder

_COLUMNS = ("event", "steps", "stations")


@dataclass(frozen=True, kw_only=True)
class Sighting:
    """Who sees an event.

    Attributes
    ----------
    steps : int
        By how many steps of magnitude it was made stronger than it was drawn, until enough stations saw it.
    stations : tuple of int
        The places of the stations that see it, in the order in which they were asked.
    """

    steps: int
    stations: tuple[int, ...]


@cache
def load_sightings(path: Path | None = None) -> Mapping[str, Sighting]:
    """Read the sightings of events of the teaching set, which spare nearly half of the time that making these takes.

    Parameters
    ----------
    path : Path, optional
        A file of `write_sightings`; the shipped one when left out.

    Returns
    -------
    mapping of str to Sighting
        By the names of the events.

    Raises
    ------
    RecordError
        When the file is missing or no such table.

    Examples
    --------
    >>> load_sightings()["xt0191"].steps
    2
    """
    path = path or share_folder("data") / "sightings.csv"
    places = {station.code: place for place, station in enumerate(STATIONS)}
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return {
                row["event"]: Sighting(
                    steps=int(row["steps"]), stations=tuple(places[code] for code in row["stations"].split())
                )
                for row in csv.DictReader(file)
            }
    except (OSError, KeyError, ValueError) as error:
        raise RecordError(
            f"The sightings {path} cannot be read ({error!r}); make them with data/make_teaching_set.py."
        ) from error


def write_sightings(path: Path, found: Mapping[int, Sighting]) -> None:
    """Write the sightings of events of the teaching set, by the places of these in the set."""
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(_COLUMNS)
        for number, sighting in found.items():
            codes = " ".join(STATIONS[place].code for place in sighting.stations)
            table.writerow([event_name(number, TEACHING_SEED), sighting.steps, codes])
