"""The tables of what processes share of vendors: access tokens, encrypted, and who may send how much."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from sqlmodel import SQLModel

from echo_hub.store.columns import binary, inferred, moment, owned_by, text
from echo_hub.store.tables import table_of


class VendorTokenRow(SQLModel, table=True):
    """The access token that a vendor gave for a credential. Who reads the table without the key learns nothing."""

    __tablename__: ClassVar[str] = "vendor_token"
    __table_args__ = owned_by("the operator", "until the next token of the credential; not in a backup")

    credential: str = text("hash of the credential's public parts", primary_key=True)
    key_id: str | None = text("with which key it is encrypted", default=None)
    sealed: bytes | None = binary("the token and what goes with it, AES-GCM with its nonce before it", default=None)
    claim: str | None = text("which process asks the vendor for the next one", default=None)
    claimed_until: datetime | None = moment("until when it may", default=None)


class RateBudgetRow(SQLModel, table=True):
    """What may be sent to a host, and what was given out. Times are seconds since 1970 by the database's clock."""

    __tablename__: ClassVar[str] = "rate_budget"
    __table_args__ = owned_by("the operator", "until the next request to the host; not in a backup")

    host: str = text("the vendor's host", primary_key=True)
    grants: str = text("permits given out: until when they may be used, and how many", default="[]")
    longest_s: float = inferred("the longest window that was ever asked for, in seconds", default=0.0)
    blocked_until: float = inferred("nobody sends before", default=0.0)
    block_reason: str = text("whether a quota is used up, or the source said to wait", default="told")


VENDOR_TOKEN = table_of(VendorTokenRow)
RATE_BUDGET = table_of(RateBudgetRow)
