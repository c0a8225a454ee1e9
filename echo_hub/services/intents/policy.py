"""What HR operations switch off, for whom, and on again."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

from echo_core.text.countries import country_code
from echo_core.text.normal_form import comparable
from echo_hub.services.access import allow
from echo_hub.services.actor import Actor
from echo_hub.services.decisions import counting, take_back
from echo_hub.services.errors import ChoiceError
from echo_hub.services.hub import Hub
from echo_hub.services.policy_views import Places, Scope, SwitchView, What, switch_view, whom
from echo_hub.services.policy_views import places as places_of
from echo_hub.services.recording import recorded
from echo_hub.snapshot.snapshot import Snapshot
from echo_hub.store.policy import SWITCHES, Switch


def switches(actor: Actor, hub: Hub, *, history: bool = False, limit: int = 200) -> tuple[SwitchView, ...]:
    """What is off now, the latest first; with `history` every decision, those that count no more included."""
    allow(actor, "policy.read")
    snapshot = hub.snapshot()
    policy = hub.policy(snapshot)
    if history:
        shown = counting(SWITCHES, hub, SWITCHES.history(hub.database, limit=limit))
    else:
        shown = [(decision, True) for decision in reversed(SWITCHES.standing(hub.database)) if decision.choice.off]
    return tuple(switch_view(snapshot, policy, decision, counts=counts) for decision, counts in shown)


def places(actor: Actor, hub: Hub) -> Places:
    """The countries and units that a switch can name, and how many people are in none."""
    allow(actor, "policy.read")
    return places_of(hub.snapshot())


def switch(
    actor: Actor, hub: Hub, what: What, *, off: bool, scope: Scope = "everybody", value: str = "", reason: str = ""
) -> SwitchView:
    """Turns matching or a kind off for some people, or on again, at their next request; answers what counts now.

    Args:
        value: of a country the ISO code or the name, of a unit the name.
        reason: why, for whoever asks later.

    Raises:
        ChoiceError: there is no such country or unit, no reason is given, or it is so already.
    """
    permit = allow(actor, "policy.set")
    snapshot = hub.snapshot()
    standing = [decision.choice for decision in SWITCHES.standing(hub.database)]
    wanted = Switch(what, scope, _named(snapshot, standing, scope, value), off, reason.strip())
    if not wanted.note:
        raise ChoiceError("Say why: people will ask, and the reason is kept with the decision.")
    if any(known.off for known in standing if known.about == wanted.about) == off:
        raise ChoiceError(f"{_noun(what)} is {'off' if off else 'not off'} for {whom(wanted)} already.")
    about = {"what": what, "scope": scope, "value": wanted.value, "off": off}
    with recorded(hub, permit, "policy", what, **about) as entry:
        made = SWITCHES.decide(hub.database, [wanted], by=actor, now=hub.now())
        entry.happened, entry.details = bool(made), {**about, "decisions": [each.id for each in made]}
    (decision,) = (each for each in SWITCHES.standing(hub.database) if each.choice.about == wanted.about)
    return switch_view(snapshot, hub.policy(snapshot), decision, counts=True)


def undo(actor: Actor, hub: Hub, numbers: Sequence[int]) -> tuple[SwitchView, ...]:
    """Takes decisions back: what counted before each counts again, at people's next request.

    Raises:
        DecisionError: one does not exist or does not count any more.
    """
    permit = allow(actor, "policy.undo")
    snapshot = hub.snapshot()
    undone = take_back(permit, hub, SWITCHES, numbers)
    policy = hub.policy(snapshot)
    return tuple(switch_view(snapshot, policy, decision, counts=False) for decision in undone)


def _noun(what: str) -> str:
    return what.replace("_", " ").capitalize()


def _named(snapshot: Snapshot, standing: Sequence[Switch], scope: Scope, value: str) -> str:
    """The country or unit as it is stored. A unit that nobody is in any more is known by its switch."""
    value = " ".join(value.split())
    if scope == "everybody":
        return ""
    if scope == "country":
        code = country_code(value) if value else None
        if code is None:
            raise ChoiceError(f"There is no country {value!r}. Give an ISO code such as DE, or a name.")
        return code
    units = {comparable(unit): unit for unit in places_of(snapshot).units}
    units |= {comparable(known.value): known.value for known in standing if known.scope == "unit"}
    unit = units.get(comparable(value)) if value else None
    if unit is None:
        near = [units[name] for name in get_close_matches(comparable(value), units, 3)]
        hint = f" Near it: {', '.join(near)}." if near else " It is one that people are in, or above one."
        raise ChoiceError(f"There is no unit {value!r}.{hint}")
    return unit
