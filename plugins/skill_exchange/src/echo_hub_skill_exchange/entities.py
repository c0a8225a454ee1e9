"""The parts of Backstage's answers this connector reads; everything else is ignored.

From the OpenAPI descriptions of plugin-catalog-backend and plugin-search-backend and the documented descriptor
format. Tolerant where real catalogs are loose: absent or null parts, an entity without metadata.uid.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from echo_hub_skill_exchange.refs import DEFAULT_NAMESPACE, entity_ref

ORPHAN = "backstage.io/orphan"
"""Set to "true" by Backstage when no location emits the entity any more; the entity is still there."""


def _none_to_empty_list(value: Any) -> Any:
    return [] if value is None else value


def _annotations(value: Any) -> Any:
    """Annotations as texts; Backstage's own check demands texts, older entities may hold numbers or null."""
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        return value
    return {str(key): str(item) for key, item in value.items() if item is not None}


def _texts(value: Any) -> Any:
    if not isinstance(value, list):
        return [] if value is None else value
    return [item for item in value if isinstance(item, str)]


class Raw(BaseModel):
    """A piece of an answer: declared fields only."""

    model_config = ConfigDict(extra="ignore", populate_by_name=True)


class Link(Raw):
    """An entry of metadata.links."""

    url: str = ""
    title: str | None = None
    type: str | None = None


class Relation(Raw):
    """An entry of relations: resolved, full references."""

    type: str
    target: str = Field(alias="targetRef", default="")


class Metadata(Raw):
    """What every entity's metadata may hold."""

    name: Annotated[str, Field(min_length=1)]
    namespace: Annotated[str, BeforeValidator(lambda value: value or DEFAULT_NAMESPACE)] = DEFAULT_NAMESPACE
    uid: str | None = None
    title: str | None = None
    description: str | None = None
    annotations: Annotated[dict[str, str], BeforeValidator(_annotations)] = Field(default_factory=dict)
    tags: Annotated[list[str], BeforeValidator(_texts)] = Field(default_factory=list)
    links: Annotated[list[Link], BeforeValidator(_none_to_empty_list)] = Field(default_factory=list)


class Entity(Raw):
    """What every entity has."""

    kind: Annotated[str, Field(min_length=1)]
    metadata: Metadata
    relations: Annotated[list[Relation], BeforeValidator(_none_to_empty_list)] = Field(default_factory=list)

    @property
    def ref(self) -> str:
        """The entity's full reference, lower case."""
        return entity_ref(self.kind, self.metadata.namespace, self.metadata.name)

    @property
    def orphan(self) -> bool:
        """Whether Backstage says that nothing emits this entity any more."""
        return self.metadata.annotations.get(ORPHAN) == "true"

    def targets(self, relation: str) -> tuple[str, ...]:
        """The references one kind of relation points to, lower case, in order, without repeats."""
        targets = (item.target.lower() for item in self.relations if item.type == relation and item.target)
        return tuple(dict.fromkeys(targets))


class Profile(Raw):
    """spec.profile of users and groups. The picture has no field here: it is never fetched."""

    display_name: str | None = Field(alias="displayName", default=None)
    email: str | None = None


class UserSpec(Raw):
    """spec of a User."""

    profile: Annotated[Profile, BeforeValidator(lambda value: value or {})] = Field(default_factory=Profile)
    member_of: Annotated[list[str], BeforeValidator(_texts)] = Field(alias="memberOf", default_factory=list)


class GroupSpec(Raw):
    """spec of a Group."""

    profile: Annotated[Profile, BeforeValidator(lambda value: value or {})] = Field(default_factory=Profile)
    parent: str | None = None


class ComponentSpec(Raw):
    """spec of a Component that advertises an opportunity."""

    owner: str | None = None
    system: str | None = None
    lifecycle: str | None = None


class User(Entity):
    """kind: User."""

    spec: Annotated[UserSpec, BeforeValidator(lambda value: value or {})] = Field(default_factory=UserSpec)


class Group(Entity):
    """kind: Group."""

    spec: Annotated[GroupSpec, BeforeValidator(lambda value: value or {})] = Field(default_factory=GroupSpec)


class Component(Entity):
    """kind: Component with the opportunity annotation or spec.type opportunity."""

    spec: Annotated[ComponentSpec, BeforeValidator(lambda value: value or {})] = Field(default_factory=ComponentSpec)


class SearchResult(Raw):
    """One search result. Only title, text and location are promised; `highlight` has no field: its tags are random."""

    type: str
    document: dict[str, Any]


class ExpertFinding(Raw):
    """One skill and one person the experts action named for it, joined by the reader."""

    skill_id: str
    skill_name: Annotated[str, Field(min_length=1)]
    skill_category: str | None = None
    expert: dict[str, Any]
