"""Where each skill of a profile comes from: every claim behind it, and what its person says of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from echo_core.skills.taxonomy.graph import Taxonomy
from echo_hub.services.views import CorrectionView, PersonSkill, Sentence
from echo_hub.snapshot.skill_graph.claims import HERE, HeldClaim
from echo_hub.snapshot.skill_graph.decisions import Corrections
from echo_hub.store.corrections import Correction

_STANCES = ("has", "teaches", "wants_to_use", "wants_to_learn", "avoids")


def lineage(
    claims: Sequence[HeldClaim], row: int, corrections: Corrections, taxonomy: Taxonomy
) -> tuple[tuple[PersonSkill, ...], tuple[CorrectionView, ...]]:
    """The claims that count, a person's own words among them, and their corrections with the claims these refuse."""
    counting: list[PersonSkill] = []
    refused: dict[int, list[PersonSkill]] = {}
    for claim in claims:
        if claim.source == HERE:
            continue  # said again below, from corrections that may be newer than the snapshot
        correction = corrections.of(row, claim.skill_id, claim.name, claim.stance)
        if correction is None:
            counting.append(_skill(claim))
        elif correction.choice.level is None:
            refused.setdefault(correction.id, []).append(_skill(claim))
        else:
            counting.append(replace(_skill(claim), overruled=True))
    own = corrections.people.get(row, ())
    counting += [_own(said, corrections, taxonomy) for said in own if said.choice.level is not None]
    counting.sort(
        key=lambda skill: (_STANCES.index(skill.stance), -(skill.level or 0), skill.skill.casefold(), skill.source)
    )
    return tuple(counting), tuple(_correction(said, refused.get(said.id, ())) for said in own)


def _skill(claim: HeldClaim) -> PersonSkill:
    return PersonSkill(
        skill_id=claim.skill_id,
        skill=claim.label,
        stance=claim.stance,
        level=claim.level,
        asserter=claim.asserter,
        evidence=claim.evidence,
        source=claim.source,
        linked=claim.skill_id is not None,
        name=claim.name,
        link=None if claim.link is None else Sentence(message=claim.link),
        record=claim.record,
        asserted_on=claim.asserted_on,
        valid_until=claim.valid_until,
    )


def _own(correction: Correction, corrections: Corrections, taxonomy: Taxonomy) -> PersonSkill:
    skill_id = corrections.skills[correction.id]
    return PersonSkill(
        skill_id=skill_id,
        skill=taxonomy.skills[skill_id].label if skill_id else correction.choice.skill,
        stance="has",
        level=correction.choice.level,
        asserter="person",
        evidence=None,
        source=HERE,
        linked=skill_id is not None,
        name=correction.choice.skill,
        asserted_on=correction.decided_at.date(),
    )


def _correction(correction: Correction, claims: Sequence[PersonSkill]) -> CorrectionView:
    choice = correction.choice
    return CorrectionView(
        id=correction.id,
        skill_id=choice.skill_id,
        skill=choice.skill,
        stance=choice.stance,
        level=choice.level,
        note=choice.note,
        decided_by=correction.decided_by,
        decided_at=correction.decided_at,
        claims=tuple(claims),
    )
