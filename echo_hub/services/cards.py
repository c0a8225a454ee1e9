"""Listings as cards: the same card in every list, page, message and API answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice

import numpy as np

from echo_core.matching import YOU, Breakdown, Scores, SkillSpace, Verdict, Voice
from echo_core.model import LearningPath
from echo_core.model.message import Message
from echo_hub.services.people import name_of
from echo_hub.services.views import Card, FacetCount, Gap, Gate, Reason
from echo_hub.snapshot.catalogue.listing import Listing
from echo_hub.snapshot.ranking.opportunity_table import OpportunityTable, Prepared
from echo_hub.snapshot.search.facet_counts import Count
from echo_hub.snapshot.snapshot import Snapshot

_SUMMARY = 220
_SKILLS = 8
NOBODY: Mapping[str, Message] = {}
"""Nobody confirmed anything; see `confirmations`."""
_IMPORTANCE = ("essential", "teaches", "desired")


def card(snapshot: Snapshot, row: int) -> Card:
    """A card for anybody: no score, no reasons."""
    return Card(**_fields(snapshot, snapshot.listings[row]))


def cards_for(
    snapshot: Snapshot,
    person: int,
    rows: Sequence[int],
    *,
    first_rank: int | None = None,
    gates: bool = False,
    scores: Scores | None = None,
) -> tuple[Card, ...]:
    """Cards with one person's scores and reasons, in the order of `rows`.

    Args:
        first_rank: the rank of the first card; None where the order is not the score's.
        gates: whether to say which gates are closed to the person.
        scores: the person's scores of these rows and perhaps others, where they are known already.
    """
    table, prepared = snapshot.opportunity_table, snapshot.prepared(person)
    breakdowns = breakdowns_of(table, prepared, rows, scores)
    (said,) = gates_in(table, [prepared], rows) if gates else ([()] * len(rows),)
    cards = []
    for position, (row, breakdown, all_gates) in enumerate(zip(rows, breakdowns, said, strict=True)):
        confirmed = confirmations(snapshot, row)
        cards.append(
            Card(
                **_fields(snapshot, snapshot.listings[row]),
                score=breakdown.score,
                rank=None if first_rank is None else first_rank + position,
                reasons=reasons_in(snapshot.space, breakdown, confirmed),
                gaps=gaps_in(snapshot.space, breakdown, confirmed),
                closed_gates=tuple(gate for gate in all_gates if not gate.passed),
            )
        )
    return tuple(cards)


def breakdowns_of(
    table: OpportunityTable, prepared: Prepared, rows: Sequence[int], scores: Scores | None = None
) -> list[Breakdown]:
    """A person's score of each of these rows, taken apart; `scores` where they are known already."""
    these = np.array(rows, dtype=np.int64)
    known = None if scores is None else scores.of(these)
    return table.explainer.explain(prepared.profile, prepared.missing, these, known)


def confirmations(snapshot: Snapshot, row: int) -> dict[str, Message]:
    """By skill who confirmed that a listing asks for it or teaches it: "confirmed by Ada Lindqvist, 3 May 2026"."""
    return {
        requirement.skill_id: Message(
            "confirmation",
            {
                "name": name_of(snapshot, requirement.decision.decided_by),
                "day": requirement.decision.decided_at.date().isoformat(),
            },
        )
        for requirement in snapshot.listings[row].requirements
        if requirement.decision is not None
    }


def gates_of(snapshot: Snapshot, person: int, row: int, voice: Voice = YOU) -> tuple[Gate, ...]:
    """What every rule says about a person and a listing."""
    ((gates,),) = gates_in(snapshot.opportunity_table, [snapshot.prepared(person)], [row], voice)
    return gates


def gates_in(
    table: OpportunityTable, people: Sequence[Prepared], rows: Sequence[int], voice: Voice = YOU
) -> list[list[tuple[Gate, ...]]]:
    """By person and opportunity, what every rule says."""
    said = table.verdicts([prepared.eligibility for prepared in people], rows, voice)
    return [[tuple(_gate(verdict) for verdict in verdicts) for verdicts in of_person] for of_person in said]


def _gate(verdict: Verdict) -> Gate:
    return Gate(name=verdict.name, passed=verdict.passed, message=verdict.message, speaks=verdict.speaks)


def facet_counts(counts: Mapping[str, Sequence[Count]]) -> dict[str, tuple[FacetCount, ...]]:
    """Facets for a result list."""
    return {
        name: tuple(FacetCount(value=count.value, label=count.label, count=count.count) for count in values)
        for name, values in counts.items()
    }


def _fields(snapshot: Snapshot, listing: Listing) -> dict[str, object]:
    record = listing.record
    requirements = (
        requirement
        for importance in _IMPORTANCE
        for requirement in listing.requirements
        if requirement.importance == importance
    )
    return {
        "id": listing.id,
        "kind": listing.kind,
        "title": record.title,
        "summary": _summary(record.description),
        "source": listing.connection,
        "source_url": record.apply_url or record.source_url,
        "org_unit": listing.departments[0] if listing.departments else None,
        "location": listing.location,
        "countries": listing.countries,
        "remote": record.remote,
        "languages": listing.languages,
        "hours_per_week": record.hours_per_week,
        "minutes": record.minutes if isinstance(record, LearningPath) else None,
        "level": record.level if isinstance(record, LearningPath) else None,
        "starts_on": record.starts_on,
        "posted_at": record.posted_at,
        "seats": record.seats,
        "seats_left": listing.seats_left,
        "owner": listing.owner_name,
        "skills": tuple(
            snapshot.taxonomy.skills[requirement.skill_id].label for requirement in islice(requirements, _SKILLS)
        ),
    }


def _summary(text: str) -> str:
    """The first words of a description, cut between words."""
    short = " ".join(text[: _SUMMARY * 4].split())
    if len(short) <= _SUMMARY:
        return short
    return short[:_SUMMARY].rsplit(" ", 1)[0].rstrip(",;:–- ") + " …"


def reasons_in(space: SkillSpace, breakdown: Breakdown, confirmed: Mapping[str, Message]) -> tuple[Reason, ...]:
    """The parts of a score, with the names of the skills; `confirmed` as `confirmations`."""
    return tuple(
        Reason(
            feature=part.feature,
            message=part.message,
            speaks=part.speaks,
            contribution=part.contribution,
            skill_id=None if part.skill is None else space.ids[part.skill],
            skill=None if part.skill is None else space.labels[part.skill],
            has_level=part.has_level,
            required_level=part.required_level,
            via=None if part.via is None else space.labels[part.via],
            confirmation=None if part.skill is None else confirmed.get(space.ids[part.skill]),
        )
        for part in breakdown.contributions
    )


def gaps_in(space: SkillSpace, breakdown: Breakdown, confirmed: Mapping[str, Message]) -> tuple[Gap, ...]:
    """What is missing, with the names of the skills; `confirmed` as `confirmations`."""
    ids, labels = space.ids, space.labels
    return tuple(
        Gap(
            skill_id=ids[gap.skill],
            skill=labels[gap.skill],
            importance=gap.importance,
            has_level=gap.has_level,
            required_level=gap.required_level,
            message=gap.message,
            confirmation=confirmed.get(ids[gap.skill]) if confirmed else None,
        )
        for gap in breakdown.gaps
    )
