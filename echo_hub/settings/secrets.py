"""Secrets by reference: the file says where a secret is, never what it is."""

from __future__ import annotations

import base64
import binascii
import os
import re
from pathlib import Path
from urllib.parse import parse_qsl

REFERENCE = re.compile(r"^(env|file|keyring):(.+)$")
PASSWORD_IN_URL = re.compile(r"://[^:/@]*:[^@]+@")
PASSWORD_KEYS = frozenset({"passwd", "password", "pwd", "sslpassword"})
ADVICE = "holds the secret itself; move it out of the file and write env:NAME, file:PATH or keyring:NAME here"


class SecretMissing(ValueError):  # noqa: N818 - reads as the sentence it starts
    """A reference leads nowhere. The message names the reference, never a value."""


def base64_size(text: str) -> int:
    """How many bytes a text in Base64 stands for; 0 for one that is none."""
    try:
        return len(base64.b64decode(text, validate=True))
    except (binascii.Error, ValueError):
        return 0


def resolve_secret(reference: str, *, base: Path) -> str:
    """The secret a reference names.

    Args:
        reference: `env:NAME`, `file:PATH` (relative to the settings file; one trailing line end is cut) or
            `keyring:NAME` (service "echo-hub"; needs the extra `echo-hub[keyring]`).
        base: the folder relative paths start from.

    Raises:
        SecretMissing: nothing there, or not a reference.
    """
    match = REFERENCE.match(reference)
    if match is None:
        raise SecretMissing(ADVICE)
    kind, name = match.groups()
    if kind == "env":
        value = os.environ.get(name)
        if not value:
            raise SecretMissing(f"environment variable {name} is not set")
        return value
    if kind == "file":
        return _from_file(base, name)
    return _from_keyring(name)


def _from_file(base: Path, name: str) -> str:
    try:
        text = (base / name).read_text(encoding="utf-8").rstrip("\r\n")
    except OSError as error:
        told = f"cannot read the file {name} ({error.strerror or type(error).__name__})"
    except UnicodeDecodeError:
        told = f"the file {name} is not UTF-8 text"
    except ValueError:
        told = f"{name!r} is not a path"
    else:
        if text:
            return text
        told = f"the file {name} is empty"
    # Raised outside the handlers: a chained decoding error holds the file's bytes.
    raise SecretMissing(told)


def holds_password(url: str) -> bool:
    """Whether a database address holds a password, before its host or in its query.

    Both are looked for as SQLAlchemy does it: there a password may hold any character but "@".
    """
    query = parse_qsl(url.partition("?")[2])
    return bool(PASSWORD_IN_URL.search(url)) or any(name.lower() in PASSWORD_KEYS for name, _ in query)


def _from_keyring(name: str) -> str:
    try:
        import keyring
    except ImportError:
        raise SecretMissing('keyring: references need the extra: pip install "echo-hub[keyring]"') from None
    try:
        value = keyring.get_password("echo-hub", name)
    except keyring.errors.KeyringError as error:
        raise SecretMissing(f"the keyring cannot be opened ({type(error).__name__})") from None
    if not value:
        raise SecretMissing(f"the keyring has no entry {name!r} under the service echo-hub")
    return str(value)
