"""What an owner or a hiring manager is shown of the people who may take an opportunity up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from echo_hub.services.views import Card, Gap, Gate, Line, Reason, View


@dataclass(frozen=True, slots=True, kw_only=True)
class RelevantClaim(Line):
    """A skill the opportunity asks for, or one that counts for it, and who says the person has it."""

    skill_id: str
    skill: str
    level: int | None
    asserter: str
    source: str
    asserted_on: date | None


class Colleague(View):
    """A person as an owner sees one: who, where, and what they have of what the opportunity is about."""

    id: str
    name: str
    title: str | None
    org_unit: str | None
    location: str | None
    claims: tuple[RelevantClaim, ...]


class Candidate(Colleague):
    """Somebody whose skills or wishes speak for the opportunity: the reasons first, the score last.

    `have` are skills that are there at whatever level, `partly` those that count through another skill, `missing`
    what lacks in part or whole, `assumed` what only the title suggests, `wishes` what the person wants to use, learn
    or teach and the opportunity offers, `beside` all else. The contributions of all of these sum to `score` (0..1)
    within 1e-9. `gates` are the rules; all are open.
    """

    have: tuple[Reason, ...]
    partly: tuple[Reason, ...]
    missing: tuple[Gap, ...]
    assumed: tuple[Reason, ...]
    wishes: tuple[Reason, ...]
    beside: tuple[Reason, ...]
    gates: tuple[Gate, ...]
    score: float

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """All addends of the score, in the order they are shown."""
        return (*self.have, *self.partly, *self.assumed, *self.wishes, *self.beside)


class CandidateList(View):
    """The best candidates of an opportunity. `eligible` counts everybody whom the rules let in, those not shown too.

    `closed_gates` are the rules that shut everybody out, such as "has no free place".
    """

    opportunity: Card
    eligible: int
    candidates: tuple[Candidate, ...]
    closed_gates: tuple[Gate, ...]
    scorer_version: str
    credits: tuple[str, ...] = ()


class AlsoEligible(View):
    """Everybody else whom the rules let in, without scores and in no order of merit or name. `total` counts them."""

    opportunity: Card
    total: int
    offset: int
    limit: int
    people: tuple[Colleague, ...]
    credits: tuple[str, ...] = ()
