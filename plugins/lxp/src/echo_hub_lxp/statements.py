"""Records that are pushed to the hub instead of fetched, e.g. xAPI statements posted by a platform."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from echo_core.connectors.errors import RecordError
from echo_core.model import Excluded, Record
from echo_hub_lxp.config import LxpConfig
from echo_hub_lxp.engine import prepared, selection
from echo_hub_lxp.mapping import map_record
from echo_hub_lxp.streams import raw_model


@dataclass(frozen=True, slots=True)
class Refused:
    """A pushed record that cannot be read. `raw` holds only what the dialect may look at."""

    raw: Mapping[str, Any]
    error: RecordError


@dataclass(frozen=True, slots=True)
class Ingested:
    """What a list of pushed records comes to. `removed` are keys of records taken back that were not in the list."""

    records: tuple[Record, ...]
    excluded: tuple[Excluded, ...]
    refused: tuple[Refused, ...]
    removed: tuple[str, ...]


def ingest_statements(
    statements: Iterable[Mapping[str, Any]], config: LxpConfig, *, stream: str = "completions"
) -> Ingested:
    """Maps statements exactly as the stream of that name would, without any request. Pure; order does not matter.

    Args:
        statements: as posted, one object each.
        config: the connection they belong to.
        stream: the dialect's stream whose rules apply.
    """
    dialect = config.record
    rules = dialect.streams[stream]
    model = raw_model(dialect, stream, rules, config)
    pushed = [dict(statement) for statement in statements]
    raws, removed = prepared(dialect, rules, selection(rules, config), pushed, None)
    records: list[Record] = []
    excluded: list[Excluded] = []
    refused: list[Refused] = []
    for raw in raws:
        try:
            mapped = list(map_record(dialect, rules, model.model_validate(raw).payload(), config))
        except ValidationError as error:
            field = ".".join(str(part) for part in error.errors(include_input=False)[0]["loc"])
            refused.append(Refused(raw, RecordError(f"The record lacks {field!r}.", field=field, value_type="missing")))
        except RecordError as error:
            refused.append(Refused(raw, error))
        else:
            records += [item for item in mapped if not isinstance(item, Excluded)]
            excluded += [item for item in mapped if isinstance(item, Excluded)]
    return Ingested(tuple(records), tuple(excluded), tuple(refused), removed)
