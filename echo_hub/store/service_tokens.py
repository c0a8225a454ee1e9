"""Tokens of programs. The program has the token, the row its hash."""

from __future__ import annotations

import hashlib
import json
import secrets
import string
import zlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, insert, or_, select, update

from echo_hub.store.database import Database
from echo_hub.store.service_token_tables import SERVICE_TOKEN

PREFIX = "eh_"
"""What every token begins with, so that scanners of secrets find one in a file that should hold none."""
SEEN_EVERY = timedelta(minutes=1)
"""How exactly it is known when a token was last used: a write for each request would cost more than the request."""
_DIGITS = string.digits + string.ascii_uppercase + string.ascii_lowercase
_CHANCE, _CHECK = 43, 6
"""Characters that 256 bits of chance take in base 62, and a checksum of 32 bits."""
LENGTH = len(PREFIX) + _CHANCE + _CHECK


@dataclass(frozen=True, slots=True)
class ServiceToken:
    """A stored token; see `ServiceTokenRow`."""

    id: int
    name: str
    roles: tuple[str, ...]
    intents: tuple[str, ...] | None
    made_by: str
    made_at: datetime
    expires_at: datetime
    seen_at: datetime | None
    revoked_by: str | None
    revoked_at: datetime | None

    def is_over(self, now: datetime) -> bool:
        """Whether it was revoked or has expired."""
        return self.revoked_at is not None or now >= self.expires_at


def add_token(
    database: Database,
    name: str,
    *,
    roles: Collection[str],
    intents: Collection[str] | None,
    by: str,
    now: datetime,
    expires_at: datetime,
) -> tuple[ServiceToken, str]:
    """A new token as it is stored, and the token itself, which is stored nowhere."""
    token = new_token()
    values: dict[str, Any] = {
        "name": name,
        "token_hash": _hash(token),
        "roles": json.dumps(sorted(roles)),
        "intents": None if intents is None else json.dumps(sorted(intents)),
        "made_by": by,
        "made_at": now,
        "expires_at": expires_at,
    }
    with database.writing() as transaction:
        row = transaction.first(insert(SERVICE_TOKEN).values(**values).returning(SERVICE_TOKEN))
    assert row is not None, "an insert answers what it stored"
    return _token(row), token


def find_token(database: Database, token: str) -> ServiceToken | None:
    """The stored token, over or not; None for one that is nobody's."""
    if not is_well_formed(token):
        return None
    with database.reading() as transaction:
        row = transaction.first(select(SERVICE_TOKEN).where(SERVICE_TOKEN.c.token_hash == _hash(token)))
    return None if row is None else _token(row)


def touch_token(database: Database, token: ServiceToken, *, now: datetime) -> None:
    """Notes that a token is used, where that was not noted within the last minute."""
    if token.seen_at is not None and now - token.seen_at < SEEN_EVERY:
        return
    unseen = or_(SERVICE_TOKEN.c.seen_at.is_(None), SERVICE_TOKEN.c.seen_at <= now - SEEN_EVERY)
    with database.writing() as transaction:  # of many requests at once, the first writes
        transaction.execute(update(SERVICE_TOKEN).where(SERVICE_TOKEN.c.id == token.id, unseen).values(seen_at=now))


def list_tokens(database: Database) -> list[ServiceToken]:
    """Every token there ever was, the latest first."""
    with database.reading() as transaction:
        return [_token(row) for row in transaction.all(select(SERVICE_TOKEN).order_by(SERVICE_TOKEN.c.id.desc()))]


def revoke_token(database: Database, number: int, *, by: str, now: datetime) -> tuple[ServiceToken, bool] | None:
    """The token of that number, revoked, and whether it was not before; None where there is none."""
    row_of = SERVICE_TOKEN.c.id == number
    revoked = update(SERVICE_TOKEN).where(row_of, SERVICE_TOKEN.c.revoked_at.is_(None))
    with database.writing() as transaction:
        changed = transaction.execute(revoked.values(revoked_by=by, revoked_at=now)).rowcount
        row = transaction.first(select(SERVICE_TOKEN).where(row_of))
    return None if row is None else (_token(row), changed > 0)


def new_token() -> str:
    """`eh_`, 256 bits of chance, and the CRC-32 of both, by which a scanner tells a token from what looks like one.

    The shape is that of GitHub's tokens: https://github.blog/engineering/platform-security/behind-githubs-new-authentication-token-formats/
    """
    body = PREFIX + _in_base_62(int.from_bytes(secrets.token_bytes(32)), _CHANCE)
    return body + _checksum(body)


def is_well_formed(token: str) -> bool:
    """Whether this can be a token at all, by its checksum: most slips of the keyboard never reach the database."""
    body = token[:-_CHECK]
    plain = token.isascii() and len(token) == LENGTH and token.startswith(PREFIX)
    return plain and _checksum(body) == token[-_CHECK:]


def _checksum(body: str) -> str:
    return _in_base_62(zlib.crc32(body.encode()), _CHECK)


def _in_base_62(number: int, length: int) -> str:
    digits = []
    for _ in range(length):
        number, digit = divmod(number, 62)
        digits.append(_DIGITS[digit])
    return "".join(reversed(digits))


def _hash(token: str) -> bytes:
    """Plain SHA-256: salt and slow hashes protect what people choose; nobody guesses 256 bits of chance."""
    return hashlib.sha256(token.encode()).digest()


def _token(row: Row[Any]) -> ServiceToken:
    return ServiceToken(
        id=row.id,
        name=row.name,
        roles=tuple(json.loads(row.roles)),
        intents=None if row.intents is None else tuple(json.loads(row.intents)),
        made_by=row.made_by,
        made_at=row.made_at,
        expires_at=row.expires_at,
        seen_at=row.seen_at,
        revoked_by=row.revoked_by,
        revoked_at=row.revoked_at,
    )
