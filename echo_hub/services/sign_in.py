"""From what a provider or a proxy says of somebody to the person on file, and from a session's key to its actor."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar, Literal

from echo_hub.services.access import ForbiddenError, Permit
from echo_hub.services.actor import SIGN_IN, Actor, CameBy
from echo_hub.services.actors import act_as
from echo_hub.services.hub import Hub
from echo_hub.services.recording import recorded
from echo_hub.settings import SignInSettings
from echo_hub.store.identities import find_identity
from echo_hub.store.sessions import Session, end_sessions, find_session, touch_session

Reason = Literal["nobody", "several", "left", "unverified", "unnamed", "linked", "provider", "proxy", "attempt"]
"""Why somebody is not let in.

`provider`, `proxy`: what it said cannot be trusted; `attempt`: the answer to a sign-in that this browser did not begin.
"""
NOTICE_EDITION = "2"
"""Of the text of the notice. A new one is shown to everybody again."""


@dataclass(frozen=True, slots=True)
class Claims:
    """What a provider or proxy says of who signed in.

    `issuer` and `subject` name the account. `lasting`: they are the account's for ever, as a provider's are; a proxy
    names people by what may be somebody else's next year.
    """

    issuer: str
    subject: str
    email: str | None = None
    email_verified: bool = False
    employee_id: str | None = None
    groups: tuple[str, ...] = ()
    lasting: bool = True


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session as one request finds it. `notice_due`: the person has not read yet what is matched."""

    actor: Actor
    session: Session
    notice_due: bool


class SignInRefusedError(ForbiddenError):
    """Who signed in is not let in. `reason` says why in one word, `person` whom it is about where that is known."""

    code: ClassVar[str] = "access.refused"

    def __init__(self, message: str, reason: Reason, person: str | None = None) -> None:
        super().__init__(message)
        self.reason = reason
        self.person = person


def limits(settings: SignInSettings) -> tuple[timedelta, timedelta]:
    """How long a session may be idle, and how long it may last."""
    return timedelta(minutes=settings.idle_minutes), timedelta(hours=settings.longest_hours)


def person_behind(hub: Hub, claims: Claims) -> str:
    """The public id of the person whose account this is: the one it was joined to, or else the one person who fits.

    Raises:
        SignInRefusedError: nobody fits, or more than one person; the person has left; nothing says who it is.
    """
    snapshot = hub.snapshot()
    identity = find_identity(hub.database, claims.issuer, claims.subject) if claims.lasting else None
    if identity is not None:
        known = snapshot.person(identity.person_id)
        rows = [] if known is None else [snapshot.person_rows[known.id]]
    else:
        scheme, value = _sought(hub.settings.sign_in, claims)
        rows = list(snapshot.directory.of_record(scheme, value))
    present = [row for row in rows if snapshot.people[row].is_here]
    if len(present) == 1:
        return snapshot.people[present[0]].id
    if present:
        raise SignInRefusedError("More than one person on file has this account's e-mail or employee id.", "several")
    if rows:
        whose = snapshot.people[rows[0]].id if len(rows) == 1 else None
        raise SignInRefusedError("The person on file is not with the company now.", "left", whose)
    raise SignInRefusedError("Nobody on file goes with your account.", "nobody")


def actor_behind(hub: Hub, claims: Claims) -> Actor:
    """Who acts with this account; errors as `person_behind`."""
    return _actor(hub, person_behind(hub, claims), ())


def refuse(hub: Hub, reason: Reason, issuer: str, person: str | None = None) -> None:
    """Records that somebody was not let in; whom it is about only where that is a person on file."""
    with recorded(hub, Permit(SIGN_IN, "session.refuse", person), "sign-in", issuer, reason=reason):
        pass


def signed_in(hub: Hub, key: str) -> SignedIn | None:
    """Who acts by a session's key; None where the session is over or never was.

    Raises:
        SignInRefusedError: the person has left; with that, all their sessions end.
    """
    settings, now = hub.settings.sign_in, hub.now()
    session = find_session(hub.database, key)
    idle, longest = limits(settings)
    if session is None or session.is_over(now, idle=idle, longest=longest):
        return None
    person = hub.snapshot().person(session.person_id)
    if person is None or not person.is_here:
        _sign_leaver_out(hub, session.person_id)
        raise SignInRefusedError("The person on file is not with the company now.", "left", session.person_id)
    touch_session(hub.database, session, now=now)
    actor = _actor(hub, person.id, session.groups)
    return SignedIn(actor, session, session.read != NOTICE_EDITION)


def _actor(hub: Hub, person: str, groups: tuple[str, ...]) -> Actor:
    settings = hub.settings.sign_in
    came_by: CameBy = "proxy" if settings.method == "proxy" else "single sign-on"
    given, scoped = settings.roles_of(groups), settings.scoped_roles_of(groups)
    return act_as(hub, person, given=given, scoped=scoped, came_by=came_by)


def _sign_leaver_out(hub: Hub, person: str) -> None:
    with recorded(hub, Permit(SIGN_IN, "session.end", person), "person", person, reason="left") as entry:
        entry.details["sessions"] = end_sessions(hub.database, person, now=hub.now())
        entry.happened = entry.details["sessions"] > 0


def _sought(settings: SignInSettings, claims: Claims) -> tuple[str, str]:
    """By what an account is joined to a person the first time."""
    if settings.match_by == "employee_id":
        if not claims.employee_id:
            raise SignInRefusedError("Your account came without an employee id.", "unnamed")
        return "employee_id", claims.employee_id
    if not claims.email:
        raise SignInRefusedError("Your account came without an e-mail address.", "unnamed")
    if not claims.email_verified and not settings.email_is_verified:
        raise SignInRefusedError("Nobody has verified that the e-mail address of your account is yours.", "unverified")
    return "email", claims.email
