"""What an operator says about one Backstage: where it is, the token, which sources to read and by which names."""

from __future__ import annotations

import re
from string import Formatter
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
KindWord = Literal["project", "embed", "hack", "collab", "mentorship", "pair"]
DocumentField = Literal[
    "apply-url",
    "contact",
    "countries",
    "description",
    "desired-skills",
    "direction",
    "duration-weeks",
    "end-date",
    "languages",
    "location",
    "opportunity",
    "remote",
    "seats",
    "seats-taken",
    "skills",
    "start-date",
    "status",
    "tags",
    "weekly-hours",
]
"""What a search document's extra keys may be mapped to: the words of the annotation convention plus two texts."""


class Section(BaseModel):
    """A part of the settings: unknown keys are refused, values never shown in errors (one of them is a token)."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Sources(Section):
    """Which of Backstage's doors to use. Each is read on its own, so a broken one does not stop the others."""

    catalog_people: bool = Field(
        default=True, title="Catalog people", description="Users and groups of the catalog as people and teams"
    )
    catalog_opportunities: bool = Field(
        default=True, title="Catalog opportunities", description="Components that follow the annotation convention"
    )
    search: bool = Field(
        default=False, title="Search", description="Opportunities among the documents of Backstage search"
    )
    actions: bool = Field(
        default=False, title="Actions", description="Experts from Skill Exchange's search-skills and search-experts"
    )


class ActionPaths(Section):
    """Where things stand in the answers of Skill Exchange's two actions, whose shapes Spotify does not publish.

    Paths are dotted keys. `echo-hub connections check` prints each action's own schema names to choose from.
    """

    search_skills: str = Field(
        default="search-skills", title="Skills action", description="Name of the action that lists skills"
    )
    search_experts: str = Field(
        default="search-experts", title="Experts action", description="Name of the action that finds experts"
    )
    skills: str = Field(
        default="", title="Skills list", description="Path of the list in the skills action's output, e.g. skills"
    )
    skill_id: str = Field(default="id", title="Skill id", description="Path of a skill's id inside the list")
    skill_name: str = Field(default="name", title="Skill name", description="Path of a skill's name inside the list")
    skill_category: str = Field(
        default="category", title="Skill category", description="Path of a skill's category inside the list"
    )
    experts_input: str = Field(
        default="", title="Experts input", description="Input of the experts action that takes skill ids"
    )
    experts: str = Field(
        default="", title="Experts list", description="Path of the list in the experts action's output"
    )
    expert: str = Field(
        default="", title="Expert", description="Path of the entity reference or e-mail address inside the list"
    )
    expert_level: str = Field(
        default="", title="Expert level", description="Path of the level inside the list; empty where there is none"
    )
    expert_teaches: str = Field(
        default="", title="Expert teaches", description="Path of a yes/no value that says the expert also mentors"
    )
    stance: Literal["has", "teaches"] = Field(
        default="has", title="Stance", description="What being listed as an expert means: has the skill, or teaches it"
    )
    schema_hashes: dict[str, str] = Field(
        default_factory=dict,
        title="Known schemas",
        description="Action name to the hash that check printed; another hash later is reported as a change",
    )


