"""Programs that prove themselves with a service token: `Authorization: Bearer eh_…`, at the API alone."""

from __future__ import annotations

from fastapi import Request

from echo_hub.services.actor import Actor
from echo_hub.services.hub import Hub
from echo_hub.services.service_tokens import PREFIX, token_actor
from echo_hub.surfaces.api.prefix import is_api
from echo_hub.surfaces.sign_in.gate import Gate
from echo_hub.surfaces.sign_in.problems import TokenRefusedError
from echo_hub.surfaces.sign_in.proxy import TrustedProxy


class TokenGate:
    """Believes a service token, and asks the gate of people where there is none.

    A token that is not ours is nothing here: proxies hand on what the provider gave them.

    Args:
        proxy: through which every request has to come, where one signs people in.
    """

    def __init__(self, hub: Hub, people: Gate, proxy: TrustedProxy | None = None) -> None:
        self._hub = hub
        self._people = people
        self._proxy = proxy

    def actor(self, request: Request, *, notice: bool = True) -> Actor:
        """See `Gate`.

        Raises:
            TokenRefusedError: the token is nobody's, has expired or was revoked; which of these is not said.
        """
        token = _token_in(request)
        if token is None:
            return self._people.actor(request, notice=notice)
        if self._proxy is not None:
            self._proxy.demand(request)
        actor = token_actor(self._hub, token)
        if actor is None:
            raise TokenRefusedError(
                "This service token is not valid. Whoever runs Echo Hub sees under service tokens which ones are."
            )
        return actor


def _token_in(request: Request) -> str | None:
    if not is_api(request.scope["path"]):
        return None
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    token = token.strip()
    return token if scheme.lower() == "bearer" and token.startswith(PREFIX) else None
