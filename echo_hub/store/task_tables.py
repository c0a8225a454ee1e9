"""The table of tasks: work that waits for a worker, is leased by one, or is over."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from sqlalchemy import Index
from sqlalchemy import text as sql
from sqlmodel import SQLModel

from echo_hub.store.columns import identity, inferred, moment, owned_by, text
from echo_hub.store.tables import table_of

LIVE = "state IN ('waiting', 'leased')"
"""Which tasks are not over: of these, there is one for each kind and key."""


class TaskRow(SQLModel, table=True):
    """A piece of work. The row that is enqueued with a change in one transaction is done once the change is stored.

    A worker leases it for a while and goes on renewing that; whoever does not is taken for dead when the lease ends.
    """

    __tablename__: ClassVar[str] = "task"
    __table_args__ = owned_by(
        "the operator",
        "until 30 days after it is over",
        Index("task_live", "kind", "key", unique=True, sqlite_where=sql(LIVE), postgresql_where=sql(LIVE)),
        Index("task_due", "not_before", "id", sqlite_where=sql(LIVE), postgresql_where=sql(LIVE)),
    )

    id: int | None = identity("row number", default=None, primary_key=True)
    kind: str = text("what is to be done")
    key: str = text("what tells it from others of its kind, so that the same is not done twice")
    payload: str = text("what the doing needs, as JSON; ids rather than what they stand for, and no secret")
    state: str = text("waiting, leased by a worker, done, failed for good, or cancelled")
    attempts: int = inferred("how often a worker began it", default=0)
    most_attempts: int = inferred("after how many attempts it has failed for good")
    not_before: datetime = moment("when it may begin")
    lease_owner: str | None = text("the process that works on it", kept="until that ends", default=None)
    lease_until: datetime | None = moment(
        "until when that counts unless renewed", kept="until the attempt ends", default=None
    )
    seen_at: datetime | None = moment("when its worker was last heard of", default=None)
    error_code: str | None = text("what went wrong last, as a code", default=None)
    error_message: str | None = text("what went wrong last, as a sentence without secrets", default=None)
    progress: str | None = text("how far it is", default=None)
    created_at: datetime = moment("when it was enqueued")
    started_at: datetime | None = moment("when the last attempt began", default=None)
    finished_at: datetime | None = moment("when it was over", default=None)
    requested_by: str = text("whose act it comes from: a service or an employee id", erasure="key")
    person_id: str | None = text("the person it is about, where it is about one", erasure="row", default=None)


TASK = table_of(TaskRow)
