"""What an owner is shown of the skills of an opportunity: what it asks for, what it may mean, what was decided."""

from __future__ import annotations

from echo_hub.services.decisions import DecisionView
from echo_hub.services.views import Card, Sentence, View
from echo_hub.snapshot.catalogue.requirements import Importance, Origin
from echo_hub.store.requirement_decisions import Ruling


class RequirementDecisionView(DecisionView):
    """A decision about a skill of an opportunity; `known` is False when the taxonomy no longer has the skill.

    Then it waits until that is back.
    """

    opportunity: str
    skill_id: str
    skill: str
    ruling: Ruling
    level: int | None
    words: str
    known: bool = True


class RequirementView(View):
    """A skill an opportunity asks for or teaches, and what that rests on.

    `words` are those of the title or text that name it; `decision` is a person's, where the requirement is `confirmed`.
    """

    skill_id: str
    skill: str
    importance: Importance
    level: int | None
    origin: Origin
    words: str = ""
    decision: RequirementDecisionView | None = None


class RequirementSuggestion(View):
    """A skill that the title or text probably means; it counts nowhere until a person confirms it.

    `words` are those it rests on, with what stands `before` and `after` them; `confidence` (0..1) is the chance that
    they mean it; `importance` what the section they stand in would make of it.
    """

    skill_id: str
    skill: str
    importance: Importance
    confidence: float
    before: str
    words: str
    after: str
    reason: Sentence


class RequirementsView(View):
    """What an opportunity asks for as of this moment, and the decisions that say that something is not asked for."""

    opportunity: Card
    teaches: bool
    requirements: tuple[RequirementView, ...]
    not_asked: tuple[RequirementDecisionView, ...]
    waiting: tuple[RequirementDecisionView, ...]
    credits: tuple[str, ...] = ()
