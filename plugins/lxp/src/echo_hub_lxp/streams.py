"""The streams of a connection, made from its dialect."""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from functools import partial
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, create_model

from echo_core.connectors.declaration import Stream
from echo_core.model import Excluded, Record
from echo_hub_lxp.config import LxpConfig
from echo_hub_lxp.dialect import Dialect, StreamRecord
from echo_hub_lxp.engine import reader, selection
from echo_hub_lxp.mapping import key_of, map_record


class Raw(BaseModel):
    """A raw record as the dialect's paths see it: its top-level keys, each under its own name as alias."""

    model_config = ConfigDict(extra="ignore", frozen=True, populate_by_name=True)

    def payload(self) -> dict[str, Any]:
        """The record under the platform's own names; keys that were absent stay absent."""
        aliases = {name: info.alias or name for name, info in type(self).model_fields.items()}
        return {aliases[name]: getattr(self, name) for name in self.model_fields_set}


def streams(config: LxpConfig, *, pause: Callable[[float], None] = time.sleep) -> tuple[Stream, ...]:
    """Every stream of the connection's dialect, in the dialect's order. `pause` waits for reports, in seconds."""
    dialect = config.record
    return tuple(_stream(dialect, name, record, config, pause) for name, record in dialect.streams.items())


def _stream(
    dialect: Dialect, name: str, record: StreamRecord, config: LxpConfig, pause: Callable[[float], None]
) -> Stream:
    changes = record.changes is not None and config.catalogue == "changes"
    window = record.window
    return Stream(
        name=name,
        raw=raw_model(dialect, name, record, config),
        read=reader(dialect, record, config, pause=pause),
        map=DialectMap(dialect, name),
        entities=(record.entity,),
        key=partial(key_of, dialect, record),
        watermark="window" if window else "observed_max" if changes else "none",
        # A list of changes says nothing about what is gone, except in the status it carries.
        removal="flagged" if changes and record.removal == "snapshot" else record.removal,
        overlap=timedelta(days=window.overlap_days) if window else timedelta(hours=1),
        lag=timedelta(minutes=window.lag_minutes) if window else timedelta(minutes=1),
        optional=record.optional,
        fills=record.fills,
    )


def raw_model(dialect: Dialect, name: str, record: StreamRecord, config: LxpConfig) -> type[Raw]:
    """The raw model of one stream: the top-level keys its paths begin with, required where the dialect says so."""
    fields: dict[str, Any] = {}
    for place, key in enumerate(selection(record, config).keys):
        attribute = f"{re.sub(r'[^0-9a-zA-Z]+', '_', key).strip('_').lower() or 'field'}_{place}"
        fields[attribute] = (Any, Field(alias=key) if key in record.required else Field(default=None, alias=key))
    title = "".join(part.title() for part in f"{dialect.name}_{name}".split("_"))
    model: type[Raw] = create_model(f"{title}Raw", __base__=Raw, **fields)
    return model


class DialectMap:
    """The `map` of one stream. Its name holds a digest of the dialect, because a changed dialect is a changed mapping.

    The hub takes a raw record for already mapped when neither it nor the mapping's code and name have changed; the
    dialect is data, so nothing else would tell.
    """

    def __init__(self, dialect: Dialect, stream: str) -> None:
        self._dialect = dialect
        self._rules = dialect.streams[stream]
        digest = hashlib.sha256(dialect.model_dump_json().encode()).hexdigest()[:16]
        self.__qualname__ = f"DialectMap.{dialect.name}.{stream}.{digest}"

    def __call__(self, raw: Any, config: Any) -> Iterable[Record | Excluded]:
        """One validated raw record as the hub's record, or why it is left out."""
        payload: Mapping[str, Any] = raw.payload() if isinstance(raw, Raw) else raw
        return map_record(self._dialect, self._rules, payload, config)
