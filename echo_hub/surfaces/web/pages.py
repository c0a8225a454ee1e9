"""The pages people use: For you, Explore, one opportunity, and whose list it is."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from echo_hub.services.actor import Actor
from echo_hub.services.errors import NotMatchedError
from echo_hub.services.hub import Hub
from echo_hub.services.intents import feed
from echo_hub.services.intents.candidates import owner_tools
from echo_hub.services.intents.operations import titles
from echo_hub.services.intents.people import find_people, profile
from echo_hub.services.intents.taxonomy import credit_lines
from echo_hub.services.views import ResultList, Sentence
from echo_hub.surfaces.messages.wording import worded
from echo_hub.surfaces.query import PAGE, ListQuery, address
from echo_hub.surfaces.sign_in.acting import Acting
from echo_hub.surfaces.web.fit import fit_of, requirements_of
from echo_hub.surfaces.web.narrowing import Narrowing
from echo_hub.surfaces.web.paging import neighbours
from echo_hub.surfaces.web.profile import stances_of
from echo_hub.surfaces.web.rendering import render

Who = Annotated[
    str | None,
    Query(max_length=500, description="Whose data to look at, for those who may: id, employee id or work e-mail"),
]
FOUND = 50
FIRST = 24


def named(person: str | None) -> str | None:
    """The person an address names as the one to look at, None where it names nobody."""
    return (person or "").strip() or None


def web_pages(hub: Hub) -> APIRouter:
    """The routes of these pages."""
    routes = APIRouter(include_in_schema=False)

    def show_list(request: Request, actor: Actor, here: str, results: ResultList) -> Response:
        def at(offset: int) -> str:
            return address(f"/{here}", results.filters, offset=offset or None, **same)

        who = results.person
        same: dict[str, Any] = {
            "person": who.id if who and who.id != actor.person else None,
            "q": results.query,
            "limit": results.limit if results.limit != PAGE else None,
        }
        sources = titles(actor, hub)
        return render(
            request,
            f"{here.replace('-', '_')}.html",
            here,
            viewer=who,
            results=results,
            narrowing=Narrowing(f"/{here}", results, same),
            keep_at=address("/receipts", results.filters, offset=results.offset or None, **same),
            **neighbours(at, results.offset, results.limit, more=results.offset + results.limit < results.total),
            stances=stances_of(who) if who and here == "for-you" and not results.unranked else (),
            sources=[sources[source] for source in who.sources] if who else [],
            credits=credit_lines(actor, hub),
        )

    @routes.get("/")
    def front(actor: Acting, person: Who = None) -> Response:
        whose = named(person)
        return RedirectResponse(address("/for-you" if whose or actor.person else "/people", person=whose))

    @routes.get("/for-you")
    def list_for_one(
        request: Request, actor: Acting, list_query: Annotated[ListQuery, Depends()], person: Who = None
    ) -> Response:
        if actor.person is None and not named(person):
            return RedirectResponse("/people")
        results = feed.for_you(
            actor, hub, person, list_query.filters, limit=list_query.limit, offset=list_query.offset, in_words=worded
        )
        return show_list(request, actor, "for-you", results)

    @routes.get("/explore")
    def explore(
        request: Request,
        actor: Acting,
        list_query: Annotated[ListQuery, Depends()],
        q: Annotated[str, Query(max_length=300)] = "",
        person: Who = None,
    ) -> Response:
        results = feed.search(
            actor,
            hub,
            q.strip(),
            list_query.filters,
            person=named(person),
            limit=list_query.limit,
            offset=list_query.offset,
            in_words=worded,
        )
        return show_list(request, actor, "explore", results)

    _one(routes, hub)
    return routes


def _one(routes: APIRouter, hub: Hub) -> None:
    @routes.get("/opportunities/{opportunity_id:path}")
    def one_opportunity(request: Request, actor: Acting, opportunity_id: str, person: Who = None) -> Response:
        view = worded(feed.opportunity(actor, hub, opportunity_id))
        seen = named(person) or actor.person
        why, unmatched = None, ""
        try:
            if seen:
                why = feed.explain(actor, hub, view.card.id, person, what_if=True, in_words=worded)
        except NotMatchedError as error:
            unmatched = worded(Sentence(message=error.why)).text
        viewer = profile(actor, hub, person) if unmatched else why.person if why else None
        return render(
            request,
            "opportunity.html",
            "",
            viewer=viewer,
            view=view,
            unmatched=unmatched,
            fit=fit_of(why) if why else None,
            kept=why.receipt if why else None,
            requirements=requirements_of(view, why),
            owner_tools=owner_tools(actor, hub, view.card.id),
            source_title=titles(actor, hub)[view.card.source],
            credits=credit_lines(actor, hub),
        )

    @routes.get("/people")
    def people(
        request: Request,
        actor: Acting,
        q: Annotated[str, Query(max_length=200)] = "",
        everyone: bool = False,
    ) -> Response:
        query = q.strip()
        results = find_people(actor, hub, query, limit=FOUND + 1 if query else FIRST, everyone=everyone)
        return render(
            request,
            "people.html",
            "people",
            query=query,
            people=results.people[:FOUND],
            open_lists=results.open_lists,
            sees_others=bool(results.open_lists - {actor.person}),
            more=len(results.people) > FOUND,
            everyone=everyone,
            count=results.total,
        )
