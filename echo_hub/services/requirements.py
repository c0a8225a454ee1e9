"""The skills of one opportunity for whoever answers for it: what it asks for as of now, suggestions, and decisions."""

from __future__ import annotations

import re
from collections.abc import Sequence

from echo_core.model import Opportunity
from echo_core.skills.embeddings.vectors import Encoder
from echo_core.skills.extraction.suggester import Suggestion
from echo_core.text.language_names import primary
from echo_core.text.wording import key
from echo_hub.services.cards import card
from echo_hub.services.deciding import Deciding
from echo_hub.services.decisions import decision_fields
from echo_hub.services.errors import ChoiceError
from echo_hub.services.explain import listed
from echo_hub.services.requirement_views import (
    RequirementDecisionView,
    RequirementSuggestion,
    RequirementsView,
    RequirementView,
)
from echo_hub.services.views import Sentence
from echo_hub.snapshot.catalogue.listing import Listing
from echo_hub.snapshot.catalogue.requirements import SkillRequirement, importance_in, requirements_of, settled, teaches
from echo_hub.snapshot.catalogue.sections import Sections
from echo_hub.snapshot.skill_graph.decisions import skill_now
from echo_hub.snapshot.skill_graph.suggestions import MOST
from echo_hub.snapshot.snapshot import Snapshot
from echo_hub.store.database import Database
from echo_hub.store.requirement_decisions import REQUIREMENTS, RequirementChoice, RequirementDecision, Ruling

RULINGS: tuple[Ruling, ...] = ("essential", "desired", "teaches", "not_asked")
_AROUND = 70
"""Letters shown on either side of the words a suggestion rests on."""
_BULLETS = " \t-–—*•·"
_ORDER = {"essential": 0, "teaches": 1, "desired": 2}


def requirements_now(snapshot: Snapshot, database: Database, opportunity_id: str) -> RequirementsView:
    """What an opportunity asks for with every decision up to this moment, which the snapshot may not know yet.

    Raises:
        UnknownOpportunityError: `opportunity_id` is not listed.
    """
    listing = listed(snapshot, opportunity_id)
    standing = _standing(database, listing.id)
    words = _words(snapshot, listing.record)
    requirements = sorted(
        _requirements(snapshot, listing, standing), key=lambda requirement: _ORDER[requirement.importance]
    )
    views = {decision.id: decision_view(snapshot, decision, counts=True) for decision in standing}
    return RequirementsView(
        opportunity=card(snapshot, listing.row),
        teaches=teaches(listing.record),
        requirements=tuple(
            RequirementView(
                skill_id=requirement.skill_id,
                skill=snapshot.taxonomy.skills[requirement.skill_id].label,
                importance=requirement.importance,
                level=requirement.level or None,
                origin=requirement.origin,
                words=words.get(requirement.skill_id, [""])[0],
                decision=None if requirement.decision is None else views[requirement.decision.id],
            )
            for requirement in requirements
        ),
        not_asked=tuple(view for view in views.values() if view.ruling == "not_asked" and view.known),
        waiting=tuple(view for view in views.values() if not view.known),
        credits=snapshot.taxonomy.credits(),
    )


def suggestions(
    snapshot: Snapshot, database: Database, opportunity_id: str, encoder: Encoder | None
) -> tuple[RequirementSuggestion, ...]:
    """Skills that title and text probably mean, best first, beside those that are there or were decided about.

    What stands under benefits or about the company suggests nothing, nor does what is said not to be needed, nor do
    words that are there as the name of another skill.

    Raises:
        UnknownOpportunityError: `opportunity_id` is not listed.
    """
    listing = listed(snapshot, opportunity_id)
    record = listing.record
    standing = _standing(database, listing.id)
    there = {requirement.skill_id for requirement in _requirements(snapshot, listing, standing)}
    known = there | {_skill_of(snapshot, decision) for decision in standing}
    named = _words(snapshot, record)
    spoken_for = {key(words) for skill_id in there for words in named.get(skill_id, ())}
    sections = Sections(record.description)
    by_skill: dict[str, RequirementSuggestion] = {}
    for text, place in ((record.title, None), (sections.without("offered"), sections)):
        for suggestion in snapshot.names.suggesting.of(text, _language(record), encoder):
            earlier = by_skill.get(suggestion.skill_id)
            if (
                suggestion.skill_id in known
                or key(suggestion.text) in spoken_for
                or (place and place.is_heading(suggestion.start))
            ):
                continue
            if earlier is not None and earlier.confidence >= suggestion.confidence:
                continue
            before, after = _around(text, suggestion)
            section = "title" if place is None else place.at(suggestion.start)
            by_skill[suggestion.skill_id] = RequirementSuggestion(
                skill_id=suggestion.skill_id,
                skill=snapshot.taxonomy.skills[suggestion.skill_id].label,
                importance=importance_in(section, teaching=teaches(record)),
                confidence=suggestion.confidence,
                before=before,
                words=" ".join(suggestion.text.split()),
                after=after,
                reason=Sentence(message=suggestion.reason),
            )
    return tuple(sorted(by_skill.values(), key=lambda suggestion: (-suggestion.confidence, suggestion.skill))[:MOST])


