"""A sign-in under way: what this browser must bring back from the provider, kept in a cookie of its own.

The cookie is not signed. Whoever can set one in somebody's browser could as well start a sign-in here and set that
cookie; over https its name begins with `__Host-`, so that nobody but this very host can. Every attempt has a cookie of
its own, because a browser that comes back with ten tabs begins ten at once.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from echo_hub.surfaces.sign_in.problems import AttemptError
from echo_hub.surfaces.sign_in.return_path import return_path

LASTS_S = 600
"""Ten minutes for a password, a second factor and a telephone that has to be found."""
MOST = 8
"""Attempts at once in one browser; with more, those of before are forgotten."""
_NAME = "echo_hub_attempt_"
_AGAIN = "Start again from the page you wanted."


@dataclass(frozen=True, slots=True)
class Attempt:
    """`state` comes back through the browser, `nonce` in the token, `verifier` proves who asked (PKCE, RFC 7636)."""

    state: str
    nonce: str
    verifier: str
    to: str
    begun: int

    @classmethod
    def begin(cls, to: str) -> Attempt:
        """A new one, for somebody who wants to go to `to`."""
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        return cls(state, nonce, verifier, return_path(to), int(time.time()))

    @property
    def cookie(self) -> str:
        """Its cookie's name, without the prefix."""
        return _cookie(self.state)

    def text(self) -> str:
        """Its cookie's value."""
        return urlsafe_b64encode(json.dumps(asdict(self)).encode()).decode()


def attempts_in(names: Mapping[str, str], prefix: str) -> list[str]:
    """The names of the attempts' cookies that a browser sent."""
    return [name for name in names if name.startswith(prefix + _NAME)]


def attempt_of(cookies: Mapping[str, str], prefix: str, state: str) -> Attempt:
    """The attempt that an answer with this state belongs to.

    Raises:
        AttemptError: none of this browser's, or one of too long ago.
    """
    try:
        said = json.loads(urlsafe_b64decode(cookies.get(prefix + _cookie(state), "").encode()))
        attempt = Attempt(
            **{name: str(said[name]) for name in ("state", "nonce", "verifier", "to")}, begun=int(said["begun"])
        )
    except (ValueError, TypeError, KeyError):
        raise AttemptError(
            f"This answer belongs to no sign-in that was begun in this browser. {_AGAIN}", code="sign_in.attempt.state"
        ) from None
    if not hmac.compare_digest(attempt.state.encode(), state.encode()):
        raise AttemptError(
            f"This answer belongs to no sign-in that was begun in this browser. {_AGAIN}", code="sign_in.attempt.state"
        )
    if not -60 <= time.time() - attempt.begun < LASTS_S:
        raise AttemptError(f"This sign-in was begun too long ago. {_AGAIN}", code="sign_in.attempt.late")
    return attempt


def _cookie(state: str) -> str:
    return _NAME + hashlib.sha256(state.encode()).hexdigest()[:16]
