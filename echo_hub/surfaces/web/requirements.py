"""The page on which an owner decides about the skills of an opportunity."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from echo_hub.application import Hub
from echo_hub.services.errors import RequestError, UnknownOpportunityError
from echo_hub.services.requirements import need_choice, need_history_views, needs_now, suggestions
from echo_hub.snapshot.snapshot import Snapshot
from echo_hub.store.need_decisions import NeedChoice, decide_needs, undo_need_batch, undo_needs
from echo_hub.surfaces.query import RowId, address, needs_path
from echo_hub.surfaces.web.forms import Form, Submitted
from echo_hub.surfaces.web.pages import Who, decider_of, viewer_of
from echo_hub.surfaces.web.rendering import render


def need_pages(hub: Hub) -> APIRouter:
    """The routes of this page."""
    routes = APIRouter(include_in_schema=False)

    def show(request: Request, person: str | None, opportunity_id: str, **more: Any) -> Response:
        snapshot = hub.snapshot()
        view = needs_now(snapshot, hub.database, opportunity_id)
        return render(
            request,
            "needs.html",
            "",
            viewer=viewer_of(hub, person),
            view=view,
            suggested=suggestions(snapshot, hub.database, opportunity_id, hub.encoder),
            history=need_history_views(snapshot, hub.database, view.opportunity.id),
            source_title=hub.title_of(view.opportunity.source),
            credits=hub.credits(),
            **more,
        )

    # What is posted goes to one address for all, because an opportunity's id may hold anything, slashes included.
    @routes.post("/needs")
    def store(request: Request, form: Submitted, person: Who = None) -> Response:
        opportunity_id = form.one("opportunity", 700)
        choices, problems = _choices(form, hub.snapshot(), opportunity_id)
        if problems or not choices:
            problems = problems or ["Nothing was chosen: change what a skill is, decide a suggestion, or add a skill."]
            return show(request, person, opportunity_id, asked=form, problems=problems, status=409)
        made = decide_needs(hub.database, choices, by=decider_of(hub, person), now=hub.now())
        batch = made[0].batch if made else None
        where = address(needs_path(opportunity_id), person=person, done=len(made) or None, batch=batch)
        return RedirectResponse(where, 303)

    @routes.post("/needs/undo")
    def undo(form: Submitted, person: Who = None) -> Response:
        by, now = decider_of(hub, person), hub.now()
        if one := form.number("decision"):
            undone = undo_needs(hub.database, [one], by=by, now=now)
        else:
            undone = undo_need_batch(hub.database, form.number("batch"), by=by, now=now)
        where = address(needs_path(form.one("opportunity", 700)), person=person, undone=len(undone))
        return RedirectResponse(where, 303)

    @routes.get("/needs/{opportunity_id:path}")
    def needs(
        request: Request,
        opportunity_id: str,
        done: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
        batch: RowId = 0,
        undone: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
        person: Who = None,
    ) -> Response:
        return show(request, person, opportunity_id, done=done, batch=batch, undone=undone, asked=Form({}), problems=())

    return routes


def _choices(form: Form, snapshot: Snapshot, opportunity_id: str) -> tuple[list[NeedChoice], list[str]]:
    """What a form asks for, and what of it cannot be done.

    `was-` holds what the page showed of a skill, so that only what somebody changed on it becomes a decision.
    """
    levels, were, words, sure = (form.called(name) for name in ("level-", "was-", "words-", "sure-"))
    wanted = []
    for skill, ruling in form.called("do-").items():
        level = levels.get(skill, "")
        if ruling and f"{ruling} {level}".strip() != were.get(skill, ""):
            wanted.append((skill, ruling, level, words.get(skill, ""), sure.get(skill, "")))
    if added := form.one("skill", 300):
        wanted.append((added, form.one("ruling"), form.one("level"), "", ""))
    choices: list[NeedChoice] = []
    problems: list[str] = []
    for skill, ruling, level, said, confidence in wanted:
        try:
            choices.append(
                need_choice(
                    snapshot,
                    opportunity_id,
                    skill,
                    ruling,
                    level=int(level) if level in ("1", "2", "3", "4", "5") else None,
                    words=said,
                    confidence=_share(confidence),
                )
            )
        except UnknownOpportunityError:
            raise
        except RequestError as error:
            problems.append(error.message)
    return choices, problems


def _share(text: str) -> float | None:
    """A number from 0 to 1, None where the text holds none."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if 0 <= value <= 1 else None
