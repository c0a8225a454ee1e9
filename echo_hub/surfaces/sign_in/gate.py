"""Who acts in a request where a provider or a proxy signs people in: whoever the session's cookie belongs to."""

from __future__ import annotations

from typing import Protocol

from fastapi import Request
from starlette.responses import Response

from echo_hub.services.actor import Actor
from echo_hub.services.hub import Hub
from echo_hub.services.sign_in import SignedIn, SignInRefusedError, signed_in
from echo_hub.settings.sign_in import SignInSettings
from echo_hub.surfaces.sign_in.attempt import LASTS_S, MOST, Attempt, attempts_in
from echo_hub.surfaces.sign_in.own_request import demand_own_request
from echo_hub.surfaces.sign_in.problems import NoticeDueError, SignInNeededError
from echo_hub.surfaces.sign_in.proxy import TrustedProxy

SESSION = "echo_hub_session"
HINT = "echo_hub_sign_out"
SIGNED_OUT = "/signed-out"
"""Where the provider sends a browser after its own sign-out."""
LARGEST_HINT = 3_500
"""Bytes of an ID token that fit into a cookie with its name; a longer one is not kept."""


class Gate(Protocol):
    """Tells who acts in a request."""

    def actor(self, request: Request, *, notice: bool = True) -> Actor:
        """Who acts in this request.

        Args:
            notice: whether they must have read what the hub matches.

        Raises:
            SignInNeededError: nobody has signed in, or the sign-in is over.
            NoticeDueError: they have not read it.
            ForbiddenError: the person may not act any more, or the request does not come from where it may.
        """


class Cookies:
    """Names and attributes of the cookies: over https kept to this very host (`__Host-`) and to encrypted lines."""

    def __init__(self, settings: SignInSettings) -> None:
        self._secure = settings.is_https
        self._longest = int(settings.longest_hours * 3600)
        self.prefix = "__Host-" if self._secure else ""
        self.session = self.prefix + SESSION
        self._hint = ("__Secure-" if self._secure else "") + HINT

    def keep_session(self, answer: Response, key: str) -> None:
        """`SameSite=Lax`: who follows a link in a mail is signed in."""
        self._set(answer, self.session, key, self._longest)

    def keep_attempt(self, request: Request, answer: Response, attempt: Attempt) -> None:
        """One for each sign-in under way, a few at most."""
        before = attempts_in(request.cookies, self.prefix)
        for name in before if len(before) >= MOST else ():
            self._drop(answer, name)
        self._set(answer, self.prefix + attempt.cookie, attempt.text(), LASTS_S)

    def drop_attempt(self, answer: Response, state: Attempt) -> None:
        """It has come back."""
        self._drop(answer, self.prefix + state.cookie)

    def keep_hint(self, answer: Response, id_token: str) -> None:
        """The provider's own word of who signed in, for its sign-out. The browser sends it to `/sign-out` alone."""
        if len(id_token) <= LARGEST_HINT:
            self._set(answer, self._hint, id_token, self._longest, "/sign-out")

    def hint(self, request: Request) -> str | None:
        """The kept word."""
        return request.cookies.get(self._hint)

    def drop_session(self, answer: Response) -> None:
        """Signed out."""
        self._drop(answer, self.session)
        self._drop(answer, self._hint, "/sign-out")

    def _set(self, answer: Response, name: str, value: str, seconds: int, path: str = "/") -> None:
        answer.set_cookie(name, value, max_age=seconds, path=path, secure=self._secure, httponly=True, samesite="lax")

    def _drop(self, answer: Response, name: str, path: str = "/") -> None:
        answer.delete_cookie(name, path=path, secure=self._secure, httponly=True, samesite="lax")


class SessionGate:
    """Believes the session's cookie; with a proxy only as long as that names the same person."""

    def __init__(self, hub: Hub, settings: SignInSettings) -> None:
        self._hub = hub
        self.cookies = Cookies(settings)
        self.proxy = TrustedProxy(settings) if settings.method == "proxy" else None

    def actor(self, request: Request, *, notice: bool = True) -> Actor:
        """See `Gate`."""
        known = self.signed_in(request)
        if known is None:
            raise SignInNeededError("You are not signed in, or your session is over. Open /sign-in in a browser.")
        demand_own_request(request)
        if notice and known.notice_due:
            raise NoticeDueError("Read first what Echo Hub matches, and on what: open /notice in a browser.")
        return known.actor

    def before(self, request: Request) -> SignedIn | None:
        """The session a browser has that is just signing in or out; None also where it was somebody's who has left."""
        try:
            return self.signed_in(request)
        except SignInRefusedError:
            return None

    def signed_in(self, request: Request) -> SignedIn | None:
        """The session of a request; None where there is none, or it is over, or the proxy names somebody else."""
        claims = self.proxy.claims(request) if self.proxy else None
        key = request.cookies.get(self.cookies.session)
        known = signed_in(self._hub, key) if key else None
        if known is None or (claims is not None and known.session.subject != claims.subject):
            return None
        request.state.session, request.state.notice_due = known.session.id, known.notice_due
        return known
