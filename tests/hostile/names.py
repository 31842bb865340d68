"""Names and paths that lead elsewhere: on the disk, in tables, in headers."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import h5py

from tests.hostile.making import OBSPY, Given, Hostile, Writer, sound
from tests.records.test_seisbench import make_set
from tests.records.test_seisbench import sound as sound_set

NAMES = [
    "new\nline.mseed",
    "escape\x1b[2J.mseed",
    "bell\x07.mseed",
    "-rf.mseed",
    "; touch sprung; .mseed",
    "$(touch sprung).mseed",
    "`touch sprung`.mseed",
    "%s%n%x.mseed",
    "{0.__class__}.mseed",
    "<img src=x onerror=alert(1)>.mseed",
    "=cmd|' !A0.mseed",
    "record.<script>",
    "record.mseed" + "x" * 200,
    "record." + "y" * 240,
    "CON.mseed",
    "NUL",
    "AUX.",
    "right\u202eto-left.mseed",
    "space .mseed ",
    "record..mseed.",
    "back\\slash\\..\\..\\x.mseed",
    "file:record.mseed",
    "http:record.mseed",
    "~root.mseed",
    "*?[].mseed",
]


TARGETS = ["../../../etc/passwd", "/etc/passwd", "..\\..\\x", "file:///etc/passwd", "\0", ""]


def names() -> Iterator[Hostile]:
    for number, name in enumerate(NAMES):

        def write(folder: Path, _: Path, name=name, number=number) -> None:
            (folder / name).write_bytes(sound(3000 + number))

        yield Hostile(f"name-{number:02d}-{name.encode('unicode_escape').decode()[:24]}", write)
    yield Hostile("name-no-utf8", _no_utf8)


def _no_utf8(folder: Path, _: Path) -> None:
    Path(os.fsdecode(os.fsencode(folder) + b"/\xff\xfe.mseed")).write_bytes(sound(3100))


def paths() -> Iterator[Hostile]:
    yield from (
        Hostile(f"path-{write.__name__.strip('_').replace('_', '-')}", write)
        for write in (
            _a_link_to_a_secret,
            _a_link_to_nothing,
            _a_link_to_itself,
            _a_link_to_the_root,
            _a_link_to_zeros,
            _a_pipe,
            _a_socket,
            _no_right_to_read,
            _headers_that_name_a_secret,
            _headers_that_climb,
            _a_pair_through_a_link,
            _a_pair_that_is_packed,
            _traces_that_climb,
            _a_link_out_of_the_hdf5,
            _arrays_of_another_file,
            _hdf5_of_virtual_arrays,
            _hdf5_that_is_a_bomb,
        )
    )
    for number, target in enumerate(
        ("../../../etc/passwd", "/etc/passwd", "..\\..\\x", "file:///etc/passwd", "\0", "")
    ):
        yield Hostile(f"path-in-table-{number}", _table_of(target))


def _table_of(target: str) -> Writer:
    def write(folder: Path, _: Path) -> Given:
        table = folder / "files.csv"
        table.write_text(f"file,event_id,event_type\n{target},e1,earthquake\nzz-sound.mseed,e2,quarry blast\n")
        return Given(catalog=table)

    return write


def _a_link_to_a_secret(folder: Path, _: Path) -> None:
    (folder / "record.mseed").symlink_to("/etc/passwd")


def _a_link_to_nothing(folder: Path, _: Path) -> None:
    (folder / "record.mseed").symlink_to(folder / "missing")


def _a_link_to_itself(folder: Path, _: Path) -> None:
    (folder / "record.mseed").symlink_to(folder / "record.mseed")


def _a_link_to_the_root(folder: Path, _: Path) -> None:
    (folder / "whole disk").symlink_to("/", target_is_directory=True)


def _a_link_to_zeros(folder: Path, _: Path) -> None:
    (folder / "record.mseed").symlink_to("/dev/zero")


def _a_pipe(folder: Path, _: Path) -> None:
    os.mkfifo(folder / "record.mseed")


def _a_socket(folder: Path, _: Path) -> None:
    here = Path.cwd()
    # the whole path would be too long for a socket
    os.chdir(folder)
    try:
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind("record.mseed")
    finally:
        os.chdir(here)


def _no_right_to_read(folder: Path, _: Path) -> None:
    (folder / "record.mseed").write_bytes(b"\0" * 100)
    (folder / "record.mseed").chmod(0)


def _headers_that_name_a_secret(folder: Path, _: Path) -> None:
    _wfdisc(folder, "/etc/", "passwd")


def _headers_that_climb(folder: Path, _: Path) -> None:
    (folder.parent / "secret.w").write_bytes(bytes(100_000))
    _wfdisc(folder, "../", "secret.w")


def _a_pair_through_a_link(folder: Path, _: Path) -> None:
    (folder.parent / "secret.w").write_bytes(bytes(100_000))
    (folder / "samples.w").symlink_to(folder.parent / "secret.w")
    _wfdisc(folder, "./", "samples.w")


def _a_pair_that_is_packed(folder: Path, _: Path) -> None:
    (folder / "samples.w.gz").write_bytes(b"\x1f\x8b" + bytes(100))
    _wfdisc(folder, "./", "samples.w")


def _wfdisc(folder: Path, directory: str, name: str) -> None:
    lines = (OBSPY / "css/tests/data/test_css.wfdisc").read_text().splitlines()
    changed = [f"{line[:148]}{directory:<64} {name:<32}{line[245:]}" for line in lines]
    (folder / "record.wfdisc").write_text("\n".join(changed) + "\n")


def _traces_that_climb(folder: Path, _: Path) -> None:
    make_set(folder / "set", [{"trace_name": name} for name in ("../../a", "/etc/passwd", "a\\..", "$", "")], sound_set)


def _outside(folder: Path) -> Path:
    outside = folder.parent / "outside"
    outside.mkdir()
    (outside / "secret").write_bytes(b"secret " * 10_000)
    with h5py.File(outside / "other.hdf5", "w") as other:
        sound_set(other)
    return outside


def _a_link_out_of_the_hdf5(folder: Path, _: Path) -> None:
    other = str(_outside(folder) / "other.hdf5")
    make_set(
        folder / "set", [{"trace_name": "a"}], lambda file: file.update({"data": h5py.ExternalLink(other, "data")})
    )


def _arrays_of_another_file(folder: Path, _: Path) -> None:
    secret = str(_outside(folder) / "secret")

    def fill(file: h5py.File) -> None:
        file.create_group("data").create_dataset("a", (3, 2000), "<i4", external=[(secret, 0, 24_000)])

    make_set(folder / "set", [{"trace_name": "a"}], fill)


def _hdf5_of_virtual_arrays(folder: Path, _: Path) -> None:
    layout = h5py.VirtualLayout((3, 2000), "<f4")
    layout[:] = h5py.VirtualSource(str(_outside(folder) / "other.hdf5"), "data/a", (3, 2000))
    make_set(
        folder / "set",
        [{"trace_name": "a"}],
        lambda file: file.create_group("data").create_virtual_dataset("a", layout),
    )


def _hdf5_that_is_a_bomb(folder: Path, _: Path) -> None:
    def fill(file: h5py.File) -> None:
        # a gigabyte in one chunk, of which the file holds nothing
        file.create_group("data").create_dataset("a", (1, 2**27), "<f8", chunks=(1, 2**27), compression="gzip")

    make_set(folder / "set", [{"trace_name": "a$:,:5000"}], fill)
