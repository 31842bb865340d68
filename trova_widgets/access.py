"""Who may come to the pages of a workspace from elsewhere, and as what: keys, of which only a hash is kept."""

import hashlib
import hmac
import json
import os
import secrets
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from trova_widgets.errors import TrovaError

Role = Literal["analyst", "visitor"]

_KEY_BYTES = 24
#: How long the addresses that a start has printed are good for, s.
_LINK_S = 30 * 86_400.0
# scrypt, as RFC 7914 proposes it for somebody who waits at a door
_SCRYPT = {"n": 2**14, "r": 8, "p": 1}


@dataclass(frozen=True, kw_only=True)
class Key:
    """What is kept of a key.

    Attributes
    ----------
    identity : str
        What tells it from the others; no secret.
    name : str
        Whom it was made for: labels and starts are signed with it.
    role : str
        ``"analyst"`` or ``"visitor"``.
    digest : str
        SHA-256 of the key, which has 192 random bits.
    made_at : float
        When it was made, s since 1970.
    until : float or None
        When it ends, s since 1970; never, where it is None.
    """

    identity: str
    name: str
    role: Role
    digest: str
    made_at: float
    until: float | None = None

    @property
    def is_valid(self) -> bool:
        """Whether it still opens."""
        return self.until is None or time.time() < self.until


class AccessKeys:
    """The keys to the pages of a workspace: a file each, in its hidden folder, that only its user reads.

    Parameters
    ----------
    workspace : Path
        The folder of the study.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     keys = AccessKeys(Path(folder))
    ...     secret = keys.add("Ada")
    ...     found = keys.find(secret)
    ...     print(found.name, found.role, secret in found.digest, keys.find("another"))
    ...     keys.revoke("Ada"), keys.find(secret)
    Ada analyst False None
    (1, None)
    """

    def __init__(self, workspace: Path) -> None:
        self._folder = workspace / ".trova" / "access"

    def __iter__(self) -> Iterator[Key]:
        """Yield the keys that open, the oldest first."""
        found = []
        for path in self._folder.glob("*.json"):
            try:
                found.append(Key(**json.loads(path.read_text(encoding="utf-8"))))
            except (OSError, ValueError, TypeError):
                # revoked a moment ago, or no key of ours: it opens nothing
                continue
        yield from sorted((key for key in found if key.is_valid), key=lambda key: key.made_at)

    def add(self, name: str, role: Role = "analyst", *, ends: bool = False) -> str:
        """Make a key and return it; it is not to be had a second time.

        Parameters
        ----------
        name : str
            Whom it is for.
        role : str
            ``"analyst"``, who changes things, or ``"visitor"``, who looks.
        ends : bool
            Whether it ends after thirty days.

        Raises
        ------
        TrovaError
            When there is no name, or it is too long to sign with.
        """
        name = " ".join("".join(filter(str.isprintable, name)).split())
        if not 0 < len(name) <= 60:
            raise TrovaError(f"The name {name[:70]!r} signs nothing; give one of 1 to 60 characters.")
        secret, now = secrets.token_urlsafe(_KEY_BYTES), time.time()
        key = Key(
            identity=secrets.token_hex(6),
            name=name,
            role=role,
            digest=_digest(secret),
            made_at=now,
            until=now + _LINK_S if ends else None,
        )
        self._write(f"{key.identity}.json", json.dumps(asdict(key)).encode())
        return secret

    def revoke(self, name: str) -> int:
        """Take the keys of a name, or the one of an identity, and return how many there were."""
        found = [key for key in self if name in (key.name, key.identity)]
        for key in found:
            (self._folder / f"{key.identity}.json").unlink(missing_ok=True)
        return len(found)

    def find(self, secret: str) -> Key | None:
        """Return what is known of a key, or None; all keys are compared, each in constant time."""
        digest, found = _digest(secret), None
        for key in self:
            if hmac.compare_digest(key.digest, digest):
                found = key
        return found

    def get(self, identity: str) -> Key | None:
        """Return the key of an identity, as a cookie names it, or None where it was revoked."""
        return next((key for key in self if key.identity == identity), None)

    def cookie_secret(self) -> bytes:
        """Return the secret that the server signs its cookies with; the same after a new start."""
        path = self._folder / "cookies"
        if not path.exists():
            self._write(path.name, secrets.token_hex(32).encode())
        return path.read_bytes()

    def _write(self, name: str, content: bytes) -> None:
        self._folder.parent.mkdir(mode=0o700, exist_ok=True)
        self._folder.mkdir(mode=0o700, exist_ok=True)
        # never readable by others, not even for a moment
        descriptor = os.open(self._folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)


def hash_password(password: str) -> str:
    """Return what a password is recognised by: a random salt and its scrypt hash (Percival and Josefsson, RFC 7914).

    Examples
    --------
    >>> kept = hash_password("quarry")
    >>> is_password("quarry", kept), is_password("Quarry", kept)
    (True, False)
    """
    salt = secrets.token_bytes(16)
    return f"{salt.hex()}${hashlib.scrypt(password.encode(), salt=salt, **_SCRYPT).hex()}"


def is_password(password: str, kept: str) -> bool:
    """Return whether it is the password that a hash was made of, in constant time."""
    salt, _, digest = kept.partition("$")
    made = hashlib.scrypt(password.encode(), salt=bytes.fromhex(salt), **_SCRYPT).hex()
    return hmac.compare_digest(made, digest)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
