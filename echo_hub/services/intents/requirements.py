"""The skills of one opportunity, what its text may mean, and what its owner decides."""

from __future__ import annotations

from collections.abc import Sequence

from echo_hub.services import requirements as asking
from echo_hub.services.access import allow
from echo_hub.services.actor import Actor
from echo_hub.services.deciding import ChoiceError
from echo_hub.services.errors import RequestError, UnknownOpportunityError
from echo_hub.services.hub import Hub
from echo_hub.services.ownership import owner_of
from echo_hub.services.recording import recorded
from echo_hub.services.requirement_views import NeedDecisionView, NeedSuggestion, NeedsView
from echo_hub.services.requirements import RULINGS, decision_view, need_choice
from echo_hub.services.views import View
from echo_hub.services.wrong_items import several_wrong
from echo_hub.store.need_decisions import (
    NeedChoice,
    Ruling,
    decide_needs,
    standing_needs,
    undo_need_batch,
    undo_needs,
)

__all__ = ["RULINGS", "RequirementWanted", "Ruling", "decide", "history", "requirements", "suggestions", "undo"]


class RequirementWanted(View):
    """What to do with one skill. `words` and `confidence` are those of the suggestion that led to it, if one did."""

    skill: str
    ruling: str
    level: int | None = None
    words: str = ""
    confidence: float | None = None
    note: str = ""


def requirements(actor: Actor, hub: Hub, opportunity_id: str) -> NeedsView:
    """Every skill an opportunity asks for or teaches, where each comes from, and what was decided up to this moment.

    Raises:
        ForbiddenError: the opportunity is somebody else's.
        UnknownOpportunityError: it is not listed.
    """
    snapshot = hub.snapshot()
    allow(actor, "requirements.read", of=owner_of(snapshot, opportunity_id))
    return asking.needs_now(snapshot, hub.database, opportunity_id)


def suggestions(actor: Actor, hub: Hub, opportunity_id: str) -> tuple[NeedSuggestion, ...]:
    """Skills that title and text probably mean, best first; errors as `requirements`."""
    snapshot = hub.snapshot()
    allow(actor, "requirements.read", of=owner_of(snapshot, opportunity_id))
    return asking.suggestions(snapshot, hub.database, opportunity_id, hub.encoder)


def decide(
    actor: Actor, hub: Hub, opportunity_id: str, wanted: Sequence[RequirementWanted]
) -> tuple[NeedDecisionView, ...]:
    """Confirms, changes, adds or removes skills, all or none; what is decided so already is left alone.

    Raises:
        ForbiddenError, UnknownOpportunityError: as `requirements`.
        ChoiceError, UnknownSkillError: some cannot be done; the message says which and why, and nothing is stored.
    """
    snapshot = hub.snapshot()
    permit = allow(actor, "requirements.decide", of=owner_of(snapshot, opportunity_id))
    choices: list[NeedChoice] = []
    wrong: list[RequestError] = []
    for one in wanted:
        try:
            choices.append(need_choice(snapshot, opportunity_id, **dict(one)))
        except UnknownOpportunityError:
            raise
        except RequestError as error:
            wrong.append(error)
    if wrong:
        raise several_wrong(wrong)
    with recorded(hub, permit, "opportunity", opportunity_id.strip()) as entry:
        made = decide_needs(hub.database, choices, by=actor.key, now=hub.now())
        entry.happened, entry.details = bool(made), {"decisions": [one.id for one in made]}
    return tuple(decision_view(snapshot, one) for one in made)


def undo(
    actor: Actor, hub: Hub, decisions: Sequence[int] = (), *, batch: int | None = None
) -> tuple[NeedDecisionView, ...]:
    """Takes decisions back, all or none: some by number, or a whole batch.

    Raises:
        ForbiddenError: one is about somebody else's opportunity.
        ChoiceError: both or neither of numbers and batch.
        DecisionError: one does not exist or does not count any more.
    """
    snapshot = hub.snapshot()
    wanted = {*decisions}
    about = {
        owner_of(snapshot, one.choice.opportunity)
        for one in standing_needs(hub.database)
        if one.id in wanted or (batch is not None and one.batch == batch)
    }
    # Decisions about opportunities of several owners belong to no one of them.
    permit = allow(actor, "requirements.undo", of=about.pop() if len(about) == 1 else None)
    if bool(decisions) == (batch is not None):
        raise ChoiceError("Give decisions or a batch to undo, one of the two.")
    with recorded(hub, permit, "requirement decision") as entry:
        if batch is not None:
            undone = undo_need_batch(hub.database, batch, by=actor.key, now=hub.now())
        else:
            undone = undo_needs(hub.database, decisions, by=actor.key, now=hub.now())
        entry.id, entry.details = str(undone[0].batch), {"decisions": [one.id for one in undone]}
    snapshot = hub.snapshot()
    return tuple(decision_view(snapshot, one) for one in undone)


def history(
    actor: Actor, hub: Hub, opportunity_id: str | None = None, *, limit: int = 200
) -> tuple[NeedDecisionView, ...]:
    """Every decision, the latest first, of one opportunity (listed or not) or of all.

    Raises:
        ForbiddenError: the opportunity is somebody else's, or all are asked for.
    """
    snapshot = hub.snapshot()
    allow(actor, "requirements.read", of=None if opportunity_id is None else owner_of(snapshot, opportunity_id))
    return asking.need_history_views(snapshot, hub.database, opportunity_id, limit=limit)
