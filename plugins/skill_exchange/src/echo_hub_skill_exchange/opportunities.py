"""Opportunities from annotated catalog components and from search documents, as projects and mentorships. Pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlsplit

from echo_core.connectors import RecordError
from echo_core.model import Excluded, Mentorship, PersonRef, Project, Record, Requirement
from echo_hub_skill_exchange.annotations import Annotations, Problem
from echo_hub_skill_exchange.config import SkillExchangeConfig
from echo_hub_skill_exchange.entities import Component, SearchResult
from echo_hub_skill_exchange.kinds import NO_SKILL_TAGS, Kind, read_kind
from echo_hub_skill_exchange.links import entity_page, interest_link
from echo_hub_skill_exchange.mapping import foreign_namespace, value_at
from echo_hub_skill_exchange.refs import full_ref, person_ref, ref_kind
from echo_hub_skill_exchange.skill_list import SkillMention
from echo_hub_skill_exchange.text import LINE_CAP, TITLE_CAP, clean, one_line, safe_link

Importance = Literal["essential", "desired", "teaches"]
KEY_CAP = 200
_CATALOG_PAGE = re.compile(r"/catalog/[^/]+/[^/]+/[^/]+/?$")
_TAGS_CAP = 20


@dataclass(frozen=True, slots=True)
class Facts:
    """What the two sources know beside the convention's values."""

    key: str
    uid: str
    title: str
    page: str | None
    description: str = ""
    default_kind: str = "project"
    namespace: str = "default"
    tags: tuple[str, ...] = ()
    system: str | None = None
    owner: PersonRef | None = None
    team: str | None = None
    apply_link: str | None = None
    over: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """A mapped record and the values that had to be left out of it."""

    record: Record | Excluded
    problems: tuple[Problem, ...] = ()


def map_component(raw: Component, config: SkillExchangeConfig) -> Iterator[Record | Excluded]:
    """An annotated component as one project or mentorship."""
    yield read_component(raw, config).record


def map_result(raw: SearchResult, config: SkillExchangeConfig) -> Iterator[Record | Excluded]:
    """A search document as one project or mentorship."""
    yield read_result(raw, config).record


def read_component(raw: Component, config: SkillExchangeConfig) -> Reading:
    """Read one component by the annotation convention.

    Raises:
        RecordError: a mentorship whose direction is neither offer nor request.
    """
    if foreign_namespace(raw, config):
        return Reading(Excluded(entity=Project.entity, source_id=raw.ref, rule="namespace"))
    metadata = raw.metadata
    owner = _owner_ref(raw)
    apply_link = next((link.url for link in metadata.links if (link.type or "").lower() == "apply"), None)
    facts = Facts(
        key=raw.ref,
        uid=metadata.uid or raw.ref,
        title=one_line(metadata.title, cap=TITLE_CAP) or metadata.name,
        page=entity_page(raw, config),
        description=clean(metadata.description),
        namespace=metadata.namespace,
        tags=tuple(metadata.tags),
        system=raw.spec.system,
        owner=PersonRef(scheme="source", value=owner) if owner and ref_kind(owner) == "user" else None,
        team=owner if owner and ref_kind(owner) == "group" else None,
        apply_link=safe_link(apply_link, config.app),
        over=(raw.spec.lifecycle or "").lower() == "deprecated",
    )
    return _opportunity(facts, Annotations.of_entity(metadata.annotations, config.annotation_prefix), config)


def _owner_ref(raw: Component) -> str | None:
    """The owner as a full reference: the resolved relation first, `spec.owner` (default kind group) else."""
    related = raw.targets("ownedBy")
    if related:
        return related[0]
    return full_ref(raw.spec.owner, kind="group", namespace=raw.metadata.namespace) if raw.spec.owner else None


def read_result(raw: SearchResult, config: SkillExchangeConfig) -> Reading:
    """Read one search document: title and link, and what the configured field map adds.

    A document that is a page of the catalog is left out while the catalog stream runs: that stream has the
    entity itself, and two copies of one opportunity help nobody.

    Raises:
        RecordError: no location or no title, the two things Backstage promises.
    """
    location = raw.document.get("location")
    key = document_key({"document": raw.document})
    if key is None or not isinstance(location, str):
        raise RecordError(
            "A search document has no location, so nothing can be opened.",
            field="document.location",
            value_type=type(location).__name__,
        )
    page = safe_link(location, config.app)
    if config.sources.catalog_opportunities and is_catalog_page(location):
        return Reading(Excluded(entity=Project.entity, source_id=key, rule="catalog_entity"))
    title = raw.document.get("title")
    facts = Facts(
        key=key,
        uid=key,
        title=one_line(title, cap=TITLE_CAP) if isinstance(title, str) else "",
        page=page,
        default_kind=config.search_kind,
    )
    if not facts.title:
        raise RecordError(
            f"The search document {key} has no title.", field="document.title", value_type=type(title).__name__
        )
    values: dict[str, str] = {name: _as_text(value_at(raw.document, path)) for name, path in config.field_map.items()}
    return _opportunity(facts, Annotations(values), config)


def is_catalog_page(location: str) -> bool:
    """Whether a document's location is the page of a catalog entity, relative or absolute."""
    return _CATALOG_PAGE.search(urlsplit(location.strip()).path) is not None


