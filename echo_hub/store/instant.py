"""Points in time as both databases keep them: time stamps with zone on PostgreSQL, sortable ISO text on SQLite."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import TIMESTAMP, Dialect, String
from sqlalchemy.types import TypeDecorator, TypeEngine


def as_text(moment: datetime) -> str:
    """UTC, microseconds always written, so that texts sort as the moments do.

    Raises:
        ValueError: the moment has no time zone.
    """
    offset = moment.utcoffset()
    if offset is None:
        raise ValueError(f"a moment without time zone: {moment.isoformat()}")
    # Converting costs twice as much as writing, and most moments are UTC already.
    utc = moment.astimezone(UTC) if offset else moment
    return utc.isoformat(timespec="microseconds")


def as_moment(value: datetime | str) -> datetime:
    """A stored value of either database as an aware UTC datetime."""
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment.astimezone(UTC)


class Instant(TypeDecorator[datetime]):
    """Column type for an aware datetime; reads back as UTC."""

    impl = String(32)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """TIMESTAMP WITH TIME ZONE on PostgreSQL, text elsewhere."""
        if dialect.name == "postgresql":
            return dialect.type_descriptor(TIMESTAMP(timezone=True))
        return dialect.type_descriptor(String(32))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """Refuses a naive datetime; writes UTC."""
        if value is None:
            return None
        text = as_text(value)
        return value if dialect.name == "postgresql" else text

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ARG002, fixed by SQLAlchemy
        """Reads UTC. Text that is no moment reads as none, so that one such row hides no other from a query."""
        try:
            return None if value is None else as_moment(value)
        except (ValueError, OverflowError):
            return None
