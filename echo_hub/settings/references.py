"""Puts secrets in the place of their references, before a connector's model sees the configuration.

The model tells which values are secrets. It validates only what a reference led to: its own demands on a secret (a
length, a pattern) are demands on the secret, not on the words "env:NAME".
"""

from __future__ import annotations

import types
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import AliasChoices, AliasPath, BaseModel, RootModel, Secret, SecretBytes, SecretStr
from pydantic.fields import FieldInfo

from echo_core.connectors.redaction import Secrets
from echo_hub.settings.problems import Problem
from echo_hub.settings.secrets import ADVICE, SecretMissing, resolve_secret


@dataclass(frozen=True, slots=True)
class _Below:
    """What an `AliasPath` says: the value lies at `keys` below here."""

    keys: tuple[str | int, ...]
    annotation: Any


class References:
    """Resolves the references of one configuration.

    Attributes:
        problems: a line for each secret that is written out in the file or that a reference does not lead to.
        failed: the values found there, as they stand in the file.
        seen: every secret that was resolved or found written out, to keep it out of error texts.
    """

    def __init__(self, base: Path) -> None:
        self._base = base
        self.problems: list[Problem] = []
        self.failed: list[Any] = []
        self.seen = Secrets()

    def resolve(self, model: type[BaseModel], data: Any, path: str) -> Any:
        """`data` with every reference in a secret's place replaced by the secret it names; `data` stays as it is.

        Args:
            path: where `data` stands in the settings, for the problems.
        """
        return self._value([model], data, path)

    def _value(self, annotations: Iterable[Any], value: Any, path: str) -> Any:
        """`value`, which may be any of these types. What may be a secret is taken for one."""
        kinds = [kind for annotation in annotations for kind in _kinds(annotation)]
        if isinstance(value, dict) and (children := _fields_of(kinds, value)):
            return {key: self._value(children(key), item, f"{path}.{key}") for key, item in value.items()}
        if isinstance(value, list) and (items := _items_of(kinds)):
            return [self._value(items(index), item, f"{path}.{index}") for index, item in enumerate(value)]
        if any(_is_secret(kind) for kind in kinds) and not any(_is_word(kind, value) for kind in kinds):
            return self._secret(value, path)
        return value

    def _secret(self, value: Any, path: str) -> Any:
        try:
            if not isinstance(value, str):
                raise SecretMissing(ADVICE)
            secret = resolve_secret(value, base=self._base)
        except SecretMissing as error:
            self.problems.append(Problem(path, str(error)))
            self.failed.append(value)
            if str(error) == ADVICE:
                self.seen.add(*_texts(value))
            return value
        self.seen.add(secret)
        return secret


class _Children:
    """The types a value's parts may have, by key or index. False when nothing is known about any part."""

    def __init__(self) -> None:
        self.named: dict[str | int, list[Any]] = {}
        self.all: list[Any] = []

    def __call__(self, key: str | int) -> list[Any]:
        return [*self.named.get(key, ()), *self.all]

    def __bool__(self) -> bool:
        return bool(self.named or self.all)

    def add(self, key: str | int, annotation: Any) -> None:
        self.named.setdefault(key, []).append(annotation)

    def add_below(self, kinds: Iterable[Any]) -> None:
        for kind in kinds:
            if isinstance(kind, _Below):
                self.add(kind.keys[0], _Below(kind.keys[1:], kind.annotation) if kind.keys[1:] else kind.annotation)


def _fields_of(kinds: Sequence[Any], value: Mapping[str, Any]) -> _Children:
    children = _Children()
    models = [kind for kind in kinds if _is_class(kind, BaseModel)]
    # Of a union, the models whose fixed words (the discriminator) are those of the file; all when none fits.
    for model in [model for model in models if _may_be(model, value)] or models:
        for name, field in model.model_fields.items():
            for keys in _keys(name, field):
                children.add(keys[0], _Below(keys[1:], field.annotation) if keys[1:] else field.annotation)
    for kind in kinds:
        if _is_class(get_origin(kind), Mapping):
            children.all.append(get_args(kind)[-1])
    children.add_below(kinds)
    return children


def _items_of(kinds: Sequence[Any]) -> _Children:
    children = _Children()
    for kind in kinds:
        origin, arguments = get_origin(kind), get_args(kind)
        if not _is_class(origin, Iterable) or _is_class(origin, Mapping) or not arguments:
            continue
        if _is_class(origin, tuple) and arguments[-1] is not Ellipsis:
            for index, argument in enumerate(arguments):
                children.add(index, argument)
        else:
            children.all.append(arguments[0])
    children.add_below(kinds)
    return children


def _kinds(annotation: Any) -> Iterator[Any]:
    """The plain types an annotation allows: members of unions, without what is annotated around them."""
    if _is_class(annotation, RootModel):
        yield from _kinds(annotation.model_fields["root"].annotation)
    elif get_origin(annotation) is Annotated:
        yield from _kinds(get_args(annotation)[0])
    elif get_origin(annotation) in (Union, types.UnionType):
        for member in get_args(annotation):
            yield from _kinds(member)
    elif hasattr(annotation, "__value__"):
        yield from _kinds(annotation.__value__)
    elif hasattr(annotation, "__supertype__"):
        yield from _kinds(annotation.__supertype__)
    else:
        yield annotation


def _keys(name: str, field: FieldInfo) -> Iterator[tuple[str | int, ...]]:
    """Where in a table a field may stand: under its name or any of its aliases."""
    yield (name,)
    aliases = [field.alias, field.validation_alias]
    if isinstance(field.validation_alias, AliasChoices):
        aliases += field.validation_alias.choices
    for alias in aliases:
        if isinstance(alias, AliasPath):
            yield tuple(alias.path)
        elif isinstance(alias, str) and alias != name:
            yield (alias,)


def _may_be(model: type[BaseModel], value: Mapping[Any, Any]) -> bool:
    """False when a field that knows only certain words holds another one."""
    for name, field in model.model_fields.items():
        if get_origin(field.annotation) is Literal:
            said = [value[keys[0]] for keys in _keys(name, field) if len(keys) == 1 and keys[0] in value]
            if said and not any(_is_word(field.annotation, word) for word in said):
                return False
    return True


def _is_class(kind: Any, parent: type) -> bool:
    return isinstance(kind, type) and issubclass(kind, parent)


def _is_secret(kind: Any) -> bool:
    origin = get_origin(kind) or kind
    return any(_is_class(origin, secret) for secret in (SecretStr, SecretBytes, Secret))


def _is_word(kind: Any, value: Any) -> bool:
    return get_origin(kind) is Literal and any(value == word for word in get_args(kind))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from _texts(item)
    else:
        yield str(value)
