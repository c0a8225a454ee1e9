"""The signed cookie of the development sign-in, and the key it is signed with."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from dataclasses import dataclass
from pathlib import Path

COOKIE = "echo_hub_development"
KEY_FILE = "development-sign-in.key"
LASTS_S = 12 * 3600
"""A working day; then somebody says again whom they act as."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Whom somebody acts as: a person's public id ("" for nobody on file), and the access roles given beside it."""

    person: str
    roles: tuple[str, ...]


class CookieSigner:
    """Signs cookies with a key of the data directory, so that they outlive a restart and open no other hub."""

    def __init__(self, data_dir: Path) -> None:
        self._key = _key_in(data_dir)

    def sign(self, choice: Choice, *, now: float | None = None) -> str:
        """The cookie's value."""
        said = json.dumps([choice.person, choice.roles, int(time.time() if now is None else now)]).encode()
        return f"{_text(said)}.{_text(self._digest(said))}"

    def read(self, value: str, *, now: float | None = None) -> Choice | None:
        """What a cookie says; None where it is not ours, was changed, or is too old."""
        said, _, signature = value.partition(".")
        try:
            body = urlsafe_b64decode(said.encode())
            given = urlsafe_b64decode(signature.encode())
        except (NotBase64, ValueError):
            return None
        if not hmac.compare_digest(self._digest(body), given):
            return None
        person, roles, signed_at = json.loads(body)
        age = (time.time() if now is None else now) - signed_at
        return Choice(person, tuple(roles)) if age + 60 >= 0 and age < LASTS_S else None

    def _digest(self, said: bytes) -> bytes:
        return hmac.digest(self._key, said, hashlib.sha256)


def _key_in(data_dir: Path) -> bytes:
    """The key, made at first use; nobody but the owner of the file can read it."""
    data_dir.mkdir(parents=True, exist_ok=True)  # beside a PostgreSQL database nothing else has made it
    file = data_dir / KEY_FILE
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        pass
    else:
        with os.fdopen(descriptor, "wb") as new:
            new.write(secrets.token_bytes(32))
    key = file.read_bytes()
    if len(key) < 32:  # another process is just writing it, or the disk was full: an empty key would sign anything
        raise OSError(f"{file} holds no key. Delete it and start again.")
    return key


def _text(data: bytes) -> str:
    return urlsafe_b64encode(data).decode()
