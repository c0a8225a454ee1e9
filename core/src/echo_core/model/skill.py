"""Skills as people and opportunities name them, before the skills graph links the names."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import AwareDatetime, Field

from echo_core.model.record import PersonRef, Record, Text, Value

Level = Annotated[int, Field(ge=1, le=5)]
"""1 aware, 2 working, 3 practitioner, 4 advanced, 5 expert. A vendor's own word is kept beside it as `level_raw`."""

Stance = Literal["has", "wants_to_learn", "wants_to_use", "teaches", "avoids"]
Asserter = Literal["person", "manager", "vendor", "assessment", "hub"]
Importance = Literal["essential", "desired", "teaches"]


class SkillClaim(Value):
    """A person and a skill: what the person has, wants, teaches or avoids, and who says so.

    `scheme` and `external_id` keep the vendor's own key beside the label, e.g. ("workday", "SKILL-3-118").
    """

    label: Annotated[Text, Field(min_length=1, max_length=300)]
    scheme: str | None = None
    external_id: str | None = None
    stance: Stance = "has"
    level: Level | None = None
    level_raw: str | None = None
    asserter: Asserter = "person"
    evidence: str | None = None
    asserted_at: AwareDatetime | None = None
    valid_until: AwareDatetime | None = None


class Requirement(Value):
    """An opportunity and a skill: asked for (essential or desired) or taught."""

    label: Annotated[Text, Field(min_length=1, max_length=300)]
    scheme: str | None = None
    external_id: str | None = None
    importance: Importance = "essential"
    level: Level | None = None
    level_raw: str | None = None
    origin: Literal["vendor_skill", "vendor_tag", "spotted", "title"] = "vendor_skill"


class SkillAssertion(Record):
    """A skill claim that arrives apart from the person's record: from a skills report, a rating, an expert list."""

    entity: ClassVar[str] = "skill_assertion"

    person: PersonRef
    claim: SkillClaim
