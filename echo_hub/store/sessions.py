"""Sessions of signed-in browsers. The browser has a random key, the row its hash."""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, delete, insert, select, update

from echo_hub.store.database import Database
from echo_hub.store.session_tables import IDENTITY, NOTICE, SESSION

KEPT = timedelta(days=30)
"""How long a person can see that they were signed in, and from when to when."""
SEEN_EVERY = timedelta(minutes=1)
"""How exactly it is known when a session was last used: a write for each request would cost more than the request."""


@dataclass(frozen=True, slots=True)
class Session:
    """A stored session with its account's name; see `SessionRow`. `read` is the edition of the notice last read."""

    id: int
    person_id: str
    issuer: str
    subject: str
    groups: tuple[str, ...]
    started_at: datetime
    seen_at: datetime
    ended_at: datetime | None
    read: str | None = None

    def is_over(self, now: datetime, *, idle: timedelta, longest: timedelta) -> bool:
        """Whether it was ended, was not used for too long, or is too old."""
        return self.ended_at is not None or now - self.seen_at >= idle or now - self.started_at >= longest


def start_session(
    database: Database, identity_id: int, person_id: str, groups: tuple[str, ...], *, now: datetime
) -> tuple[int, str]:
    """A new session: its number, and its key, which is stored nowhere. Removes this person's rows of long ago."""
    key = secrets.token_urlsafe(32)
    old = SESSION.c.started_at < now - KEPT
    with database.writing() as transaction:
        transaction.execute(delete(SESSION).where(SESSION.c.person_id == person_id, old))
        values: dict[str, Any] = {
            "key_hash": _hash(key),
            "identity_id": identity_id,
            "person_id": person_id,
            "groups": json.dumps(groups, ensure_ascii=False),
            "started_at": now,
            "seen_at": now,
        }
        return int(transaction.scalar(insert(SESSION).values(**values).returning(SESSION.c.id))), key


def find_session(database: Database, key: str) -> Session | None:
    """The session with that key, over or not; None for a key that is nobody's."""
    wanted = (
        select(SESSION, IDENTITY.c.issuer, IDENTITY.c.subject, NOTICE.c.edition.label("read"))
        .join(IDENTITY, IDENTITY.c.id == SESSION.c.identity_id)
        .outerjoin(NOTICE, NOTICE.c.person_id == SESSION.c.person_id)
        .where(SESSION.c.key_hash == _hash(key))
    )
    with database.reading() as transaction:
        row = transaction.first(wanted)
    return None if row is None else _session(row)


def touch_session(database: Database, session: Session, *, now: datetime) -> None:
    """Notes that a session is used, where that was not noted within the last minute."""
    if now - session.seen_at < SEEN_EVERY:
        return
    with database.writing() as transaction:
        transaction.execute(update(SESSION).where(SESSION.c.id == session.id).values(seen_at=now))


def list_sessions(
    database: Database, person_id: str, *, started_after: datetime, seen_after: datetime
) -> list[Session]:
    """A person's sessions that are not over, the latest first."""
    wanted = (
        select(SESSION, IDENTITY.c.issuer, IDENTITY.c.subject)
        .join(IDENTITY, IDENTITY.c.id == SESSION.c.identity_id)
        .where(SESSION.c.person_id == person_id, SESSION.c.ended_at.is_(None))
        .where(SESSION.c.started_at > started_after, SESSION.c.seen_at > seen_after)
        .order_by(SESSION.c.id.desc())
    )
    with database.reading() as transaction:
        return [_session(row) for row in transaction.all(wanted)]


def end_sessions(database: Database, person_id: str, *, now: datetime, only: int | None = None) -> int:
    """Ends a person's sessions, or `only` the one of that number; answers how many there were."""
    ended = update(SESSION).where(SESSION.c.person_id == person_id, SESSION.c.ended_at.is_(None)).values(ended_at=now)
    with database.writing() as transaction:
        return transaction.execute(ended if only is None else ended.where(SESSION.c.id == only)).rowcount


def read_notice(database: Database, person_id: str, edition: str, *, now: datetime) -> None:
    """Notes that a person has read that edition of the notice."""
    with database.writing() as transaction:
        new = transaction.insert(NOTICE).values(person_id=person_id, edition=edition, read_at=now)
        transaction.execute(
            new.on_conflict_do_update(index_elements=["person_id"], set_={"edition": edition, "read_at": now})
        )


def _hash(key: str) -> bytes:
    """A key has 256 bits of chance, so a plain hash needs no salt and no patience."""
    return hashlib.sha256(key.encode()).digest()


def _session(row: Row[Any]) -> Session:
    return Session(
        id=row.id,
        person_id=row.person_id,
        issuer=row.issuer,
        subject=row.subject,
        groups=tuple(json.loads(row.groups)),
        started_at=row.started_at,
        seen_at=row.seen_at,
        ended_at=row.ended_at,
        read=row._mapping.get("read"),
    )
