"""Contents that lie: pickles, noise, files cut short, under a wrong name, or with headers that promise the world."""

import pickle
import random
import struct
from collections.abc import Iterator
from pathlib import Path

from tests.hostile.making import SOUND, Given, Hostile, a_catalog, a_file, an_inventory
from tests.records.making import counts, mseed, trace
from tests.records.test_catalog import ISF


class Trap:
    """Unpickled, it leaves a file behind."""

    def __init__(self, sprung: Path) -> None:
        self.sprung = sprung

    def __reduce__(self):
        return Path.touch, (self.sprung,)


def pickled(sprung: Path, protocol: int) -> bytes:
    # ObsPy looks for the name of its class in the first 100 bytes of a file
    return pickle.dumps((b"obspy.core.stream", Trap(sprung)), protocol)


def pickles() -> Iterator[Hostile]:
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        for suffix in (".mseed", ".sac", ".pickle", ""):

            def write(folder: Path, sprung: Path, protocol=protocol, suffix=suffix) -> None:
                (folder / f"record{suffix}").write_bytes(pickled(sprung, protocol))

            yield Hostile(f"pickle-{protocol}{suffix}", write)
        for role in ("catalog", "stations"):

            def given(folder: Path, sprung: Path, protocol=protocol, role=role) -> Given:
                path = folder / f"{role}.xml"
                path.write_bytes(pickled(sprung, protocol))
                return Given(**{role: path})

            yield Hostile(f"pickle-{protocol}-as-{role}", given)


def noise() -> Iterator[Hostile]:
    sizes = (1, 60, 512, 4096, 50_000)
    for number, suffix in enumerate((".mseed", ".sac", ".gse2", ".segy", ".wav", ".hdf5", ".csv", ".xml", ".evt", "")):
        for size in sizes[number % 2 :: 2]:
            content = random.Random(number * 100_000 + size).randbytes(size)
            yield Hostile(f"noise-{size}{suffix}", a_file(f"record{suffix}", content))
    for size in sizes:
        yield Hostile(f"noise-{size}-as-catalog", a_catalog("catalog.xml", random.Random(size).randbytes(size)))


def truncated() -> Iterator[Hostile]:
    for name, path in SOUND.items():
        content = path.read_bytes()
        for share in (0.05, 0.6):
            yield Hostile(f"truncated-{name}-{share}", a_file(f"record.{name}", content[: round(len(content) * share)]))
    yield Hostile("truncated-isf", a_catalog("catalog.isf", ISF.encode()[:300]))


QUAKEML = (
    b'<?xml version="1.0"?><q:quakeml xmlns:q="http://quakeml.org/xmlns/quakeml/1.2"><eventParameters/></q:quakeml>'
)


def mislabelled() -> Iterator[Hostile]:
    for content, name in (
        (SOUND["sac"].read_bytes(), "record.mseed"),
        (SOUND["gse2"].read_bytes(), "record.sac"),
        (SOUND["segy"].read_bytes(), "metadata.csv"),
        (mseed(trace(counts(seed=77))), "record.xml"),
        (mseed(trace(counts(seed=78))), "waveforms.hdf5"),
        (QUAKEML, "record.mseed"),
        (b"\x89PNG\r\n\x1a\n" + bytes(500), "record.gse2"),
        (b"%PDF-1.7\n" + bytes(500), "record.segy"),
        (b"\x7fELF" + bytes(500), "record.ah"),
        (b"MZ" + bytes(500), "record.wav"),
        (b"<html><script>alert(1)</script></html>", "record.sac"),
        (b"SQLite format 3\0" + bytes(500), "record.y"),
        (bytes(10_000), "record.mseed"),
        (b"\xff" * 10_000, "record.segy"),
    ):
        yield Hostile(f"mislabelled-{name}-{content[:4].hex()}", a_file(name, content))
    for name in ("sac", "wav"):
        yield Hostile(f"mislabelled-{name}-as-catalog", a_catalog("catalog.xml", SOUND[name].read_bytes()))
        yield Hostile(f"mislabelled-{name}-as-stations", an_inventory("stations.xml", SOUND[name].read_bytes()))


def _patched(name: str, position: int, patch: bytes) -> bytes:
    content = bytearray(SOUND[name].read_bytes())
    content[position : position + len(patch)] = patch
    return bytes(content)


def _replaced(name: str, old: bytes, new: bytes) -> bytes:
    content = SOUND[name].read_bytes()
    assert old in content, name
    return content.replace(old, new, 1)


BILLION = 10**9
BILLION_LINE = b"TIMESERIES XX_TEST__BHZ_R, 1000000000 samples, 40 sps, 2008-01-15T00:00:00, %b, INTEGER, C\n"


def huge_counts() -> Iterator[Hostile]:
    sac = SOUND["sac"].read_bytes()
    order = "<" if 1 <= struct.unpack_from("<i", sac, 304)[0] <= 20 else ">"
    slist = SOUND["slist"].read_bytes().split(b"\n", 1)[1]
    dmx = SOUND["dmx"].read_bytes()
    for name, content in {
        "sac": _patched("sac", 316, struct.pack(f"{order}i", BILLION)),
        "sacxy": _replaced("sacxy", b"       100\n", b"1000000000"),
        "gse2": _patched("gse2", 48, b"99999999"),
        "mseed": _patched("mseed", 30, b"\xff\xff"),
        "segy": _patched("segy", 3600 + 114, b"\xff\xff"),
        "segy-file": _patched("segy", 3220, b"\xff\xff"),
        "su": _patched("su", 114, b"\xff\xff"),
        "wav": _patched("wav", 40, struct.pack("<I", 2**32 - 8)),
        "slist": b"TIMESERIES XX_TEST__BHZ_R, 1000000000 samples, 40 sps, 2008-01-15T00:00:00, SLIST, INTEGER, C\n"
        + slist,
        "tspair": b"TIMESERIES XX_TEST__BHZ_R, 1000000000 samples, 40 sps, 2008-01-15T00:00:00, TSPAIR, INTEGER, C\n",
        "cybershake": _patched("cybershake", 40, struct.pack("<i", BILLION)),
        "dmx-negative": dmx[:8] + struct.pack("<i", -12) + dmx[12:],
        "rg16-slices": _patched("rg16", 32 * 4 + 16, b"\xff\xff\xff\xff"),
        "gse1": _replaced("gse1", b"    3000 ", b"99999999 "),
        "rate": _patched("sac", 0, struct.pack(f"{order}f", 1e-30)),
        "negative-rate": _patched("sac", 0, struct.pack(f"{order}f", -1.0)),
        "longitude": _patched("sac", 128, struct.pack(f"{order}f", 1e30)),
    }.items():
        yield Hostile(f"huge-{name}", a_file(f"record.{name}", content))
