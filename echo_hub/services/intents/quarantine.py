"""Records that could not be read: which, why, how many of each reason, and reading them again after a fix."""

from __future__ import annotations

from echo_hub.services.access import Permit, allow
from echo_hub.services.actor import Actor
from echo_hub.services.hub import Hub
from echo_hub.services.quarantine_views import QuarantinedValue, QuarantineView, ReasonView, ReplayView, value_of
from echo_hub.services.recording import recorder
from echo_hub.services.refusals import QuarantineError
from echo_hub.services.syncing import as_connection, must_be_configured
from echo_hub.store.database import Transaction
from echo_hub.store.quarantine import list_quarantine, list_reasons, read_quarantined
from echo_hub.sync.replay import Replayed, replay_quarantine

__all__ = ["QuarantineView", "ReasonView", "ReplayView", "reasons", "records", "replay", "replay_record", "value"]


def records(
    actor: Actor,
    hub: Hub,
    connection: str | None = None,
    stream: str | None = None,
    *,
    code: str | None = None,
    field: str | None = None,
    resolved: bool = False,
    limit: int = 200,
    offset: int = 0,
    configured: bool = False,
) -> list[QuarantineView]:
    """Records set aside with the reason, the latest first; with `resolved` also those that came in after all.

    Raises:
        SettingsError: with `configured`, a connection that the settings do not name.
    """
    allow(actor, "quarantine.read")
    if configured:
        must_be_configured(hub, connection)
    listed = list_quarantine(
        hub.database, connection, stream, code=code, field=field, resolved=resolved, limit=limit, offset=offset
    )
    return [QuarantineView.of(record) for record in listed]


def reasons(
    actor: Actor, hub: Hub, connection: str | None = None, stream: str | None = None, *, resolved: bool = False
) -> list[ReasonView]:
    """Why records are set aside, with counts, the most frequent reason first; together they are all there are."""
    allow(actor, "quarantine.read")
    return [ReasonView.of(reason) for reason in list_reasons(hub.database, connection, stream, resolved=resolved)]


def value(actor: Actor, hub: Hub, record_id: int) -> QuarantinedValue:
    """The value that put a record into quarantine, which may be a person's.

    Raises:
        QuarantineError: there is no such record.
    """
    allow(actor, "quarantine.value")
    return value_of(read_quarantined(hub.database, record_id))


def replay(actor: Actor, hub: Hub, connection: str, stream: str | None = None) -> list[ReplayView]:
    """Reads a connection's records in quarantine again, of one stream if it is named, without asking the source.

    Raises:
        QuarantineError: no such connection or stream is configured.
        LeaseTakenError: the connection is being synced; try again when that is over.
    """
    permit = allow(actor, "quarantine.replay")
    return _replayed(hub, permit, connection, stream)


def replay_record(actor: Actor, hub: Hub, record_id: int) -> ReplayView:
    """Reads one record again; errors as `replay`.

    Raises:
        QuarantineError: there is no such record, it came in meanwhile (code "quarantine.resolved"), or too little of it
            is kept (code "quarantine.not_kept").
    """
    permit = allow(actor, "quarantine.replay")
    record = read_quarantined(hub.database, record_id)
    if record.resolved_at is not None:
        raise QuarantineError(
            f"Record {record_id} is not in quarantine any more: it came in, or the source does not list it.",
            code="quarantine.resolved",
        )
    if record.rejected.payload is None:
        raise QuarantineError(
            f"Of record {record_id} nothing is kept that could be read again; sync {record.connection} instead.",
            code="quarantine.not_kept",
        )
    return _replayed(hub, permit, record.connection, record.stream, record_id)[0]


def _replayed(
    hub: Hub, permit: Permit, connection: str, stream: str | None, record_id: int | None = None
) -> list[ReplayView]:
    settings = next((known for known in hub.settings.connections if known.name == connection), None)
    if settings is None:
        raise QuarantineError(f"{connection} is not configured, or its settings cannot be used.")
    streams = [declared.name for declared in settings.connector.streams_for(settings.config)]
    if stream is not None and stream not in streams:
        raise QuarantineError(f"{connection} has no stream {stream}; it has {', '.join(streams)}.")
    record = recorder(hub, permit)

    def stored(transaction: Transaction, taken: Replayed) -> None:
        about = {"stream": taken.stream, "resolved": taken.resolved, "remaining": taken.remaining}
        record(transaction, "connection", taken.connection, about)

    replayed = replay_quarantine(
        hub.database,
        as_connection(settings),
        stream=stream,
        record_id=record_id,
        stored=stored,
        hooks=hub.registry.hooks,
        clock=hub.now,
    )
    return [ReplayView(**{name: getattr(result, name) for name in ReplayView.model_fields}) for result in replayed]
