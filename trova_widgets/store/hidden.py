"""The files by which the processes on one workspace find each other, in its hidden folder ``.trova``.

``owner.json`` says where the owner process listens and with which secret, ``clients/`` holds a file for each of
its clients, and ``handover`` asks the process that has the database to share it.
"""

import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path

from trova_widgets.atomic import read_whole, replacing
from trova_widgets.processes import ProcessIdentity

#: The database's file in a workspace.
DATABASE = "trova.duckdb"


@dataclass(frozen=True, kw_only=True)
class OwnerAddress:
    """Where an owner process listens.

    Attributes
    ----------
    pid : int
        The process.
    began : float or None
        When it began, see `ProcessIdentity`; None in what an older program has written.
    port : int
        Its port on 127.0.0.1.
    token, reading_token : str
        Its secrets: for those who may change the workspace, and for those who may only read it.
    file : str
        The database file that it has open, as `file_identity` tells it: a copied workspace has another one.
    """

    pid: int
    port: int
    token: str
    reading_token: str
    file: str
    began: float | None = None

    @property
    def process(self) -> ProcessIdentity:
        """The process itself."""
        return ProcessIdentity(pid=self.pid, began=self.began)


def database_file(folder: Path) -> Path:
    """Return the path of a workspace's database."""
    return folder / DATABASE


def file_identity(path: Path) -> str:
    """Return what tells a file from its copies, wherever it is seen from on this machine."""
    status = path.stat()
    return f"{status.st_dev}-{status.st_ino}"


def hidden_folder(folder: Path) -> Path:
    """Return the hidden folder of a workspace, made for its user's eyes only."""
    hidden = folder / ".trova"
    hidden.mkdir(mode=0o700, exist_ok=True)
    return hidden


def write_owner(folder: Path, address: OwnerAddress) -> None:
    """Tell the other processes of this user where the owner is."""
    target = hidden_folder(folder) / "owner.json"
    with replacing(target) as partial:
        # one that a process which died has left would keep its own permissions
        partial.unlink(missing_ok=True)
        # never readable by others, not even for the moment between making and restricting it
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            json.dump(asdict(address), stream)


def read_owner(folder: Path) -> OwnerAddress | None:
    """Return where the workspace's owner said that it listens; it may have died since.

    Returns
    -------
    OwnerAddress or None
        None when there is no owner, or only that of the workspace which this one was copied from.
    """
    try:
        address = OwnerAddress(**json.loads(read_whole(folder / ".trova" / "owner.json")))
        return address if address.file == file_identity(database_file(folder)) else None
    except (OSError, ValueError, TypeError):
        return None


def forget_owner(folder: Path, pid: int) -> None:
    """Remove an owner's address, unless another owner has written its own."""
    address = read_owner(folder)
    if address is not None and address.pid == pid:
        (folder / ".trova" / "owner.json").unlink(missing_ok=True)


def ask_to_share(folder: Path) -> None:
    """Ask whichever process has the database to share it."""
    (hidden_folder(folder) / "handover").touch()


def stop_asking(folder: Path) -> None:
    """Withdraw the request, or note that it was heard."""
    (folder / ".trova" / "handover").unlink(missing_ok=True)


def asked_to_share(folder: Path) -> bool:
    """Return whether another process asks for the database."""
    return (folder / ".trova" / "handover").exists()


class Lease:
    """A client's sign of life: a file that it touches, and that the owner watches.

    Parameters
    ----------
    folder : Path
        The workspace.
    """

    def __init__(self, folder: Path) -> None:
        self._path = hidden_folder(folder) / "clients" / f"{os.getpid()}-{secrets.token_hex(4)}"

    def renew(self) -> None:
        """Say that the owner is needed."""
        self._path.parent.mkdir(mode=0o700, exist_ok=True)
        self._path.touch()

    def end(self) -> None:
        """Say that this client no longer needs the owner."""
        self._path.unlink(missing_ok=True)


def leases(folder: Path) -> dict[Path, int]:
    """Return the clients' files, each with the time of its last sign of life [ns of the file system's clock]."""
    found = {}
    for path in (folder / ".trova" / "clients").glob("*"):
        try:
            found[path] = path.stat().st_mtime_ns
        except FileNotFoundError:
            continue
    return found
