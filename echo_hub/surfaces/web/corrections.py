"""A person's profile: where each skill comes from, and how they correct it."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from echo_hub.services.actor import Actor
from echo_hub.services.errors import AmbiguousPersonError, RequestError, UnknownPersonError
from echo_hub.services.hub import Hub
from echo_hub.services.intents import people
from echo_hub.services.intents.operations import titles
from echo_hub.services.intents.taxonomy import credit_lines
from echo_hub.services.views import PersonSkill, PersonView
from echo_hub.surfaces.messages.wording import worded
from echo_hub.surfaces.query import address
from echo_hub.surfaces.sign_in.acting import Acting
from echo_hub.surfaces.web.forms import Submitted
from echo_hub.surfaces.web.pages import Who, named
from echo_hub.surfaces.web.rendering import render
from echo_hub.surfaces.words import STANCE_WORDS

_ASKED = {"teaches": "has"}


@dataclass(frozen=True, slots=True)
class Behind:
    """A skill and every claim behind it. `level` is the one that counts; `asked` the stance a correction is about."""

    skill: str
    key: str
    stance: str
    asked: str
    level: int | None
    claims: tuple[PersonSkill, ...]


def profile_pages(hub: Hub) -> APIRouter:
    """The routes of this page."""
    routes = APIRouter(include_in_schema=False)

    def show(request: Request, actor: Actor, person: str | None, *, problem: str = "", status: int = 200) -> Response:
        who = worded(people.profile(actor, hub, person))
        return render(
            request,
            "profile.html",
            "",
            status=status,
            viewer=who,
            stances=behind(who),
            titles=titles(actor, hub),
            problem=problem,
            credits=credit_lines(actor, hub),
        )

    @routes.get("/profile")
    def profile(request: Request, actor: Acting, person: Who = None) -> Response:
        if actor.person is None and not named(person):
            return RedirectResponse("/people")
        return show(request, actor, person)

    @routes.post("/profile")
    def correct(request: Request, actor: Acting, form: Submitted, person: Who = None) -> Response:
        level = form.one("level")
        try:
            people.correct(
                actor,
                hub,
                form.one("skill"),
                person,
                stance=form.one("stance") or "has",
                level=int(level) if level in ("1", "2", "3", "4", "5") else None,
                note=form.one("note"),
            )
        except (UnknownPersonError, AmbiguousPersonError):
            raise
        except RequestError as error:
            return show(request, actor, person, problem=error.message, status=409)
        return RedirectResponse(address("/profile", None, person=named(person)), 303)

    @routes.post("/profile/undo")
    def undo(actor: Acting, form: Submitted, person: Who = None) -> Response:
        who = worded(people.profile(actor, hub, person))
        number = form.one("correction")
        if any(str(one.id) == number for one in who.corrections):
            people.undo_correction(actor, hub, int(number))
        return RedirectResponse(address("/profile", None, person=named(person)), 303)

    return routes


def behind(person: PersonView) -> list[tuple[str, list[Behind]]]:
    """(heading, skills) by stance, highest level first; each skill once, with the claims behind it."""
    found = []
    for stance, title in STANCE_WORDS.items():
        skills: dict[str, list[PersonSkill]] = {}
        for one in person.skills:
            if one.stance == stance:
                skills.setdefault(one.skill_id or one.skill.casefold(), []).append(one)
        if skills:
            held = [_behind(stance, claims) for claims in skills.values()]
            found.append((title, sorted(held, key=lambda one: (-(one.level or 0), one.skill.casefold()))))
    return found


def _behind(stance: str, claims: list[PersonSkill]) -> Behind:
    first = claims[0]
    level = max((one.level or 0 for one in claims if not one.overruled), default=0) or None
    return Behind(first.skill, first.skill_id or first.skill, stance, _ASKED.get(stance, stance), level, tuple(claims))
