"""The skills an opportunity asks for or teaches: what its source names, what its text says, what people decided."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from echo_core.model import LearningPath, Mentorship, Opportunity
from echo_core.skills.linking.linker import Link
from echo_core.text.language_names import primary
from echo_hub.snapshot.catalogue.sections import Section, Sections
from echo_hub.snapshot.rows import NameKey
from echo_hub.snapshot.skill_graph.decisions import skill_now
from echo_hub.snapshot.skill_graph.names import SkillNames
from echo_hub.store.requirement_decisions import RequirementDecision

Importance = Literal["essential", "desired", "teaches"]
Origin = Literal["vendor_skill", "vendor_tag", "spotted", "title", "confirmed"]
MOST_SPOTTED = 40
"""A text that names more skills than this is a word list, not a description."""
_RANK: dict[Importance, int] = {"essential": 0, "teaches": 1, "desired": 2}
_LEVELS = {"beginner": 2, "intermediate": 3, "advanced": 4}


@dataclass(frozen=True, slots=True)
class SkillRequirement:
    """One skill of one opportunity. `level` is 0 where nobody says; `decision` is a person's, where it rests on one."""

    skill_id: str
    importance: Importance
    level: int
    origin: Origin
    decision: RequirementDecision | None = None


@lru_cache(maxsize=100_000)
def _required(skill_id: str, importance: Importance, level: int, origin: Origin) -> SkillRequirement:
    """One object for all who ask for the same: opportunities say it hundreds of thousands of times."""
    return SkillRequirement(skill_id, importance, level, origin)


def teaches(record: Opportunity) -> bool:
    """Whether the opportunity is there to teach: learning, and a mentor's offer (not a mentee's request)."""
    return isinstance(record, LearningPath) or (isinstance(record, Mentorship) and record.direction == "offer")


def links_in(record: Opportunity, names: SkillNames) -> list[tuple[NameKey, Link]]:
    """The names under which the source itself names skills, and what they mean in this record.

    A name that several skills go by means the one that goes with the other skills named beside it, if one does.
    """
    language = primary(record.languages[0]) if record.languages else None
    keys = [
        NameKey(requirement.label, requirement.scheme, requirement.external_id, language)
        for requirement in record.requirements
    ]
    links = [names.link(key) for key in keys]
    if any(link.torn for link in links):
        plain = {link.skill_id for link in links if link.skill_id is not None}
        links = [names.beside(key, plain) if link.torn else link for key, link in zip(keys, links, strict=True)]
    return list(zip(keys, links, strict=True))


def named(record: Opportunity, names: SkillNames, *, count: bool = True) -> dict[str, SkillRequirement]:
    """The skills the source itself names, linked; of two mentions of one skill the stronger stays."""
    default = _taught_level(record)
    by_skill: dict[str, SkillRequirement] = {}
    for requirement, (key, link) in zip(record.requirements, links_in(record, names), strict=True):
        if count:
            names.count_use(key, 1, clear=link.skill_id is not None)
        if link.skill_id is None:
            continue
        level = requirement.level or (default if requirement.importance == "teaches" else 0)
        required = _required(link.skill_id, requirement.importance, level, requirement.origin)
        before = by_skill.get(link.skill_id)
        if before is None or (_RANK[required.importance], -required.level) < (_RANK[before.importance], -before.level):
            by_skill[link.skill_id] = required
    return by_skill


def requirements_of(
    record: Opportunity, names: SkillNames, *, count: bool = True, unread: Callable[[Exception], None] | None = None
) -> tuple[SkillRequirement, ...]:
    """All skills that its record names or mentions: named ones first, then those spotted in the title and the text.

    A skill in the title is essential (or taught); one in the text is desired unless it stands under a heading that
    asks for it; what stands under benefits or about the company is not asked for at all.

    Args:
        unread: told when title and text cannot be read; then only named skills are found. Without it that is an error.
    """
    by_skill = named(record, names, count=count)
    try:
        spotted = _spotted(record, names, by_skill)
    except Exception as error:
        if unread is None:
            raise
        unread(error)
        spotted = []
    return (*by_skill.values(), *spotted[:MOST_SPOTTED])


def _spotted(record: Opportunity, names: SkillNames, known: Mapping[str, SkillRequirement]) -> list[SkillRequirement]:
    """The skills in title and text that are not `found` already."""
    language = primary(record.languages[0]) if record.languages else None
    teaching = teaches(record)
    default = _taught_level(record)
    spotted: dict[str, SkillRequirement] = {}
    for hit in names.spot(record.title, language):
        if hit.skill_id not in known:
            importance = importance_in("title", teaching=teaching)
            spotted.setdefault(hit.skill_id, _required(hit.skill_id, importance, default if teaching else 0, "title"))
    if record.description:
        sections = Sections(record.description)
        for hit in names.spot(record.description, language):
            section = sections.at(hit.start)
            if hit.skill_id in known or section == "offered":
                continue
            importance = importance_in(section, teaching=teaching)
            level = default if importance == "teaches" else 0
            required = _required(hit.skill_id, importance, level, "spotted")
            before = spotted.get(hit.skill_id)
            if before is None or (before.origin == "spotted" and _RANK[importance] < _RANK[before.importance]):
                spotted[hit.skill_id] = required
    return list(spotted.values())


def importance_in(section: Section | Literal["title"], *, teaching: bool) -> Importance:
    """How much a skill is asked for that the title or a section names, of one that teaches or of another one."""
    if teaching:
        return "desired" if section == "asked" else "teaches"
    return "essential" if section in ("asked", "title") else "desired"


def settled(
    record: Opportunity,
    requirements: Iterable[SkillRequirement],
    decisions: Sequence[RequirementDecision],
    names: SkillNames,
) -> tuple[SkillRequirement, ...]:
    """The requirements with what people decided laid over them, decided ones first.

    A decision holds for whatever the taxonomy now calls its skill; one whose skill is gone waits until it is back.
    Without a level of its own it leaves the one that is stated otherwise.
    """
    settled_requirements = {requirement.skill_id: requirement for requirement in requirements}
    if not decisions:
        return tuple(settled_requirements.values())
    confirmed: dict[str, SkillRequirement] = {}
    for decision in decisions:
        choice = decision.choice
        skill_id = skill_now((choice.skill_id,), choice.skill, names.taxonomy, names.meaning)
        if skill_id is None:
            continue
        before = confirmed.pop(skill_id, None) or settled_requirements.pop(skill_id, None)
        if choice.ruling != "not_asked":
            known = before.level if before else _taught_level(record) if choice.ruling == "teaches" else 0
            confirmed[skill_id] = SkillRequirement(
                skill_id, choice.ruling, choice.level or known, "confirmed", decision
            )
    return (*confirmed.values(), *settled_requirements.values())


def _taught_level(record: Opportunity) -> int:
    """The level that what is taught leads to, by the word of a learning platform; 0 where there is none."""
    return _LEVELS.get(record.level or "", 0) if isinstance(record, LearningPath) else 0