def requirement_choice(
    snapshot: Snapshot,
    opportunity_id: str,
    skill: str,
    ruling: str,
    *,
    level: int | None = None,
    words: str = "",
    confidence: float | None = None,
    note: str = "",
) -> RequirementChoice:
    """What is to be stored when a person decides about a skill of an opportunity.

    Args:
        skill: a skill's id, or its name.
        words, confidence: of the suggestion that is confirmed or rejected.

    Raises:
        UnknownOpportunityError: `opportunity_id` is not listed.
        UnknownSkillError: no skill, or several, have this name.
        ChoiceError: a ruling or a level that cannot be.
    """
    listing = listed(snapshot, opportunity_id)
    wanted = next((word for word in RULINGS if word == ruling), None)
    if wanted is None:
        raise ChoiceError(f"{ruling!r} is no decision about a skill; valid: {', '.join(RULINGS)}.")
    if level is not None and not 1 <= level <= 5:
        raise ChoiceError(f"There is no level {level}; levels run from 1 (aware) to 5 (expert).")
    chosen = Deciding(snapshot).skill(skill)
    return RequirementChoice(
        opportunity=listing.id,
        skill_id=chosen.id,
        skill=chosen.label,
        ruling=wanted,
        level=None if wanted == "not_asked" else level,
        words=words,
        confidence=confidence,
        note=note,
    )


def _standing(database: Database, opportunity_id: str) -> tuple[RequirementDecision, ...]:
    return tuple(
        decision for decision in REQUIREMENTS.standing(database) if decision.choice.opportunity == opportunity_id
    )


def _requirements(
    snapshot: Snapshot, listing: Listing, standing: Sequence[RequirementDecision]
) -> tuple[SkillRequirement, ...]:
    return settled(
        listing.record,
        requirements_of(listing.record, snapshot.names, count=False, unread=lambda _: None),
        standing,
        snapshot.names,
    )


def _skill_of(snapshot: Snapshot, decision: RequirementDecision) -> str | None:
    return skill_now((decision.choice.skill_id,), decision.choice.skill, snapshot.taxonomy, snapshot.names.meaning)


def _words(snapshot: Snapshot, record: Opportunity) -> dict[str, list[str]]:
    """By skill the words of title and text that name it outright."""
    words: dict[str, list[str]] = {}
    for text in filter(None, (record.title, record.description)):
        for hit in snapshot.names.spot(text, _language(record)):
            words.setdefault(hit.skill_id, []).append(text[hit.start : hit.end])
    return words


def _language(record: Opportunity) -> str | None:
    return primary(record.languages[0]) if record.languages else None


def _around(text: str, suggestion: Suggestion) -> tuple[str, str]:
    """What stands before and after the words of a suggestion in its line, in whole words."""
    start = text.rfind("\n", 0, suggestion.start) + 1
    end = text.find("\n", suggestion.end)
    before = text[start : suggestion.start].lstrip(_BULLETS)
    after = text[suggestion.end : len(text) if end < 0 else end]
    if len(before) > _AROUND:
        before = "…" + re.sub(r"^\S*", "", before[-_AROUND:])
    if len(after) > _AROUND:
        after = re.sub(r"\S*$", "", after[:_AROUND]) + "…"
    return before, after


def decision_view(snapshot: Snapshot, decision: RequirementDecision, *, counts: bool) -> RequirementDecisionView:
    """A stored decision."""
    choice = decision.choice
    now = _skill_of(snapshot, decision)
    return RequirementDecisionView(
        opportunity=choice.opportunity,
        skill_id=now or choice.skill_id,
        skill=snapshot.taxonomy.skills[now].label if now else choice.skill,
        ruling=choice.ruling,
        level=choice.level,
        words=choice.words,
        known=now is not None,
        **decision_fields(snapshot, decision, counts=counts),
    )
