"""A cookie alone changes nothing at the API: browsers send it with whatever any page makes them ask.

Pages of other sites are refused already (`OwnPagesOnly`), but only where the browser says so, and a neighbour below
the same domain gets the cookie in spite of `SameSite`. Who changes something by a cookie here has to prove more.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from fastapi import Request

from echo_hub.services.access import ForbiddenError
from echo_hub.surfaces.api.prefix import is_api

HEADER = "X-Echo-Hub-Request"
"""No form can send it, and no script of another origin without a permission (CORS) that the hub never gives."""


def demand_own_request(request: Request) -> None:
    """For a request that a cookie lets in.

    Raises:
        ForbiddenError: it would change something at the API and neither comes from a page of the hub nor has `HEADER`.
    """
    if not is_api(request.scope["path"]) or request.method in ("GET", "HEAD") or HEADER in request.headers:
        return
    origin = request.headers.get("origin")
    own_origin = origin is not None and urlsplit(origin).netloc == request.headers.get("host")
    if request.headers.get("sec-fetch-site", "same-origin" if own_origin else "") != "same-origin":
        raise ForbiddenError(
            f"The cookie of the pages alone changes nothing here. Send the header {HEADER}: 1 with it, or use a "
            "service token.",
            code="access.cookie",
        )
