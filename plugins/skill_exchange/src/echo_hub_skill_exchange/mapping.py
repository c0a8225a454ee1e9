"""Backstage people, teams and experts as records. Pure: same raw record and configuration, same result."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from echo_core.connectors import RecordError
from echo_core.model import Excluded, OrgUnit, Person, Preferences, Record, SkillAssertion, SkillClaim
from echo_hub_skill_exchange.annotations import Annotations, Problem
from echo_hub_skill_exchange.config import SkillExchangeConfig
from echo_hub_skill_exchange.entities import Entity, ExpertFinding, Group, User
from echo_hub_skill_exchange.links import entity_page
from echo_hub_skill_exchange.refs import full_ref, person_ref, ref_kind
from echo_hub_skill_exchange.skill_list import SkillMention, read_level
from echo_hub_skill_exchange.text import LINE_CAP, one_line

_YES = frozenset({"true", "yes", "1"})


def foreign_namespace(entity: Entity, config: SkillExchangeConfig) -> bool:
    """Whether a namespace allow-list leaves this entity out."""
    allowed = {name.lower() for name in config.namespaces}
    return bool(allowed) and entity.metadata.namespace.lower() not in allowed


def map_person(raw: User, config: SkillExchangeConfig) -> Iterator[Record | Excluded]:
    """A User as a person: joined to HR by employee id, then by `spec.profile.email`; never guessed by name.

    Teams come from the resolved `memberOf` relations; `spec.memberOf`, which may hold short names, is read only
    when there are none. A user without e-mail address is kept and stays unmatched.
    """
    if foreign_namespace(raw, config):
        yield Excluded(entity=Person.entity, source_id=raw.ref, rule="namespace")
        return
    profile = raw.spec.profile
    skills, _ = read_person_skills(raw, config)
    yield Person(
        source_id=raw.ref,
        source_url=entity_page(raw, config),
        name=one_line(profile.display_name) or one_line(raw.metadata.title) or raw.metadata.name,
        work_email=_email(profile.email),
        employee_id=one_line(raw.metadata.annotations.get(config.employee_id_key), cap=100) or None,
        teams=_teams(raw),
        skills=skills,
        preferences=read_preferences(raw, config)[0],
    )


def read_person_skills(raw: User, config: SkillExchangeConfig) -> tuple[tuple[SkillClaim, ...], tuple[Problem, ...]]:
    """What a user's annotations say they can and want to learn, and what in them could not be read."""
    written = raw.metadata.annotations
    reader = Annotations(
        {"skills": written.get(config.skills_key, ""), "wants-to-learn": written.get(config.wants_key, "")}
    )
    has = (_claim(mention, "has") for mention in reader.skills("skills", id_scheme=config.plugin_id))
    wants = (
        _claim(mention, "wants_to_learn") for mention in reader.skills("wants-to-learn", id_scheme=config.plugin_id)
    )
    return (*has, *wants), tuple(reader.problems)


def read_preferences(raw: User, config: SkillExchangeConfig) -> tuple[Preferences | None, tuple[Problem, ...]]:
    """What a user's annotations say about hours, place and start, and what in them could not be read.

    The names are those an opportunity uses for the same things. Hybrid work is a wish for neither side.
    """
    names = ("weekly-hours", "remote", "countries", "start-date")
    reader = Annotations({name: raw.metadata.annotations.get(config.annotation(name), "") for name in names})
    remote = reader.remote()
    preferences = Preferences(
        hours_per_week=reader.number("weekly-hours", most=168),
        remote=None if remote in (None, "hybrid") else remote == "remote",
        countries=reader.countries(),
        starts_from=reader.day("start-date"),
    )
    return (preferences if preferences != Preferences() else None), tuple(reader.problems)


def _email(text: str | None) -> str | None:
    address = one_line(text, cap=254).lower()
    return address if "@" in address and " " not in address else None


