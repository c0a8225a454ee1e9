"""Service tokens: made for a program, seen, revoked."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Literal

from echo_hub.services.access import RULES, SUBJECTS, ForbiddenError, allow
from echo_hub.services.actor import GIVEN, Actor, Role
from echo_hub.services.errors import ChoiceError, UnknownTokenError
from echo_hub.services.hub import Hub
from echo_hub.services.recording import recorded
from echo_hub.services.views import View
from echo_hub.settings.problems import choice
from echo_hub.store.service_tokens import ServiceToken, add_token, list_tokens, revoke_token

MOST_DAYS = 365
"""How long a token may live: one that nobody renews is one that nobody knows of."""
LONGEST_NAME = 80


class TokenView(View):
    """A service token without what it is kept secret for. `intents` is None where it may all that its roles may."""

    id: int
    name: str
    roles: tuple[str, ...]
    intents: tuple[str, ...] | None
    state: Literal["live", "expired", "revoked"]
    made_by: str
    made_at: datetime
    expires_at: datetime
    seen_at: datetime | None
    revoked_by: str | None
    revoked_at: datetime | None


class MadeToken(View):
    """A token just made. `token` is shown this once and stored nowhere."""

    token: str
    about: TokenView


class TokenChoices(View):
    """What somebody can give a token: access roles, and by subject, for each intent of these, what it lets one do."""

    roles: tuple[Role, ...]
    subjects: dict[str, dict[str, str]]


def tokens(actor: Actor, hub: Hub) -> list[TokenView]:
    """Every token there ever was, the latest first."""
    allow(actor, "token.list")
    return [_view(token, hub.now()) for token in list_tokens(hub.database)]


def choices(actor: Actor, hub: Hub) -> TokenChoices:
    """What the actor could give a token: nothing that the actor may not."""
    allow(actor, "token.list")
    del hub
    roles = tuple(role for role in GIVEN if role in actor.roles)
    possible = _intents_of(roles)
    subjects = {
        subject: {intent: RULES[intent].act for intent in possible if intent.partition(".")[0] in parts}
        for subject, parts in SUBJECTS.items()
    }
    return TokenChoices(roles=roles, subjects={subject: acts for subject, acts in subjects.items() if acts})


def make(
    actor: Actor,
    hub: Hub,
    name: str,
    *,
    roles: Collection[str],
    days: int,
    intents: Collection[str] | None = None,
) -> MadeToken:
    """Makes a token for the program `name`.

    Args:
        roles: with which it acts; only such as the actor has.
        days: until it expires, 1 to `MOST_DAYS`.
        intents: the only ones it may carry out; None: all that its roles may.

    Raises:
        ForbiddenError: the actor may not, has not all of the roles, or is itself a token: whoever finds one could
            make another for when it expires.
        ChoiceError: no name, no role, an intent that the roles may not carry out, or too long a life.
    """
    permit = allow(actor, "token.make")
    if actor.came_by == "token":
        raise ForbiddenError(f"{actor.name} acts with a service token and may not make another; a person has to.")
    name, now = " ".join(name.split()), hub.now()
    _check(actor, name, roles, days, intents)
    with recorded(hub, permit, "token", roles=sorted(roles), days=days) as entry:
        stored, token = add_token(
            hub.database,
            name,
            roles=set(roles),
            intents=None if intents is None else set(intents),
            by=actor.key,
            now=now,
            expires_at=now + timedelta(days=days),
        )
        entry.id = str(stored.id)
    return MadeToken(token=token, about=_view(stored, now))


def revoke(actor: Actor, hub: Hub, number: int) -> TokenView:
    """Revokes a token, at once and for good; one that was revoked before stays as it is.

    Raises:
        UnknownTokenError: there is none of that number.
    """
    permit = allow(actor, "token.revoke")
    with recorded(hub, permit, "token", number) as entry:
        revoked = revoke_token(hub.database, number, by=actor.key, now=hub.now())
        if revoked is None:
            raise UnknownTokenError(number)
        entry.happened = revoked[1]
    return _view(revoked[0], hub.now())


def _check(actor: Actor, name: str, roles: Collection[str], days: int, intents: Collection[str] | None) -> None:
    if not name.isprintable() or not 0 < len(name) <= LONGEST_NAME:
        raise ChoiceError(f"Say which program the token is for, in {LONGEST_NAME} characters at most.")
    if not roles:
        raise ChoiceError(f"Say as what the program acts; {choice('', GIVEN)}.")
    if lacking := sorted(set(roles) - {role for role in GIVEN if role in actor.roles}):
        raise ForbiddenError(f"You act as {actor.name} and cannot give what you have not: {', '.join(lacking)}.")
    if not 1 <= days <= MOST_DAYS:
        raise ChoiceError(f"A token lives from 1 to {MOST_DAYS} days, not {days}.")
    possible = _intents_of(roles)
    if intents is not None and (beyond := sorted(set(intents) - set(possible))):
        raise ChoiceError(f"{beyond[0]} is nothing that {', '.join(sorted(roles))} may; {choice(beyond[0], possible)}.")
    if intents is not None and not intents:
        raise ChoiceError("A token that is limited to nothing is of no use; name what it may, or do not limit it.")


def _intents_of(roles: Collection[str]) -> list[str]:
    """The intents that a program with these roles may carry out."""
    return [
        intent
        for intent, rule in RULES.items()
        if intent != "token.make" and not (rule.general | rule.anyone).isdisjoint(roles)
    ]


def _view(token: ServiceToken, now: datetime) -> TokenView:
    return TokenView(
        id=token.id,
        name=token.name,
        roles=token.roles,
        intents=token.intents,
        state="revoked" if token.revoked_at else "expired" if token.is_over(now) else "live",
        made_by=token.made_by,
        made_at=token.made_at,
        expires_at=token.expires_at,
        seen_at=token.seen_at,
        revoked_by=token.revoked_by,
        revoked_at=token.revoked_at,
    )
