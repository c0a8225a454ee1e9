"""A proxy in front of the hub signs people in and names them in a header: believed from its own addresses only."""

from __future__ import annotations

from fastapi import Request

from echo_hub.services.access import ForbiddenError
from echo_hub.services.sign_in import Claims
from echo_hub.settings.sign_in import SignInSettings
from echo_hub.surfaces.forwarded import within

ISSUER = "proxy"
LONGEST = 320
"""Characters of a name; no e-mail address is longer (RFC 3696, erratum 1690)."""


class TrustedProxy:
    """Reads who a proxy says is there."""

    def __init__(self, settings: SignInSettings) -> None:
        self._settings = settings

    def claims(self, request: Request) -> Claims:
        """Who is there.

        Raises:
            ForbiddenError: the request did not come through the proxy, or the proxy names nobody, or several.
        """
        settings = self._settings
        self.demand(request)
        # A second header of that name would be the visitor's own, which the proxy did not take away.
        named = request.headers.getlist(settings.header or "")
        if len(named) != 1 or not 0 < len(named[0].strip()) <= LONGEST:
            raise ForbiddenError(
                f"The proxy does not say who you are: it must send the header {settings.header} once, with one name.",
                code="access.proxy",
            )
        name = named[0].strip()
        by_mail = settings.match_by == "email"
        listed = request.headers.get(settings.group_header or "", "") if settings.group_header else ""
        return Claims(
            issuer=ISSUER,
            subject=name.casefold(),
            email=name if by_mail else None,
            email_verified=by_mail,
            employee_id=None if by_mail else name,
            groups=tuple(group for each in listed.split(",") if (group := each.strip())),
            lasting=False,
        )

    def demand(self, request: Request) -> None:
        """Refuses what did not come through the proxy. Nothing that a header says counts here.

        Raises:
            ForbiddenError: the other end of the connection is not the proxy.
        """
        if request.client is None or not within(request.client.host, self._settings.proxies):
            raise ForbiddenError(
                "Echo Hub answers only what comes through the proxy that signs people in. Open "
                f"{self._settings.public_url} instead.",
                code="access.proxy",
            )
