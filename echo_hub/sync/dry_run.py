"""A run that stores nothing and says what it would have changed."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import select

from echo_core.connectors.declaration import Page, Stream, Window
from echo_core.connectors.errors import HubError
from echo_core.connectors.hooks import Hooks
from echo_core.model import ENTITIES
from echo_hub.store import bulk, cursors, quarantine, runs
from echo_hub.store.database import Database, Transaction
from echo_hub.store.holds import live_of
from echo_hub.store.light_tables import RECORD
from echo_hub.store.runs import Difference, RunReport
from echo_hub.sync import failure, limits
from echo_hub.sync.circle import PagesMet
from echo_hub.sync.compare import Compared, compare
from echo_hub.sync.connection import Connection
from echo_hub.sync.counting import counted
from echo_hub.sync.fingerprint import mapping_fingerprint, raw_hasher
from echo_hub.sync.keys import storable
from echo_hub.sync.mapping import Mapper
from echo_hub.sync.removal import may_sweep, verdict
from echo_hub.sync.window import next_window, reading_window

_BATCH = 500


def _name(payload: dict[str, Any]) -> str | None:
    return payload.get("name") or payload.get("title")


class DryRun:
    """The same reading, mapping and comparing as a `StreamRun`; only ever opens read transactions.

    Ids of the records met are held in memory. A record listed twice counts twice.
    """

    report: RunReport
    window: Window

    def __init__(
        self,
        database: Database,
        connection: Connection,
        stream: Stream,
        clock: Callable[[], datetime],
        hooks: Hooks,
        *,
        full: bool,
    ) -> None:
        self.stream = stream
        self.resume: Any = None
        self.resumed = False
        self.pages = 0
        self.total: int | None = None
        self._database = database
        self._connection = connection
        self._clock = clock
        self._full = full
        self._mapper = Mapper(stream, connection.config, hooks)
        self._mapping = mapping_fingerprint(stream, connection.config, hooked=hooks.maps)
        self._raw_hash = raw_hasher(self._mapping, stream)
        self._pages_met = PagesMet()
        self._keyless = False
        self._met: set[int] = set()
        self._restarted = False

    def begin(self) -> None:
        """Works out the window; an unfinished run's resume value is left alone."""
        now = self._clock()
        with self._database.reading() as transaction:
            cursor = cursors.find_cursor(transaction, self._connection.name, self.stream.name)
        self._stream_id = None if cursor is None else cursor.stream_id
        changed = cursor is not None and cursor.mapping not in {None, self._mapping.hex()}
        bounds = next_window(self.stream, cursor.watermark if cursor else None, now, full=self._full or changed)
        self._sweeps = may_sweep(self.stream, bounds, full=self._full)
        self.window = reading_window(self.stream, bounds, now, sweeps=self._sweeps)
        self.report = RunReport(
            connection=self._connection.name,
            stream=self.stream.name,
            started_at=now,
            window_until=bounds.until,
            window_since=bounds.since,
            complete=self._full,
        )

    def count_traffic(self, stats: Any) -> None:
        """Takes over what the HTTP client counted for this stream."""
        for name in runs.TRAFFIC:
            setattr(self.report, name, getattr(stats, name))

    def store(self, page: Page) -> None:
        """Counts what the page would change."""
        resume = limits.resume_text(page.resume)
        report = self.report
        with self._database.reading() as transaction:
            compared = compare(transaction, self._stream_id, self.stream, page.records, self._mapper, self._raw_hash)
            self._pages_met.meet(compared.hashes, page.removed, resume)
            again = [id_ for id_, change in compared.returned.items() if id_ in self._met and not change.is_newer]
            compared.keep_stored(again if self._sweeps else ())
            limits.check_page(len(page.records), len(compared.rejected))
            self._met.update(compared.met, compared.returned)
            self._tell_changed(transaction, compared)
            if self._stream_id is not None:
                keys = {rejection.source_key for rejection in compared.rejected}
                self._keyless |= any(key.startswith(quarantine.KEYLESS) for key in keys)
                self._met.update(bulk.ids_of_keys(transaction, self._stream_id, self.stream.entities, keys))
                gone = bulk.ids_of_keys(transaction, self._stream_id, self.stream.entities, storable(page.removed))
                report.removed += len(gone)
                self._tell_removed(transaction, gone)
        self.report = report = counted(report, page, compared)
        self.pages += 1
        self.total = page.total if page.total is not None else self.total
        limits.check_run(report.read, report.quarantined, ended=False)

    def _tell_changed(self, transaction: Transaction, compared: Compared) -> None:
        ids = {(change.row.entity, change.row.source_id): id_ for id_, change in compared.returned.items()}
        payloads = bulk.stored_payloads(transaction, list(ids.values()))
        for row in compared.changed:
            after = json.loads(row.payload) if row.payload else {}
            _, text = payloads.get(ids.get((row.entity, row.source_id), -1), (0, None))
            before = json.loads(text) if text else {}
            fields = {
                name: (before.get(name), after.get(name))
                for name in sorted(before.keys() | after.keys())
                if before.get(name) != after.get(name)
            }
            change: Literal["added", "changed", "removed"] = "changed" if before and fields else "added"
            if not after:  # a rule leaves it out from now on
                change, fields = "removed", {}
            name = _name(after) or _name(before)
            shown = fields if change == "changed" else {}
            self.report.differences.append(Difference(change, row.entity, row.source_id, name, shown))

    def _tell_removed(self, transaction: Transaction, ids: Sequence[int]) -> None:
        columns = (RECORD.c.entity, RECORD.c.source_id, RECORD.c.payload)
        for start in range(0, len(ids), _BATCH):
            query = select(*columns).where(RECORD.c.id.in_(ids[start : start + _BATCH])).order_by(RECORD.c.id)
            for row in transaction.all(query):
                name = _name(json.loads(row.payload)) if row.payload else None
                self.report.differences.append(Difference("removed", row.entity, row.source_id, name))

    def finish(self) -> None:
        """Says what a sweep would remove or hold."""
        limits.check_run(self.report.read, self.report.quarantined, ended=True)
        report = replace(self.report, outcome="done", ended_at=self._clock())
        if self._sweeps and self._stream_id is not None:
            with self._database.reading() as transaction:
                rows = transaction.all(select(RECORD.c.id, RECORD.c.entity).where(*live_of(self._stream_id)))
                absent = [row.id for row in rows if row.entity in ENTITIES and row.id not in self._met]
                self._tell_removed(transaction, absent)
            missing = len(absent)
            ratio = self.stream.max_removal_ratio
            answer = verdict(missing, len(rows), report.read, ratio, keyless=self._keyless)
            if answer == "remove":
                report.removed += missing
            elif answer in {"empty", "many", "keyless"}:
                report.outcome, report.held = "held", missing
        self.report = report

    def restart(self) -> bool:
        """Reads the window again from its start, once."""
        first, self._restarted = not self._restarted, True
        self.resume = None
        self._pages_met = PagesMet()
        return first

    def fail(self, error: HubError) -> None:
        """Notes the error."""
        failure.note(self.report, error, failure.outcome_of(error, optional=self.stream.optional))
        self.report.ended_at = self._clock()

    def stop(self) -> None:
        """Notes that it was stopped."""
        self.report.outcome, self.report.ended_at = "stopped", self._clock()
