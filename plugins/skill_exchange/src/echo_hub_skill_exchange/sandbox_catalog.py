"""The catalog of the sandbox: filters, cursors, projection, facets, as plugin-catalog-backend answers them.

Imitated from its OpenAPI description and from answers of a real backend: a cursor freezes filter, order and total
but neither fields nor limit; without an order the internal uid orders; all comparisons ignore case.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

Entity = Mapping[str, Any]
DEFAULT_LIMIT = 20


class InputError(Exception):
    """Backstage's InputError: answered with status 400 and this message."""


def _walk(value: Any, path: str) -> Iterator[tuple[str, str | None]]:
    """Every (key, value) a filter may name; None stands for "exists"."""
    if path:
        yield path.lower(), None
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _walk(inner, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list):
        for item in value:
            if isinstance(item, Mapping | list):
                yield from _walk(item, path)
            else:
                text = _text(item)
                yield f"{path}.{text}".lower(), None
                yield f"{path}.{text}".lower(), "true"
                yield path.lower(), text.lower()
    elif value is not None:
        yield path.lower(), _text(value).lower()


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def search_rows(entity: Entity) -> frozenset[tuple[str, str | None]]:
    """The rows Backstage's search table would hold for an entity, relations as `relations.<type>`."""
    rows = set(_walk({key: value for key, value in entity.items() if key != "relations"}, ""))
    for relation in entity.get("relations", ()):
        key = f"relations.{relation['type']}".lower()
        rows |= {(key, None), (key, str(relation["targetRef"]).lower())}
    return frozenset(rows)


def predicate_of(filters: Sequence[str]) -> dict[str, Any]:
    """The predicate behind `filter` parameters: several are alternatives, commas within one mean all."""
    sets = [_filter_set(text) for text in filters]
    if len(sets) == 1:
        return sets[0]
    return {"$any": sets} if sets else {}


def _filter_set(text: str) -> dict[str, Any]:
    conditions: dict[str, list[str] | None] = {}
    for piece in text.split(","):
        key, equals, value = piece.strip().partition("=")
        if not key:
            raise InputError(f"Invalid filter, '{text}' is not a valid statement (expected a string of the form a=b)")
        if not equals:
            conditions[key] = None
        elif (values := conditions.setdefault(key, [])) is not None:
            values.append(value)
    parts: list[dict[str, Any]] = []
    for key, values in conditions.items():
        if values is None:
            parts.append({key: {"$exists": True}})
        else:
            parts.append({key: values[0] if len(values) == 1 else {"$in": values}})
    return parts[0] if len(parts) == 1 else {"$all": parts}


def matches(predicate: Any, rows: frozenset[tuple[str, str | None]]) -> bool:
    """Whether an entity's rows satisfy a predicate object."""
    if not isinstance(predicate, Mapping):
        raise InputError("Invalid query: expected an object")
    return all(_holds(key, value, rows) for key, value in predicate.items())


def _holds(key: str, value: Any, rows: frozenset[tuple[str, str | None]]) -> bool:
    if key in {"$all", "$any"}:
        matched = [matches(part, rows) for part in value]
        return all(matched) if key == "$all" else any(matched)
    if key == "$not":
        return not matches(value, rows)
    field = key.lower()
    if isinstance(value, Mapping):
        if "$exists" in value:
            return ((field, None) in rows) is bool(value["$exists"])
        return any((field, _text(item).lower()) in rows for item in value.get("$in", ()))
    return (field, _text(value).lower()) in rows


def project(entity: Entity, fields: Iterable[str]) -> dict[str, Any]:
    """Only the named paths of an entity; a path names a value or the root of a subtree, keys may hold dots."""
    kept: dict[str, Any] = {}
    for path in fields:
        _pick(entity, path, kept)
    return kept


def _pick(source: Entity, path: str, into: dict[str, Any]) -> None:
    for key, value in source.items():
        if path == key:
            into[key] = value
        elif path.startswith(key + ".") and isinstance(value, Mapping):
            inner: dict[str, Any] = dict(into.get(key, {}))
            _pick(value, path[len(key) + 1 :], inner)
            if inner:
                into[key] = inner


