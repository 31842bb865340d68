"""Events, stations and seismograms from a data centre: FDSN web services, asked politely and again where they fail.

The requests are those of ObsPy's client; what comes back is read by the same guarded readers as a file.
"""

import http.client
import io
import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from trova_widgets.errors import RecordError
from trova_widgets.geometry import distance_km
from trova_widgets.records.catalogues.catalog import read_catalog
from trova_widgets.records.catalogues.stations import StationPlaces
from trova_widgets.records.events import SeismicEvent
from trova_widgets.records.files.obspy_plugins import obspy_module, remarks
from trova_widgets.records.waveform import NANOSECONDS

Channel = tuple[str, str, str, str]

_KM_A_DEGREE = 111.195
# many centres refuse what would give more events at once
_SHORTEST_SPAN_S = 3600.0


@dataclass(frozen=True, kw_only=True)
class RequestPolicy:
    """How a data centre is asked.

    Attributes
    ----------
    requests_per_s : float
        At most so many.
    attempts : int
        How often a request is made that fails for a reason that may pass: no answer, too many requests, a fault of the
        server.
    pause_s : float
        Before the second attempt; each further pause is twice as long.
    timeout_s : float
        How long an answer is waited for.
    """

    requests_per_s: float = 2.0
    attempts: int = 5
    pause_s: float = 2.0
    timeout_s: float = 120.0


@dataclass(frozen=True, kw_only=True)
class Region:
    """Where and when events are looked for.

    Attributes
    ----------
    begin, end : str
        ISO 8601, UTC.
    south, north, west, east : float
        Degrees.
    minimum_magnitude : float or None
        No weaker ones.
    """

    begin: str
    end: str
    south: float = -90.0
    north: float = 90.0
    west: float = -180.0
    east: float = 180.0
    minimum_magnitude: float | None = None


@dataclass(frozen=True, kw_only=True)
class Offer:
    """A channel that a data centre has, near an event.

    Attributes
    ----------
    channel : tuple of str
        Codes of network, station, location and channel.
    distance_km : float
        From the epicentre to the station.
    """

    channel: Channel
    distance_km: float


@dataclass(frozen=True, kw_only=True)
class Nearby:
    """What a data centre has near an event.

    Attributes
    ----------
    offers : tuple of Offer
        The channels.
    places : StationPlaces
        Where their stations stand.
    """

    offers: tuple[Offer, ...]
    places: StationPlaces


class CentreError(RecordError):
    """A data centre gives no answer, whatever is asked."""


def known_centres() -> dict[str, str]:
    """Return the addresses of the data centres that ObsPy knows by name."""
    return dict(sorted(obspy_module("obspy.clients.fdsn.header").URL_MAPPINGS.items()))


