"""Caps on the texts of a record, so that what scans, indexes and shows them later has a bounded amount to do."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from echo_core.model import Record

DESCRIPTION_CHARS = 100_000
"""Of a description: about thirty pages of print. The longest real one we know has 26,000."""
TEXT_CHARS = 2_000
"""Of any other text. Keys (500), titles (500), names and labels (300) have their own limits in `echo_core.model`."""
MARK = " […]"
"""Ends a text that was cut."""
_LONG = frozenset({"description"})


def shortened(record: Record, payload_bytes: int) -> Record | None:
    """The record with every over-long text cut to its cap and marked; None where nothing is too long.

    `payload_bytes` is the length of the record's JSON: a short one cannot hold a long text, and costs one comparison.
    """
    if payload_bytes <= TEXT_CHARS:
        return None
    description = getattr(record, "description", "")
    if len(description) <= DESCRIPTION_CHARS and payload_bytes - len(description) <= TEXT_CHARS:
        return None
    cut = _cut(record)
    return None if cut is record else cut


def _cut(value: Any, limit: int = TEXT_CHARS) -> Any:
    """The value itself when nothing in it is too long."""
    if isinstance(value, str):
        return value if len(value) <= limit else value[: limit - len(MARK)].rstrip() + MARK
    if isinstance(value, tuple):
        items = tuple(_cut(item) for item in value)
        return value if all(new is old for new, old in zip(items, value, strict=True)) else items
    if isinstance(value, BaseModel):
        changed = {}
        for name, old in value.__dict__.items():
            if isinstance(old, str | tuple | BaseModel):
                new = _cut(old, DESCRIPTION_CHARS if name in _LONG else TEXT_CHARS)
                if new is not old:
                    changed[name] = new
        return value.model_copy(update=changed) if changed else value
    return value
