"""REST: whose words the labels of skills and occupations are, and the credit their licences ask for."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter, Response

from echo_hub.services.hub import Hub
from echo_hub.services.intents import taxonomy
from echo_hub.services.views import View
from echo_hub.surfaces.sign_in.acting import Acting

SOURCES_PATH = "/sources"


class SourceView(View):
    """One taxonomy in use. `credit` is the sentence to show wherever its labels are shown, with a notice if edited."""

    key: str
    title: str
    version: str
    licence: str
    credit: str
    modified: bool
    url: str | None
    imported_at: datetime | None


def licence_link(response: Response) -> None:
    """Says in every answer, in the header `Link`, where the credits of the labels in it stand."""
    response.headers["Link"] = f'</api/v1{SOURCES_PATH}>; rel="license"'


def source_routes(hub: Hub) -> APIRouter:
    """The routes of this resource."""
    routes = APIRouter(tags=["skills"])

    @routes.get(SOURCES_PATH, summary="Taxonomies and their credits")
    def sources(actor: Acting) -> tuple[SourceView, ...]:
        """The taxonomies whose labels are shown, the most important first; show each `credit` beside their labels."""
        return tuple(
            SourceView(
                key=source.key,
                title=source.title,
                version=source.version,
                licence=source.licence,
                credit=source.credit_line,
                modified=source.modified,
                url=source.url,
                imported_at=source.imported_at,
            )
            for source in taxonomy.sources(actor, hub)
        )

    return routes
