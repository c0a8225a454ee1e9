"""From one raw record to the hub's records, by the rules of a dialect. Pure: same input, same output."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal

from pydantic import ValidationError

from echo_core.connectors.errors import RecordError
from echo_core.model import ENTITIES, Excluded, PersonRef, Record, Requirement
from echo_hub_lxp.config import LxpConfig
from echo_hub_lxp.converters import CONVERTERS, MapContext
from echo_hub_lxp.dialect import Dialect, StreamRecord
from echo_hub_lxp.field_path import parse
from echo_hub_lxp.people import PeopleContext, person_ref
from echo_hub_lxp.rules import Condition, Rule, requirement

_MAX_LABEL = 300


def key_of(dialect: Dialect, stream: StreamRecord, raw: Mapping[str, Any]) -> str | None:
    """The record's key, or None when it cannot be told. The record's `source_id` is the same text.

    A platform's own id where there is one; else a hash over dialect and the fields that make the record what it is,
    so that reading it again gives the same key.
    """
    rule = stream.key
    try:
        value = parse(rule.path).find(raw) if rule.path is not None else None
        if isinstance(value, str | int) and not isinstance(value, bool) and str(value).strip():
            return f"{rule.prefix}{str(value).strip()}"
        if value is not None or not rule.digest:
            return None
        parts = [_first(raw, alternatives) for alternatives in rule.digest]
    except RecordError:
        return None
    if all(part is None for part in parts):
        return None
    text = json.dumps([dialect.name, *parts], sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:40]


def map_record(
    dialect: Dialect, stream: StreamRecord, raw: Mapping[str, Any], config: LxpConfig
) -> Iterator[Record | Excluded]:
    """Yields the one record, or why it is left out.

    Raises:
        RecordError: the raw record breaks the dialect's expectations; the field is named, its value never.
    """
    key = key_of(dialect, stream, raw)
    if key is None:
        raise RecordError("The record has no key, so it cannot be told from others.", field=stream.key.path or "key")
    for exclusion in stream.exclude:
        if all(_holds(condition, raw, dialect) for condition in exclusion.when):
            yield Excluded(entity=stream.entity, source_id=key, rule=exclusion.rule)
            return
    context = config.map_context
    values: dict[str, Any] = {"source_id": key}
    for name, rules in stream.map.items():
        value = first_found(rules, raw, context)
        if value is not None:
            values[name] = value
    if stream.person:
        values["person"] = person_of(stream, raw, config, config.people_context)
    if stream.requirements:
        values["requirements"] = taught(stream, raw, context)
    if "parents" in values:
        # Some platforms list a path among its own parents.
        values["parents"] = tuple(parent for parent in values["parents"] if parent != key)
    yield _built(stream.entity, values)


def first_found(rules: Iterable[Rule], raw: Mapping[str, Any], context: MapContext) -> Any:
    """What the first rule gives that gives anything; None when none does."""
    for rule in rules:
        value = apply(rule, raw, context)
        if not _blank(value):
            return value
    return None


def apply(rule: Rule, raw: Mapping[str, Any], context: MapContext) -> Any:
    """What one rule finds, converted.

    Raises:
        RecordError: a conversion expected something else.
    """
    if rule.const is not None:
        value: Any = rule.const
    elif rule.gather:
        value = [item for path in rule.gather for item in _many(parse(path).find(raw))]
    else:
        value = _first(raw, rule.sources)
    result = value
    for step in rule.convert:
        if _blank(result):
            return None
        try:
            result = CONVERTERS[step.use](result, context, **step.options)
        except ValueError as error:
            field = ", ".join(rule.paths)
            raise RecordError(
                f"The field {field!r} cannot be read: {error}.", field=field, value_type=type(value).__name__
            ) from None
    return result


def person_of(stream: StreamRecord, raw: Mapping[str, Any], config: LxpConfig, context: PeopleContext) -> PersonRef:
    """The person a completion belongs to: the connection's own field first, then the dialect's, in order.

    Raises:
        RecordError: nobody is named.
    """
    rules: list[tuple[str, str]] = [(rule.scheme, rule.source) for rule in stream.person]
    if config.person is not None:
        rules.insert(0, (config.person.scheme, config.person.field))
    for scheme, path in rules:
        value = parse(path).find(raw)
        if value is None:
            continue
        try:
            person = person_ref(scheme, value, context)
        except ValueError as error:
            raise RecordError(
                f"The field {path!r} names nobody: {error}.", field=path, value_type=type(value).__name__
            ) from None
        if person is not None:
            return person
    fields = ", ".join(path for _, path in rules)
    raise RecordError("The record names no person.", field=fields, value_type="none")


def taught(stream: StreamRecord, raw: Mapping[str, Any], context: MapContext) -> tuple[Requirement, ...]:
    """The skills a piece of content teaches: the vendor's own where it has any, else its tags, marked as such."""
    for rule in stream.requirements:
        value = apply(rule, raw, context)
        origin: Literal["vendor_skill", "vendor_tag"] = rule.origin
        labels = {str(item).strip()[:_MAX_LABEL]: None for item in _many(value) if str(item).strip()}
        if labels:
            return tuple(requirement(label, origin) for label in labels)
    return ()


def _built(entity: str, values: Mapping[str, Any]) -> Record:
    try:
        return ENTITIES[entity].model_validate(values)
    except ValidationError as error:
        problem = error.errors(include_input=False, include_url=False)[0]
        field = ".".join(str(part) for part in problem["loc"])
        raise RecordError(
            f"The {entity.replace('_', ' ')} cannot be made: {field}: {problem['msg']}.",
            field=field,
            value_type=problem["type"],
        ) from None


def _holds(condition: Condition, raw: Mapping[str, Any], dialect: Dialect) -> bool:
    values = _many(parse(condition.path).find(raw))
    if condition.equals is not None:
        return any(value in condition.equals for value in values)
    if condition.unless is not None:
        return bool(values) and not any(value in condition.unless for value in values)
    table = dialect.folded_words[condition.outside or ""]
    return not any(isinstance(value, str) and value.strip().casefold() in table for value in values)


def _first(raw: Mapping[str, Any], paths: Iterable[str]) -> Any:
    for path in paths:
        values = parse(path).find(raw)
        if not _blank(values):
            return values
    return None


def _many(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _blank(value: Any) -> bool:
    return value is None or (isinstance(value, str | list | tuple | dict) and not value)
