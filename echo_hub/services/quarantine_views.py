"""What is shown of a record in quarantine: which it is and why it is there. Of what it holds, the value that broke."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from pydantic import Field

from echo_hub.services.views import View
from echo_hub.store.quarantine import Quarantined, Reason


class QuarantineView(View):
    """A record that could not be stored, with the reason. Its content stays in the database."""

    id: int
    connection: str
    stream: str
    source_key: str
    code: str
    field: str = Field(description="Path of the value inside the record")
    value_type: str = Field(description="What kind of value stood there")
    message: str
    run_id: int
    first_seen_at: datetime
    last_seen_at: datetime
    resolved_at: datetime | None
    kept: bool = Field(description="Whether enough of it is kept to read it again without asking the source")

    @classmethod
    def of(cls, record: Quarantined) -> QuarantineView:
        """A stored rejection without its payload."""
        fields = {name: getattr(record, name) for name in cls.model_fields if hasattr(record, name)}
        rejected = {name: getattr(record.rejected, name) for name in cls.model_fields if hasattr(record.rejected, name)}
        return cls(**fields, **rejected, kept=record.rejected.payload is not None)


class QuarantinedValue(View):
    """The value that put a record into quarantine."""

    id: int
    field: str
    value: str | None = Field(description="As JSON; null where the source sent none there, or none of it is kept")


class ReasonView(View):
    """How many records of a stream are set aside for one reason."""

    connection: str
    stream: str
    code: str
    field: str
    count: int
    message: str = Field(description="What was said of the latest of them")

    @classmethod
    def of(cls, reason: Reason) -> ReasonView:
        """A counted reason."""
        return cls(**{name: getattr(reason, name) for name in cls.model_fields})


class ReplayView(View):
    """What came of reading a stream's records again."""

    connection: str
    stream: str
    resolved: int = Field(description="Records that came in")
    remaining: int = Field(description="Records that stay in quarantine")


def value_of(record: Quarantined) -> QuarantinedValue:
    """The value at the field's path, or the innermost part of the record on the way there that is there."""
    payload = None if record.rejected.payload is None else json.loads(record.rejected.payload)
    place, steps = payload, 0
    for step in record.rejected.field.split(".") if record.rejected.field else ():
        below = _below(place, step)
        if below is None:
            break
        (place,) = below
        steps += 1
    value = json.dumps(place, ensure_ascii=False) if steps else None
    return QuarantinedValue(id=record.id, field=record.rejected.field, value=value)


def _below(place: Any, step: str) -> tuple[Any] | None:
    if isinstance(place, dict) and step in place:
        return (place[step],)
    if isinstance(place, list) and step.isdigit() and int(step) < len(place):
        return (place[int(step)],)
    return None
