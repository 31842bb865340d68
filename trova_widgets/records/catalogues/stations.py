"""Where stations stand, for seismograms whose files do not tell: StationXML and other inventories."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from trova_widgets.errors import RecordError
from trova_widgets.geometry import distance_km
from trova_widgets.records.catalogues.inventories import read_inventory
from trova_widgets.records.files.channels import Channel
from trova_widgets.records.files.formats import detect
from trova_widgets.records.files.obspy_plugins import remarks
from trova_widgets.records.files.reading import content_of
from trova_widgets.records.letters import printable
from trova_widgets.records.remarks import Remark

# what rounding and a move of the vault come to
_SAME_PLACE_KM = 1.0
_LOOK = "It was read all the same; look at it if that matters."


@dataclass(frozen=True, kw_only=True)
class StationEpoch:
    """A station's place for a time.

    Attributes
    ----------
    latitude, longitude : float
        Degrees.
    begin_ns, end_ns : int or None
        From when and until when, nanoseconds since 1970 UTC; None without an end.
    """

    latitude: float
    longitude: float
    begin_ns: int | None = None
    end_ns: int | None = None

    def holds(self, moment_ns: int) -> bool:
        """Tell whether it is valid at a moment."""
        return (self.begin_ns is None or self.begin_ns <= moment_ns) and (
            self.end_ns is None or moment_ns < self.end_ns
        )


@dataclass(frozen=True, kw_only=True)
class ChannelPlace:
    """A channel of an inventory.

    Attributes
    ----------
    codes : tuple of str
        Of network, station, location and channel.
    latitude, longitude : float
        Its station's place, degrees.
    """

    codes: tuple[str, str, str, str]
    latitude: float
    longitude: float


@dataclass(frozen=True)
class StationPlaces:
    """The places of stations by their codes.

    Attributes
    ----------
    epochs : dict of (str, str) to tuple of StationEpoch
        By the codes of the network and the station.
    channels : tuple of ChannelPlace
        In the order of the inventory.
    remarks : tuple of Remark
        What is to be known of the inventory: stations without a place, warnings of its reader.
    """

    epochs: Mapping[tuple[str, str], tuple[StationEpoch, ...]] = field(default_factory=dict)
    channels: tuple[ChannelPlace, ...] = ()
    remarks: tuple[Remark, ...] = ()

    @classmethod
    def read(cls, source: Path | str | bytes) -> "StationPlaces":
        """Read an inventory in one of `formats.INVENTORY_FORMATS`.

        Parameters
        ----------
        source : Path, str or bytes
            The name of a file, or its content.

        Raises
        ------
        RecordError
            When it cannot be opened, its format is unknown or it is damaged.
        """
        try:
            content = content_of(source)
        except (OSError, ValueError) as error:
            raise RecordError(
                f"The inventory {str(source)[:200]} cannot be opened: {getattr(error, 'strerror', None) or error}; "
                f"give the path of a file that you may read."
            ) from error
        with remarks():
            file_format = detect("inventory", content)
        with remarks() as warned:
            networks, problems = read_inventory(file_format, content)
        name = "the inventory" if isinstance(source, bytes) else printable(Path(source).name)
        told = [
            Remark(kind=f"inventory of which its reader remarks: {printable(note)[:200]}", subject=name, way_out=_LOOK)
            for note in warned
        ]
        told += [
            Remark(
                kind="station of the inventory that cannot be read",
                subject=problem,
                way_out="Correct it in the inventory; records of it have no place.",
            )
            for problem in problems
        ]
        epochs: dict[tuple[str, str], list[StationEpoch]] = {}
        channels: list[ChannelPlace] = []
        for network in networks:
            for station in network:
                if not (abs(station.latitude) <= 90 and abs(station.longitude) <= 360):
                    where = f"{station.latitude:g}, {station.longitude:g}"
                    told.append(
                        Remark(
                            kind="station of the inventory whose place is not on the Earth",
                            subject=f"{network.code}.{station.code} ({where})",
                            way_out="Correct it in the inventory; records of it have no place.",
                        )
                    )
                    continue
                place = {"latitude": float(station.latitude), "longitude": float(station.longitude)}
                epochs.setdefault((network.code, station.code), []).append(
                    StationEpoch(**place, begin_ns=_moment(station.start_date), end_ns=_moment(station.end_date))
                )
                channels += [
                    ChannelPlace(codes=(network.code, station.code, channel.location_code, channel.code), **place)
                    for channel in station
                ]
        return cls({codes: tuple(found) for codes, found in epochs.items()}, tuple(channels), tuple(told))

    def complete(self, channel: Channel, latitude: float | None = None, longitude: float | None = None) -> Channel:
        """Return a channel with its station's place: its own, the given one, or the inventory's."""
        if channel.latitude is not None and channel.longitude is not None:
            return channel
        if latitude is not None and longitude is not None:
            return replace(channel, latitude=latitude, longitude=longitude)
        waveform = channel.waveform
        place = self.place_of(waveform.network, waveform.station, waveform.start_time_ns)
        return channel if place is None else replace(channel, latitude=place[0], longitude=place[1])

    def place_of(self, network: str, station: str, moment_ns: int) -> tuple[float, float] | None:
        """Return where a station stood at a moment, degrees; None where the inventory does not know."""
        for epoch in self.epochs.get((network, station), ()):
            if epoch.holds(moment_ns):
                return epoch.latitude, epoch.longitude
        return None

    def unknown(self, path: Path, channel: Channel) -> tuple[Remark, ...]:
        """Say where the place of a record's station is not known, although there is an inventory."""
        if not self.epochs or channel.latitude is not None:
            return ()
        waveform = channel.waveform
        return (
            Remark(
                kind="record whose station the inventory does not have at its time",
                subject=f"{waveform.network}.{waveform.station} in {printable(path.name)}",
                way_out="Correct the codes or epochs in the inventory; without a place, only time finds its event.",
            ),
        )

    def disagreements(self, path: Path, channel: Channel) -> tuple[Remark, ...]:
        """Say where a file and the inventory place a station differently."""
        waveform = channel.waveform
        if channel.latitude is None or channel.longitude is None:
            return ()
        place = self.place_of(waveform.network, waveform.station, waveform.start_time_ns)
        if place is None or distance_km(channel.longitude, channel.latitude, place[1], place[0]) < _SAME_PLACE_KM:
            return ()
        return (
            Remark(
                kind="station whose place differs between its files and the inventory; the files' counts",
                subject=f"{waveform.network}.{waveform.station} in {printable(path.name)} ({channel.latitude:.4f}, "
                f"{channel.longitude:.4f}; the inventory: {place[0]:.4f}, {place[1]:.4f})",
                way_out="Correct the one that is wrong, then import again.",
            ),
        )


def _moment(instant: Any) -> int | None:
    return None if instant is None else int(instant.ns)
