"""What is switched off, and whether somebody is matched, as every surface shows it."""

from __future__ import annotations

from datetime import datetime

from echo_core.text.countries import country_name
from echo_hub.services.people import name_of
from echo_hub.services.policy import PersonPolicy, Policy
from echo_hub.services.views import Kind, Sentence, View
from echo_hub.snapshot.directory.switches import Scope, What
from echo_hub.snapshot.snapshot import Snapshot
from echo_hub.store.policy import Switch, SwitchDecision

__all__ = ["MatchingView", "Places", "Scope", "SwitchView", "What", "matching_view", "places", "switch_view", "whom"]


class SwitchView(View):
    """A decision that turned something off for some people, or on again; `id` takes it back.

    `whom` is the country's or unit's name, or "everybody". `people` are those with the company whom it covers, where it
    counts and turns something off. `counts` is False when it was undone or a later one replaced it.
    """

    id: int
    what: str
    scope: str
    value: str
    whom: str
    off: bool
    reason: str
    people: int | None
    decided_by: str
    decider: str
    decided_at: datetime
    undone_by: str | None
    undone_at: datetime | None
    counts: bool


class Places(View):
    """What a switch can name: countries as (code, name) and units, of people who are with the company.

    `unknown_country` and `unknown_unit` count those whom no switch for a country, or for a unit, reaches.
    """

    countries: tuple[tuple[str, str], ...]
    units: tuple[str, ...]
    unknown_country: int
    unknown_unit: int


class MatchingView(View):
    """Whether a person is matched. `kinds` are those that are there for them, `unranked` says why nothing is matched.

    `opted_out` is their own word, and stands whatever else is switched off.
    """

    person: str
    name: str
    matched: bool
    opted_out: bool
    kinds: tuple[Kind, ...]
    unranked: Sentence | None = None


def switch_view(snapshot: Snapshot, policy: Policy, decision: SwitchDecision, *, counts: bool) -> SwitchView:
    """A decision as it is shown."""
    switch = decision.choice
    return SwitchView(
        id=decision.id,
        what=switch.what,
        scope=switch.scope,
        value=switch.value,
        whom=whom(switch),
        off=switch.off,
        reason=switch.note,
        people=policy.covered(switch) if counts and switch.off else None,
        decided_by=decision.decided_by,
        decider=name_of(snapshot, decision.decided_by),
        decided_at=decision.decided_at,
        undone_by=decision.undone_by,
        undone_at=decision.undone_at,
        counts=counts,
    )


def whom(switch: Switch) -> str:
    """Whom a switch is about, in a word or two."""
    if switch.scope == "country":
        return country_name(switch.value)
    return switch.value if switch.scope == "unit" else "everybody"


def places(snapshot: Snapshot) -> Places:
    """What a switch can name."""
    here = [person for person in snapshot.people if person.is_here]
    codes = {person.country for person in here if person.country}
    units = [snapshot.units.of(person) for person in here]
    return Places(
        countries=tuple(sorted(((code, country_name(code)) for code in codes), key=lambda country: country[1])),
        units=tuple(sorted({name for names in units for name in names}, key=str.casefold)),
        unknown_country=sum(person.country is None for person in here),
        unknown_unit=sum(not names for names in units),
    )


def matching_view(snapshot: Snapshot, person_id: str, policy: PersonPolicy) -> MatchingView:
    """Whether a person is matched."""
    person = snapshot.people[snapshot.person_rows[person_id]]
    return MatchingView(
        person=person.id,
        name=person.fact.name,
        matched=policy.matched,
        opted_out=policy.opted_out,
        kinds=policy.kinds,
        unranked=policy.sentence,
    )
