"""A data centre of its own on the loopback: a real HTTP server with FDSN web services over generated seismograms."""

import io
import threading
from collections import Counter, deque
from collections.abc import Callable
from fnmatch import fnmatchcase
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit
from zlib import crc32

import numpy as np

from tests.records.making import mseed, trace
from trova_widgets.geometry import distance_km
from trova_widgets.records.files.obspy_plugins import obspy_module, remarks

#: (network, station, latitude, longitude), and the channels that each has
STATIONS = {
    ("IM", "APA", 67.6, 33.4): (("", "BHZ"), ("", "HHZ"), ("", "HHN")),
    ("IM", "LVZ", 67.9, 34.6): (("00", "BHZ"), ("10", "BHZ")),
    ("IM", "FAR", 60.0, 33.0): (("", "HHZ"),),
    ("IM", "MUTE", 67.5, 33.6): (("", "HHZ"),),
}
EVENTS = {
    "kola1": ("2021-05-04T12:00:00", 67.6, 33.7, "quarry blast", 1.2),
    "kola2": ("2021-05-04T18:00:00", 67.7, 33.9, "earthquake", 2.4),
    "kola3": ("2021-05-06T06:00:00", 67.5, 33.5, "mining explosion", 1.8),
}
RATE_HZ = 40.0

Answer = tuple[int, bytes]


class DataCentreServer:
    """Serves events, stations and seismograms; a context manager.

    Attributes
    ----------
    asked : list of (str, str)
        What was asked for: the service, and its query or posted lines.
    faults : deque of int
        Statuses that the next requests are answered with instead.
    events_at_once : int
        Of more than so many, a request for events is refused as too large.
    tamper : callable
        Is given every sound answer with its service, and gives what is sent.
    """

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []
        self.faults: deque[int] = deque()
        self.events_at_once = 1000
        self.tamper: Callable[[str, bytes], bytes] = lambda service, answer: answer
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def counts(self) -> Counter:
        return Counter(service for service, _ in self.asked)

    def channels_asked(self) -> list[str]:
        lines = [line.split() for service, text in self.asked if service == "dataselect" for line in text.splitlines()]
        return [".".join(line[:4]).replace("--", "") for line in lines if len(line) == 6]

    def __enter__(self) -> "DataCentreServer":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def answer(self, service: str, query: dict[str, str], posted: str) -> Answer:
        self.asked.append((service, posted or "&".join(f"{name}={value}" for name, value in query.items())))
        if self.faults:
            return self.faults.popleft(), b"out of order"
        status, content = getattr(self, f"_{service}")(query, posted)
        return status, self.tamper(service, content) if status == 200 else content

    def _event(self, query: dict[str, str], _: str) -> Answer:
        moment = obspy_module("obspy").UTCDateTime
        found = [
            (name, *values)
            for name, values in EVENTS.items()
            if moment(query["starttime"]) <= moment(values[0]) < moment(query["endtime"])
            and float(query["minlatitude"]) <= values[1] <= float(query["maxlatitude"])
            and values[4] >= float(query.get("minmagnitude", -9))
        ]
        if len(found) > self.events_at_once:
            return 413, b"too many events"
        module = obspy_module("obspy.core.event")
        events = []
        for name, time, latitude, longitude, event_type, size in found:
            origin = module.Origin(time=moment(time), latitude=latitude, longitude=longitude, depth=0.0)
            magnitude = module.Magnitude(mag=size, magnitude_type="ML")
            identity = module.ResourceIdentifier(f"quakeml:kola.example/event/{name}")
            events.append(
                module.Event(resource_id=identity, origins=[origin], magnitudes=[magnitude], event_type=event_type)
            )
        if not events:
            return 204, b""
        target = io.BytesIO()
        with remarks():
            module.Catalog(events).write(target, format="QUAKEML")
        return 200, target.getvalue()

    def _station(self, query: dict[str, str], _: str) -> Answer:
        lines = [
            "#Network | Station | Location | Channel | Latitude | Longitude | Elevation | Depth | Azimuth | Dip | "
            "SensorDescription | Scale | ScaleFreq | ScaleUnits | SampleRate | StartTime | EndTime"
        ]
        for (network, station, latitude, longitude), channels in STATIONS.items():
            away_km = distance_km(longitude, latitude, float(query["longitude"]), float(query["latitude"]))
            if away_km <= float(query["maxradius"]) * 111.195 and query.get("station", "*") in ("*", station):
                lines += [
                    f"{network}|{station}|{location}|{channel}|{latitude}|{longitude}|100|0|0|-90|test|1|1|M/S|"
                    f"{RATE_HZ}|2000-01-01T00:00:00|"
                    for location, channel in channels
                    if any(fnmatchcase(channel, wanted) for wanted in query["channel"].split(","))
                ]
        return (200, "\n".join(lines).encode()) if len(lines) > 1 else (204, b"")

    def _dataselect(self, _: dict[str, str], posted: str) -> Answer:
        traces = [
            seismogram(*line.split())
            for line in posted.splitlines()
            if len(line.split()) == 6 and line.split()[1] != "MUTE"
        ]
        return (200, mseed(*traces)) if traces else (204, b"")

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        centre = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._answer("")

            def do_POST(self) -> None:
                self._answer(self.rfile.read(int(self.headers["Content-Length"])).decode())

            def _answer(self, posted: str) -> None:
                parts = urlsplit(self.path)
                _, _, service, version, _ = parts.path.split("/")
                assert version == "1"
                query = {name: values[0] for name, values in parse_qs(parts.query).items()}
                status, content = centre.answer(service, query, posted)
                self.send_response(status)
                if status != 204:
                    self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                if status != 204:
                    self.wfile.write(content)

            def log_message(self, *_: object) -> None:
                pass

        return Handler


def seismogram(network: str, station: str, location: str, channel: str, begin: str, end: str):
    """What the centre has of a channel: the same noise whenever it is asked."""
    moment = obspy_module("obspy").UTCDateTime
    seconds = moment(end) - moment(begin)
    generator = np.random.default_rng(crc32(f"{station} {channel} {begin}".encode()))
    samples = generator.integers(-500, 500, round(seconds * RATE_HZ)).astype(np.int32)
    location = "" if location == "--" else location
    return trace(
        samples, begin, network=network, station=station, location=location, channel=channel, sampling_rate=RATE_HZ
    )
