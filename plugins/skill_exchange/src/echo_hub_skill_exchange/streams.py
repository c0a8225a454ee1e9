"""The streams of one Backstage, each behind its own switch, and the HTTP settings they share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from echo_core.connectors import BearerAuth, Budget, HttpSettings, Stream
from echo_hub_skill_exchange.catalog import read_opportunities, read_people, read_teams
from echo_hub_skill_exchange.config import SkillExchangeConfig
from echo_hub_skill_exchange.entities import Component, ExpertFinding, Group, SearchResult, User
from echo_hub_skill_exchange.mapping import expert_key, map_expert, map_person, map_team
from echo_hub_skill_exchange.opportunities import document_key, map_component, map_result
from echo_hub_skill_exchange.refs import entity_key
from echo_hub_skill_exchange.registry import read_experts
from echo_hub_skill_exchange.search import read_documents

MAX_REMOVAL_RATIO = 0.3
"""Share of the stored records one complete walk may remove: catalogs shrink in steps when a location moves."""

_SHARED_FILLS = (
    "title",
    "description",
    "status",
    "languages",
    "location",
    "countries",
    "remote",
    "hours_per_week",
    "duration_weeks",
    "starts_on",
    "ends_on",
    "seats",
    "seats_taken",
    "owner",
    "apply_url",
    "requirements",
    "tags",
    "project_kind",
    "direction",
    "session",
    "source_url",
)


def http_settings(config: SkillExchangeConfig) -> HttpSettings:
    """One backend below /api with one static token. Backstage documents no limit, so the rate is our own."""
    per_second = config.requests_per_s
    budget = Budget(int(per_second), 1.0) if per_second >= 1 else Budget(1, 1.0 / per_second)
    return HttpSettings(base_url=f"{config.base_url}/api/", auth=BearerAuth(config.token), budget=budget)


def streams(config: SkillExchangeConfig) -> tuple[Stream, ...]:
    """The streams the configuration switches on. All list everything in every run: Backstage has no change feed."""
    chosen: list[Stream] = []
    if config.sources.catalog_people:
        chosen += [_PEOPLE, _TEAMS]
    if config.sources.catalog_opportunities:
        chosen.append(_OPPORTUNITIES)
    if config.sources.search and config.search_types:
        # Which of the index's types are opportunities is the operator's to say; without a word nothing is read.
        chosen.append(_SEARCH)
    if config.sources.actions:
        chosen.append(_experts(config))
    return tuple(chosen)


_PEOPLE = Stream(
    name="people",
    raw=User,
    read=read_people,
    map=map_person,
    entities=("person",),
    key=entity_key,
    max_removal_ratio=MAX_REMOVAL_RATIO,
    fills=("name", "work_email", "employee_id", "teams", "skills", "preferences", "source_url"),
)
_TEAMS = Stream(
    name="teams",
    raw=Group,
    read=read_teams,
    map=map_team,
    entities=("org_unit",),
    key=entity_key,
    max_removal_ratio=MAX_REMOVAL_RATIO,
    fills=("name", "unit_kind", "parent_id", "source_url"),
)
_OPPORTUNITIES = Stream(
    name="opportunities",
    raw=Component,
    read=read_opportunities,
    map=map_component,
    entities=("project", "mentorship"),
    key=entity_key,
    max_removal_ratio=MAX_REMOVAL_RATIO,
    fills=(*_SHARED_FILLS, "org_unit_ids"),
)
_SEARCH = Stream(
    name="search_opportunities",
    raw=SearchResult,
    read=read_documents,
    map=map_result,
    entities=("project", "mentorship"),
    key=document_key,
    max_removal_ratio=MAX_REMOVAL_RATIO,
    optional=True,
    fills=_SHARED_FILLS,
)


def _experts(config: SkillExchangeConfig) -> Stream:
    def key(raw: Mapping[str, Any]) -> str | None:
        # Where the expert's reference stands is configured, so the key is too.
        return expert_key(raw, config)

    return Stream(
        name="experts",
        raw=ExpertFinding,
        read=read_experts,
        map=map_expert,
        entities=("skill_assertion",),
        key=key,
        max_removal_ratio=MAX_REMOVAL_RATIO,
        optional=True,
        fills=("person", "claim"),
    )
