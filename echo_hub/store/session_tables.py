"""The tables of the sign-in: which account is which person, their sessions, and who has read the notice."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import SQLModel

from echo_hub.store.columns import binary, identity, moment, owned_by, text
from echo_hub.store.tables import table_of


class IdentityRow(SQLModel, table=True):
    """An account at a provider and the person it was joined to, once.

    `issuer` and `subject` are the provider's own words for the account, which never change; an e-mail does.
    """

    __tablename__: ClassVar[str] = "identity"
    __table_args__ = owned_by(
        "the operator",
        "until `echo-hub sessions unlink` or `echo-hub erase`",
        UniqueConstraint("issuer", "subject", name="identity_account"),
        UniqueConstraint("issuer", "person_id", name="identity_person"),
    )

    id: int | None = identity("row number", default=None, primary_key=True)
    issuer: str = text("which provider knows the account")
    subject: str = text("what the provider calls it")
    person_id: str = text("the person it was joined to", erasure="row")
    link_rule: str = text("on what it was joined: e-mail or employee id")
    linked_at: datetime = moment("when that was")


class SessionRow(SQLModel, table=True):
    """A signed-in browser. Only the hash of its key is here, so that who reads the table is signed in as nobody."""

    __tablename__: ClassVar[str] = "session"
    __table_args__ = owned_by(
        "the person",
        "until the person signs in 30 days after it began, or is erased",
        Index("session_person", "person_id"),
    )

    id: int | None = identity("row number", default=None, primary_key=True)
    key_hash: bytes = binary("hash of the key that the browser has", unique=True)
    identity_id: int = identity("the account that signed in", of="identity.id")
    person_id: str = text("who is signed in", erasure="row")
    groups: str = text("those of the provider's groups that give an access role, for this session only")
    started_at: datetime = moment("when it began: it ends some hours later")
    seen_at: datetime = moment("when it was last used, to the minute: it ends some time later")
    ended_at: datetime | None = moment("when it was ended, if it was", default=None)


class NoticeRow(SQLModel, table=True):
    """Who has read what the hub matches, and which edition of the text."""

    __tablename__: ClassVar[str] = "notice"
    __table_args__ = owned_by("HR operations", "until the person is erased: shows that they were told")

    person_id: str = text("who has read it", erasure="row", primary_key=True)
    edition: str = text("which edition of the text")
    read_at: datetime = moment("when")


IDENTITY = table_of(IdentityRow)
SESSION = table_of(SessionRow)
NOTICE = table_of(NoticeRow)
