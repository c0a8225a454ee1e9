"""Runs: one row per stream and attempt, kept for the people who ask what happened last night."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any, Literal

from echo_hub.store.database import Database, Transaction
from echo_hub.store.instant import as_moment

Outcome = Literal["done", "held", "failed", "paused", "stopped", "skipped"]
"""done: the window is complete. held: complete, but its removals wait for a person. failed: see the error;
goes on where it stood if the source can. paused: the source throttles, goes on next time. stopped: a person
or a shutdown ended it, goes on next time. skipped: an optional stream whose permission is missing."""

COUNTERS = ("read", "written", "unchanged", "quarantined", "excluded", "removed")
TRAFFIC = ("requests", "retries", "throttled_s", "bytes")
_MOMENTS = {"started_at", "ended_at", "window_since", "window_until"}


@dataclass(slots=True)
class RunReport:
    """What one run of one stream did. `outcome` is None while it runs, or when its process was killed.

    `read` counts raw records; `written`, `unchanged` and `excluded` count mapped ones; `removed` those marked as gone;
    `held` those that wait for a person. `run_id` is None for a dry run.
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

    @property
    def dry_run(self) -> bool:
        """Whether nothing was stored."""
        return self.run_id is None


_COLUMNS = tuple(one.name for one in fields(RunReport) if one.name not in {"run_id", "exclusions"})


def open_run(transaction: Transaction, report: RunReport) -> int:
    """Stores a new run and sets its id."""
    values = [_stored(transaction, report, name) for name in _COLUMNS]
    marks = ", ".join("?" * len(_COLUMNS))
    sql = f"INSERT INTO run ({', '.join(_COLUMNS)}) VALUES ({marks}) RETURNING id"  # noqa: S608, our own column names
    report.run_id = transaction.count(sql, values)
    return report.run_id


def save_run(transaction: Transaction, report: RunReport) -> None:
    """Stores everything the report says about an opened run."""
    assignments = ", ".join(f"{name} = ?" for name in _COLUMNS)
    values = [_stored(transaction, report, name) for name in _COLUMNS]
    transaction.run(f"UPDATE run SET {assignments} WHERE id = ?", (*values, report.run_id))  # noqa: S608, our own names
    transaction.many(
        "INSERT INTO run_exclusion (run_id, rule, count) VALUES (?, ?, ?)"
        " ON CONFLICT (run_id, rule) DO UPDATE SET count = excluded.count",
        [(report.run_id, rule, count) for rule, count in sorted(report.exclusions.items())],
    )


def load_run(transaction: Transaction, run_id: int) -> RunReport | None:
    """One run by id."""
    found = _reports(transaction, "WHERE id = ?", (run_id,))
    return found[0] if found else None


def list_runs(
    database: Database, connection: str | None = None, stream: str | None = None, *, limit: int = 50
) -> list[RunReport]:
    """The newest runs first, of one connection and stream if named."""
    conditions = [("connection = ?", connection), ("stream = ?", stream)]
    used = [(text, value) for text, value in conditions if value is not None]
    where = f"WHERE {' AND '.join(text for text, _ in used)}" if used else ""
    with database.reading() as transaction:
        return _reports(transaction, f"{where} ORDER BY id DESC LIMIT {int(limit)}", tuple(value for _, value in used))


def last_runs(database: Database) -> list[RunReport]:
    """The newest run of every (connection, stream), in that order."""
    newest = "WHERE id IN (SELECT MAX(id) FROM run GROUP BY connection, stream) ORDER BY connection, stream"
    with database.reading() as transaction:
        return _reports(transaction, newest, ())


def _reports(transaction: Transaction, clause: str, values: tuple[Any, ...]) -> list[RunReport]:
    rows = transaction.rows(f"SELECT id, {', '.join(_COLUMNS)} FROM run {clause}", values)  # noqa: S608, our own names
    reports = [RunReport(run_id=row[0], **_loaded(row[1:])) for row in rows]
    by_id = {report.run_id: report for report in reports}
    if by_id:
        marks = ", ".join("?" * len(by_id))
        for run_id, rule, count in transaction.rows(
            f"SELECT run_id, rule, count FROM run_exclusion WHERE run_id IN ({marks}) ORDER BY rule",  # noqa: S608, marks
            tuple(by_id),
        ):
            by_id[run_id].exclusions[rule] = count
    return reports


def _stored(transaction: Transaction, report: RunReport, name: str) -> Any:
    value = getattr(report, name)
    return transaction.moment(value) if name in _MOMENTS else value


def _loaded(row: tuple[Any, ...]) -> dict[str, Any]:
    values = dict(zip(_COLUMNS, row, strict=True))
    for name in _MOMENTS:
        values[name] = None if values[name] is None else as_moment(values[name])
    values["complete"] = bool(values["complete"])
    return values
