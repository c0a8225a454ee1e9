"""Finding colleagues, one's own profile, and a person's word about their own skills."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from echo_core.model.message import Message
from echo_hub.services import people, related_occupations
from echo_hub.services.access import allow, allows
from echo_hub.services.actor import Actor
from echo_hub.services.actors import meant
from echo_hub.services.corrections import correction, person_now
from echo_hub.services.decisions import store_choices, take_back
from echo_hub.services.hub import Hub
from echo_hub.services.looking import looked
from echo_hub.services.near_people import NearPeople, NearPerson
from echo_hub.services.related_occupations import NearRoles
from echo_hub.services.views import CorrectionView, PersonView, Sentence, View
from echo_hub.snapshot.directory.issues import MANAGERS
from echo_hub.store.corrections import CORRECTIONS

_SEEN_BY_COLLEAGUES = ("has", "teaches")
"""What a colleague sees of somebody's skills. Wishes, and what a person avoids, are theirs."""


class PeopleFound(NamedTuple):
    """Some people by name, and how many there are in all when nothing was asked for.

    `open_lists` are the ids of those whose list and profile the one who acts may see.
    """

    people: tuple[PersonView, ...]
    total: int
    open_lists: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnmatchedAccount(Sentence):
    """An account that fits nobody or several people, or whose manager cannot be; why, and whom it nearly fits."""

    connection: str
    source_id: str
    reason: str
    near: tuple[NearPerson, ...]


class Undone(View):
    """A correction that was taken back."""

    skill: str


def find_people(actor: Actor, hub: Hub, text: str = "", *, limit: int = 20, everyone: bool = False) -> PeopleFound:
    """People meant by a text, or the first by name when it is empty.

    What somebody wishes or avoids stands on their profile alone, where a look is recorded.
    """
    allow(actor, "people.find")
    snapshot = hub.snapshot()
    if text.strip():
        shown_people = people.find_people(snapshot, text, limit=limit, everyone=everyone)
    else:
        shown_people = people.first_people(snapshot, limit=limit, everyone=everyone)
    total = people.count_people(snapshot, everyone=everyone)
    open_lists = frozenset(person.id for person in shown_people if _may_see_profile(actor, person.id))
    return PeopleFound(
        tuple(person if person.id == actor.person else _as_colleague(person) for person in shown_people),
        total,
        open_lists,
    )


def unmatched(actor: Actor, hub: Hub, *, limit: int | None = None, offset: int = 0) -> tuple[UnmatchedAccount, ...]:
    """Accounts that could not be joined to one person or whose manager cannot be, from `offset` on; all by default."""
    allow(actor, "people.unmatched")
    snapshot = hub.snapshot()
    issues = snapshot.issues[offset : None if limit is None else offset + limit]
    accounts = {(issue.connection, issue.source_id) for issue in issues if issue.reason not in MANAGERS}
    near = NearPeople(snapshot, accounts) if accounts else None
    return tuple(
        UnmatchedAccount(
            connection=issue.connection,
            source_id=issue.source_id,
            reason=issue.reason,
            message=Message(f"identity-{issue.reason.replace('_', '-')}"),
            near=() if near is None or issue.reason in MANAGERS else near.of(issue.connection, issue.source_id),
        )
        for issue in issues
    )


def profile(actor: Actor, hub: Hub, person: str | None = None) -> PersonView:
    """Every claim behind every skill of the actor, or of a `person` who is named, up to this moment.

    Raises:
        ForbiddenError: somebody else's.
        UnknownPersonError, AmbiguousPersonError: `person` does not name one person.
    """
    who = meant(actor, hub, person)
    looked(hub, allow(actor, "profile.read", of=who))
    return person_now(hub.snapshot(), hub.database, who)


def correct(
    actor: Actor,
    hub: Hub,
    skill: str,
    person: str | None = None,
    *,
    stance: str = "has",
    level: int | None = None,
    note: str = "",
) -> CorrectionView:
    """Stores that a skill is not the actor's (or the named person's), or which level they have; see `correction`.

    Raises:
        ForbiddenError: somebody else's skills.
        UnknownPersonError, AmbiguousPersonError, UnknownSkillError, ChoiceError: it cannot be stored; says why.
    """
    who = meant(actor, hub, person)
    permit = allow(actor, "correction.make", of=who)
    snapshot = hub.snapshot()
    about = correction(snapshot, who, skill, stance=stance, level=level, note=note)
    store_choices(permit, hub, CORRECTIONS, [about], "person", who)
    standing = next(said for said in CORRECTIONS.standing(hub.database) if said.choice.about == about.about)
    views = person_now(snapshot, hub.database, who).corrections
    return next(view for view in views if view.id == standing.id)


def undo_correction(actor: Actor, hub: Hub, correction_id: int) -> Undone:
    """Takes a correction back: what was said before counts again.

    Raises:
        ForbiddenError: it is about somebody else's skills.
        DecisionError: there is no such correction that counts.
    """
    standing = next((said for said in CORRECTIONS.standing(hub.database) if said.id == correction_id), None)
    whose = "" if standing is None else _now(hub, standing.choice.person_id)
    permit = allow(actor, "correction.undo", of=whose)
    (undone,) = take_back(permit, hub, CORRECTIONS, [correction_id])
    return Undone(skill=undone.choice.skill)


def near_roles(actor: Actor, hub: Hub, text: str = "", *, top: int = 10) -> NearRoles:
    """The occupations near the one that a title, an occupation's id or a person means; the actor's own without a text.

    Raises:
        UnknownRoleError: no occupation is like it.
        AmbiguousPersonError: several people go by it.
    """
    allow(actor, "occupation.read")
    return related_occupations.near_roles(hub, text.strip() or meant(actor, hub, None), top)


def _now(hub: Hub, person_id: str) -> str:
    """The public id under which somebody goes now."""
    person = hub.snapshot().person(person_id)
    return person_id if person is None else person.id


def _may_see_profile(actor: Actor, person_id: str) -> bool:
    return allows(actor, "profile.read", of=person_id)


def _as_colleague(person: PersonView) -> PersonView:
    shown = tuple(skill for skill in person.skills if skill.stance in _SEEN_BY_COLLEAGUES)
    return person.model_copy(update={"skills": shown, "corrections": ()})
