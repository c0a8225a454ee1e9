"""Where each skill of a profile comes from: every claim behind it, and what its person says of it."""

from __future__ import annotations

from collections.abc import Sequence

from echo_core.skills.taxonomy.graph import Taxonomy
from echo_hub.services.views import CorrectionView, PersonSkill
from echo_hub.snapshot.skill_graph.claims import HERE, HeldClaim
from echo_hub.snapshot.skill_graph.decisions import Corrections
from echo_hub.store.disputes import Dispute

_STANCES = ("has", "teaches", "wants_to_use", "wants_to_learn", "avoids")


def lineage(
    held: Sequence[HeldClaim], row: int, corrections: Corrections, taxonomy: Taxonomy
) -> tuple[tuple[PersonSkill, ...], tuple[CorrectionView, ...]]:
    """The claims that count, a person's own words among them, and their corrections with the claims these refuse."""
    counting: list[PersonSkill] = []
    refused: dict[int, list[PersonSkill]] = {}
    for claim in held:
        if claim.source == HERE:
            continue  # said again below, from corrections that may be newer than the snapshot
        dispute = corrections.of(row, claim.skill_id, claim.name, claim.stance)
        if dispute is None:
            counting.append(_skill(claim))
        elif dispute.about.level is None:
            refused.setdefault(dispute.id, []).append(_skill(claim))
        else:
            counting.append(_skill(claim).model_copy(update={"overruled": True}))
    disputes = corrections.people.get(row, ())
    counting += [_own(one, corrections, taxonomy) for one in disputes if one.about.level is not None]
    counting.sort(key=lambda one: (_STANCES.index(one.stance), -(one.level or 0), one.skill.casefold(), one.source))
    return tuple(counting), tuple(_correction(one, refused.get(one.id, ())) for one in disputes)


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
        link=claim.link,
        record=claim.record,
        asserted_on=claim.asserted_on,
        valid_until=claim.valid_until,
    )


def _own(one: Dispute, corrections: Corrections, taxonomy: Taxonomy) -> PersonSkill:
    skill_id = corrections.skills[one.id]
    return PersonSkill(
        skill_id=skill_id,
        skill=taxonomy.skills[skill_id].label if skill_id else one.about.skill,
        stance="has",
        level=one.about.level,
        asserter="person",
        evidence=None,
        source=HERE,
        linked=skill_id is not None,
        name=one.about.skill,
        asserted_on=one.decided_at.date(),
    )


def _correction(one: Dispute, claims: Sequence[PersonSkill]) -> CorrectionView:
    about = one.about
    return CorrectionView(
        id=one.id,
        skill_id=about.skill_id,
        skill=about.skill,
        stance=about.stance,
        level=about.level,
        note=about.note,
        decided_by=one.decided_by,
        decided_at=one.decided_at,
        claims=tuple(claims),
    )
