"""The skills of one opportunity, what its text may mean, and what its owner decides."""

from __future__ import annotations

from collections.abc import Sequence

from echo_hub.services import requirements as asking
from echo_hub.services.access import allow, allows
from echo_hub.services.actor import Actor
from echo_hub.services.decisions import all_choices, counting, store_choices, take_back
from echo_hub.services.hub import Hub
from echo_hub.services.ownership import Belonging, belonging, owner_of
from echo_hub.services.requirement_views import RequirementDecisionView, RequirementSuggestion, RequirementsView
from echo_hub.services.requirements import RULINGS, decision_view, requirement_choice
from echo_hub.services.views import View
from echo_hub.store.requirement_decisions import REQUIREMENTS, Ruling

__all__ = [
    "RULINGS",
    "RequirementWanted",
    "Ruling",
    "decide",
    "history",
    "may_decide",
    "requirements",
    "suggestions",
    "undo",
]


class RequirementWanted(View):
    """What to do with one skill. `words` and `confidence` are those of the suggestion that led to it, if one did."""

    skill: str
    ruling: str
    level: int | None = None
    words: str = ""
    confidence: float | None = None
    note: str = ""


def requirements(actor: Actor, hub: Hub, opportunity_id: str) -> RequirementsView:
    """Every skill an opportunity asks for or teaches, where each comes from, and what was decided up to this moment.

    Raises:
        ForbiddenError: the opportunity is somebody else's.
        UnknownOpportunityError: it is not listed.
    """
    snapshot = hub.snapshot()
    allow(actor, "requirements.read", **belonging(snapshot, opportunity_id, actor))
    return asking.requirements_now(snapshot, hub.database, opportunity_id)


def suggestions(actor: Actor, hub: Hub, opportunity_id: str) -> tuple[RequirementSuggestion, ...]:
    """Skills that title and text probably mean, best first; errors as `requirements`."""
    snapshot = hub.snapshot()
    allow(actor, "requirements.read", **belonging(snapshot, opportunity_id, actor))
    return asking.suggestions(snapshot, hub.database, opportunity_id, hub.encoder)


def decide(
    actor: Actor, hub: Hub, opportunity_id: str, wanted: Sequence[RequirementWanted]
) -> tuple[RequirementDecisionView, ...]:
    """Confirms, changes, adds or removes skills, all or none; what is decided so already is left alone.

    Raises:
        ForbiddenError, UnknownOpportunityError: as `requirements`.
        ChoiceError, UnknownSkillError: some cannot be done; the message says which and why, and nothing is stored.
    """
    snapshot = hub.snapshot()
    permit = allow(actor, "requirements.decide", **belonging(snapshot, opportunity_id, actor))
    choices = all_choices(wanted, lambda item: [requirement_choice(snapshot, opportunity_id, **dict(item))])
    made = store_choices(permit, hub, REQUIREMENTS, choices, "opportunity", opportunity_id.strip())
    return tuple(decision_view(snapshot, decision, counts=True) for decision in made)


def may_decide(actor: Actor, hub: Hub, opportunity_id: str) -> bool:
    """Whether the actor may decide about the skills of an opportunity, and is offered it."""
    return allows(actor, "requirements.decide", **belonging(hub.snapshot(), opportunity_id, actor))


def undo(
    actor: Actor, hub: Hub, decisions: Sequence[int] = (), *, batch: int | None = None
) -> tuple[RequirementDecisionView, ...]:
    """Takes decisions back, all or none: some by number, or a whole batch.

    Raises:
        ForbiddenError: one is about somebody else's opportunity.
        ChoiceError: both or neither of numbers and batch.
        DecisionError: one does not exist or does not count any more.
    """
    snapshot = hub.snapshot()
    wanted = {*decisions}
    opportunities = {
        decision.choice.opportunity
        for decision in REQUIREMENTS.standing(hub.database)
        if decision.id in wanted or (batch is not None and decision.batch == batch)
    }
    owners = {owner_of(snapshot, opportunity, actor) for opportunity in opportunities}
    # Decisions about opportunities of several owners belong to no one of them.
    permit = allow(
        actor,
        "requirements.undo",
        of=owners.pop() if len(owners) == 1 else None,
        about=opportunities.pop() if len(opportunities) == 1 else None,
    )
    undone = take_back(permit, hub, REQUIREMENTS, decisions, batch)
    snapshot = hub.snapshot()
    return tuple(decision_view(snapshot, decision, counts=False) for decision in undone)


def history(
    actor: Actor, hub: Hub, opportunity_id: str | None = None, *, limit: int = 200
) -> tuple[RequirementDecisionView, ...]:
    """Every decision, the latest first, of one opportunity (listed or not) or of all.

    Raises:
        ForbiddenError: the opportunity is somebody else's, or all are asked for.
    """
    snapshot = hub.snapshot()
    nobodys: Belonging = {"of": None, "about": None}
    whose = nobodys if opportunity_id is None else belonging(snapshot, opportunity_id, actor)
    allow(actor, "requirements.read", **whose)
    decisions = REQUIREMENTS.history(hub.database, opportunity_id, limit=limit)
    return tuple(
        decision_view(snapshot, decision, counts=counts) for decision, counts in counting(REQUIREMENTS, hub, decisions)
    )
