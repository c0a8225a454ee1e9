"""What a dialect's field map is made of: rules, conditions, and how a record's key, person and skills are found."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from echo_core.model import Requirement
from echo_hub_lxp import field_path
from echo_hub_lxp.converters import CONVERTERS, options_of

Scheme = Literal["source", "employee_id", "email", "user_name", "login", "agent"]
"""How a person is named. `login` is an address or a user name, `agent` the actor of a statement; see people.py."""

AGENT_FIELDS = ("objectType", "mbox", "mbox_sha1sum", "openid", "account.homePage", "account.name")
"""What is kept of a statement's actor: its identifiers, not its name."""


def _checked(text: str) -> str:
    field_path.parse(text)
    return text


PathText = Annotated[str, AfterValidator(_checked)]


def _as_tuple(value: Any) -> Any:
    return value if isinstance(value, list | tuple) else (value,)


PathTexts = Annotated[tuple[PathText, ...], BeforeValidator(_as_tuple)]


class Part(BaseModel):
    """A piece of a dialect record: frozen, nothing unknown in it."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Step(Part):
    """One conversion: its name, or a table with `use` and the converter's options."""

    use: str
    options: dict[str, Any] = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _spread(cls, value: Any) -> Any:
        if isinstance(value, str):
            return {"use": value}
        if isinstance(value, dict) and "options" not in value:
            return {"use": value.get("use", ""), "options": {key: item for key, item in value.items() if key != "use"}}
        return value

    @model_validator(mode="after")
    def _known(self) -> Self:
        if self.use not in CONVERTERS:
            raise ValueError(f"unknown converter {self.use!r}; there are: {', '.join(sorted(CONVERTERS))}")
        taken, needed = options_of(self.use)
        if not needed <= set(self.options) <= taken:
            raise ValueError(f"converter {self.use!r} takes {sorted(taken)} and needs {sorted(needed)}")
        return self


class Rule(Part):
    """Where a value comes from.

    `from`: paths tried in order, the first that gives something counts. `gather`: what all paths give, as one list.
    `const`: always this. `convert`: conversions applied in order to what was found.
    """

    sources: PathTexts = Field(default=(), alias="from")
    gather: PathTexts = ()
    const: Any = None
    convert: tuple[Step, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _short(cls, value: Any) -> Any:
        return {"from": value} if isinstance(value, str) else value

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        given = [bool(self.sources), bool(self.gather), self.const is not None]
        if sum(given) != 1:
            raise ValueError("a rule needs exactly one of from, gather, const")
        return self

    @property
    def paths(self) -> tuple[str, ...]:
        """Every path the rule reads."""
        return self.sources + self.gather


Rules = Annotated[tuple[Rule, ...], BeforeValidator(_as_tuple), Field(min_length=1)]
"""Alternatives: the first rule that gives something fills the field."""


class Condition(Part):
    """A test on a raw record: the value at `path` is one of `equals`, none of `unless`, or no word of `outside`."""

    path: PathText
    equals: tuple[Any, ...] | None = None
    unless: tuple[Any, ...] | None = None
    outside: str | None = None

    @model_validator(mode="after")
    def _one_test(self) -> Self:
        if sum(test is not None for test in (self.equals, self.unless, self.outside)) != 1:
            raise ValueError("a condition needs exactly one of equals, unless, outside")
        return self


class Exclusion(Part):
    """A record for which all conditions hold is counted under `rule` and not kept."""

    rule: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    when: Annotated[tuple[Condition, ...], BeforeValidator(_as_tuple), Field(min_length=1)]


class KeyRule(Part):
    """A record's key: the value at `path` behind `prefix`, else a hash over `digest` (each entry: alternatives)."""

    path: PathText | None = None
    prefix: str = ""
    digest: tuple[PathTexts, ...] = ()

    @model_validator(mode="after")
    def _something(self) -> Self:
        if self.path is None and not self.digest:
            raise ValueError("a key needs path or digest")
        return self

    @property
    def paths(self) -> tuple[str, ...]:
        """Every path the key reads."""
        return (() if self.path is None else (self.path,)) + tuple(text for part in self.digest for text in part)


class PersonRule(Part):
    """A person by `scheme`, named by the value at `from`."""

    scheme: Scheme
    source: PathText = Field(alias="from")

    @property
    def paths(self) -> tuple[str, ...]:
        """Every path the rule reads."""
        if self.scheme != "agent":
            return (self.source,)
        return tuple(f"{self.source}.{name}" if self.source else name for name in AGENT_FIELDS)


class RequirementRule(Rule):
    """Skill names of one origin. The first rule of a stream that gives any is the only one used."""

    origin: Literal["vendor_skill", "vendor_tag"]


def requirement(label: str, origin: Literal["vendor_skill", "vendor_tag"]) -> Requirement:
    """A taught skill."""
    return Requirement(label=label, importance="teaches", origin=origin)
