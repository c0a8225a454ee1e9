"""What people decided about the skills of an opportunity; see `ledger` for how decisions are kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from echo_core.model.skill import Importance
from echo_hub.store.database import SAID_HERE
from echo_hub.store.ledger import Decision, Ledger

Ruling = Literal[Importance, "not_asked"]


@dataclass(frozen=True, slots=True)
class RequirementChoice:
    """What an opportunity asks of one skill, in a person's word: how much, or that it is not asked for.

    `opportunity` is a public id, `skill` the skill's label when it was decided. Without a `level` the one that
    is known otherwise stays. `words` and `confidence` are those of the suggestion it confirms or rejects.
    """

    opportunity: str
    skill_id: str
    skill: str
    ruling: Ruling
    level: Annotated[int | None, Field(ge=1, le=5)] = None
    words: str = ""
    confidence: float | None = None
    note: str = ""

    @property
    def about(self) -> tuple[str, str]:
        """The opportunity and the skill."""
        return self.opportunity, self.skill_id

    @property
    def subject(self) -> str:
        """The opportunity."""
        return self.opportunity

    def same_as(self, other: RequirementChoice) -> bool:
        """Whether both come to the same thing, whatever their notes say."""
        return (self.ruling, self.level) == (other.ruling, other.level)


RequirementDecision: TypeAlias = Decision[RequirementChoice]
REQUIREMENTS = Ledger("requirement", RequirementChoice, moves=SAID_HERE)
