"""Where stations stand, for seismograms whose files do not tell: StationXML and other inventories."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from trova_widgets.errors import RecordError
from trova_widgets.records.files.formats import detect, read_with_plugin
from trova_widgets.records.files.obspy_plugins import remarks
from trova_widgets.records.files.reading import Channel, content_of


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
    """

    epochs: Mapping[tuple[str, str], tuple[StationEpoch, ...]] = field(default_factory=dict)
    channels: tuple[ChannelPlace, ...] = ()

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
            inventory = read_with_plugin("inventory", detect("inventory", content), content)
        epochs: dict[tuple[str, str], list[StationEpoch]] = {}
        channels: list[ChannelPlace] = []
        for network in inventory:
            for station in network:
                if abs(station.latitude) > 90 or abs(station.longitude) > 360:
                    continue
                place = {"latitude": float(station.latitude), "longitude": float(station.longitude)}
                epochs.setdefault((network.code, station.code), []).append(
                    StationEpoch(**place, begin_ns=_moment(station.start_date), end_ns=_moment(station.end_date))
                )
                channels += [
                    ChannelPlace(codes=(network.code, station.code, channel.location_code, channel.code), **place)
                    for channel in station
                ]
        return cls({codes: tuple(found) for codes, found in epochs.items()}, tuple(channels))

    def complete(self, channel: Channel, latitude: float | None = None, longitude: float | None = None) -> Channel:
        """Return a channel with its station's place: its own, the given one, or the inventory's."""
        if channel.latitude is not None and channel.longitude is not None:
            return channel
        if latitude is not None and longitude is not None:
            return replace(channel, latitude=latitude, longitude=longitude)
        waveform = channel.waveform
        for epoch in self.epochs.get((waveform.network, waveform.station), ()):
            if epoch.holds(waveform.start_time_ns):
                return replace(channel, latitude=epoch.latitude, longitude=epoch.longitude)
        return channel


def _moment(instant: Any) -> int | None:
    return None if instant is None else int(instant.ns)
