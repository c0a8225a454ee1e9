"""Cuts a raw record down to what its raw model declares, so that a quarantined one cannot hold private fields."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, get_args

from pydantic import AliasChoices, AliasPath, BaseModel
from pydantic.fields import FieldInfo


def declared_only(model: type[BaseModel], raw: Any) -> Any:
    """The fields of `raw` that `model` declares, by name or alias; the same inside nested models."""
    if not isinstance(raw, Mapping):
        return None
    kept: dict[str, Any] = {}
    for name, field in model.model_fields.items():
        models = tuple(_models(field.annotation))
        for key in {name, *names_of(field)}:
            if key in raw:
                kept[key] = _cut(models, raw[key])
    return kept


def names_of(field: FieldInfo) -> Iterator[str]:
    """The keys of a raw record that fill a field, besides the field's own name."""
    yield from _aliases(field.alias)
    yield from _aliases(field.validation_alias)


def _cut(models: tuple[type[BaseModel], ...], value: Any) -> Any:
    if not models:
        return value
    if isinstance(value, Mapping):
        cut: dict[str, Any] = {}
        for model in models:
            cut.update(declared_only(model, value))
        return cut
    if isinstance(value, list | tuple):
        return [_cut(models, item) for item in value]
    return value


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
        return
    for argument in get_args(annotation):
        yield from _models(argument)


def _aliases(alias: str | AliasChoices | AliasPath | None) -> Iterator[str]:
    if isinstance(alias, str):
        yield alias
    elif isinstance(alias, AliasPath):
        yield str(alias.path[0])
    elif isinstance(alias, AliasChoices):
        for choice in alias.choices:
            yield from _aliases(choice)
