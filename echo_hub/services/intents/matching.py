"""Whether a person is matched: what is on for them, and their own word on it."""

from __future__ import annotations

from echo_hub.services.access import allow
from echo_hub.services.actor import Actor
from echo_hub.services.actors import meant
from echo_hub.services.hub import Hub
from echo_hub.services.looking import looked
from echo_hub.services.policy_views import MatchingView, matching_view
from echo_hub.services.recording import recorded
from echo_hub.store.policy import OPT_OUTS, OptOut


def matching(actor: Actor, hub: Hub, person: str | None = None) -> MatchingView:
    """Whether the actor, or a `person` who is named, is matched, and which kinds are there for them.

    Raises:
        ForbiddenError: somebody else's.
        UnknownPersonError, AmbiguousPersonError: `person` does not name one person.
    """
    who = meant(actor, hub, person)
    looked(hub, allow(actor, "matching.read", of=who))
    snapshot = hub.snapshot()
    return matching_view(snapshot, who, hub.policy(snapshot).of(who, actor.person))


def opt(actor: Actor, hub: Hub, person: str | None = None, *, out: bool) -> MatchingView:
    """Takes the actor, or a `person` who is named, out of matching, or in again; it counts at the next request.

    Nothing says so to anybody else but HR operations and auditors, who read the timeline. What is so already is left
    alone. Errors as `matching`.
    """
    who = meant(actor, hub, person)
    permit = allow(actor, "matching.choose", of=who)
    snapshot = hub.snapshot()
    number = snapshot.people[snapshot.person_rows[who]].fact.employee_id
    if hub.policy(snapshot).of(who).opted_out != out:
        with recorded(hub, permit, "person", who, out=out):
            OPT_OUTS.decide(hub.database, [OptOut(who, number, out)], by=actor, now=hub.now())
    return matching_view(snapshot, who, hub.policy(snapshot).of(who, actor.person))
