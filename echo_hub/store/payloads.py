"""What the store keeps of a record, written and read. Everything that reads a stored payload reads it here.

A payload has every field that `readers` lists, also those at their default, so that what a record says does not
change with a model's defaults. Its version stands in the column beside it. `stored_people` reads people faster; it is
apart, so that a sync need not import what that takes.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from echo_core.model import ENTITIES, Record
from echo_core.model.record import Value
from echo_core.model.stored import UnreadableRecordError, read, value_in
from echo_hub.store.readers import NAMES, READERS

record_in = read
"""`record_in(entity, version, text)`: the record of a stored payload; see `echo_core.model.stored.read`."""


def written(record: Record) -> bytes:
    """The payload of a record, of its entity's current version."""
    payload: bytes = record.__pydantic_serializer__.to_json(record, include=_STORED[record.entity])
    return payload


def version_of(entity: str) -> int:
    """The version of the payloads that this release writes."""
    return ENTITIES[entity].payload_version


def _stored(model: type[Value]) -> dict[str, Any]:
    """The listed fields of a model as pydantic's `include` takes them."""
    fields: dict[str, Any] = {}
    for name in READERS[NAMES[model]]:
        annotation = model.model_fields[name].annotation
        inner = value_in(annotation)
        if inner is None or len(READERS[NAMES[inner]]) == len(inner.model_fields):
            fields[name] = True
        else:
            fields[name] = {"__all__": _stored(inner)} if "tuple" in str(annotation) else _stored(inner)
    return fields


_STORED: Mapping[str, Any] = MappingProxyType({entity: _stored(model) for entity, model in ENTITIES.items()})


__all__ = ["UnreadableRecordError", "record_in", "version_of", "written"]
