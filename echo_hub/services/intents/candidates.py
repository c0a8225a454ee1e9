"""Who fits an opportunity, and who else may take it up: for its owner."""

from __future__ import annotations

from echo_core.matching.arrays import BoolArray
from echo_hub.services import candidates as fitting
from echo_hub.services.access import allow, allows
from echo_hub.services.actor import Actor
from echo_hub.services.candidate_views import AlsoEligible, CandidateList
from echo_hub.services.candidates import TOP
from echo_hub.services.explain import listed
from echo_hub.services.hub import Hub
from echo_hub.services.ownership import belonging
from echo_hub.snapshot.snapshot import Snapshot


def candidates(actor: Actor, hub: Hub, opportunity_id: str, *, top: int = TOP) -> CandidateList:
    """The best candidates with reasons and a score, best first.

    Raises:
        ForbiddenError: the opportunity is somebody else's.
        UnknownOpportunityError: it is not listed.
    """
    snapshot = hub.snapshot()
    allow(actor, "candidates.read", **belonging(snapshot, opportunity_id, actor))
    return fitting.candidates(snapshot, opportunity_id, top=top, among=_matched(hub, snapshot, opportunity_id))


def owner_tools(actor: Actor, hub: Hub, opportunity_id: str) -> bool:
    """Whether an owner's tools are there for the actor: who fits, and what its skills are."""
    return allows(actor, "candidates.read", **belonging(hub.snapshot(), opportunity_id, actor))


def also_eligible(
    actor: Actor, hub: Hub, opportunity_id: str, *, top: int = TOP, limit: int = 20, offset: int = 0
) -> AlsoEligible:
    """Everybody else whom the rules let in, in an order drawn by lot; errors as `candidates`."""
    snapshot = hub.snapshot()
    allow(actor, "candidates.read", **belonging(snapshot, opportunity_id, actor))
    among = _matched(hub, snapshot, opportunity_id)
    return fitting.also_eligible(snapshot, opportunity_id, top=top, limit=limit, offset=offset, among=among)


def _matched(hub: Hub, snapshot: Snapshot, opportunity_id: str) -> BoolArray | None:
    """Who is matched with an opportunity of this kind: nobody else is shown or counted."""
    return hub.policy(snapshot).matched(listed(snapshot, opportunity_id).kind)
