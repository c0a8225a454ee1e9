"""How often a stream's fields are filled, counted after a run and held against earlier ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median

from pydantic_core import from_json
from sqlalchemy import and_, delete, or_, select

from echo_hub.store.database import Database, Transaction
from echo_hub.store.fill_tables import FILL_RATE
from echo_hub.store.holds import live_of
from echo_hub.store.light_tables import RECORD, RUN, STREAM
from echo_hub.store.runs import RAN, last_run

KEPT_RUNS = 10
BATCH = 2_000
FEWEST = 50
"""Of fewer records a share says nothing."""


@dataclass(frozen=True, slots=True)
class Fill:
    """Which share of records has a field filled, after the last count, and as the median of those before it."""

    connection: str
    stream: str
    field: str
    share: float
    before: float


def count_fills(database: Database) -> None:
    """Counts the streams whose last complete run changed something and is not counted yet; reads their records."""
    with database.reading() as transaction:
        changed = and_(RUN.c.outcome == "done", or_(RUN.c.written > 0, RUN.c.removed > 0))
        newest = select(last_run(changed)).select_from(RAN)
        uncounted = (
            select(RUN.c.id, STREAM.c.id.label("stream_id"), RUN.c.connection, RUN.c.stream)
            .join(STREAM, and_(STREAM.c.connection == RUN.c.connection, STREAM.c.name == RUN.c.stream))
            .where(RUN.c.id.in_(newest), RUN.c.id.not_in(select(FILL_RATE.c.run_id)))
        )
        counts = [(run, list(_counted(transaction, run.id, run.stream_id))) for run in transaction.all(uncounted)]
    for run, rows in counts:
        if rows:
            with database.writing() as transaction:
                transaction.execute(transaction.insert(FILL_RATE).on_conflict_do_nothing(), rows)
                _forget_old(transaction, run.connection, run.stream)


def fills(transaction: Transaction) -> list[Fill]:
    """Every field that was counted before, of enough records."""
    counted = (
        select(RUN.c.connection, RUN.c.stream, FILL_RATE)
        .join(FILL_RATE, FILL_RATE.c.run_id == RUN.c.id)
        .where(FILL_RATE.c.records >= FEWEST)
        .order_by(RUN.c.connection, RUN.c.stream, FILL_RATE.c.field, RUN.c.id.desc())
    )
    shares: dict[tuple[str, str, str], list[float]] = {}
    for row in transaction.all(counted):
        shares.setdefault((row.connection, row.stream, row.field), []).append(row.filled / row.records)
    return [Fill(*key, last, median(earlier)) for key, (last, *earlier) in shares.items() if earlier]


def _counted(transaction: Transaction, run_id: int, stream_id: int) -> Iterator[dict[str, object]]:
    records: Counter[str] = Counter()
    filled: Counter[str] = Counter()
    known: dict[str, str] = {}
    wanted = select(RECORD.c.entity, RECORD.c.payload).where(*live_of(stream_id), RECORD.c.payload.is_not(None))
    for row in transaction.each(wanted, size=BATCH):
        records[row.entity] += 1
        for name, value in from_json(row.payload).items():
            field = f"{row.entity}.{name}"
            known[field] = row.entity
            filled[field] += value not in (None, "", [], {})
    for field, entity in known.items():
        yield {"run_id": run_id, "field": field, "filled": filled[field], "records": records[entity]}


def _forget_old(transaction: Transaction, connection: str, stream: str) -> None:
    of_stream = and_(RUN.c.connection == connection, RUN.c.stream == stream)
    counted = select(RUN.c.id).where(of_stream, RUN.c.id.in_(select(FILL_RATE.c.run_id))).order_by(RUN.c.id.desc())
    old = [row.id for row in transaction.all(counted)][KEPT_RUNS:]
    if old:
        transaction.execute(delete(FILL_RATE).where(FILL_RATE.c.run_id.in_(old)))
