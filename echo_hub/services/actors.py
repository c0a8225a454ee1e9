"""Makes actors of people: which access roles the records give them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from weakref import WeakKeyDictionary

from echo_hub.services.access import ForbiddenError
from echo_hub.services.actor import GIVEN, Actor, CameBy, Role, ScopedRole
from echo_hub.services.errors import RequestError
from echo_hub.services.hub import Hub
from echo_hub.services.people import person_row
from echo_hub.services.reach import Reach
from echo_hub.settings.sign_in import ScopedRoleSettings
from echo_hub.snapshot.snapshot import Snapshot

_OWNER_OF: Mapping[str, Role] = {
    "job": "hiring_manager",
    "project": "opportunity_owner",
    "mentorship": "mentor",
    "learning_path": "opportunity_owner",
}
"""What owning a listing of each kind makes of somebody."""
_derived: WeakKeyDictionary[Snapshot, dict[int, set[Role]]] = WeakKeyDictionary()


def act_as(
    hub: Hub, text: str, *, given: Iterable[str] = (), scoped: Iterable[ScopedRoleSettings] = (), came_by: CameBy
) -> Actor:
    """The actor for the one person that `text` (id, employee id, e-mail, user name or name) means.

    Args:
        given: access roles beside those that the records tell; only those of `GIVEN` can be.
        scoped: roles for some countries or units.

    Raises:
        UnknownPersonError, AmbiguousPersonError: nobody, or several.
        ForbiddenError: the person has left or has not started yet, or a role cannot be given.
    """
    snapshot = hub.snapshot()
    row = person_row(snapshot, text)
    person = snapshot.people[row]
    if not person.is_here:
        raise ForbiddenError(f"{person.fact.name} is not with the company now and cannot act here.")
    roles: set[Role] = {"employee", *_given(given), *_roles_of(snapshot).get(row, ())}
    return Actor(
        "person",
        person.id,
        person.fact.name,
        frozenset(roles),
        came_by,
        person.fact.employee_id,
        scoped=tuple(
            ScopedRole(each.role, Reach(snapshot, each.countries, each.units))
            for each in scoped
            if each.role not in roles
        ),
    )


def staff_actor(given: Iterable[str], came_by: CameBy) -> Actor:
    """An actor who is nobody on file but has access roles: HR operations trying the hub on their own machine.

    Raises:
        ForbiddenError: no role, or one that cannot be given.
    """
    roles = _given(given)
    if not roles:
        raise ForbiddenError(f"Say as whom, or as what: {', '.join(GIVEN)}.")
    return Actor("service", "-".join(sorted(roles)), "The operator", frozenset(roles), came_by)


def meant(actor: Actor, hub: Hub, person: str | None) -> str:
    """The public id of the person whose data is asked for: the actor's own unless somebody is named.

    Who may not see others' data learns nothing from the answer: "" stands for everybody else, known or not.

    Raises:
        UnknownPersonError, AmbiguousPersonError: the text names nobody, or several.
        RequestError: nobody is named, and the actor is no person.
    """
    if person is None or not person.strip():
        if actor.person is None:
            raise RequestError(f"{actor.name} is no employee: say whose data is meant.")
        return actor.person
    snapshot = hub.snapshot()
    try:
        person_id = snapshot.people[person_row(snapshot, person)].id
    except RequestError:
        if actor.is_staff:
            raise
        return ""
    return person_id if actor.is_staff or person_id == actor.person else ""


def _given(roles: Iterable[str]) -> set[Role]:
    given: set[Role] = set()
    for wanted in roles:
        role = next((role for role in GIVEN if role == wanted), None)
        if role is None:
            raise ForbiddenError(f"{wanted!r} is no access role that can be given; valid: {', '.join(GIVEN)}.")
        given.add(role)
    return given


def _roles_of(snapshot: Snapshot) -> dict[int, set[Role]]:
    """The roles that records tell, by person's row: who owns a listing, whom somebody reports to."""
    roles = _derived.get(snapshot)
    if roles is None:
        roles = {}
        for listing in snapshot.listings:
            for row in listing.owners:
                roles.setdefault(row, set()).add(_OWNER_OF.get(listing.kind, "opportunity_owner"))
        for person in snapshot.people:
            if person.manager >= 0:
                roles.setdefault(person.manager, set()).add("people_manager")
        _derived[snapshot] = roles
    return roles
