"""Listings as cards: the same card in every list, page, message and API answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from echo_core.matching import Breakdown
from echo_core.model import LearningPath
from echo_hub.market.facets import Count
from echo_hub.market.listing import Listing
from echo_hub.market.snapshot import Market
from echo_hub.marketplace.views import Card, FacetCount, Gap, Gate, Reason

_SUMMARY = 220
_SKILLS = 8
_IMPORTANCE = {"essential": 0, "teaches": 1, "desired": 2}


def card(market: Market, row: int) -> Card:
    """A card for anybody: no score, no reasons."""
    return Card(**_fields(market, market.listings[row]))


def cards_for(
    market: Market, person: int, rows: Sequence[int], *, first_rank: int | None = None, gates: bool = False
) -> tuple[Card, ...]:
    """Cards with one person's scores and reasons, in the order of `rows`.

    Args:
        first_rank: the rank of the first card; None where the order is not the score's.
        gates: whether to say which gates are closed to the person.
    """
    prepared = market.prepared(person)
    breakdowns = market.explainer.explain(prepared.profile, prepared.missing, np.array(rows, dtype=np.int64))
    found = []
    for place, (row, breakdown) in enumerate(zip(rows, breakdowns, strict=True)):
        closed = [gate for gate in gates_of(market, person, row) if not gate.passed] if gates else []
        found.append(
            Card(
                **_fields(market, market.listings[row]),
                score=breakdown.score,
                rank=None if first_rank is None else first_rank + place,
                reasons=_reasons(market, breakdown),
                gaps=_gaps(market, breakdown),
                closed_gates=tuple(closed),
            )
        )
    return tuple(found)


def gates_of(market: Market, person: int, row: int) -> tuple[Gate, ...]:
    """What every gate says about a person and a listing."""
    return tuple(
        Gate(name=verdict.name, passed=verdict.passed, text=verdict.text) for verdict in market.verdicts(person, row)
    )


def facet_counts(counts: Mapping[str, Sequence[Count]]) -> dict[str, tuple[FacetCount, ...]]:
    """Facets for a result list."""
    return {
        name: tuple(FacetCount(value=one.value, label=one.label, count=one.count) for one in values)
        for name, values in counts.items()
    }


def _fields(market: Market, one: Listing) -> dict[str, object]:
    record = one.record
    needs = sorted(one.needs, key=lambda need: _IMPORTANCE[need.importance])
    return {
        "id": one.id,
        "kind": one.kind,
        "title": record.title,
        "summary": _summary(record.description),
        "source": one.connection,
        "source_url": record.apply_url or record.source_url,
        "org_unit": one.departments[0] if one.departments else None,
        "location": one.location,
        "countries": one.countries,
        "remote": record.remote,
        "languages": one.languages,
        "hours_per_week": record.hours_per_week,
        "minutes": record.minutes if isinstance(record, LearningPath) else None,
        "level": record.level if isinstance(record, LearningPath) else None,
        "starts_on": record.starts_on,
        "posted_at": record.posted_at,
        "seats": record.seats,
        "seats_left": one.seats_left,
        "owner": one.owner_name,
        "skills": tuple(market.taxonomy.skills[need.skill_id].label for need in needs[:_SKILLS]),
    }


def _summary(text: str) -> str:
    """The first words of a description, cut between words."""
    short = " ".join(text[: _SUMMARY * 4].split())
    if len(short) <= _SUMMARY:
        return short
    return short[:_SUMMARY].rsplit(" ", 1)[0].rstrip(",;:–- ") + " …"


def _reasons(market: Market, breakdown: Breakdown) -> tuple[Reason, ...]:
    space = market.space
    return tuple(
        Reason(
            feature=part.feature,
            text=part.text,
            contribution=part.contribution,
            skill_id=None if part.skill is None else space.ids[part.skill],
            skill=None if part.skill is None else space.labels[part.skill],
            has_level=part.has_level,
            needs_level=part.needs_level,
            via=None if part.via is None else space.labels[part.via],
        )
        for part in breakdown.contributions
    )


def _gaps(market: Market, breakdown: Breakdown) -> tuple[Gap, ...]:
    return tuple(
        Gap(
            skill_id=market.space.ids[gap.skill],
            skill=market.space.labels[gap.skill],
            importance=gap.importance,
            has_level=gap.has_level,
            needs_level=gap.needs_level,
            text=gap.text,
        )
        for gap in breakdown.gaps
    )
