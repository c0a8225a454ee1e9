"""The skills an opportunity asks for or teaches: what its owner named, and what its text says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from echo_core.model import LearningPath, Mentorship, Opportunity
from echo_hub.market.countries import primary
from echo_hub.market.intake import NameKey
from echo_hub.market.naming import SkillNames
from echo_hub.market.sections import Sections

Importance = Literal["essential", "desired", "teaches"]
Origin = Literal["vendor_skill", "vendor_tag", "spotted", "title"]
MOST_SPOTTED = 40
"""A text that names more skills than this is a word list, not a description."""
_RANK: dict[Importance, int] = {"essential": 0, "teaches": 1, "desired": 2}
_LEVELS = {"beginner": 2, "intermediate": 3, "advanced": 4}


@dataclass(frozen=True, slots=True)
class Asked:
    """One skill of one opportunity. `level` is 0 where nobody says."""

    skill_id: str
    importance: Importance
    level: int
    origin: Origin


def teaches(record: Opportunity) -> bool:
    """Whether the opportunity is there to teach: learning, and a mentor's offer (not a mentee's request)."""
    return isinstance(record, LearningPath) or (isinstance(record, Mentorship) and record.direction == "offer")


def names_in(record: Opportunity) -> list[NameKey]:
    """The names under which the source itself names skills."""
    language = primary(record.languages[0]) if record.languages else None
    return [NameKey(need.label, need.scheme, need.external_id, language) for need in record.needs]


def named(record: Opportunity, names: SkillNames, *, count: bool = True) -> dict[str, Asked]:
    """The skills the source itself names, linked; of two mentions of one skill the stronger stays."""
    default = _LEVELS.get(record.level or "", 0) if isinstance(record, LearningPath) else 0
    found: dict[str, Asked] = {}
    for need, key in zip(record.needs, names_in(record), strict=True):
        link = names.link(key)
        if count:
            names.asked(key, 1)
        if link.skill_id is None:
            continue
        level = need.level or (default if need.importance == "teaches" else 0)
        one = Asked(link.skill_id, need.importance, level, need.origin)
        before = found.get(link.skill_id)
        if before is None or (_RANK[one.importance], -one.level) < (_RANK[before.importance], -before.level):
            found[link.skill_id] = one
    return found


def asked(record: Opportunity, names: SkillNames) -> tuple[Asked, ...]:
    """All skills of an opportunity: named ones first, then those spotted in the title and the text.

    A skill in the title is essential (or taught); one in the text is desired unless it stands under a heading that
    asks for it; what stands under benefits or about the company is not asked for at all.
    """
    found = named(record, names)
    language = primary(record.languages[0]) if record.languages else None
    teaching = teaches(record)
    default = _LEVELS.get(record.level or "", 0) if isinstance(record, LearningPath) else 0
    spotted: dict[str, Asked] = {}
    for hit in names.spot(record.title, language):
        if hit.skill_id not in found:
            importance: Importance = "teaches" if teaching else "essential"
            spotted.setdefault(hit.skill_id, Asked(hit.skill_id, importance, default if teaching else 0, "title"))
    if record.description:
        sections = Sections(record.description)
        for hit in names.spot(record.description, language):
            section = sections.at(hit.start)
            if hit.skill_id in found or section == "offered":
                continue
            if teaching:
                importance = "desired" if section == "asked" else "teaches"
            else:
                importance = "essential" if section == "asked" else "desired"
            level = default if importance == "teaches" else 0
            one = Asked(hit.skill_id, importance, level, "spotted")
            before = spotted.get(hit.skill_id)
            if before is None or (before.origin == "spotted" and _RANK[importance] < _RANK[before.importance]):
                spotted[hit.skill_id] = one
    return (*found.values(), *list(spotted.values())[:MOST_SPOTTED])
