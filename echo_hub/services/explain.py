"""One opportunity on its own page, and everything behind one person and one opportunity."""

from __future__ import annotations

from typing import Literal

from echo_core.model.message import Message, Value
from echo_hub.services.cards import card, cards_for, confirmations, gates_of
from echo_hub.services.errors import KindOffError, NotMatchedError, UnknownOpportunityError
from echo_hub.services.people import person_row, person_view
from echo_hub.services.policy import EVERYTHING_ON, PersonPolicy
from echo_hub.services.raises import raises
from echo_hub.services.views import Explanation, Gap, OpportunityView
from echo_hub.snapshot.catalogue.listing import Listing
from echo_hub.snapshot.catalogue.requirements import SkillRequirement
from echo_hub.snapshot.snapshot import Snapshot


def explain(
    snapshot: Snapshot,
    person_id: str,
    opportunity_id: str,
    *,
    what_if: bool = False,
    policy: PersonPolicy = EVERYTHING_ON,
) -> Explanation:
    """Gates first, then the score as a sum of reasons; scored even where a gate is closed, and saying so.

    Args:
        what_if: also say what would raise the score.
        policy: what is on for the person.

    Raises:
        UnknownPersonError, AmbiguousPersonError: `person_id` does not name one person.
        UnknownOpportunityError: `opportunity_id` is not listed.
        NotMatchedError: matching, or the kind of this, is off for the person.
    """
    person = person_row(snapshot, person_id)
    listing = listed(snapshot, opportunity_id)
    why = policy.unranked or (None if listing.kind in policy.kinds else Message("kind-switched-off"))
    if why is not None:
        raise NotMatchedError("Nothing says how this fits.", why)
    gates = gates_of(snapshot, person, listing.row)
    (scored,) = cards_for(snapshot, person, [listing.row])
    return Explanation(
        person=person_view(snapshot, person),
        card=scored.model_copy(update={"closed_gates": tuple(gate for gate in gates if not gate.passed)}),
        description=listing.record.description,
        eligible=all(gate.passed for gate in gates),
        gates=gates,
        score=scored.score or 0.0,
        scorer_version=snapshot.weights.version,
        raises=raises(snapshot, person, listing, policy) if what_if else None,
        credits=snapshot.taxonomy.credits(),
    )


def opportunity(snapshot: Snapshot, opportunity_id: str, policy: PersonPolicy = EVERYTHING_ON) -> OpportunityView:
    """An opportunity as anybody sees it for whom its kind is on.

    Raises:
        UnknownOpportunityError: no listed opportunity has this id; says which rule hides it.
    """
    listing = listed(snapshot, opportunity_id)
    if listing.kind not in policy.kinds:
        raise KindOffError(opportunity_id)
    confirmed = confirmations(snapshot, listing.row)
    return OpportunityView(
        card=card(snapshot, listing.row),
        description=listing.record.description,
        requirements=tuple(
            _requirement(snapshot, listing, requirement, confirmed.get(requirement.skill_id))
            for requirement in sorted(
                listing.requirements, key=lambda requirement: requirement.importance != "essential"
            )
            if requirement.importance != "teaches"
        ),
        teaches=tuple(
            snapshot.taxonomy.skills[requirement.skill_id].label
            for requirement in listing.requirements
            if requirement.importance == "teaches"
        ),
        credits=snapshot.taxonomy.credits(),
    )


def listed(snapshot: Snapshot, opportunity_id: str) -> Listing:
    """The listed opportunity with this id.

    Raises:
        UnknownOpportunityError: there is none; says which rule hides it.
    """
    listing = snapshot.listing(opportunity_id.strip())
    if listing is None:
        raise UnknownOpportunityError(opportunity_id, snapshot.hidden.get(opportunity_id.strip()))
    return listing


def _requirement(
    snapshot: Snapshot, listing: Listing, requirement: SkillRequirement, confirmation: Message | None
) -> Gap:
    skill = snapshot.taxonomy.skills[requirement.skill_id].label
    importance: Literal["essential", "desired"] = "essential" if requirement.importance == "essential" else "desired"
    origin = "text" if requirement.origin in ("spotted", "title") else "stated"
    values: dict[str, Value] = {"noun": listing.noun, "skill": skill, "asked": requirement.level, "origin": origin}
    return Gap(
        skill_id=requirement.skill_id,
        skill=skill,
        importance=importance,
        has_level=None,
        required_level=requirement.level or None,
        message=Message(f"need-{importance}", values),
        confirmation=confirmation,
    )
