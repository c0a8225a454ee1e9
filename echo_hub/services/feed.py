"""For you: one list over jobs, projects, mentoring and learning, with a score and reasons for one person."""

from __future__ import annotations

from echo_core.matching import Growth, Profile, Scores, WhatIf
from echo_core.matching.arrays import IntArray
from echo_hub.services.cards import cards_for, facet_counts
from echo_hub.services.people import person_row, person_view
from echo_hub.services.policy import EVERYTHING_ON, PersonPolicy
from echo_hub.services.search import search
from echo_hub.services.views import Filters, ResultList
from echo_hub.services.vocabulary import understood
from echo_hub.snapshot.ranker import Ranker
from echo_hub.snapshot.snapshot import Snapshot


def for_you(
    snapshot: Snapshot,
    person_id: str,
    filters: Filters | None = None,
    *,
    limit: int = 20,
    offset: int = 0,
    policy: PersonPolicy = EVERYTHING_ON,
) -> ResultList:
    """One page of a person's list, best first.

    Holds what every gate lets through and what has something to do with the person's skills or wishes, unless a wish
    to avoid took all its score; for a person about whom nothing is known, all that the gates let through. The top
    shows every kind that has something sensible; ties stand in the order of their ids, so pages never overlap.

    For a person who is not matched it is all that is listed, the newest first, as anybody sees it.

    Args:
        policy: what is on for the person.

    Raises:
        UnknownPersonError, AmbiguousPersonError: `person_id` names nobody, or not one person.
        UnknownValueError: a filter has a value that nothing can have.
    """
    if not policy.matched:
        return search(snapshot, "", filters, person_id=person_id, limit=limit, offset=offset, policy=policy)
    filters = understood(snapshot, filters or Filters())
    person, there = person_row(snapshot, person_id), policy.there(snapshot)
    ranking = Ranker(snapshot).for_person(person, policy.let_through(snapshot, filters))
    belongs = ranking.belongs if there is None else ranking.belongs & there
    page = ranking.rows[offset : offset + limit]
    return ResultList(
        person=person_view(snapshot, person),
        query="",
        filters=filters,
        total=len(ranking),
        offset=offset,
        limit=limit,
        cards=cards_for(snapshot, person, page.tolist(), first_rank=offset + 1, scores=ranking.scores),
        facets=facet_counts(snapshot.facets.counts(belongs, filters)),
        kinds=policy.kinds,
        credits=snapshot.taxonomy.credits(),
    )


def what_if(snapshot: Snapshot, person: int, policy: PersonPolicy = EVERYTHING_ON) -> WhatIf:
    """Asks how a person's scores, and ranks in the unfiltered list, would be with other skills."""

    ranked = Ranker(snapshot).with_skills(person, policy.there(snapshot))

    def ranking(profile: Profile, missing: Growth) -> tuple[IntArray, Scores]:
        changed = ranked(profile, missing)
        return changed.rows, changed.scores

    return WhatIf(snapshot.scorer, snapshot.space, snapshot.prepared(person).profile, ranking)
