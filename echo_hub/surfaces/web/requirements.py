"""The page on which an owner decides about the skills of an opportunity."""

from __future__ import annotations

from dataclasses import asdict
from functools import partial
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from echo_hub.services.actor import Actor
from echo_hub.services.hub import Hub
from echo_hub.services.intents import requirements as intents
from echo_hub.services.intents.operations import titles
from echo_hub.services.intents.taxonomy import credit_lines
from echo_hub.surfaces.messages.wording import worded
from echo_hub.surfaces.query import address, requirements_path
from echo_hub.surfaces.sign_in.acting import Acting
from echo_hub.surfaces.web.decisions import Outcome, stored, taken_back
from echo_hub.surfaces.web.forms import Form, Submitted
from echo_hub.surfaces.web.rendering import render

_NOTHING = "Nothing was chosen: change what a skill is, decide a suggestion, or add a skill."


def requirement_pages(hub: Hub) -> APIRouter:
    """The routes of this page."""
    routes = APIRouter(include_in_schema=False)

    def show(request: Request, actor: Actor, opportunity_id: str, **more: Any) -> Response:
        view = intents.requirements(actor, hub, opportunity_id)
        return render(
            request,
            "requirements.html",
            "",
            view=view,
            may_decide=intents.may_decide(actor, hub, opportunity_id),
            suggested=worded(intents.suggestions(actor, hub, opportunity_id)),
            history=intents.history(actor, hub, view.opportunity.id),
            source_title=titles(actor, hub)[view.opportunity.source],
            credits=credit_lines(actor, hub),
            **more,
        )

    # What is posted goes to one address for all, because an opportunity's id may hold anything, slashes included.
    @routes.post("/requirements")
    def store(request: Request, actor: Acting, form: Submitted) -> Response:
        opportunity_id = form.text("opportunity", 700)
        result = stored(
            requirements_path(opportunity_id),
            _wanted(form),
            partial(intents.decide, actor, hub, opportunity_id),
            _NOTHING,
        )
        if isinstance(result, Response):
            return result
        return show(request, actor, opportunity_id, form=form, problems=result, status=409)

    @routes.post("/requirements/undo")
    def undo(actor: Acting, form: Submitted) -> Response:
        path = requirements_path(form.text("opportunity", 700))
        return taken_back(path, form, partial(intents.undo, actor, hub))

    @routes.get("/needs/{opportunity_id:path}")
    def moved(request: Request, opportunity_id: str) -> Response:
        """The address under which people may have bookmarked the page."""
        return RedirectResponse(address(requirements_path(opportunity_id), None, **dict(request.query_params)), 308)

    @routes.get("/requirements/{opportunity_id:path}")
    def requirements(request: Request, actor: Acting, opportunity_id: str, outcome: Outcome) -> Response:
        return show(request, actor, opportunity_id, **asdict(outcome), form=Form({}), problems=())

    return routes


def _wanted(form: Form) -> list[intents.RequirementWanted]:
    """What a form asks for.

    `was-` holds what the page showed of a skill, so that only what somebody changed on it becomes a decision.
    """
    levels, were, words, sure = (form.called(name) for name in ("level-", "was-", "words-", "sure-"))
    wanted = [
        intents.RequirementWanted(
            skill=skill,
            ruling=ruling,
            level=_level(levels.get(skill, "")),
            words=words.get(skill, ""),
            confidence=_share(sure.get(skill, "")),
        )
        for skill, ruling in form.called("do-").items()
        if ruling and f"{ruling} {levels.get(skill, '')}".strip() != were.get(skill, "")
    ]
    if added := form.text("skill", 300):
        wanted.append(
            intents.RequirementWanted(skill=added, ruling=form.text("ruling"), level=_level(form.text("level")))
        )
    return wanted


def _level(text: str) -> int | None:
    return int(text) if text in ("1", "2", "3", "4", "5") else None


def _share(text: str) -> float | None:
    """A number from 0 to 1, None where the text holds none."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if 0 <= value <= 1 else None
