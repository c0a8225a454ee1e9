"""A person's profile: where each skill comes from, and how they correct it."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from echo_hub.application import Hub
from echo_hub.services.corrections import correction, person_now
from echo_hub.services.errors import RequestError
from echo_hub.services.views import PersonSkill, PersonView
from echo_hub.store.disputes import dispute, undo_dispute
from echo_hub.surfaces.query import address
from echo_hub.surfaces.web.forms import Submitted
from echo_hub.surfaces.web.pages import Who
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

    def show(request: Request, person: str, *, problem: str = "", status: int = 200) -> Response:
        who = person_now(hub.snapshot(), hub.database, person)
        return render(
            request,
            "profile.html",
            "",
            status=status,
            viewer=who,
            stances=behind(who),
            titles={source: hub.title_of(source) for source in who.sources},
            problem=problem,
            credits=hub.credits(),
        )

    @routes.get("/profile")
    def profile(request: Request, person: Who = None) -> Response:
        if not person or not person.strip():
            return RedirectResponse("/people")
        return show(request, person)

    @routes.post("/profile")
    def correct(request: Request, form: Submitted, person: Who = None) -> Response:
        who = hub.person(person or "")
        level = form.one("level")
        try:
            about = correction(
                hub.snapshot(),
                who.id,
                form.one("skill"),
                stance=form.one("stance") or "has",
                level=int(level) if level in ("1", "2", "3", "4", "5") else None,
                note=form.one("note"),
            )
        except RequestError as error:
            return show(request, who.id, problem=error.message, status=409)
        dispute(hub.database, about, by=who.employee_id or who.id, now=hub.now())
        return RedirectResponse(address("/profile", None, person=who.id), 303)

    @routes.post("/profile/undo")
    def undo(form: Submitted, person: Who = None) -> Response:
        who = person_now(hub.snapshot(), hub.database, person or "")
        number = form.one("correction")
        if any(str(one.id) == number for one in who.corrections):
            undo_dispute(hub.database, int(number), by=who.employee_id or who.id, now=hub.now())
        return RedirectResponse(address("/profile", None, person=who.id), 303)

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
