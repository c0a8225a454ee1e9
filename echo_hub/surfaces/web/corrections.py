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
    """A skill and every claim behind it. `level` is the one that counts.

    `correction_stance` is the stance a correction of it is about.
    """

    skill: str
    key: str
    stance: str
    correction_stance: str
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
        level = form.text("level")
        try:
            people.correct(
                actor,
                hub,
                form.text("skill"),
                person,
                stance=form.text("stance") or "has",
                level=int(level) if level in ("1", "2", "3", "4", "5") else None,
                note=form.text("note"),
            )
        except (UnknownPersonError, AmbiguousPersonError):
            raise
        except RequestError as error:
            return show(request, actor, person, problem=error.message, status=409)
        return RedirectResponse(address("/profile", None, person=named(person)), 303)

    @routes.post("/profile/undo")
    def undo(actor: Acting, form: Submitted, person: Who = None) -> Response:
        who = worded(people.profile(actor, hub, person))
        number = form.text("correction")
        if any(str(correction.id) == number for correction in who.corrections):
            people.undo_correction(actor, hub, int(number))
        return RedirectResponse(address("/profile", None, person=named(person)), 303)

    return routes


def behind(person: PersonView) -> list[tuple[str, list[Behind]]]:
    """(heading, skills) by stance, highest level first; each skill once, with the claims behind it."""
    sections = []
    for stance, title in STANCE_WORDS.items():
        skills: dict[str, list[PersonSkill]] = {}
        for claim in person.skills:
            if claim.stance == stance:
                skills.setdefault(claim.skill_id or claim.skill.casefold(), []).append(claim)
        if skills:
            entries = [_behind(stance, claims) for claims in skills.values()]
            sections.append((title, sorted(entries, key=lambda entry: (-(entry.level or 0), entry.skill.casefold()))))
    return sections


def _behind(stance: str, claims: list[PersonSkill]) -> Behind:
    first = claims[0]
    level = max((claim.level or 0 for claim in claims if not claim.overruled), default=0) or None
    return Behind(first.skill, first.skill_id or first.skill, stance, _ASKED.get(stance, stance), level, tuple(claims))
