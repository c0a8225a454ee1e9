"""Places the hub itself gave away: they are taken in the snapshot too, though the source knows nothing of them yet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from echo_hub.snapshot.rows import StoredOpportunity
from echo_hub.store.records import public_id


def seated(opportunities: Iterable[StoredOpportunity], taken: Mapping[str, int]) -> Iterator[StoredOpportunity]:
    """The same opportunities, with `taken` seats more in use, by public id."""
    for opportunity in opportunities:
        record = opportunity.record
        more = taken.get(public_id(opportunity.connection, record.entity, record.source_id), 0)
        if more:
            record = record.model_copy(update={"seats_taken": record.seats_taken + more})
        yield replace(opportunity, record=record) if more else opportunity
