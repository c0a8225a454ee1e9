"""What is shown of removals that wait for a person: how many of how many, and who would go."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from pydantic import Field

from echo_hub.services.views import View
from echo_hub.store.holds import Hold, MissingRecord


class HoldView(View):
    """A run on hold: it would remove suspiciously many records. `sample` holds the first of their source ids."""

    id: int
    run_id: int
    connection: str
    stream: str
    would_remove: int
    live: int
    sample: tuple[str, ...]
    state: Literal["open", "confirmed", "refused", "superseded"]
    opened_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    reason: str | None = Field(description="Why it was decided so")

    @classmethod
    def of(cls, hold: Hold) -> HoldView:
        """A stored hold."""
        return cls(**{name: getattr(hold, name) for name in cls.model_fields})


class MissingView(View):
    """A record that a run did not find."""

    entity: str = Field(description="What it is: a person, a job")
    source_id: str
    name: str | None = Field(description="A person's name or an opportunity's title; null where it has neither")


class HoldRecordsView(View):
    """A hold, and some of the records that confirming it would remove."""

    hold: HoldView
    total: int = Field(description="How many confirming would remove by now: what a later run met again stays")
    offset: int
    records: tuple[MissingView, ...]

    @classmethod
    def of(cls, hold: Hold, total: int, records: Sequence[MissingRecord], offset: int) -> HoldRecordsView:
        """A page of a hold's records."""
        shown = tuple(MissingView(entity=row.entity, source_id=row.source_id, name=row.name) for row in records)
        return cls(hold=HoldView.of(hold), total=total, offset=offset, records=shown)