class CatalogIndex:
    """Entities in the order of their internal uid, which `by-query` walks."""

    def __init__(self, entities: Iterable[Entity]) -> None:
        self._entities = sorted(entities, key=lambda entity: str(entity["metadata"]["uid"]))
        self._rows = [search_rows(entity) for entity in self._entities]
        self._by_ref = {ref_of(entity): entity for entity in self._entities}

    def find(self, ref: str) -> Entity | None:
        """The entity with a full reference, or None."""
        return self._by_ref.get(ref.lower())

    def matching(self, predicate: Any) -> list[Entity]:
        """Entities that satisfy a predicate, by uid."""
        return [entity for entity, rows in zip(self._entities, self._rows, strict=True) if matches(predicate, rows)]

    def facets(self, names: Sequence[str], predicate: Any) -> dict[str, list[dict[str, Any]]]:
        """How often each value of each facet occurs, values as first written, in alphabetical order."""
        chosen = self.matching(predicate)
        result: dict[str, list[dict[str, Any]]] = {}
        for name in names:
            counts: Counter[str] = Counter()
            for entity in chosen:
                counts.update(set(_values_at(entity, name)))
            result[name] = [{"value": value, "count": count} for value, count in sorted(counts.items())]
        return result

    def page(
        self,
        *,
        query: Any,
        order: Sequence[tuple[str, str]] = (),
        cursor: str | None = None,
        fields: Sequence[str] = (),
        limit: int = DEFAULT_LIMIT,
        offset: int = 0,
    ) -> dict[str, Any]:
        """One answer of by-query.

        Raises:
            InputError: a cursor that is none.
        """
        state = _decode(cursor) if cursor else None
        if state is not None:
            query, order, offset = state["query"], [(o["field"], o["order"]) for o in state["orderFields"]], 0
        rows = _ordered(self.matching(query), order)
        total = state["totalItems"] if state else len(rows)
        start = offset
        if state is not None:
            position = state["orderFieldValues"]
            keys = [_order_values(entity, order) for entity in rows]
            at = keys.index(position) if position in keys else _after_gone(keys, position, order)
            start = max(0, at - limit) if state["isPrevious"] else at + 1
        chosen = rows[start : start + limit]
        info: dict[str, str] = {}
        first = _order_values(rows[0], order) if rows else []
        if start + limit < len(rows) and chosen:
            info["nextCursor"] = _encode(query, order, chosen[-1], first, total, previous=False)
        if start > 0 and chosen:
            info["prevCursor"] = _encode(query, order, chosen[0], first, total, previous=True)
        items = [project(entity, fields) if fields else dict(entity) for entity in chosen]
        return {"items": items, "totalItems": total, "pageInfo": info}


def ref_of(entity: Entity) -> str:
    """The full reference of an entity, lower case."""
    metadata = entity["metadata"]
    return f"{entity['kind']}:{metadata.get('namespace', 'default')}/{metadata['name']}".lower()


def _values_at(entity: Any, path: str) -> Iterator[str]:
    if not path:
        if isinstance(entity, list):
            yield from (_text(item) for item in entity)
        elif not isinstance(entity, Mapping) and entity is not None:
            yield _text(entity)
        return
    if isinstance(entity, Mapping):
        for key, value in entity.items():
            if path == key:
                yield from _values_at(value, "")
            elif path.startswith(key + "."):
                yield from _values_at(value, path[len(key) + 1 :])


def _order_values(entity: Entity, order: Sequence[tuple[str, str]]) -> list[str]:
    values = [next(_values_at(entity, field), "") for field, _ in order]
    return [*values, str(entity["metadata"]["uid"])]


def _ordered(entities: list[Entity], order: Sequence[tuple[str, str]]) -> list[Entity]:
    for position in range(len(order) - 1, -1, -1):
        entities = sorted(
            entities,
            key=lambda entity: _order_values(entity, order)[position],
            reverse=order[position][1] == "desc",
        )
    return entities


def _after_gone(keys: list[list[str]], position: list[str], order: Sequence[tuple[str, str]]) -> int:
    """Where the walk goes on when the entity it stopped at is gone: after the last key before it."""
    if any(direction == "desc" for _, direction in order):
        return len(keys)
    return sum(key < position for key in keys) - 1


def _encode(
    query: Any, order: Sequence[tuple[str, str]], at: Entity, first: list[str], total: int, *, previous: bool
) -> str:
    state = {
        "orderFields": [{"field": field, "order": direction} for field, direction in order],
        "isPrevious": previous,
        "query": query,
        "fullTextFilter": {"term": ""},
        "orderFieldValues": _order_values(at, order),
        "firstSortFieldValues": first,
        "totalItems": total,
    }
    return base64.b64encode(json.dumps(state, separators=(",", ":")).encode()).decode()


def _decode(cursor: str) -> dict[str, Any]:
    try:
        state = json.loads(base64.b64decode(cursor, validate=True))
        if {"query", "orderFields", "orderFieldValues", "isPrevious", "totalItems"} <= state.keys():
            return dict(state)
    except (binascii.Error, ValueError, AttributeError):
        pass
    raise InputError("Malformed cursor: SyntaxError: the text is not valid JSON")
