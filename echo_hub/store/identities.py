"""Accounts at a provider and the people they were joined to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select

from echo_hub.store.database import Database, Transaction
from echo_hub.store.session_tables import IDENTITY


@dataclass(frozen=True, slots=True)
class Identity:
    """A stored account; see `IdentityRow` for the columns."""

    id: int
    issuer: str
    subject: str
    person_id: str
    link_rule: str
    linked_at: datetime


def find_identity(database: Database, issuer: str, subject: str) -> Identity | None:
    """The account of that name at that provider; None where nobody has signed in with it."""
    with database.reading() as transaction:
        return _stored(transaction, issuer, subject)


def link_identity(
    database: Database, issuer: str, subject: str, person_id: str, *, rule: str, now: datetime, lasting: bool = True
) -> tuple[Identity | None, bool]:
    """Joins an account to a person, once; answers the account as it is stored, and whether this call joined it.

    None where the person has another account at that provider, or the account is another person's: whoever came first.

    Args:
        lasting: False where the name is no account's for ever: what it was joined to before is forgotten.
    """
    values = {"issuer": issuer, "subject": subject, "person_id": person_id, "link_rule": rule, "linked_at": now}
    account, whose = (IDENTITY.c.issuer == issuer, IDENTITY.c.subject == subject), IDENTITY.c.person_id == person_id
    with database.writing() as transaction:
        if not lasting:
            transaction.execute(delete(IDENTITY).where(*account, ~whose))
            transaction.execute(
                delete(IDENTITY).where(IDENTITY.c.issuer == issuer, whose, IDENTITY.c.subject != subject)
            )
        new = transaction.insert(IDENTITY).values(**values).on_conflict_do_nothing().returning(IDENTITY.c.id)
        joined = transaction.scalar(new) is not None
        stored = _stored(transaction, issuer, subject)
        return (stored if stored is not None and stored.person_id == person_id else None), joined


def unlink_person(database: Database, person_id: str) -> int:
    """Forgets which accounts are a person's, and their sessions; answers how many accounts."""
    with database.writing() as transaction:
        return transaction.execute(delete(IDENTITY).where(IDENTITY.c.person_id == person_id)).rowcount


def _stored(transaction: Transaction, issuer: str, subject: str) -> Identity | None:
    row = transaction.first(select(IDENTITY).where(IDENTITY.c.issuer == issuer, IDENTITY.c.subject == subject))
    return None if row is None else Identity(**row._mapping)
