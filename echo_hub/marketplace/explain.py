"""One opportunity on its own page, and everything behind one person and one opportunity."""

from __future__ import annotations

from echo_hub.market.asking import Asked
from echo_hub.market.listing import Listing
from echo_hub.market.snapshot import Market
from echo_hub.market.visibility import RULES
from echo_hub.marketplace.cards import card, cards_for, confirmations, gates_of
from echo_hub.marketplace.errors import UnknownOpportunityError
from echo_hub.marketplace.people import person_row, person_view
from echo_hub.marketplace.raises import raises
from echo_hub.marketplace.views import Explanation, Gap, OpportunityView


def explain(market: Market, person_id: str, opportunity_id: str, *, what_if: bool = False) -> Explanation:
    """Gates first, then the score as a sum of reasons; scored even where a gate is closed, and saying so.

    Args:
        what_if: also say what would raise the score.

    Raises:
        UnknownPersonError, AmbiguousPersonError: `person_id` does not name one person.
        UnknownOpportunityError: `opportunity_id` is not listed.
    """
    person = person_row(market, person_id)
    listing = listed(market, opportunity_id)
    gates = gates_of(market, person, listing.row)
    (scored,) = cards_for(market, person, [listing.row], gates=True)
    return Explanation(
        person=person_view(market, person),
        card=scored,
        description=listing.record.description,
        eligible=all(gate.passed for gate in gates),
        gates=gates,
        score=scored.score or 0.0,
        scorer_version=market.weights.version,
        raises=raises(market, person, listing) if what_if else None,
        credits=market.taxonomy.credits(),
    )


def opportunity(market: Market, opportunity_id: str) -> OpportunityView:
    """An opportunity as anybody sees it.

    Raises:
        UnknownOpportunityError: no listed opportunity has this id; says which rule hides it.
    """
    listing = listed(market, opportunity_id)
    confirmed = confirmations(market, listing.row)
    return OpportunityView(
        card=card(market, listing.row),
        description=listing.record.description,
        needs=tuple(
            _need(market, listing, need, confirmed.get(need.skill_id))
            for need in sorted(listing.needs, key=lambda need: need.importance != "essential")
            if need.importance != "teaches"
        ),
        teaches=tuple(
            market.taxonomy.skills[need.skill_id].label for need in listing.needs if need.importance == "teaches"
        ),
        credits=market.taxonomy.credits(),
    )


def listed(market: Market, opportunity_id: str) -> Listing:
    """The listed opportunity with this id.

    Raises:
        UnknownOpportunityError: there is none; says which rule hides it.
    """
    listing = market.listing(opportunity_id.strip())
    if listing is None:
        rule = market.hidden.get(opportunity_id.strip())
        raise UnknownOpportunityError(opportunity_id, RULES[rule] if rule else None)
    return listing


def _need(market: Market, listing: Listing, need: Asked, confirmed: str | None) -> Gap:
    skill = market.taxonomy.skills[need.skill_id].label
    verb = "asks for" if need.importance == "essential" else "would like"
    level = f" at level {need.level}" if need.level else ""
    origin = " (found in the text)" if need.origin in ("spotted", "title") else ""
    text = f"{listing.noun.capitalize()} {verb} {skill}{level}{origin}"
    return Gap(
        skill_id=need.skill_id,
        skill=skill,
        importance="essential" if need.importance == "essential" else "desired",
        has_level=None,
        needs_level=need.level or None,
        text=text,
        confirmed=confirmed,
    )
