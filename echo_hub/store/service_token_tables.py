"""The table of service tokens: what programs prove themselves with at the API."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from sqlmodel import SQLModel

from echo_hub.store.columns import binary, identity, moment, owned_by, text
from echo_hub.store.tables import table_of


class ServiceTokenRow(SQLModel, table=True):
    """A token of a program. Only its hash is here, so that who reads the table can act as nobody."""

    __tablename__: ClassVar[str] = "service_token"
    __table_args__ = owned_by("integration engineers", "for good: the timeline names tokens by number")

    id: int | None = identity("row number", default=None, primary_key=True)
    name: str = text("what the program is called")
    token_hash: bytes = binary("hash of the token that the program has", unique=True)
    roles: str = text("the access roles it acts with")
    intents: str | None = text("the intents it is limited to; none: all that its roles may", default=None)
    made_by: str = text("who made it", erasure="key")
    made_at: datetime = moment("when that was")
    expires_at: datetime = moment("from when on it is refused")
    seen_at: datetime | None = moment("when it was last used, to the minute", default=None)
    revoked_by: str | None = text("who revoked it", erasure="key", default=None)
    revoked_at: datetime | None = moment("when that was", default=None)


SERVICE_TOKEN = table_of(ServiceTokenRow)