def _teams(raw: User) -> tuple[str, ...]:
    related = tuple(ref for ref in raw.targets("memberOf") if ref_kind(ref) == "group")
    if related:
        return related
    named = (full_ref(name, kind="group", namespace=raw.metadata.namespace) for name in raw.spec.member_of)
    return tuple(dict.fromkeys(ref for ref in named if ref))


def _claim(mention: SkillMention, stance: Literal["has", "wants_to_learn"]) -> SkillClaim:
    return SkillClaim(
        label=mention.label,
        scheme=mention.scheme,
        external_id=mention.external_id,
        stance=stance,
        level=mention.level,
        level_raw=mention.level_raw,
        asserter="person",
        evidence="annotation in the Backstage catalog",
    )


def map_team(raw: Group, config: SkillExchangeConfig) -> Iterator[Record | Excluded]:
    """A Group as a team; parent from the `childOf` relation, else `spec.parent`. A group is never its own parent."""
    if foreign_namespace(raw, config):
        yield Excluded(entity=OrgUnit.entity, source_id=raw.ref, rule="namespace")
        return
    parents = [ref for ref in raw.targets("childOf") if ref_kind(ref) == "group"]
    if not parents and raw.spec.parent:
        named = full_ref(raw.spec.parent, kind="group", namespace=raw.metadata.namespace)
        parents = [named] if named else []
    parent = next((ref for ref in parents if ref != raw.ref), None)
    yield OrgUnit(
        source_id=raw.ref,
        source_url=entity_page(raw, config),
        name=one_line(raw.spec.profile.display_name) or one_line(raw.metadata.title) or raw.metadata.name,
        unit_kind="team",
        parent_id=parent,
    )


def value_at(document: Mapping[str, Any], path: str) -> Any:
    """The value at a dotted path; a key that itself holds dots is tried first; None where nothing stands."""
    if path in document:
        return document[path]
    head, dot, rest = path.partition(".")
    inner = document.get(head)
    return value_at(inner, rest) if dot and isinstance(inner, Mapping) else None


def map_expert(raw: ExpertFinding, config: SkillExchangeConfig) -> Iterator[Record | Excluded]:
    """An expert for a skill as a claim by the vendor.

    Raises:
        RecordError: the configured path holds no entity reference or e-mail address.
    """
    paths = config.actions
    named = value_at(raw.expert, paths.expert)
    person = person_ref(named) if isinstance(named, str) else None
    if person is None:
        raise RecordError(
            f"An expert for {raw.skill_name} has no usable reference at {paths.expert!r}.",
            field=f"expert.{paths.expert}",
            value_type=type(named).__name__,
        )
    teaches = value_at(raw.expert, paths.expert_teaches) if paths.expert_teaches else None
    level = value_at(raw.expert, paths.expert_level) if paths.expert_level else None
    level_raw = one_line(str(level), cap=60) if isinstance(level, str | int | float) else None
    yield SkillAssertion(
        source_id=f"{person.value}|{raw.skill_id}",
        person=person,
        claim=SkillClaim(
            label=one_line(raw.skill_name, cap=LINE_CAP),
            scheme=config.plugin_id,
            external_id=raw.skill_id,
            stance="teaches" if str(teaches).lower() in _YES else paths.stance,
            level=read_level(level_raw) if level_raw else None,
            level_raw=level_raw,
            asserter="vendor",
            evidence=raw.skill_category and one_line(f"Skill Exchange category {raw.skill_category}"),
        ),
    )


def expert_key(raw: Mapping[str, Any], config: SkillExchangeConfig) -> str | None:
    """The key of a raw finding: the person as named and the skill's id."""
    expert = raw.get("expert")
    named = value_at(expert, config.actions.expert) if isinstance(expert, Mapping) else None
    if not isinstance(named, str) or not named.strip():
        return None
    person = person_ref(named)
    return f"{person.value if person else named.strip().lower()}|{raw.get('skill_id')}"