class SkillExchangeConfig(Section):
    """One Backstage."""

    base_url: str = Field(
        title="Backend URL",
        description="Where Backstage's backend answers, without /api, e.g. https://backstage.example.com",
    )
    app_url: str = Field(
        default="",
        title="App URL",
        description="Where people open Backstage, the base of every link shown; empty: same as the backend URL",
    )
    token: SecretStr = Field(
        title="Token", description="A static external-access token (backend.auth.externalAccess), by reference"
    )
    sources: Sources = Field(default_factory=Sources, title="Sources", description="Which doors to use")
    plugin_id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")] = Field(
        default="skill-exchange", title="Plug-in id", description="Backend plug-in id of Skill Exchange"
    )
    annotation_prefix: str = Field(
        default="echo-hub.example",
        title="Annotation prefix",
        description="Your own domain: annotations read are <prefix>/opportunity, <prefix>/status and so on",
    )
    employee_id_annotation: str = Field(
        default="",
        title="Employee id annotation",
        description="Full key of the annotation that holds a user's employee id; empty: <prefix>/employee-id",
    )
    skills_annotation: str = Field(
        default="",
        title="Skills annotation",
        description="Full key of the annotation that lists a user's skills; empty: <prefix>/skills",
    )
    namespaces: tuple[Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$", max_length=63)], ...] = Field(
        default=(), max_length=20, title="Namespaces", description="Catalog namespaces to read; empty: all"
    )
    tags_as_skills: bool = Field(
        default=True,
        title="Tags as skills",
        description="Take an opportunity's tags as desired skills when it has no skills annotation",
    )
    page_size: int = Field(
        default=500, ge=1, le=5_000, title="Page size", description="Entities per catalog request (rows)"
    )
    search_types: tuple[Annotated[str, Field(min_length=1)], ...] = Field(
        default=(),
        title="Search types",
        description="Document types that are opportunities; check prints the types it sees; empty: none is read",
    )
    search_kind: KindWord = Field(
        default="project", title="Search kind", description="What a search document is when it does not say so"
    )
    field_map: dict[DocumentField, str] = Field(
        default_factory=dict,
        title="Search fields",
        description="Opportunity field to dotted key of the document; empty: title and link only",
    )
    actions: ActionPaths = Field(default_factory=ActionPaths, title="Actions", description="Paths in action answers")
    link_template: str = Field(
        default="",
        title="Link template",
        description="Where interest is registered: {ref}, {id} and {title} are filled in; empty: the page in Backstage",
    )
    requests_per_s: float = Field(
        default=5.0, gt=0, le=1_000, title="Requests per second", description="Our own limit; Backstage documents none"
    )

    @field_validator("base_url", "app_url")
    @classmethod
    def _web_address(cls, value: str) -> str:
        text = value.strip().rstrip("/").removesuffix("/api")
        if not text:
            return ""
        parts = urlsplit(text)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
            raise ValueError("must be an http or https address such as https://backstage.example.com")
        if "@" in parts.netloc:
            raise ValueError("must not hold a user name or password")
        return text

    @field_validator("base_url")
    @classmethod
    def _tls(cls, value: str) -> str:
        if not value:
            raise ValueError("must be an http or https address such as https://backstage.example.com")
        parts = urlsplit(value)
        if parts.scheme == "http" and parts.hostname not in LOOPBACK:
            raise ValueError("must be https: plain http would send the token in the clear (allowed for loopback only)")
        return value

    @field_validator("token")
    @classmethod
    def _static_token(cls, value: SecretStr) -> SecretStr:
        text = value.get_secret_value()
        # Backstage refuses such tokens at its own start (externalAccess, type static).
        if len(text) < 8 or re.search(r"\s", text):
            raise ValueError("must have at least 8 characters and no white space, as Backstage itself demands")
        return value

    @field_validator("annotation_prefix")
    @classmethod
    def _domain(cls, value: str) -> str:
        text = value.strip().rstrip("/").lower()
        if not re.fullmatch(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?", text):
            raise ValueError("must be a domain of yours such as talent.example.com")
        return text

    @field_validator("employee_id_annotation", "skills_annotation")
    @classmethod
    def _annotation_key(cls, value: str) -> str:
        if value and not re.fullmatch(r"[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)?", value):
            raise ValueError("must be one annotation key such as talent.example.com/employee-id")
        return value

    @field_validator("link_template")
    @classmethod
    def _placeholders(cls, value: str) -> str:
        try:
            names = {name for _, name, _, _ in Formatter().parse(value) if name is not None}
        except ValueError as error:
            raise ValueError("braces do not match") from error
        if unknown := names - {"ref", "id", "title"}:
            raise ValueError(f"unknown placeholder {', '.join(sorted(unknown))!r}; use {{ref}}, {{id}} and {{title}}")
        return value

    @model_validator(mode="after")
    def _search_types_when_searching(self) -> SkillExchangeConfig:
        if self.search_types and not self.sources.search:
            raise ValueError("search_types are set but sources.search is off: switch it on or remove the types")
        return self

    @property
    def app(self) -> str:
        """The base of links people open, without a trailing slash."""
        return self.app_url or self.base_url

    def annotation(self, name: str) -> str:
        """The full key of one annotation of the convention."""
        return f"{self.annotation_prefix}/{name}"

    @property
    def employee_id_key(self) -> str:
        """The annotation that holds a user's employee id."""
        return self.employee_id_annotation or self.annotation("employee-id")

    @property
    def skills_key(self) -> str:
        """The annotation that lists a user's skills."""
        return self.skills_annotation or self.annotation("skills")

    @property
    def wants_key(self) -> str:
        """The annotation that lists what a user wants to learn."""
        return self.annotation("wants-to-learn")
