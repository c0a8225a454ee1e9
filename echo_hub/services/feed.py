"""For you: one list over jobs, projects, mentoring and learning, with a score and reasons for one person."""

from __future__ import annotations

import numpy as np

from echo_core.matching import GatePerson, Growth, Profile, Scores, WhatIf, in_order, mixed, recommends
from echo_core.matching.arrays import BoolArray, IntArray
from echo_hub.services.cards import cards_for, facet_counts
from echo_hub.services.people import person_row, person_view
from echo_hub.services.views import Filters, ResultList
from echo_hub.services.vocabulary import understood
from echo_hub.snapshot.ranking.board import Board
from echo_hub.snapshot.snapshot import Snapshot


def for_you(
    snapshot: Snapshot, person_id: str, filters: Filters | None = None, *, limit: int = 20, offset: int = 0
) -> ResultList:
    """One page of a person's list, best first.

    Holds what every gate lets through and what has something to do with the person's skills or wishes, unless a wish
    to avoid took all its score; for a person about whom nothing is known, all that the gates let through. The top
    shows every kind that has something sensible; ties stand in the order of their ids, so pages never overlap.

    Raises:
        UnknownPersonError, AmbiguousPersonError: `person_id` names nobody, or not one person.
        UnknownValueError: a filter has a value that nothing can have.
    """
    filters = understood(snapshot, filters or Filters())
    person = person_row(snapshot, person_id)
    prepared = snapshot.prepared(person)
    scores, candidates = candidates_of(snapshot.board, prepared.gates, prepared.profile, prepared.missing)
    rows = ranked(snapshot.board, scores, candidates & snapshot.facets.mask(filters))
    page = rows[offset : offset + limit]
    return ResultList(
        person=person_view(snapshot, person),
        query="",
        filters=filters,
        total=len(rows),
        offset=offset,
        limit=limit,
        cards=cards_for(snapshot, person, page.tolist(), first_rank=offset + 1, scores=scores),
        facets=facet_counts(snapshot.facets.counts(candidates, filters)),
        credits=snapshot.taxonomy.credits(),
    )


def what_if(snapshot: Snapshot, person: int) -> WhatIf:
    """Asks how a person's scores, and ranks in the unfiltered list, would be with other skills."""

    prepared = snapshot.prepared(person)

    def ranking(profile: Profile, missing: Growth) -> tuple[IntArray, Scores]:
        scores, candidates = candidates_of(snapshot.board, prepared.gates, profile, missing)
        return ranked(snapshot.board, scores, candidates), scores

    return WhatIf(snapshot.scorer, snapshot.space, prepared.profile, ranking)


def candidates_of(board: Board, gates: GatePerson, profile: Profile, missing: Growth) -> tuple[Scores, BoolArray]:
    """Scores, and which opportunities a person's list holds before any filter."""
    open_to = board.eligible(gates)
    if not _speaks(profile):
        return board.scorer.score(profile, missing, np.flatnonzero(open_to)), open_to
    scores = board.scores(profile, missing)
    candidates = np.zeros(len(board), dtype=bool)
    candidates[scores.rows[recommends(scores, board.weights) & open_to[scores.rows]]] = True
    return scores, candidates


def ranked(board: Board, scores: Scores, shown: BoolArray) -> IntArray:
    """The rows that are shown, best first, with a varied top."""
    kept = np.flatnonzero(shown[scores.rows])
    rows, total = scores.rows[kept], scores.total[kept]
    order = in_order(total, board.block.facts.id_rank[rows])
    order = mixed(order, total, board.kind_codes[rows], board.alike[:, rows], board.weights)
    in_list: IntArray = rows[order]
    return in_list


def _speaks(profile: Profile) -> bool:
    """Whether anything is known of a person that could speak for one opportunity rather than another."""
    skills = profile.skills
    known = (skills.has, skills.learn, skills.use, skills.teach)
    return profile.assumed is not None or any(one.size for one in known)
