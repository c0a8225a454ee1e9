"""A dialect: what makes one learning platform different, written down as data and checked when it is loaded."""

from __future__ import annotations

import tomllib
from functools import cached_property, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, ValidationError, model_validator

from echo_core.connectors.errors import ConfigError
from echo_core.model import ENTITIES
from echo_hub_lxp.rules import Exclusion, KeyRule, Part, PathText, PersonRule, RequirementRule, Rules
from echo_hub_lxp.strategies import Auth, Changes, Join, Lookup, Page, SinglePage, SubmitPoll, Void, WindowRule


class StreamRecord(Part):
    """One list of a platform and how its records become the hub's."""

    entity: Literal["learning_path", "learning_record"]
    get: str | None = None
    job: SubmitPoll | None = None
    params: dict[str, str | int | bool] = Field(default_factory=dict)
    records: PathText = ""
    page: Page = SinglePage(kind="single")
    window: WindowRule | None = None
    changes: Changes | None = None
    removal: Literal["snapshot", "tombstone", "flagged", "none"] = "snapshot"
    optional: bool = False
    scope: str | None = None
    required: tuple[str, ...] = ()
    key: KeyRule
    join: Join | None = None
    lookup: Lookup | None = None
    void: Void | None = None
    exclude: tuple[Exclusion, ...] = ()
    person: tuple[PersonRule, ...] = ()
    requirements: tuple[RequirementRule, ...] = ()
    map: dict[str, Rules]

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (self.get is None) == (self.job is None):
            raise ValueError("a stream needs exactly one of get, job")
        fields = set(ENTITIES[self.entity].model_fields) - {"source_id", "person", "requirements"}
        if unknown := sorted(set(self.map) - fields):
            raise ValueError(f"a {self.entity} has no field {unknown}; it has {sorted(fields)}")
        if (self.entity == "learning_record") != bool(self.person):
            raise ValueError("person rules belong to learning records, and every such stream needs one")
        if self.removal == "snapshot" and self.window is not None:
            raise ValueError("a stream with a window never lists everything, so its removal cannot be snapshot")
        return self

    @property
    def fills(self) -> tuple[str, ...]:
        """The entity's fields this stream can fill, in the entity's order."""
        filled = {"source_id", *self.map}
        if self.person:
            filled.add("person")
        if self.requirements:
            filled.add("requirements")
        return tuple(name for name in ENTITIES[self.entity].model_fields if name in filled)

    @property
    def paths(self) -> tuple[str, ...]:
        """Everything the stream may look at in a raw record. What no path sees is never kept."""
        rules = [rule for alternatives in self.map.values() for rule in alternatives]
        conditions = [condition for exclusion in self.exclude for condition in exclusion.when]
        paths = [
            *(path for rule in (*rules, *self.requirements) for path in rule.paths),
            *(path for person in self.person for path in person.paths),
            *(condition.path for condition in conditions),
            *self.key.paths,
            *self.required,
        ]
        if self.void is not None:
            paths += [self.void.path, self.void.target]
        if self.lookup is not None:
            paths.append("id")
        return tuple(paths)

    @property
    def tables(self) -> set[str]:
        """The word tables the stream names."""
        rules = [*(rule for alternatives in self.map.values() for rule in alternatives), *self.requirements]
        named = {step.options["table"] for rule in rules for step in rule.convert if "table" in step.options}
        conditions = [condition for exclusion in self.exclude for condition in exclusion.when]
        return named | {condition.outside for condition in conditions if condition.outside is not None}


class Dialect(Part):
    """One platform. `requires` are the connection settings it cannot do without, `auth` the ways in, best first."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    title: str
    base_url: str | None = None
    accept: str = "application/json"
    headers: dict[str, str] = Field(default_factory=dict)
    budget: tuple[int, float] | None = None
    requires: tuple[Literal["organisation", "base_url"], ...] = ()
    auth: Annotated[tuple[Auth, ...], Field(min_length=1)]
    words: dict[str, dict[str, str]] = Field(default_factory=dict)
    streams: Annotated[dict[str, StreamRecord], Field(min_length=1)]

    @model_validator(mode="after")
    def _whole(self) -> Self:
        for name, stream in self.streams.items():
            if missing := sorted(stream.tables - set(self.words)):
                raise ValueError(f"stream {name!r} names word tables that are not there: {missing}")
        return self

    @cached_property
    def folded_words(self) -> dict[str, dict[str, str]]:
        """The word tables with casefolded words."""
        return {name: {word.casefold(): to for word, to in table.items()} for name, table in self.words.items()}


def names() -> tuple[str, ...]:
    """The dialects that come with the plug-in, sorted."""
    here = files("echo_hub_lxp").joinpath("dialects")
    return tuple(sorted(entry.name.removesuffix(".toml") for entry in here.iterdir() if entry.name.endswith(".toml")))


@lru_cache(maxsize=32)
def load_dialect(name: str) -> Dialect:
    """The dialect called `name`, or the one in the file `name` when that ends in ".toml".

    Raises:
        ConfigError: no such dialect, or its record is wrong; the detail names every place.
    """
    if name.endswith(".toml"):
        try:
            text = Path(name).read_text(encoding="utf-8")
        except OSError as error:
            raise ConfigError(
                f"The dialect file {name} cannot be read.", detail=type(error).__name__, code="config.dialect"
            ) from None
    elif name in names():
        text = files("echo_hub_lxp").joinpath("dialects", f"{name}.toml").read_text(encoding="utf-8")
    else:
        raise ConfigError(
            f"There is no dialect {name!r}; there are {', '.join(names())}, or give the path of a .toml file.",
            code="config.dialect",
        )
    return read_dialect(text, name)


def read_dialect(text: str, where: str) -> Dialect:
    """The dialect written in TOML `text`; `where` is what messages call it.

    Raises:
        ConfigError: not TOML, or not a dialect; the detail names every place.
    """
    try:
        return Dialect.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        detail = str(error)
    except ValidationError as error:
        detail = "; ".join(
            f"{'.'.join(str(part) for part in problem['loc'])}: {problem['msg']}" for problem in error.errors()
        )
    raise ConfigError(f"The dialect {where} is not usable.", detail=detail, code="config.dialect")
