"""Inventories read by ObsPy, station by station where one of them keeps the whole from being read."""

import copy
from collections.abc import Iterator
from typing import Any

from trova_widgets.errors import RecordError
from trova_widgets.records.files.formats import FileFormat, read_with_plugin
from trova_widgets.records.files.obspy_plugins import obspy_module
from trova_widgets.records.letters import printable

# so much of a station's name is told
_SHOWN = 60


def read_inventory(file_format: FileFormat, content: bytes) -> tuple[list[Any], list[str]]:
    """Read an inventory.

    Parameters
    ----------
    file_format : FileFormat
        From `formats.detect`.
    content : bytes
        The whole file.

    Returns
    -------
    networks : list of obspy.core.inventory.Network
        In the order of the file; one for each station where these had to be read one by one.
    problems : list of str
        A sentence for each station that was left out.

    Raises
    ------
    RecordError
        When nothing of it can be read.
    """
    try:
        return list(read_with_plugin("inventory", file_format, content)), []
    except RecordError as error:
        networks: list[Any] = []
        problems: list[str] = []
        for name, part in _stations(file_format.name, content):
            try:
                networks += list(read_with_plugin("inventory", file_format, part))
            except RecordError as failed:
                problems.append(f"{printable(name)[:_SHOWN]}: {str(failed).partition('. The file')[0]}")
        if not networks:
            raise error
        return networks, problems


def _stations(name: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    """Cut an inventory into inventories of one station, each with its name."""
    if name == "STATIONXML":
        yield from _of_stationxml(content)
    elif name == "STATIONTXT":
        lines = content.splitlines(keepends=True)
        header = lines[0] if lines and lines[0].startswith(b"#") else b""
        for line in lines[1:] if header else lines:
            if line.strip():
                yield ".".join(line.decode(errors="replace").split("|")[:2]), header + line


def _of_stationxml(content: bytes) -> Iterator[tuple[str, bytes]]:
    etree = obspy_module("lxml.etree")
    try:
        root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, huge_tree=False))
    except (etree.XMLSyntaxError, ValueError):
        return
    networks = root.findall("{*}Network")
    for network in networks:
        root.remove(network)
    for network in networks:
        stations = network.findall("{*}Station")
        for station in stations:
            network.remove(station)
        for station in stations:
            one = copy.deepcopy(network)
            one.append(station)
            whole = copy.deepcopy(root)
            whole.append(one)
            yield f"{network.get('code')}.{station.get('code')}", etree.tostring(whole)
