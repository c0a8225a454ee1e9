"""What a run tells observers and the log of what it has stored."""

from __future__ import annotations

import logging

from echo_core.connectors.events import PageStored, Quarantined, RemovalHeld
from echo_core.connectors.hooks import Hooks
from echo_hub.store.holds import Hold
from echo_hub.store.runs import RunReport
from echo_hub.sync.compare import Compared

log = logging.getLogger(__name__)
HELD_BECAUSE = {
    "empty": "the source is empty",
    "many": "too many are missing at once",
    "keyless": "records came without a readable key, so that nobody knows which are missing",
}


def tell_page(
    hooks: Hooks, before: RunReport, after: RunReport, compared: Compared, *, page: int, total: int | None
) -> None:
    """Says what came of a page; its number counts from 1, and `total` is the source's own estimate.

    Args:
        before: the run's report without the page; `after`: with it.
    """
    if compared.repeated and not before.repeated:
        log.warning(
            "%s/%s: the source lists records twice in different versions; the run counts them as repeated",
            after.connection,
            after.stream,
        )
    for rejection in compared.rejected:
        hooks.event(
            Quarantined(
                connection=after.connection,
                stream=after.stream,
                run=str(after.run_id),
                source_id=rejection.source_key,
                code=rejection.code,
                field=rejection.field,
            )
        )
    removed = after.removed - before.removed
    if compared.changed or compared.rejected or removed:
        hooks.event(
            PageStored(
                connection=after.connection,
                stream=after.stream,
                run=str(after.run_id),
                page=page,
                read=after.read - before.read,
                written=compared.written,
                unchanged=compared.unchanged,
                quarantined=len(compared.rejected),
                removed=removed,
                total=total,
            )
        )


def tell_hold(hooks: Hooks, report: RunReport, hold: Hold, verdict: str) -> None:
    """Says that a removal waits for a person, and why."""
    hooks.event(
        RemovalHeld(
            connection=report.connection,
            stream=report.stream,
            run=str(report.run_id),
            would_remove=hold.would_remove,
            stored=hold.live,
            reason=HELD_BECAUSE[verdict],
        )
    )
