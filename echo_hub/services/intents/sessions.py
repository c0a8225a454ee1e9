"""Signing in and out: one's own sessions, and those of others for HR operations."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from echo_hub.services.access import allow
from echo_hub.services.actor import Actor
from echo_hub.services.actors import meant
from echo_hub.services.hub import Hub
from echo_hub.services.looking import looked
from echo_hub.services.recording import recorded
from echo_hub.services.sign_in import NOTICE_EDITION, Claims, SignInRefusedError, limits
from echo_hub.services.views import View
from echo_hub.store.identities import link_identity, unlink_person
from echo_hub.store.sessions import end_sessions, list_sessions, read_notice, start_session

_JOINED = {"email": "work e-mail", "employee_id": "employee id"}


class Started(NamedTuple):
    """A new session: its number, and the key that its browser keeps."""

    id: int
    key: str


class SessionView(View):
    """A session that is not over."""

    id: int
    started_at: datetime
    seen_at: datetime
    current: bool


def start(actor: Actor, hub: Hub, claims: Claims) -> Started:
    """Starts a session of the actor, whose account `claims` are about; joins the account to them the first time.

    Raises:
        SignInRefusedError: the actor has another account at this provider already.
    """
    permit = allow(actor, "session.start", of=actor.person)
    person, settings, now = str(actor.person), hub.settings.sign_in, hub.now()
    with recorded(hub, permit, "session", issuer=claims.issuer) as entry:
        identity, joined = link_identity(
            hub.database,
            claims.issuer,
            claims.subject,
            person,
            rule=settings.match_by,
            now=now,
            lasting=claims.lasting,
        )
        if identity is None:
            raise SignInRefusedError("Another account is joined to the person on file already.", "linked", person)
        started = Started(*start_session(hub.database, identity.id, person, settings.telling(claims.groups), now=now))
        entry.id = str(started.id)
        entry.details |= {"joined_by": _JOINED[settings.match_by]} if joined else {}
    return started


def sessions(actor: Actor, hub: Hub, person: str | None = None, *, current: int | None = None) -> list[SessionView]:
    """The sessions of the actor, or of a `person` who is named, that are not over; the latest first.

    Raises:
        ForbiddenError: somebody else's.
        UnknownPersonError, AmbiguousPersonError: `person` does not name one person.
    """
    who = meant(actor, hub, person)
    looked(hub, allow(actor, "session.list", of=who))
    now, (idle, longest) = hub.now(), limits(hub.settings.sign_in)
    return [
        SessionView(id=each.id, started_at=each.started_at, seen_at=each.seen_at, current=each.id == current)
        for each in list_sessions(hub.database, who, started_after=now - longest, seen_after=now - idle)
    ]


def end(actor: Actor, hub: Hub, person: str | None = None, *, only: int | None = None) -> int:
    """Ends the sessions of the actor, or of a `person` who is named; answers how many.

    Args:
        only: just the session of that number, where it is that person's.

    Raises:
        ForbiddenError: somebody else's.
        UnknownPersonError, AmbiguousPersonError: `person` does not name one person.
    """
    who = meant(actor, hub, person)
    permit = allow(actor, "session.end", of=who)
    with recorded(hub, permit, "session" if only else "person", only or who) as entry:
        ended = end_sessions(hub.database, who, now=hub.now(), only=only)
        entry.details["sessions"] = ended
        entry.happened = ended > 0
    return ended


def unlink(actor: Actor, hub: Hub, person: str) -> int:
    """Forgets which accounts are a person's and ends their sessions; the next sign-in joins one anew.

    Raises:
        ForbiddenError: the actor may not.
        UnknownPersonError, AmbiguousPersonError: `person` does not name one person.
    """
    who = meant(actor, hub, person)
    permit = allow(actor, "identity.unlink", of=who)
    with recorded(hub, permit, "person", who) as entry:
        accounts = unlink_person(hub.database, who)
        entry.details["accounts"] = accounts
        entry.happened = accounts > 0
    return accounts


def acknowledge(actor: Actor, hub: Hub) -> None:
    """Notes that the actor has read what the hub matches, on what, and whom to ask."""
    permit = allow(actor, "notice.acknowledge", of=actor.person)
    with recorded(hub, permit, "notice", NOTICE_EDITION):
        read_notice(hub.database, str(actor.person), NOTICE_EDITION, now=hub.now())