def document_key(raw: Mapping[str, Any]) -> str | None:
    """The key of a raw search result: its location, hashed when longer than 200 characters."""
    document = raw.get("document")
    location = document.get("location") if isinstance(document, Mapping) else None
    if not isinstance(location, str) or not location.strip():
        return None
    location = location.strip()
    if len(location) <= KEY_CAP:
        return location
    return "sha256:" + hashlib.sha256(location.encode("utf-8", "surrogatepass")).hexdigest()


def _as_text(value: Any) -> str:
    """A document's value in the convention's form: lists become comma lists, yes/no becomes true/false."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str | int | float):
        return str(value)
    if isinstance(value, list):
        return ", ".join(item.replace(",", " ") for item in map(_as_text, value) if item)
    return ""


def _opportunity(facts: Facts, values: Annotations, config: SkillExchangeConfig) -> Reading:
    kind = read_kind(values, facts.default_kind)
    starts_on, ends_on = values.day("start-date"), values.day("end-date")
    if starts_on and ends_on and ends_on < starts_on:
        values.drop("end-date", "lies before start-date")
        ends_on = None
    tags = _tags(facts, values)
    shared: dict[str, Any] = {
        "source_id": facts.key,
        "source_url": facts.page,
        "title": facts.title,
        "description": facts.description or clean(values.raw("description")),
        "status": "closed" if facts.over and not values.raw("status") else values.status(),
        "languages": values.languages(),
        "org_unit_ids": (facts.team,) if facts.team else (),
        "location": values.line("location", cap=LINE_CAP),
        "countries": values.countries(),
        "remote": values.remote(),
        "hours_per_week": values.number("weekly-hours", most=168),
        "duration_weeks": values.number("duration-weeks", most=520),
        "starts_on": starts_on,
        "ends_on": ends_on,
        "seats": values.count("seats", default=kind.seats),
        "seats_taken": values.count("seats-taken", default=0) or 0,
        "owner": _contact(values, facts) or facts.owner,
        "apply_url": _apply_url(values, facts, config),
        "requirements": _requirements(values, tags, kind, config),
        "tags": (*tags, f"system:{facts.system}") if facts.system else tags,
    }
    if kind.entity == "project":
        return Reading(Project(project_kind=kind.project_kind, **shared), tuple(values.problems))
    direction = values.direction()
    if direction is None:
        raise RecordError(
            f"{facts.key} is a mentorship whose direction is neither offer nor request; showing one as the other "
            "would mislead people, so it waits here until the annotation is put right.",
            field="annotations.direction",
            value_type="str",
            detail=f"direction is {one_line(values.raw('direction'), cap=60)!r}; valid: offer, request",
        )
    record = Mentorship(direction=direction, session=kind.session, **shared)
    return Reading(record, tuple(values.problems))


def _tags(facts: Facts, values: Annotations) -> tuple[str, ...]:
    named = facts.tags or tuple(values.raw("tags").split(","))
    return tuple(dict.fromkeys(tag for tag in (one_line(tag, cap=63) for tag in named) if tag))[:_TAGS_CAP]


def _contact(values: Annotations, facts: Facts) -> PersonRef | None:
    text = values.raw("contact")
    if not text:
        return None
    person = person_ref(text, namespace=facts.namespace)
    if person is None:
        values.drop("contact", "is neither a user reference nor an e-mail address")
    return person


def _apply_url(values: Annotations, facts: Facts, config: SkillExchangeConfig) -> str | None:
    text = values.raw("apply-url")
    link = safe_link(text, config.app)
    if text and link is None:
        values.drop("apply-url", "is not an http or https address")
    template = interest_link(config, ref=facts.key, id_=facts.uid, title=facts.title)
    return link or template or facts.apply_link or facts.page


def _requirements(
    values: Annotations, tags: tuple[str, ...], kind: Kind, config: SkillExchangeConfig
) -> tuple[Requirement, ...]:
    """Skills asked for, or for mentoring taught; tags stand in, as desired, when no skill is listed."""
    # Somebody who looks for a mentor asks for the skill; somebody who offers mentoring teaches it.
    teaches = kind.entity == "mentorship" and values.direction() != "request"
    requirements: dict[str, Requirement] = {}
    for name in ("skills", "desired-skills"):
        for mention in values.skills(name, id_scheme=config.plugin_id):
            desired = mention.desired or name == "desired-skills"
            importance: Importance = "teaches" if teaches else "desired" if desired else "essential"
            requirements.setdefault(mention.external_id or mention.label.casefold(), _requirement(mention, importance))
    if requirements or not config.tags_as_skills:
        return tuple(requirements.values())
    return tuple(
        Requirement(label=tag, importance="teaches" if teaches else "desired", origin="vendor_tag")
        for tag in tags
        if tag.lower() not in NO_SKILL_TAGS
    )


def _requirement(mention: SkillMention, importance: Importance) -> Requirement:
    return Requirement(
        label=mention.label,
        scheme=mention.scheme,
        external_id=mention.external_id,
        importance=importance,
        level=mention.level,
        level_raw=mention.level_raw,
    )
