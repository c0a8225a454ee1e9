"""Lets somebody in whom a provider or a proxy vouches for, or says in one page why not and what to do."""

from __future__ import annotations

from fastapi import Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from echo_core.connectors.errors import HubError
from echo_hub.services.hub import Hub
from echo_hub.services.intents import sessions
from echo_hub.services.sign_in import Claims, SignInRefusedError, actor_behind
from echo_hub.settings.sign_in import SignInSettings
from echo_hub.surfaces.problems import Problem
from echo_hub.surfaces.sign_in.gate import SessionGate
from echo_hub.surfaces.sign_in.problems import AttemptError, ProviderError
from echo_hub.surfaces.sign_in.refusals import Refusals
from echo_hub.surfaces.web.rendering import render

_ADVICE = {
    "nobody": "New colleagues are known here some time after their first day.",
    "several": "Only somebody who corrects the records can help.",
    "left": "If that is wrong, the records have to be corrected first.",
    "unverified": "It has to be verified where you sign in.",
    "unnamed": "What signs you in has to be told to send it.",
    "linked": "The other account has to be given up first; somebody who runs Echo Hub can do that.",
}
"""What helps somebody who is refused, by reason."""


class Admission:
    """One for all requests of a process."""

    def __init__(self, hub: Hub, settings: SignInSettings, gate: SessionGate) -> None:
        self._hub = hub
        self._gate = gate
        self._contact = settings.contact or "whoever runs Echo Hub"
        self._refusals = Refusals(hub, settings.issuer or settings.method)

    def let_in(self, request: Request, claims: Claims, to: str) -> Response:
        """Starts a session for the person the claims are about; the one this browser had before ends.

        Raises:
            SignInRefusedError: nobody, or nobody who may.
        """
        actor = actor_behind(self._hub, claims)
        before = self._gate.before(request)
        started = sessions.start(actor, self._hub, claims)
        if before is not None:
            sessions.end(before.actor, self._hub, only=before.session.id)
        answer = RedirectResponse(to, 303)
        self._gate.cookies.keep_session(answer, started.key)
        return answer

    def refused(self, request: Request, error: HubError) -> Response:
        """What happened and what to do; never a trace, and nothing of what the provider sent."""
        if isinstance(error, SignInRefusedError):
            self._refusals.note(error.reason, "", error.person)
            status, advice = 403, f"{_ADVICE[error.reason]} Ask {self._contact}."
        elif isinstance(error, ProviderError):
            self._refusals.note("provider", f"{error.error_code} {error.detail}".strip())
            status, advice = 502, f"If it stays like this, tell {self._contact}: {error.error_code}."
        elif isinstance(error, AttemptError):
            self._refusals.note("attempt", error.error_code)
            status, advice = 400, ""
        else:
            self._refusals.note("proxy", error.error_code)
            status, advice = 403, ""
        problem = Problem(status, error.error_code, "You are not signed in", f"{error.message} {advice}".strip())
        return render(request, "not_signed_in.html", "", status=status, problem=problem)
