"""The pages people use: For you, Explore, one opportunity, and whose list it is."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from echo_hub.application import Hub
from echo_hub.services.explain import explain, opportunity
from echo_hub.services.feed import for_you
from echo_hub.services.people import count_people, find_people, first_people
from echo_hub.services.search import search
from echo_hub.services.views import PersonView, ResultList
from echo_hub.surfaces.query import PAGE, ListQuery, address
from echo_hub.surfaces.web.fit import fit_of, needs_of
from echo_hub.surfaces.web.narrowing import Narrowing
from echo_hub.surfaces.web.profile import stances_of
from echo_hub.surfaces.web.rendering import render

Who = Annotated[str | None, Query(max_length=500, description="Id, employee id or work e-mail of the person")]
FOUND = 50
_ANYONE = "somebody at this machine"
FIRST = 24


def viewer_of(hub: Hub, person: str | None) -> PersonView | None:
    """The person whose eyes a page is seen through, if one is named.

    Raises:
        UnknownPersonError, AmbiguousPersonError: the text does not name one person.
    """
    return hub.person(person) if person and person.strip() else None


def decider_of(hub: Hub, person: str | None) -> str:
    """Who decides. Nobody signs in yet, so it is whoever the page is seen as."""
    viewer = viewer_of(hub, person)
    return viewer.employee_id or viewer.id if viewer else _ANYONE


def web_pages(hub: Hub) -> APIRouter:
    """The routes of these pages."""
    routes = APIRouter(include_in_schema=False)

    def show_list(request: Request, here: str, results: ResultList) -> Response:
        def at(offset: int) -> str:
            return address(f"/{here}", results.filters, offset=offset or None, **same)

        who = results.person
        same: dict[str, Any] = {
            "person": who.id if who else None,
            "q": results.query,
            "limit": results.limit if results.limit != PAGE else None,
        }
        ahead = results.offset + results.limit
        return render(
            request,
            f"{here.replace('-', '_')}.html",
            here,
            viewer=who,
            results=results,
            narrowing=Narrowing(f"/{here}", results, same),
            first=at(0),
            keep_at=address("/receipts", results.filters, offset=results.offset or None, **same),
            previous=at(max(0, results.offset - results.limit)) if results.offset else None,
            following=at(ahead) if ahead < results.total else None,
            stances=stances_of(who) if who and here == "for-you" else (),
            sources=[hub.title_of(source) for source in who.sources] if who else [],
            credits=hub.credits(),
        )

    @routes.get("/")
    def front(person: Who = None) -> Response:
        return RedirectResponse(address("/for-you" if person else "/people", person=person))

    @routes.get("/for-you")
    def list_for_one(request: Request, asked: Annotated[ListQuery, Depends()], person: Who = None) -> Response:
        viewer = viewer_of(hub, person)
        if viewer is None:
            return RedirectResponse("/people")
        snapshot = hub.snapshot()
        results = for_you(snapshot, viewer.id, asked.filters, limit=asked.limit, offset=asked.offset)
        return show_list(request, "for-you", hub.receipts.shown(snapshot, results, "for_you"))

    @routes.get("/explore")
    def explore(
        request: Request,
        asked: Annotated[ListQuery, Depends()],
        q: Annotated[str, Query(max_length=300)] = "",
        person: Who = None,
    ) -> Response:
        viewer = viewer_of(hub, person)
        who = viewer.id if viewer else None
        snapshot = hub.snapshot()
        results = search(snapshot, q.strip(), asked.filters, person_id=who, limit=asked.limit, offset=asked.offset)
        return show_list(request, "explore", hub.receipts.shown(snapshot, results, "search"))

    _one(routes, hub)
    return routes


def _one(routes: APIRouter, hub: Hub) -> None:
    @routes.get("/opportunities/{opportunity_id:path}")
    def one_opportunity(request: Request, opportunity_id: str, person: Who = None) -> Response:
        snapshot = hub.snapshot()
        viewer = viewer_of(hub, person)
        view = opportunity(snapshot, opportunity_id)
        why = explain(snapshot, viewer.id, view.card.id, what_if=True) if viewer else None
        return render(
            request,
            "opportunity.html",
            "",
            viewer=viewer,
            view=view,
            fit=fit_of(why) if why else None,
            kept=hub.receipts.shown(snapshot, why, "explanation").receipt if why else None,
            needs=needs_of(view, why),
            source_title=hub.title_of(view.card.source),
            credits=hub.credits(),
        )

    @routes.get("/people")
    def people(
        request: Request,
        q: Annotated[str, Query(max_length=200)] = "",
        everyone: bool = False,
        person: Who = None,
    ) -> Response:
        snapshot = hub.snapshot()
        viewer = viewer_of(hub, person)
        if q.strip():
            found = find_people(snapshot, q, limit=FOUND + 1, everyone=everyone)
        else:
            found = first_people(snapshot, limit=FIRST, everyone=everyone)
        return render(
            request,
            "people.html",
            "people",
            viewer=viewer,
            query=q.strip(),
            people=found[:FOUND],
            more=len(found) > FOUND,
            everyone=everyone,
            count=count_people(snapshot, everyone=everyone),
        )
