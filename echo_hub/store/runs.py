"""Runs: one row per stream and attempt, kept for the people who ask what happened last night."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any, ClassVar, Literal

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, func, insert, select, update

from echo_core.connectors.errors import HubError
from echo_hub.store.database import Database, Transaction
from echo_hub.store.light_tables import RUN, RUN_EXCLUSION

Outcome = Literal["done", "held", "failed", "paused", "stopped", "cancelled", "skipped"]
"""done: the window is complete. held: complete, but its removals wait for a person. failed: see the error;
goes on where it stood if the source can. paused: the source throttles, goes on next time. stopped: a person
or a shutdown ended it, goes on next time. cancelled: a person ended it for good, what it had stored stays and the next
run begins its window anew. skipped: an optional stream whose permission is missing."""

COUNTERS = ("read", "written", "unchanged", "quarantined", "excluded", "repeated", "removed")
TRAFFIC = ("requests", "retries", "throttled_s", "bytes")


class RunError(HubError):
    """No such run, or it is over."""

    code: ClassVar[str] = "run.unknown"
    who: ClassVar[str] = "the person who asked"


class RunCancelledError(HubError):
    """Somebody cancelled the run; what it had stored by then stays."""

    code: ClassVar[str] = "run.cancelled"
    who: ClassVar[str] = "the person who asked"

    def __init__(self) -> None:
        super().__init__("Somebody cancelled this run. The next sync begins its window anew.")


@dataclass(frozen=True, slots=True)
class Difference:
    """What a dry run would do to a record. `fields` has (before, after) of each field that would change.

    `name` is a person's name or an opportunity's title.
    """

    change: Literal["added", "changed", "removed"]
    entity: str
    source_id: str
    name: str | None
    fields: dict[str, tuple[Any, Any]] = field(default_factory=dict)


@dataclass(slots=True)
class RunReport:
    """What one run of one stream did. `outcome` is None while it runs, or when its process was killed.

    `read` counts raw records; `written`, `unchanged`, `excluded` and `repeated` count mapped ones; `removed` those
    marked as gone; `held` those that wait for a person. `repeated` are those the source listed again in another
    version: of two on one page the last one is kept, of two on different pages of a complete list the first.
    `shortened` of the written ones had a text longer than the hub keeps. `run_id` is None for a dry run, and
    only such a one has `differences`.
    """

    connection: str
    stream: str
    started_at: datetime
    window_until: datetime
    window_since: datetime | None = None
    run_id: int | None = None
    complete: bool = False
    ended_at: datetime | None = None
    outcome: Outcome | None = None
    read: int = 0
    written: int = 0
    unchanged: int = 0
    quarantined: int = 0
    excluded: int = 0
    repeated: int = 0
    shortened: int = 0
    removed: int = 0
    held: int = 0
    requests: int = 0
    retries: int = 0
    throttled_s: float = 0.0
    bytes: int = 0
    error_code: str | None = None
    error_message: str | None = None
    error_detail: str | None = None
    error_traceback: str | None = None
    exclusions: dict[str, int] = field(default_factory=dict)
    differences: list[Difference] = field(default_factory=list)

    @property
    def dry_run(self) -> bool:
        """Whether nothing was stored."""
        return self.run_id is None


RAN = select(RUN.c.connection, RUN.c.stream).distinct().subquery("ran")
"""Every stream that ever ran, with "" for a connection that could not begin."""
OF_RAN = and_(RUN.c.connection == RAN.c.connection, RUN.c.stream == RAN.c.stream)
"""Whether a run is of the stream of `RAN` that a query is at."""


def last_run(which: ColumnElement[bool], *, back: int = 0) -> ScalarSelect[int]:
    """For each row of `RAN` the number of its last run of which something holds, or so many `back` from that one.

    Runs are kept for good: a query that groups them reads every one, this reads the last ones by their index.
    """
    ids = select(RUN.c.id).where(OF_RAN, which).order_by(RUN.c.id.desc()).limit(1).offset(back)
    return ids.correlate(RAN).scalar_subquery()


_COLUMNS = tuple(field.name for field in fields(RunReport) if field.name not in {"run_id", "exclusions", "differences"})
_REPORT = select(RUN.c.id.label("run_id"), *(RUN.c[name] for name in _COLUMNS))


def open_run(transaction: Transaction, report: RunReport) -> int:
    """Stores a new run and sets its id."""
    run_id: int = transaction.scalar(insert(RUN).values(_values(report)).returning(RUN.c.id))
    report.run_id = run_id
    return run_id


def save_run(transaction: Transaction, report: RunReport) -> None:
    """Stores everything the report says about an opened run."""
    transaction.execute(update(RUN).where(RUN.c.id == report.run_id).values(_values(report)))
    if report.exclusions:
        new = transaction.insert(RUN_EXCLUSION)
        transaction.execute(
            new.on_conflict_do_update(index_elements=["run_id", "rule"], set_={"count": new.excluded.count}),
            [
                {"run_id": report.run_id, "rule": rule, "count": count}
                for rule, count in sorted(report.exclusions.items())
            ],
        )


def load_run(transaction: Transaction, run_id: int) -> RunReport | None:
    """One run by id."""
    return next(iter(_reports(transaction, _REPORT.where(RUN.c.id == run_id))), None)


def cancel_run(transaction: Transaction, run_id: int, at: datetime) -> RunReport:
    """Ends a run for good: whoever is at work on it stores no further page.

    Raises:
        RunError: no such run, or it is over (code "run.over").
    """
    under_way = (RUN.c.id == run_id, RUN.c.outcome.is_(None))
    cancelled = transaction.execute(update(RUN).where(*under_way).values(outcome="cancelled", ended_at=at)).rowcount
    report = load_run(transaction, run_id)
    if report is None:
        raise RunError(f"There is no run {run_id}. `echo-hub runs` shows those there are.")
    if not cancelled:
        raise RunError(f"Run {run_id} is over: {report.outcome}.", code="run.over")
    return report


def heed_cancel(transaction: Transaction, run_id: int) -> None:
    """For whoever is about to store something of a run; until the transaction ends nobody can cancel it.

    Raises:
        RunCancelledError: somebody did.
    """
    query = select(RUN.c.outcome).where(RUN.c.id == run_id).with_for_update()
    if transaction.scalar(query) == "cancelled":
        raise RunCancelledError


def list_runs(
    database: Database, connection: str | None = None, stream: str | None = None, *, limit: int = 50
) -> list[RunReport]:
    """The newest runs first, of one connection and stream if named."""
    query = _REPORT.order_by(RUN.c.id.desc()).limit(limit)
    if connection is not None:
        query = query.where(RUN.c.connection == connection)
    if stream is not None:
        query = query.where(RUN.c.stream == stream)
    with database.reading() as transaction:
        return _reports(transaction, query)


def last_runs(database: Database) -> list[RunReport]:
    """The newest run of every (connection, stream), in that order."""
    newest = select(func.max(RUN.c.id)).group_by(RUN.c.connection, RUN.c.stream)
    query = _REPORT.where(RUN.c.id.in_(newest)).order_by(RUN.c.connection, RUN.c.stream)
    with database.reading() as transaction:
        return _reports(transaction, query)


def _reports(transaction: Transaction, query: Select[Any]) -> list[RunReport]:
    reports = {row.run_id: RunReport(**row._mapping) for row in transaction.all(query)}
    if reports:
        of_runs = select(RUN_EXCLUSION).where(RUN_EXCLUSION.c.run_id.in_(reports))
        for row in transaction.all(of_runs.order_by(RUN_EXCLUSION.c.rule)):
            reports[row.run_id].exclusions[row.rule] = row._mapping["count"]  # `Row.count` counts values
    return list(reports.values())


def _values(report: RunReport) -> dict[str, Any]:
    return {name: getattr(report, name) for name in _COLUMNS}
