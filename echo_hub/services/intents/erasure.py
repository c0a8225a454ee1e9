"""Erasing a person: what the hub keeps of them goes for good, what stays leads to nobody any more."""

from __future__ import annotations

from collections.abc import Mapping

from echo_hub.services.access import allow
from echo_hub.services.actor import Actor
from echo_hub.services.errors import RequestError, UnknownPersonError
from echo_hub.services.hub import Hub
from echo_hub.services.people import person_row
from echo_hub.services.recording import recorded
from echo_hub.services.views import View
from echo_hub.store.erasure import Erased, erase_person, foresee, past_person


class ErasureView(View):
    """Who is erased, and what that comes to.

    `name` is None for somebody whom no system lists any more. `removed` counts rows by table, `replaced` the places
    where a random key takes the place of who decided something, `events` those that stay under that key. `listed`
    counts, by connection, the records that stay because their source still lists them.
    """

    person: str
    name: str | None
    removed: Mapping[str, int]
    replaced: int
    events: int
    listed: Mapping[str, int]


def erasable(actor: Actor, hub: Hub, person: str) -> ErasureView:
    """What `erase` would come to; nothing is changed.

    Args:
        person: id, employee id, work e-mail, user name or name; of somebody whom no system lists any more the id or
            the employee id.

    Raises:
        ForbiddenError: the actor may not erase anybody.
        UnknownPersonError, AmbiguousPersonError: `person` does not name one person.
    """
    allow(actor, "erasure.check")
    name, ids = _person(hub, person)
    return _view(name, ids, foresee(hub.database, ids))


def erase(actor: Actor, hub: Hub, person: str) -> ErasureView:
    """Erases a person for good; arguments and errors as `erasable`.

    The event says under which key the person stood, which leads to nobody from now on.

    Raises:
        RequestError: the actor is that person: the event of it would name them again.
    """
    permit = allow(actor, "erasure.run")
    name, ids = _person(hub, person)
    if actor.person in ids:
        raise RequestError("You cannot erase yourself: the timeline says who did it. Ask a colleague.")
    with recorded(hub, permit, "erased person") as entry, hub.database.writing() as transaction:
        erased = erase_person(transaction, ids)
        entry.id, entry.details = erased.key, {**erased.removed, "replaced": erased.replaced}
    return _view(name, ids, erased)


def _person(hub: Hub, text: str) -> tuple[str | None, tuple[str, ...]]:
    """The name, and the public ids of all records, of the one person meant."""
    snapshot = hub.fresh_snapshot()
    try:
        person = snapshot.people[person_row(snapshot, text)]
    except UnknownPersonError:
        past = past_person(hub.database, text.strip())
        if past is None:
            raise
        return None, (past,)
    return person.fact.name, (person.id, *(identity for identity in person.ids if identity != person.id))


def _view(name: str | None, ids: tuple[str, ...], erased: Erased) -> ErasureView:
    return ErasureView(
        person=ids[0],
        name=name,
        removed=erased.removed,
        replaced=erased.replaced,
        events=erased.events,
        listed=erased.listed,
    )
