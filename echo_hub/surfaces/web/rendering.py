"""How pages are rendered: the templates, what they can say, and the links every page carries."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from fastapi import Request
from fastapi.templating import Jinja2Templates
from jinja2 import Environment, FileSystemLoader, select_autoescape
from markupsafe import Markup, escape
from starlette.responses import Response

from echo_core.text.neutral import neutral
from echo_hub import __version__
from echo_hub.services.access import allows
from echo_hub.services.actor import Actor
from echo_hub.services.views import PersonView
from echo_hub.surfaces import words
from echo_hub.surfaces.problems import Problem
from echo_hub.surfaces.query import address, candidates_path, opportunity_path, requirements_path
from echo_hub.surfaces.web.forms import form_token
from echo_hub.surfaces.web.prose import blocks, with_code

HERE = Path(__file__).parent
STATIC = HERE / "static"
STYLE = hashlib.sha256((STATIC / "echo.css").read_bytes()).hexdigest()[:12]
"""Changes with the stylesheet, so that a browser never keeps an old one."""
TOKEN_FIELD = Markup('<input type="hidden" name="token" value="{}">')
"""What every form of ours carries, see `forms.submitted`."""

_SECTIONS = (
    ("search.read", "explore", "/explore", "Explore"),
    ("people.find", "people", "/people", "People"),
    ("mentoring.read", "mentoring", "/mentoring", "Mentoring"),
    ("queue.read", "skills", "/skills/queue", "Skills"),
    ("connection.read", "connections", "/connections", "Connections"),
    ("policy.read", "policy", "/policy", "Policy"),
)
"""Pages at the top: what one must be allowed to do there, key, path and label."""


def shown(value: object) -> object:
    """What a page says in a place of a template: text from elsewhere without what steers the reader's eye."""
    # Markup was made by a filter or a macro of ours, from texts that were neutral already.
    return neutral(value) if isinstance(value, str) and not isinstance(value, Markup) else value


PAGES = Jinja2Templates(
    env=Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=select_autoescape(),
        finalize=shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )
)
PAGES.env.filters |= {
    "as_is": escape,
    "blocks": blocks,
    "with_code": with_code,
    "country": words.country,
    "day": words.day,
    "duration": words.duration,
    "emphasised": words.emphasised,
    "hours": words.hours,
    "initials": words.initials,
    "language": words.language,
    "local_moment": words.local_moment,
    "moment": words.moment,
    "number": words.number,
    "roles": words.roles_in_words,
    "text_language": words.text_language,
    "took": words.took,
    "web_link": words.web_link,
}
PAGES.env.globals |= {
    "version": __version__,
    "style": STYLE,
    "kind_words": words.KIND_WORDS,
    "kinds_words": words.KINDS_WORDS,
    "remote_words": words.REMOTE_WORDS,
    "outcome_words": words.OUTCOME_WORDS,
    "task_state_words": words.TASK_STATE_WORDS,
    "hold_state_words": words.HOLD_STATE_WORDS,
    "level_words": words.LEVEL_WORDS,
    "ruling_words": words.RULING_WORDS,
    "surface_words": words.SURFACE_WORDS,
    "input_words": words.INPUT_WORDS,
    "look_words": words.LOOK_WORDS,
    "credits": (),
}


def render(
    request: Request,
    template: str,
    here: str,
    *,
    status: int = 200,
    viewer: PersonView | None = None,
    person: str | None = None,
    **more: Any,
) -> Response:
    """A page. `viewer` is whose data it shows; where that is not who acts, every link says whose.

    `person` does the same where the page could not find out who the viewer is.
    """
    actor: Actor | None = getattr(request.state, "actor", None)
    person = viewer.id if viewer else person
    if actor is not None and person == actor.person:
        person = None

    def url(path: str, **parameters: str) -> str:
        return address(path, None, **parameters, person=person)

    def opportunity_url(opportunity_id: str) -> str:
        return address(opportunity_path(opportunity_id), person=person)

    context = {
        "here": here,
        "viewer": viewer,
        "actor": actor,
        "sections": sections_for(actor),
        "token_field": TOKEN_FIELD.format(form_token(request)),
        "development": request.app.state.development,
        "url": url,
        "opportunity_url": opportunity_url,
        "candidates_url": candidates_path,
        "requirements_url": requirements_path,
        **more,
    }
    return PAGES.TemplateResponse(request, template, context, status)


def sections_for(actor: Actor | None) -> tuple[tuple[str, str, str], ...]:
    """The top of the navigation for an actor: no page that would refuse them stands in it."""
    if actor is None:
        return ()
    own = (("for-you", "/for-you", "For you"),) if actor.person else ()
    return own + tuple((key, path, label) for intent, key, path, label in _SECTIONS if allows(actor, intent))


def problem_page(request: Request, problem: Problem) -> Response:
    """A page that says what went wrong and where to go from here; people who may have been meant are links."""
    if problem.status == 414:
        request = Request({**request.scope, "path": "/", "query_string": b""})  # nothing of it is said again
    meant = [
        (person, str(request.url.include_query_params(person=person.id).replace(scheme="", netloc="")))
        for person in problem.candidates
    ]
    person_text = request.query_params.get("person")
    viewer = None if problem.code.startswith("person.") else person_text
    kept = [pair for pair in request.query_params.multi_items() if (pair[0], pair[1].strip()) != problem.without]
    without = f"{request.url.path}?{urlencode(kept)}" if problem.without and request.method == "GET" else None
    more: dict[str, Any] = {"problem": problem, "meant": meant, "person_text": person_text, "without": without}
    page = render(request, "problem.html", "", status=problem.status, person=viewer, **more)
    page.headers.update(problem.headers or {})
    return page
