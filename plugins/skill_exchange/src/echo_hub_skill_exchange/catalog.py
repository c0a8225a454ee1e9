"""Reading Backstage's catalog: GET /api/catalog/entities/by-query, page by page by cursor.

Rules of that route (plugin-catalog-backend's OpenAPI description, and observed): the cursor holds filter and order
but neither `fields` nor `limit`, so both travel on every page; a filter beside a cursor is ignored, so it does not
travel; without `orderField` the order is by internal uid, which never changes, so nothing is missed mid-walk.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from echo_core.connectors import Page, StreamContext, Window
from echo_hub_skill_exchange.backend import Backend, listed, resumed, unseen
from echo_hub_skill_exchange.config import SkillExchangeConfig
from echo_hub_skill_exchange.entities import Component, Entity, User
from echo_hub_skill_exchange.grants import CATALOG
from echo_hub_skill_exchange.mapping import read_person_skills, read_preferences
from echo_hub_skill_exchange.opportunities import read_component
from echo_hub_skill_exchange.refs import entity_key
from echo_hub_skill_exchange.reports import WalkReport

_METADATA = ("metadata.uid", "metadata.name", "metadata.namespace", "metadata.title", "metadata.annotations")
USER_FIELDS = ("kind", *_METADATA, "spec.profile.displayName", "spec.profile.email", "spec.memberOf", "relations")
GROUP_FIELDS = ("kind", *_METADATA, "spec.profile.displayName", "spec.parent", "relations")
COMPONENT_FIELDS = ("kind", *_METADATA, "metadata.description", "metadata.tags", "metadata.links", "spec", "relations")


def filter_set(config: SkillExchangeConfig, *conditions: str) -> str:
    """One filter set: conditions that must all hold; a repeated key means any of its values."""
    return ",".join([*conditions, *(f"metadata.namespace={name}" for name in config.namespaces)])


def opportunity_filters(config: SkillExchangeConfig) -> tuple[str, ...]:
    """Components made for the purpose, or any component with the opportunity annotation ("help wanted")."""
    return (
        filter_set(config, "kind=component", "spec.type=opportunity"),
        filter_set(config, "kind=component", f"metadata.annotations.{config.annotation('opportunity')}"),
    )


def walk(ctx: StreamContext, filters: Sequence[str], fields: Sequence[str], resume: Any) -> Iterator[Page]:
    """Every entity that matches, each once per walk.

    A page without items but with a next cursor is passed; the total is the one frozen on the first page.

    Raises:
        ResumeExpired: Backstage refused the cursor.
        ContractError: no list of items, or a cursor that repeats.
    """
    backend = Backend(ctx)
    cursor = resumed(resume, "cursor")
    visited = {cursor} if cursor else set[str]()
    seen: set[str] = set()
    while True:
        where = [("cursor", cursor)] if cursor else [("filter", text) for text in filters]
        params = [*where, ("fields", ",".join(fields)), ("limit", str(ctx.config.page_size))]
        answer = backend.get(CATALOG, "entities/by-query", params, cursor=cursor)
        records = [item for item in listed(answer, "items", CATALOG) if _first_time(item, seen)]
        info = answer.get("pageInfo")
        following = info.get("nextCursor") if isinstance(info, Mapping) else None
        cursor = following if isinstance(following, str) and following else None
        unseen(cursor, visited, CATALOG)
        total = answer.get("totalItems")
        yield Page(
            records,
            resume={"cursor": cursor} if cursor else None,
            total=total if isinstance(total, int) else None,
        )
        if cursor is None:
            return


def _first_time(item: Any, seen: set[str]) -> bool:
    """Whether an entity is new in this walk; one without uid is known by its reference, one without both is kept."""
    if not isinstance(item, Mapping):
        return True
    metadata = item.get("metadata")
    uid = metadata.get("uid") if isinstance(metadata, Mapping) else None
    key = uid if isinstance(uid, str) and uid else entity_key(item)
    if key is None:
        return True
    if key in seen:
        return False
    seen.add(key)
    return True


def read_people(ctx: StreamContext, window: Window, resume: Any) -> Iterator[Page]:
    """All User entities."""
    del window  # the catalog has no feed of changes: every run reads everything
    report = WalkReport(ctx.log, "people")

    def note(raw: Mapping[str, Any]) -> None:
        user = User.model_validate(raw)
        _note_orphan(report, user)
        report.address(user.ref, user.spec.profile.email)
        skills, preferences = read_person_skills(user, ctx.config), read_preferences(user, ctx.config)
        report.dropped(user.ref, (*skills[1], *preferences[1]))

    yield from _noted(walk(ctx, (filter_set(ctx.config, "kind=user"),), USER_FIELDS, resume), report, note)


def read_teams(ctx: StreamContext, window: Window, resume: Any) -> Iterator[Page]:
    """All Group entities."""
    del window
    report = WalkReport(ctx.log, "teams")
    pages = walk(ctx, (filter_set(ctx.config, "kind=group"),), GROUP_FIELDS, resume)
    yield from _noted(pages, report, lambda raw: _note_orphan(report, Entity.model_validate(raw)))


def read_opportunities(ctx: StreamContext, window: Window, resume: Any) -> Iterator[Page]:
    """All components that advertise an opportunity."""
    del window
    report = WalkReport(ctx.log, "opportunities")

    def note(raw: Mapping[str, Any]) -> None:
        component = Component.model_validate(raw)
        _note_orphan(report, component)
        report.dropped(component.ref, read_component(component, ctx.config).problems)

    yield from _noted(walk(ctx, opportunity_filters(ctx.config), COMPONENT_FIELDS, resume), report, note)


def _note_orphan(report: WalkReport, entity: Entity) -> None:
    if entity.orphan:
        report.orphan(entity.ref)


def _noted(pages: Iterator[Page], report: WalkReport, note: Callable[[Mapping[str, Any]], None]) -> Iterator[Page]:
    """The pages, each record looked at on the way. A record too broken to look at is the kernel's to quarantine."""
    for page in pages:
        for raw in page.records:
            try:
                note(raw)
            except Exception:  # noqa: BLE001, S112 -- whatever it is, the kernel sets the record aside with it
                continue
        yield page
    report.finish()
