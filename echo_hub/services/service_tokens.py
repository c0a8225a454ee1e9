"""From the token of a program to who acts with it."""

from __future__ import annotations

from echo_hub.services.actor import GIVEN, Actor
from echo_hub.services.hub import Hub
from echo_hub.store.service_tokens import PREFIX, ServiceToken, find_token, touch_token

__all__ = ["PREFIX", "token_actor"]


def token_actor(hub: Hub, token: str) -> Actor | None:
    """Who acts with this token; None where it is nobody's, has expired or was revoked."""
    known, now = find_token(hub.database, token), hub.now()
    if known is None or known.is_over(now):
        return None
    touch_token(hub.database, known, now=now)
    return actor_of(known)


def actor_of(token: ServiceToken) -> Actor:
    """A service with the token's roles. A role that this release does not know gives nothing."""
    roles = frozenset(role for role in GIVEN if role in token.roles)
    intents = None if token.intents is None else frozenset(token.intents)
    return Actor("service", f"token:{token.id}", token.name, roles, "token", intents=intents)
