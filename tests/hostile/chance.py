"""Files of chance: those of ObsPy's own tests and of Trova's formats, cut short, with bits flipped, two joined."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from trova_widgets.records.files.obspy_plugins import obspy_module

_IO = Path(obspy_module("obspy").__file__).parent / "io"
_LARGEST = 300_000
#: A folder of ObsPy's readers for each format that is read, and where catalogues lie.
FOLDERS = (
    "mseed", "sac", "gse2", "segy", "seg2", "wav", "sh", "ascii", "ah", "nied", "kinemetrics", "reftek", "gcf",
    "seisan", "pdas", "y", "win", "dmx", "rg16", "cybershake", "alsep", "css",
)  # fmt: skip
CATALOG_FOLDERS = (
    "quakeml", "seiscomp", "iaspei", "nordic", "zmap", "nlloc", "focmec", "hypodd", "pde", "ndk", "cmtsolution",
    "scardec", "nied", "sh", "csv",
)  # fmt: skip


@dataclass(frozen=True)
class Chance:
    """A file of chance.

    Attributes
    ----------
    name : str
        What was done to which file.
    content : bytes
        The file.
    """

    name: str
    content: bytes


@cache
def _files(folder: str) -> tuple[Path, ...]:
    found = sorted((_IO / folder / "tests" / "data").rglob("*"))
    # what ObsPy ships to be refused, or is not a file of the format, is as good as any
    return tuple(path for path in found if path.is_file() and 0 < path.stat().st_size < _LARGEST)


def files_of_chance(folders: tuple[str, ...], count: int, seed: int) -> Iterator[Chance]:
    """Yield files of chance, each folder in its turn; the same whenever the same are asked for."""
    dice = random.Random(seed)
    for number in range(count):
        folder = folders[number % len(folders)]
        path = dice.choice(_files(folder))
        other = dice.choice(_files(dice.choice(folders)))
        kind, content = spoiled(path.read_bytes(), other.read_bytes(), dice)
        yield Chance(f"{number}-{kind}-{folder}-{path.name}", content)


def chances_of(contents: dict[str, bytes], count: int, seed: int) -> Iterator[Chance]:
    """Yield files of chance, made of whole ones by their names."""
    dice = random.Random(seed)
    for number in range(count):
        name = sorted(contents)[number % len(contents)]
        kind, content = spoiled(contents[name], contents[dice.choice(sorted(contents))], dice)
        yield Chance(f"{number}-{kind}-{name}", content)


def spoiled(content: bytes, other: bytes, dice: random.Random) -> tuple[str, bytes]:
    """Cut a file short, flip some of its bits, or join it to another one; return what was done, and the file."""
    kind = ("cut", "flipped", "joined")[dice.randrange(3)]
    if kind == "cut":
        return kind, content[: dice.randrange(len(content))]
    if kind == "joined":
        return kind, content[: dice.randrange(len(content) + 1)] + other
    changed = bytearray(content)
    for _ in range(dice.choice((1, 3, 30))):
        # half of them among the headers
        where = dice.randrange(min(len(changed), dice.choice((600, len(changed)))))
        changed[where] ^= 1 << dice.randrange(8)
    return kind, bytes(changed)
