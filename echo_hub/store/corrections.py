"""What people say of their own skills: "not me", or the level they have. No sync ever takes it back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, TypeAlias

from pydantic import Field

from echo_hub.store.database import SAID_HERE
from echo_hub.store.ledger import Decision, Ledger


@dataclass(frozen=True, slots=True)
class CorrectionChoice:
    """A skill of a person as it stands when they correct it. `level` is the level they have; None means "not me".

    `person_id` is a public id. `skill_id` is None for a name the graph does not know; `standing_id` is the skill it
    stands for. `names` are the names under which sources claim it. `stance` "has" covers teaching it, too.
    """

    person_id: str
    employee_id: str | None
    skill_id: str | None
    standing_id: str | None
    skill: str
    names: tuple[str, ...] = ()
    stance: str = "has"
    level: Annotated[int | None, Field(ge=1, le=5)] = None
    note: str = ""

    @property
    def about(self) -> tuple[str, str, str]:
        """The person, the skill and what they say of it."""
        return self.person_id, self.skill_id or self.skill.casefold(), self.stance

    @property
    def subject(self) -> str:
        """The person."""
        return self.person_id

    def same_as(self, other: CorrectionChoice) -> bool:
        """Whether both come to the same thing, whatever their notes say."""
        return (self.level, self.names) == (other.level, other.names)


Correction: TypeAlias = Decision[CorrectionChoice]
CORRECTIONS = Ledger("correction", CorrectionChoice, moves=SAID_HERE, of_people=True)
