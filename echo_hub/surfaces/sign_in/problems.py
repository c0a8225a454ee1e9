"""What can go wrong on the way to the sign-in and back."""

from __future__ import annotations

from typing import ClassVar

from echo_core.connectors.errors import HubError
from echo_hub.services.access import ForbiddenError


class SignInNeededError(ForbiddenError):
    """Nobody has signed in, or the session is over. `challenge` says what would help (RFC 6750, section 3)."""

    code: ClassVar[str] = "access.sign_in"
    challenge: ClassVar[str] = 'Bearer realm="Echo Hub"'


class TokenRefusedError(SignInNeededError):
    """A service token that is nobody's, has expired or was revoked."""

    code: ClassVar[str] = "access.token"
    challenge: ClassVar[str] = 'Bearer realm="Echo Hub", error="invalid_token"'


class NoticeDueError(ForbiddenError):
    """Who signed in has not read yet what the hub matches, on what, and whom to ask."""

    code: ClassVar[str] = "access.notice"


class AttemptError(HubError):
    """An answer of the provider that belongs to no sign-in begun in this browser, or to one begun too long ago."""

    code: ClassVar[str] = "sign_in.attempt"
    who: ClassVar[str] = "the person who signs in"


class ProviderError(HubError):
    """The provider cannot be reached, refuses, or says something that cannot be trusted. Nobody is signed in."""

    code: ClassVar[str] = "sign_in.provider"
    who: ClassVar[str] = "the operator"
