"""Tries a connection without storing anything: what `echo-hub connections check` prints."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from echo_core.connectors.declaration import CheckResult, Stream, StreamContext, Window, load
from echo_hub.sync import failure
from echo_hub.sync.connection import Connection, utc_now

log = logging.getLogger(__name__)
ATTEMPTS = 2
"""A check answers soon: one retry, whatever patience the connection has for a sync."""


def check_connection(
    connection: Connection,
    *,
    clock: Callable[[], datetime] = utc_now,
    sleep: Callable[[float], None] = time.sleep,
) -> list[CheckResult]:
    """The connector's own check, or one page of each stream where it has none. Never raises."""
    from echo_core.http.client import Client

    try:
        settings = connection.http_settings()
        settings = replace(settings, retry=replace(settings.retry, attempts=min(ATTEMPTS, settings.retry.attempts)))
        client = Client(settings, connection=connection.name, sleep=sleep)
    except Exception as error:  # noqa: BLE001, a plug-in's bug is one more thing a check finds
        return [_failed("settings", error)]
    context = StreamContext(config=connection.config, http=client, now=clock, log=log)
    try:
        if connection.connector.check is not None:
            return list(load(connection.connector.check)(context))
        return list(_first_pages(connection, context))
    except Exception as error:  # noqa: BLE001, as above
        return [_failed("connection", error)]
    finally:
        client.close()


def _first_pages(connection: Connection, context: StreamContext) -> Iterator[CheckResult]:
    for stream in connection.connector.streams_for(connection.config):
        try:
            found = _first_page(stream, context)
        except Exception as error:  # noqa: BLE001, as above; the other streams are still tried
            yield _failed(stream.name, error)
        else:
            yield CheckResult(stream.name, ok=True, message=f"answers, {found} records on its first page")


def _first_page(stream: Stream, context: StreamContext) -> int:
    pages: Any = stream.read(context, Window(None, context.now() - stream.lag), None)
    page = next(iter(pages), None)
    return 0 if page is None else len(page.records)


def _failed(name: str, raised: Exception) -> CheckResult:
    error = failure.as_hub_error(raised, name)
    return CheckResult(name, ok=False, message=error.message, advice=error.detail)
