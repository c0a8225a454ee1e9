"""Signing in where a proxy in front of the hub has done it already: a session begins."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from echo_hub.services.access import ForbiddenError
from echo_hub.surfaces.sign_in.proxy import TrustedProxy
from echo_hub.surfaces.sign_in.return_path import return_path
from echo_hub.surfaces.web.admission import Admission


def proxy_pages(proxy: TrustedProxy, admission: Admission) -> APIRouter:
    """The route."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/sign-in")
    def sign_in(request: Request, to: Annotated[str, Query(max_length=8_000, alias="next")] = "/") -> Response:
        try:
            return admission.let_in(request, proxy.claims(request), return_path(to))
        except ForbiddenError as error:
            return admission.refused(request, error)

    return routes