class DataCentre:
    """A server of FDSN web services.

    Parameters
    ----------
    address : str
        Its address, ``https://geofon.gfz.de``, or the name that ObsPy knows it by, ``"GFZ"``.
    policy : RequestPolicy
        How it is asked.

    Raises
    ------
    RecordError
        When the address is none of the web.
    """

    def __init__(self, address: str, policy: RequestPolicy | None = None) -> None:
        self._policy = policy or RequestPolicy()
        self._next_s = 0.0
        fdsn = obspy_module("obspy.clients.fdsn")
        if not re.fullmatch(r"[A-Za-z0-9+]+|https?://[^\s]+", address):
            raise RecordError(
                f"{address[:100]!r} is no address of a data centre, expected one as in https://geofon.gfz.de or a name "
                f"that ObsPy knows, GFZ for instance; correct it."
            )
        try:
            with remarks():
                # asking what a centre offers costs it three requests, and all offer what is asked for here
                self._client = fdsn.Client(
                    address, timeout=self._policy.timeout_s, _discover_services=False, use_gzip=False
                )
        except ValueError as error:
            raise RecordError(f"{' '.join(str(error).split())} Give the address of the data centre.") from error
        self.address: str = self._client.base_url

    def events(self, region: Region) -> list[SeismicEvent]:
        """Ask for the events of a region and a time, in pieces where a centre finds it too much at once.

        Raises
        ------
        RecordError
            When the centre refuses or does not answer.
        """
        moment = obspy_module("obspy").UTCDateTime
        try:
            begin, end = moment(region.begin), moment(region.end)
        except (ValueError, TypeError) as error:
            raise RecordError(
                f"The time from {region.begin!r} to {region.end!r} is not in ISO 8601, as in 2021-05-04T12:00:00; "
                f"correct it."
            ) from error
        found = {event.event_id: event for event in self._events_between(region, begin, end)}
        return sorted(found.values(), key=lambda event: event.origin_time_ns or 0)

    def near(self, event: SeismicEvent, radius_km: float, channels: Sequence[str], **codes: str) -> Nearby:
        """Ask for the channels within a radius of an event, at the time of it.

        Parameters
        ----------
        event : SeismicEvent
            With its origin.
        radius_km : float
            From the epicentre.
        channels : sequence of str
            Codes by preference, ``("HHZ", "BHZ")``: of each station the first kind that it has is offered.
        **codes
            ``network`` and ``station``, with wildcards.

        Returns
        -------
        Nearby
            The channels, the nearest first, and where their stations stand.
        """
        moment = obspy_module("obspy").UTCDateTime(ns=event.origin_time_ns)
        answer = self._ask(
            self._client.get_stations,
            latitude=event.latitude,
            longitude=event.longitude,
            maxradius=radius_km / _KM_A_DEGREE,
            starttime=moment,
            endtime=moment + 1,
            level="channel",
            format="text",
            channel=",".join(channels),
            **codes,
        )
        if answer is None:
            return Nearby(offers=(), places=StationPlaces())
        places = StationPlaces.read(answer)
        by_station: dict[tuple[str, str], list[Offer]] = {}
        for place in places.channels:
            away_km = distance_km(place.longitude, place.latitude, event.longitude or 0.0, event.latitude or 0.0)
            offer = Offer(channel=place.codes, distance_km=float(away_km))
            by_station.setdefault(place.codes[:2], []).append(offer)
        found = [offer for offers in by_station.values() for offer in preferred(offers, channels)]
        found.sort(key=lambda offer: (offer.distance_km, offer.channel))
        return Nearby(offers=tuple(found), places=places)

    def seismograms(self, asked: Sequence[tuple[Channel, int, int]]) -> bytes | None:
        """Ask for seismograms.

        Parameters
        ----------
        asked : sequence of (channel, int, int)
            Codes, begin and end, nanoseconds since 1970 UTC.

        Returns
        -------
        bytes or None
            As the centre sent them, miniSEED; None when it has none of them.
        """
        moment = obspy_module("obspy").UTCDateTime
        bulk = [(*channel, moment(ns=begin), moment(ns=end)) for channel, begin, end in asked]
        return self._ask(self._client.get_waveforms_bulk, bulk)

    def _events_between(self, region: Region, begin: Any, end: Any) -> Iterator[SeismicEvent]:
        weakest = {} if region.minimum_magnitude is None else {"minmagnitude": region.minimum_magnitude}
        try:
            answer = self._ask(
                self._client.get_events,
                starttime=begin,
                endtime=end,
                minlatitude=region.south,
                maxlatitude=region.north,
                minlongitude=region.west,
                maxlongitude=region.east,
                **weakest,
            )
        except _TooMuchError:
            if end - begin < _SHORTEST_SPAN_S:
                raise
            middle = begin + (end - begin) / 2
            yield from self._events_between(region, begin, middle)
            yield from self._events_between(region, middle, end)
            return
        if answer is not None:
            yield from read_catalog(answer)

    def _ask(self, request: Callable[..., object], *arguments: object, **options: object) -> bytes | None:
        """Make a request until it is answered; None where the centre has nothing."""
        header = obspy_module("obspy.clients.fdsn.header")
        passing = (
            header.FDSNTooManyRequestsException,
            header.FDSNInternalServerException,
            header.FDSNBadGatewayException,
            header.FDSNServiceUnavailableException,
            header.FDSNTimeoutException,
            http.client.HTTPException,
            OSError,
        )
        for attempt in range(self._policy.attempts):
            if attempt:
                time.sleep(self._policy.pause_s * 2 ** (attempt - 1))
            self._wait_for_turn()
            target = io.BytesIO()
            try:
                with remarks():
                    request(*arguments, filename=target, **options)
                return target.getvalue() or None
            except header.FDSNNoDataException:
                return None
            except header.FDSNRequestTooLargeException as error:
                raise _TooMuchError(
                    f"{self.address} finds a request too large: {_said(error)}; ask for less at once."
                ) from error
            except passing as error:
                last: Exception = error
            except header.FDSNException as error:
                # without a status there was no answer at all; with one, asking again gives the same
                if error.status_code is not None or type(error) is not header.FDSNException:
                    raise RecordError(
                        f"{self.address} refuses a request: {_said(error)}; correct what is asked for."
                    ) from error
                last = error
        raise CentreError(
            f"{self.address} gave no answer in {self._policy.attempts} attempts: {_said(last)}; start the same again "
            f"later, what was fetched stays."
        ) from last

    def _wait_for_turn(self) -> None:
        now = time.monotonic()
        time.sleep(max(0.0, self._next_s - now))
        self._next_s = max(now, self._next_s) + 1 / self._policy.requests_per_s


def preferred(offers: Sequence[Offer], patterns: Sequence[str]) -> list[Offer]:
    """Return the channels of a station of the first kind that it has, at the first of its locations.

    Examples
    --------
    >>> codes = [("IM", "APA", "10", "HHZ"), ("IM", "APA", "00", "HHZ"), ("IM", "APA", "00", "BHZ")]
    >>> offers = [Offer(channel=code, distance_km=10.0) for code in codes]
    >>> [offer.channel for offer in preferred(offers, ["EHZ", "HH?", "BHZ"])]
    [('IM', 'APA', '00', 'HHZ')]
    """
    for pattern in patterns:
        kind = [offer for offer in offers if fnmatchcase(offer.channel[3], pattern)]
        if kind:
            first = min(offer.channel[2] for offer in kind)
            # epochs of one channel are one offer
            return list({offer.channel: offer for offer in kind if offer.channel[2] == first}.values())
    return []


class _TooMuchError(RecordError):
    """A request that gives more than a data centre answers at once."""


def _said(error: Exception) -> str:
    return " ".join(str(error).split())[:300].rstrip(".") or type(error).__name__


def windows(
    offers: Sequence[Offer], origin_ns: int, before_s: float, after_s: float, slowest_km_s: float
) -> list[tuple[Channel, int, int]]:
    """Return what to ask for of each offer: the time before an origin and until the slowest waves have passed.

    Examples
    --------
    >>> offer = Offer(channel=("IM", "APA", "", "HHZ"), distance_km=500.0)
    >>> (asked,) = windows([offer], 0, before_s=50.0, after_s=150.0, slowest_km_s=2.5)
    >>> asked[1] / 1e9, asked[2] / 1e9
    (-50.0, 200.0)
    """
    return [
        (
            offer.channel,
            origin_ns - round(before_s * NANOSECONDS),
            origin_ns + round(max(after_s, offer.distance_km / slowest_km_s) * NANOSECONDS),
        )
        for offer in offers
    ]
