"""What a hostile input is, and the sound ones that most of them are made of."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.records.making import counts, mseed, trace
from trova_widgets.records.files.obspy_plugins import obspy_module

OBSPY = Path(obspy_module("obspy").__file__).parent / "io"

#: one sound file of each format that ObsPy ships
SOUND = {
    "mseed": OBSPY / "mseed/tests/data/encoding/int32_Steim2_bigEndian.mseed",
    "sac": OBSPY / "sac/tests/data/test.sac",
    "sacxy": OBSPY / "sac/tests/data/testxy.sac",
    "gse2": OBSPY / "gse2/tests/data/loc_RJOB20050831023349.z",
    "gse1": OBSPY / "gse2/tests/data/loc_STAU20031119011659.z",
    "segy": OBSPY / "segy/tests/data/00001034.sgy_first_trace",
    "su": OBSPY / "segy/tests/data/1.su_first_trace",
    "wav": OBSPY / "wav/tests/data/3cssan.reg.8.1.RNON.wav",
    "sh_asc": OBSPY / "sh/tests/data/QFILE-TEST-ASC.ASC",
    "slist": OBSPY / "ascii/tests/data/slist_2_traces.ascii",
    "tspair": OBSPY / "ascii/tests/data/tspair.ascii",
    "ah": OBSPY / "ah/tests/data/ah1.f",
    "knet": OBSPY / "nied/tests/data/test.knet",
    "evt": OBSPY / "kinemetrics/tests/data/BX456_MOLA-02351.evt",
    "gcf": OBSPY / "gcf/tests/data/20160603_1910n.gcf",
    "seisan": OBSPY / "seisan/tests/data/2001-01-13-1742-24S.KONO__004",
    "pdas": OBSPY / "pdas/tests/data/p1246001.108",
    "win": OBSPY / "win/tests/data/10030302.00",
    "dmx": OBSPY / "dmx/tests/data/131114_090600.dmx",
    "rg16": OBSPY / "rg16/tests/data/one_channel_many_traces.fcnt",
    "cybershake": OBSPY / "cybershake/tests/data/test.grm",
    "alsep": OBSPY / "alsep/tests/data/pse.a15.1.2.mini",
}


@dataclass(frozen=True)
class Given:
    """What an import is given; the archive's folder where no paths are named."""

    paths: tuple[Path, ...] = ()
    catalog: Path | None = None
    stations: Path | None = None


#: Puts the input into a folder; the second path must not come to exist.
Writer = Callable[[Path, Path], Given | None]


@dataclass(frozen=True)
class Hostile:
    """An input, and the name of its test."""

    name: str
    write: Writer

    def __repr__(self) -> str:
        return self.name


def sound(seed: int) -> bytes:
    """A record that there is nothing to say against, another one for each seed."""
    return mseed(trace(counts(seconds=20, onset_s=10, seed=seed), station=f"S{seed:04d}"))


def a_file(name: str, content: bytes) -> Writer:
    def write(folder: Path, _: Path) -> None:
        (folder / name).write_bytes(content)

    return write


def a_catalog(name: str, content: bytes) -> Writer:
    def write(folder: Path, _: Path) -> Given:
        (folder / name).write_bytes(content)
        return Given(catalog=folder / name)

    return write


def an_inventory(name: str, content: bytes) -> Writer:
    def write(folder: Path, _: Path) -> Given:
        (folder / name).write_bytes(content)
        return Given(stations=folder / name)

    return write
