"""Tries a connection without storing anything: what `echo-hub connections check` prints."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from echo_core.connectors.declaration import CheckResult, Page, Stream, StreamContext, Window, load
from echo_core.connectors.errors import ConnectorBug
from echo_core.connectors.hooks import Hooks
from echo_hub.sync import failure, limits
from echo_hub.sync.connection import Connection, utc_now
from echo_hub.sync.declared import names_of
from echo_hub.sync.keys import keys_of
from echo_hub.sync.mapping import Mapper

if TYPE_CHECKING:
    from echo_core.http.shared import Shared

log = logging.getLogger(__name__)
ENOUGH = 5
"""With fewer records than this, an empty field says nothing."""
ATTEMPTS = 2
"""A check answers soon: one retry, whatever patience the connection has for a sync."""


def check_connection(
    connection: Connection,
    *,
    clock: Callable[[], datetime] = utc_now,
    sleep: Callable[[float], None] = time.sleep,
    hooks: Hooks | None = None,
    shared: Shared | None = None,
) -> list[CheckResult]:
    """The connector's own check, or one page of each stream, read and mapped, where it has none. Never raises."""
    from echo_core.http.client import Client

    try:
        settings = connection.http_settings()
        settings = replace(settings, retry=replace(settings.retry, attempts=min(ATTEMPTS, settings.retry.attempts)))
        client = Client(settings, connection=connection.name, sleep=sleep, shared=shared)
    except Exception as error:  # noqa: BLE001, a plug-in's bug is one more thing a check finds
        return [_failed("settings", error)]
    context = StreamContext(config=connection.config, http=client, now=clock, log=log)
    try:
        if connection.connector.check is not None:
            return list(load(connection.connector.check)(context))
        return list(_first_pages(connection, context, hooks or Hooks()))
    except (Exception, SystemExit) as error:  # noqa: BLE001, as above
        return [_failed("connection", error)]
    finally:
        client.close()


def _first_pages(connection: Connection, context: StreamContext, hooks: Hooks) -> Iterator[CheckResult]:
    for stream in connection.connector.streams_for(connection.config):
        try:
            yield first_page(stream, context, hooks)
        except Exception as error:  # noqa: BLE001, as above; the other streams are still tried
            yield _failed(stream.name, error)


def first_page(stream: Stream, context: StreamContext, hooks: Hooks) -> CheckResult:
    """Reads one page and maps it, as a sync does: not ok when a record fails, naming the first and its field."""
    pages: Any = iter(stream.read(context, Window(None, context.now() - stream.lag), None))
    try:
        page = next(pages, None)
    finally:
        if hasattr(pages, "close"):
            pages.close()
    if page is not None and not isinstance(page, Page):
        raise ConnectorBug(f"The connector's stream {stream.name} yields {type(page).__name__} instead of pages.")
    records = () if page is None else page.records
    limits.resume_text(None if page is None else page.resume)
    keys = keys_of(stream.key, records)
    rejected = (
        Mapper(stream, context.config, hooks)
        .map([(raw, key, None) for raw, key in zip(records, keys, strict=True)])
        .rejected
    )
    message = f"answers, {len(records)} records on its first page"
    if rejected:
        first = rejected[0]
        where = f", field {first.field}" if first.field else ""
        return CheckResult(
            stream.name,
            ok=False,
            message=f"{message}, {len(rejected)} of them cannot be read. The first: {first.source_key}{where}",
            advice=first.message,
        )
    if empty := _never_filled(stream, records):
        message += f"; {', '.join(empty)} filled in 0 of {len(records)}"
    return CheckResult(stream.name, ok=True, message=message)


def _never_filled(stream: Stream, records: Sequence[Mapping[str, Any]]) -> list[str]:
    """Fields the raw model declares and no record of the page has: a list that was changed, or a name misspelt."""
    if len(records) < ENOUGH:
        return []
    filled = {key for raw in records for key, value in raw.items() if value not in (None, "", [])}
    return [name for name, field in stream.raw.model_fields.items() if not filled & {name, *names_of(field)}]


def _failed(name: str, raised: BaseException) -> CheckResult:
    error = failure.as_hub_error(raised, name)
    return CheckResult(name, ok=False, message=error.message, advice=error.detail)
