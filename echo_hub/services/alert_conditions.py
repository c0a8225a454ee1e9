"""What is wrong with syncing now, from what is stored: whoever looks twice finds the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select

from echo_hub.jobs import Schedule, ScheduleError, next_run
from echo_hub.services.hub import Hub
from echo_hub.store.alerts import Condition, open_alerts
from echo_hub.store.database import Transaction
from echo_hub.store.fill_rates import fills
from echo_hub.store.light_tables import HOLD, RUN, SCHEDULE, STREAM
from echo_hub.store.runs import OF_RAN, RAN, last_run

COMPLETE = ("done", "held")
"""Outcomes of a run that read all it was to read."""
DECISIVE = (*COMPLETE, "failed", "skipped")
"""Outcomes that say whether a stream works; after "paused", "stopped" and "cancelled" nobody knows yet."""


def conditions(transaction: Transaction, hub: Hub, now: datetime) -> list[Condition]:
    """Everything that is wrong with a stream that the settings name."""
    last = transaction.all(_newest(DECISIVE))
    wrong = [
        *_failed(last),
        *_held(transaction),
        *_throttled(transaction, hub),
        *_stale(transaction, hub, now, last),
        *_emptier(transaction, hub),
    ]
    streams = {name: _streams(hub, name) for name in {condition.connection for condition in wrong}}
    return [
        condition
        for condition in wrong
        if (offered := streams[condition.connection]) is None or condition.stream in offered
    ]


def _streams(hub: Hub, name: str) -> frozenset[str] | None:
    """The streams of a connection, "" for the whole of it among them; None where nobody can tell.

    Of one that the settings do not name there are none.
    """
    if name not in hub.settings.names:
        return frozenset()
    try:
        connection = hub.settings.connection(name)
        return frozenset(("", *(stream.name for stream in connection.connector.streams_for(connection.config))))
    except Exception:  # noqa: BLE001, settings and plug-ins at fault are told by the run that fails for it
        return None


def _newest(outcomes: Sequence[str]) -> Any:
    """The last run of each stream that ended in one of these ways."""
    ids = select(last_run(RUN.c.outcome.in_(outcomes))).select_from(RAN)
    return select(RUN).where(RUN.c.id.in_(ids)).order_by(RUN.c.connection, RUN.c.stream)


def _failed(last: Sequence[Any]) -> Iterator[Condition]:
    """Streams whose last run failed. A connection that could not begin is one stream without a name, until it does."""
    newest: dict[str, int] = {}
    for run in last:
        newest[run.connection] = max(run.id, newest.get(run.connection, 0))
    for run in last:
        if run.outcome == "failed" and (run.stream or run.id == newest[run.connection]):
            facts = {"run": str(run.id), "code": run.error_code or "", "message": run.error_message or ""}
            yield Condition("failed", run.connection, run.stream, facts=facts)


def _held(transaction: Transaction) -> Iterator[Condition]:
    """Removals that wait for a person."""
    waiting = select(STREAM.c.connection, STREAM.c.name, HOLD.c.id, HOLD.c.would_remove, HOLD.c.live)
    waiting = waiting.join(HOLD, HOLD.c.stream_id == STREAM.c.id).where(HOLD.c.state == "open").order_by(HOLD.c.id)
    for hold in transaction.all(waiting):
        facts = {"hold": str(hold.id), "would_remove": hold.would_remove, "live": hold.live}
        yield Condition("held", hold.connection, hold.name, facts=facts)


def _throttled(transaction: Transaction, hub: Hub) -> Iterator[Condition]:
    """Streams that their source made wait in each of the last runs."""
    settings = hub.settings.alerts
    over = RUN.c.outcome.is_not(None)
    first = last_run(over, back=settings.throttled_runs - 1)
    columns = (RUN.c.connection, RUN.c.stream, RUN.c.outcome, RUN.c.throttled_s)
    waited: dict[tuple[str, str], list[float]] = {}
    for run in transaction.all(select(*columns).join(RAN, OF_RAN).where(over, RUN.c.id >= first)):
        if run.outcome == "paused" or run.throttled_s >= settings.throttled_s:
            waited.setdefault((run.connection, run.stream), []).append(run.throttled_s)
    for (connection, stream), seconds in sorted(waited.items()):
        if len(seconds) == settings.throttled_runs:
            facts = {"runs": len(seconds), "minutes": round(sum(seconds) / 60)}
            yield Condition("throttled", connection, stream, facts=facts)


def _stale(transaction: Transaction, hub: Hub, now: datetime, last: Sequence[Any]) -> Iterator[Condition]:
    """Streams that were not completed for several moments of their schedule, unless a person paused it.

    One that never was counts from its first run. One that is optional and not permitted is never completed.
    """
    schedules = {row.connection: Schedule(**row._mapping) for row in transaction.all(select(SCHEDULE))}
    first_run = select(RUN.c.started_at).where(OF_RAN).order_by(RUN.c.id).limit(1).correlate(RAN).scalar_subquery()
    began = select(RAN.c.connection, RAN.c.stream, first_run.label("at")).where(RAN.c.stream != "")
    since = {(run.connection, run.stream): run.at for run in transaction.all(began)}
    completed = {(run.connection, run.stream): run.ended_at for run in transaction.all(_newest(COMPLETE))}
    skipped = {(run.connection, run.stream) for run in last if run.outcome == "skipped"}
    for (connection, stream), first in sorted(since.items()):
        schedule = schedules.get(connection)
        if schedule is None or (connection, stream) in skipped or (schedule.paused and not schedule.paused_because):
            continue
        done = completed.get((connection, stream))
        missed = hub.settings.alerts.stale_after
        if _moment(schedule, done or first, missed) < now:
            facts = {"since": (done or first).date().isoformat(), "never": int(done is None), "missed": missed}
            yield Condition("stale", connection, stream, facts=facts)


def _emptier(transaction: Transaction, hub: Hub) -> Iterator[Condition]:
    """Fields whose share of filled records fell; one that is open is held against what it was when it fell."""
    fallen = {alert.condition.key: alert.condition.facts["before"] for alert in open_alerts(transaction, "emptier")}
    for fill in fills(transaction):
        percent, before = round(fill.share * 100), round(fill.before * 100)
        known = fallen.get(("emptier", fill.connection, fill.stream, fill.field))
        before = before if known is None else int(known)
        if before - percent >= hub.settings.alerts.fill_drop * 100:
            facts = {"percent": percent, "before": before}
            yield Condition("emptier", fill.connection, fill.stream, facts, fill.field)


def _moment(schedule: Schedule, since: datetime, count: int) -> datetime:
    """The moment of a schedule that comes so many after another; one that never comes is later than any other."""
    moment = since
    for _ in range(count):
        try:
            moment = next_run(replace(schedule, last_run_at=moment), moment)
        except ScheduleError:
            return datetime.max.replace(tzinfo=since.tzinfo)
    return moment
