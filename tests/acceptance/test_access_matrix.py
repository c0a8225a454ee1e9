"""Every route, every access role, own and others' objects: what each is answered, as written here by hand.

What is expected comes from nobody's code. A route without a row fails, and so does a row without a route.
"""

from __future__ import annotations

import json
import re
import secrets
import shutil
import warnings
from collections import deque
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import pytest
from starlette.exceptions import StarletteDeprecationWarning

from echo_core.connectors.loader import load_plugins
from echo_core.model import Job, Mentorship, Person, PersonRef, Project, Record, Requirement, SkillClaim
from echo_core.skills.taxonomy.starter import starter
from echo_hub.application import Hub
from echo_hub.services.actor import OPERATOR, Actor
from echo_hub.services.intents import matching, mentoring, people, receipts, requirements, sessions
from echo_hub.services.mentoring_views import RoundSettings
from echo_hub.services.sign_in import Claims, actor_behind
from echo_hub.settings import Settings, SignInSettings
from echo_hub.settings.serve import ServeSettings
from echo_hub.settings.sign_in import ScopedRoleSettings
from echo_hub.snapshot import Snapshot
from echo_hub.store.database import open_database
from echo_hub.store.tasks import enqueue
from echo_hub.surfaces.messages.wording import worded
from echo_hub.surfaces.sign_in.gate import SESSION
from echo_hub.surfaces.web.app import create_app
from echo_hub.surfaces.web.forms import TOKEN

with warnings.catch_warnings():
    warnings.simplefilter("ignore", StarletteDeprecationWarning)  # it would rather have httpx2; ours is httpx
    from fastapi.testclient import TestClient

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
ISSUER = "https://id.invalid"
ROLES = ("nobody", "employee", "mentor", "owner", "hiring", "manager", "hr", "engineer", "auditor")
GROUPS = {"hr": "People Ops", "engineer": "HR Systems", "auditor": "Audit"}
NUMBERS = {role: f"E{number}" for number, role in enumerate(ROLES) if number}
SCOPED = "sweden"
"""HR operations of Sweden alone, who work in Norway themselves."""
NUMBERS[SCOPED], GROUPS[SCOPED] = "E50", "People Ops Sweden"
NEAR = "E98"
"""The other person who is in Sweden."""
OTHER = "E99"
OTHER_PERSON = "hr:person:E99"
TELLING = ("Oda Nobel", "oda@tonic.example", "Keeper of the Seal")
"""What no refusal may tell of the other person."""
WISH = "Kotlin"
"""What the other person wishes for. No opportunity asks for it, so nobody but HR operations has to do with it."""

MATRIX = """
# route, what it is about       nobody | employee mentor owner hiring manager | hr engineer auditor (or one for all)
GET /                                                    -       303 | 307 | 307
GET /?person={person}                                    other   303 | 307 | 307
GET /for-you                                             own     303 | 200 | 200
GET /for-you?person={person}                             own     303 | 200 | 200
GET /for-you?person={person}                             other   303 | 403 | 200 403 403
GET /explore                                             -       303 | 200 | 200
GET /explore?person={person}                             own     303 | 200 | 200
GET /explore?person={person}                             other   303 | 403 | 200 403 403
GET /opportunities/{opportunity_id:path}                 other   303 | 200 | 200
GET /opportunities/{opportunity_id:path}?person={person} other   303 | 403 | 200 403 403
GET /people                                              -       303 | 200 | 200
GET /people?q=Oda                                        other   303 | 200 | 200
GET /profile                                             own     303 | 200 | 200
GET /profile?person={person}                             other   303 | 403 | 200 403 403
POST /profile?person={person}                            own     401 | 303 | 303
POST /profile?person={person}                            other   401 | 403 | 303 403 403
POST /profile/undo?person={person}                       own     401 | 303 | 303
POST /profile/undo?person={person}                       other   401 | 403 | 303 403 403
GET /candidates/{opportunity_id:path}                    own     303 | - 200 200 200 - | -
GET /candidates/{opportunity_id:path}                    other   303 | 403 | 200 403 403
GET /candidates/{opportunity_id:path}                    nobodys 303 | 403 | 200 403 403
GET /also-eligible/{opportunity_id:path}                 own     303 | - 200 200 200 - | -
GET /also-eligible/{opportunity_id:path}                 other   303 | 403 | 200 403 403
GET /also-eligible/{opportunity_id:path}                 nobodys 303 | 403 | 200 403 403
GET /needs/{opportunity_id:path}                         other   308 | 308 | 308
GET /requirements/{opportunity_id:path}                  own     303 | - 200 200 200 - | -
GET /requirements/{opportunity_id:path}                  other   303 | 403 | 200 403 200
GET /requirements/{opportunity_id:path}                  nobodys 303 | 403 | 200 403 200
POST /requirements                                       own     401 | - 303 303 303 - | -
POST /requirements                                       other   401 | 403 | 303 403 403
POST /requirements                                       nobodys 401 | 403 | 303 403 403
POST /requirements/undo                                  own     401 | - 303 303 303 - | -
POST /requirements/undo                                  other   401 | 403 | 303 403 403
GET /receipts                                            own     303 | 200 | 200
GET /receipts?person={person}                            own     303 | 200 | 200
GET /receipts?person={person}                            other   303 | 403 | 200 403 200
GET /receipts/{receipt_id}                               own     303 | 200 | 200
GET /receipts/{receipt_id}                               other   303 | 403 | 200 403 200
POST /receipts?person={person}                           own     401 | 303 | 303
POST /receipts?person={person}                           other   401 | 403 | 303 403 403
GET /mentoring                                           -       303 | 403 | 200 403 200
POST /mentoring                                          -       401 | 403 | 303 403 403
GET /mentoring/{round_id}                                -       303 | 403 | 200 403 200
POST /mentoring/{round_id}/{step}                        nobodys 401 | 403 | 404 403 403
POST /mentoring/pairs/{pair_id}/{change}                 nobodys 401 | 403 | 404 403 403
GET /skills                                              -       307 | 307 | 307
GET /skills/queue                                        -       303 | 403 | 200
POST /skills/queue                                       -       401 | 403 | 303 403 403
POST /skills/queue/undo                                  nobodys 401 | 403 | 409 403 403
GET /connections                                         -       303 | 403 | 200
GET /schedules                                           -       303 | 403 | 200
GET /schedules/{connection}                              -       303 | 403 | 404
POST /schedules/{connection}                             -       401 | 403 | 404 404 403
POST /schedules/{connection}/{step}                      -       401 | 403 | 404 404 403
GET /tokens                                              -       303 | 403 | 200
POST /tokens                                             -       401 | 403 | 200 200 403
POST /tokens/revoke                                      nobodys 401 | 403 | 404 404 403
GET /policy                                              -       303 | 403 | 200 403 200
POST /policy                                             -       401 | 403 | 409 403 403
POST /policy/undo                                        nobodys 401 | 403 | 409 403 403
GET /matching                                            own     303 | 200 | 200
GET /matching?person={person}                            other   303 | 403 | 200 403 403
POST /matching/opt-out?person={person}                   own     401 | 303 | 303
POST /matching/opt-out?person={person}                   other   401 | 403 | 303 403 403
POST /matching/opt-in?person={person}                    own     401 | 303 | 303
POST /matching/opt-in?person={person}                    other   401 | 403 | 303 403 403
POST /connections/{connection}/sync                      nobodys 401 | 403 | 404 404 403
POST /runs/{run_id}/cancel                               nobodys 401 | 403 | 404 404 403
GET /holds/{hold_id}                                     nobodys 303 | 403 | 404
POST /holds/{hold_id}/{step}                             nobodys 401 | 403 | 404 403 403
GET /quarantine                                          -       303 | 403 | 200
POST /quarantine/replay                                  -       401 | 403 | 404 404 403
GET /alerts                                              -       303 | 403 | 200
GET /people/unmatched                                    -       303 | 403 | 200
POST /alerts/test                                        -       401 | 403 | 409 409 403
POST /alerts/mute                                        -       401 | 403 | 404 404 403
GET /tasks                                               -       303 | 403 | 200
POST /tasks/{task_id}/{step}                             -       401 | 403 | 303 303 403
POST /tasks/{task_id}/{step}                             nobodys 401 | 403 | 404 404 403
GET /access                                              -       303 | 200 | 200
GET /looks                                               own     303 | 200 | 200
GET /notice                                              -       303 | 200 | 200
POST /notice                                             -       401 | 303 | 303
GET /account                                             own     303 | 200 | 200
GET /account?person={person}                             other   303 | 403 | 200 403 403
POST /account/end                                        own     401 | 303 | 303
POST /account/end?person={person}                        other   401 | 403 | 303 403 403
POST /account/end-all                                    own     401 | 303 | 303
POST /account/end-all?person={person}                    other   401 | 403 | 303 403 403
POST /account/unlink?person={person}                     own     401 | 403 | 303 403 403
POST /account/unlink?person={person}                     other   401 | 403 | 303 403 403
POST /sign-out                                           own     200 | 200 | 200
GET /signed-out                                          -       200 | 200 | 200
GET /sign-in                                             -       502 | 502 | 502
GET /sign-in/callback                                    -       400 | 400 | 400
GET /api                                                 -       200 | 200 | 200
GET /api/v1/openapi.json                                 -       200 | 200 | 200

GET /api/v1/feed                                         own     401 | 200 | 200
GET /api/v1/feed?person={person}                         other   401 | 403 | 200 403 403
GET /api/v1/search                                       -       401 | 200 | 200
GET /api/v1/search?person={person}                       other   401 | 403 | 200 403 403
GET /api/v1/explanation?opportunity_id={opportunity_id}  nobodys 401 | 200 | 200
GET /api/v1/explanation?opportunity_id={opportunity_id}&person={person} other 401 | 403 | 200 403 403
GET /api/v1/opportunities/{opportunity_id:path}          other   401 | 200 | 200
GET /api/v1/opportunities/{opportunity_id:path}/candidates    own     401 | - 200 200 200 - | -
GET /api/v1/opportunities/{opportunity_id:path}/candidates    other   401 | 403 | 200 403 403
GET /api/v1/opportunities/{opportunity_id:path}/candidates    nobodys 401 | 403 | 200 403 403
GET /api/v1/opportunities/{opportunity_id:path}/also-eligible own     401 | - 200 200 200 - | -
GET /api/v1/opportunities/{opportunity_id:path}/also-eligible other   401 | 403 | 200 403 403
GET /api/v1/opportunities/{opportunity_id:path}/also-eligible nobodys 401 | 403 | 200 403 403
GET /api/v1/opportunities/{opportunity_id:path}/requirements  own     401 | - 200 200 200 - | -
GET /api/v1/opportunities/{opportunity_id:path}/requirements  other   401 | 403 | 200 403 200
GET /api/v1/opportunities/{opportunity_id:path}/requirements  nobodys 401 | 403 | 200 403 200
GET /api/v1/opportunities/{opportunity_id:path}/suggestions   own     401 | - 200 200 200 - | -
GET /api/v1/opportunities/{opportunity_id:path}/suggestions   other   401 | 403 | 200 403 200
POST /api/v1/opportunities/{opportunity_id:path}/requirements own     401 | - 200 200 200 - | -
POST /api/v1/opportunities/{opportunity_id:path}/requirements other   401 | 403 | 200 403 403
POST /api/v1/opportunities/{opportunity_id:path}/requirements nobodys 401 | 403 | 200 403 403
GET /api/v1/requirements/decisions                       -       401 | 403 | 200 403 200
GET /api/v1/requirements/decisions?opportunity={opportunity_id} own   401 | - 200 200 200 - | -
GET /api/v1/requirements/decisions?opportunity={opportunity_id} other 401 | 403 | 200 403 200
POST /api/v1/requirements/undo                           own     401 | - 200 200 200 - | -
POST /api/v1/requirements/undo                           other   401 | 403 | 200 403 403
DELETE /api/v1/requirements/decisions/{decision}         own     401 | - 200 200 200 - | -
DELETE /api/v1/requirements/decisions/{decision}         other   401 | 403 | 200 403 403
GET /api/v1/people?q=Oda                                 other   401 | 200 | 200
GET /api/v1/roles?title=Data%20engineer                  -       401 | 200 | 200
GET /api/v1/profile                                      own     401 | 200 | 200
GET /api/v1/profile?person={person}                      other   401 | 403 | 200 403 403
POST /api/v1/corrections                                 own     401 | 200 | 200
POST /api/v1/corrections                                 other   401 | 403 | 200 403 403
DELETE /api/v1/corrections/{correction_id}               own     401 | 200 | 200
DELETE /api/v1/corrections/{correction_id}               other   401 | 403 | 200 403 403
GET /api/v1/mentoring/rounds                             -       401 | 403 | 200 403 200
POST /api/v1/mentoring/rounds                            -       401 | 403 | 201 403 403
GET /api/v1/mentoring/rounds/{round_id}                  -       401 | 403 | 200 403 200
POST /api/v1/mentoring/rounds/{round_id}/run             nobodys 401 | 403 | 404 403 403
POST /api/v1/mentoring/rounds/{round_id}/publish         nobodys 401 | 403 | 404 403 403
POST /api/v1/mentoring/rounds/{round_id}/withdraw        nobodys 401 | 403 | 404 403 403
POST /api/v1/mentoring/pairs/{pair_id}/pin               nobodys 401 | 403 | 404 403 403
POST /api/v1/mentoring/pairs/{pair_id}/remove            nobodys 401 | 403 | 404 403 403
POST /api/v1/mentoring/pairs/{pair_id}/end               nobodys 401 | 403 | 404 403 403
GET /api/v1/mentoring/capacity                           -       401 | 403 | 200 403 200
POST /api/v1/mentoring/capacity                          own     401 | 403 200 403 403 403 | 200 403 403
POST /api/v1/mentoring/capacity                          other   401 | 403 | 200 403 403
GET /api/v1/skills/queue                                 -       401 | 403 | 200
GET /api/v1/skills/queue/decisions                       -       401 | 403 | 200
POST /api/v1/skills/queue/decisions                      -       401 | 403 | 200 403 403
POST /api/v1/skills/queue/undo                           nobodys 401 | 403 | 409 403 403
DELETE /api/v1/skills/queue/decisions/{decision}         nobodys 401 | 403 | 409 403 403
GET /api/v1/policy                                       -       401 | 403 | 200 403 200
POST /api/v1/policy                                      -       401 | 403 | 409 403 403
DELETE /api/v1/policy/{decision}                         nobodys 401 | 403 | 409 403 403
GET /api/v1/matching                                     own     401 | 200 | 200
GET /api/v1/matching?person={person}                     other   401 | 403 | 200 403 403
PUT /api/v1/matching/opt-out                             own     401 | 200 | 200
PUT /api/v1/matching/opt-out?person={person}             other   401 | 403 | 200 403 403
DELETE /api/v1/matching/opt-out                          own     401 | 200 | 200
DELETE /api/v1/matching/opt-out?person={person}          other   401 | 403 | 200 403 403
GET /api/v1/receipts                                     own     401 | 200 | 200
GET /api/v1/receipts?person={person}                     other   401 | 403 | 200 403 200
POST /api/v1/receipts?answer=for_you&person={person}     own     401 | 201 | 201
POST /api/v1/receipts?answer=for_you&person={person}     other   401 | 403 | 201 403 403
GET /api/v1/receipts/{receipt_id}                        own     401 | 200 | 200
GET /api/v1/receipts/{receipt_id}                        other   401 | 403 | 200 403 200
GET /api/v1/receipts/{receipt_id}/replay                 own     401 | 200 | 200
GET /api/v1/receipts/{receipt_id}/replay                 other   401 | 403 | 200 403 200
GET /api/v1/events                                       -       401 | 403 | 200 403 200
GET /api/v1/events?person={person}                       own     401 | 403 | 200 403 200
GET /api/v1/events?person={person}                       other   401 | 403 | 200 403 200
GET /api/v1/sessions                                     own     401 | 200 | 200
GET /api/v1/sessions?person={person}                     other   401 | 403 | 200 403 403
DELETE /api/v1/sessions                                  own     401 | 200 | 200
DELETE /api/v1/sessions?person={person}                  other   401 | 403 | 200 403 403
GET /api/v1/tokens                                       -       401 | 403 | 200
POST /api/v1/tokens                                      -       401 | 403 | 201 201 403
DELETE /api/v1/tokens/{token_id}                         nobodys 401 | 403 | 404 404 403
GET /api/v1/looks                                        own     401 | 200 | 200
GET /api/v1/access                                       -       401 | 200 | 200
GET /api/v1/sources                                      -       401 | 200 | 200
GET /api/v1/health                                       -       401 | 403 | 200
GET /api/v1/connections                                  -       401 | 403 | 200
GET /api/v1/runs                                         -       401 | 403 | 200
GET /api/v1/holds                                        -       401 | 403 | 200
POST /api/v1/connections/{connection}/sync               nobodys 401 | 403 | 404 404 403
POST /api/v1/runs/{run_id}/cancel                        nobodys 401 | 403 | 404 404 403
GET /api/v1/holds/{hold_id}                              nobodys 401 | 403 | 404
POST /api/v1/holds/{hold_id}/confirm                     nobodys 401 | 403 | 404 403 403
POST /api/v1/holds/{hold_id}/refuse                      nobodys 401 | 403 | 404 403 403
GET /api/v1/quarantine                                   -       401 | 403 | 200
GET /api/v1/quarantine/reasons                           -       401 | 403 | 200
GET /api/v1/quarantine/{record_id}/value                 -       401 | 403 | 404 403 403
POST /api/v1/quarantine/{record_id}/replay               -       401 | 403 | 404 404 403
POST /api/v1/quarantine/replay?connection=hr             -       401 | 403 | 404 404 403
GET /api/v1/schedules                                    -       401 | 403 | 200
PUT /api/v1/schedules/{connection}                       -       401 | 403 | 404
POST /api/v1/schedules/{connection}/pause                -       401 | 403 | 404 404 403
POST /api/v1/schedules/{connection}/resume               -       401 | 403 | 404 404 403
GET /api/v1/alerts                                       -       401 | 403 | 200
GET /api/v1/people/unmatched                             -       401 | 403 | 200
POST /api/v1/alerts/test                                 -       401 | 403 | 409 409 403
POST /api/v1/alerts/mute                                 -       401 | 403 | 404 404 403
GET /api/v1/tasks                                        -       401 | 403 | 200
GET /api/v1/tasks/{task_id}                              -       401 | 403 | 200
GET /api/v1/tasks/{task_id}                              nobodys 401 | 403 | 404
POST /api/v1/tasks/{task_id}/cancel                      -       401 | 403 | 200 200 403
POST /api/v1/tasks/{task_id}/retry                       -       401 | 403 | 409 409 403
"""
ELSEWHERE = {"POST /sign-in"}
"""Routes of the development sign-in alone; its own tests hold them."""

BODIES: dict[str, dict[str, Any]] = {
    "POST /profile": {"skill": "SQL", "level": "3"},
    "POST /profile/undo": {"correction": "{correction_id}"},
    "POST /requirements": {"opportunity": "{opportunity_id}", "skill": "SQL", "ruling": "desired", "level": "{level}"},
    "POST /requirements/undo": {"opportunity": "{opportunity_id}", "decision": "{decision}"},
    "POST /receipts": {"list": "for_you"},
    "POST /mentoring": {"title": "A round"},
    "POST /skills/queue": {"do-Yodelling": "reject"},
    "POST /skills/queue/undo": {"decision": "999999"},
    "POST /schedules/{connection}": {"every": "6h"},
    "POST /alerts/mute": {"connection": "hr", "hours": "1"},
    "POST /api/v1/alerts/test": {},
    "POST /api/v1/alerts/mute": {"connection": "hr", "hours": 1},
    "POST /quarantine/replay": {"connection": "hr"},
    "POST /tokens": {"name": "Export", "role": "{given}", "days": "1"},
    "POST /tokens/revoke": {"number": "999999"},
    "POST /policy": {"off": "0", "what": "job", "scope": "everybody", "reason": "It is on already."},
    "POST /policy/undo": {"decision": "999999"},
    "POST /notice": {"next": "/"},
    "POST /account/end": {"session": "{session}"},
    "POST /api/v1/opportunities/{opportunity_id:path}/requirements": {
        "decisions": [{"skill": "SQL", "ruling": "desired"}]
    },
    "POST /api/v1/requirements/undo": {"decisions": ["{decision}"]},
    "POST /api/v1/corrections": {"skill": "SQL", "level": 3, "person": "{person}"},
    "POST /api/v1/mentoring/rounds": {},
    "POST /api/v1/mentoring/pairs/{pair_id}/pin": {},
    "POST /api/v1/mentoring/capacity": {"mentor": "{person}", "places": 4},
    "POST /api/v1/skills/queue/decisions": {"decisions": [{"name": "Yodelling", "action": "reject"}]},
    "POST /api/v1/policy": {"what": "job", "off": False, "reason": "It is on already."},
    "POST /api/v1/skills/queue/undo": {"decisions": [999999]},
    "PUT /api/v1/schedules/{connection}": {"every": "6h"},
    "POST /api/v1/holds/{hold_id}/confirm": {"reason": "They are gone."},
    "POST /api/v1/holds/{hold_id}/refuse": {},
    "POST /api/v1/tokens": {"name": "Export", "roles": ["{given}"], "days": 1},
}
STEPS = {"schedules": "pause", "tasks": "cancel", "holds": "confirm"}
ENDING = ("/account", "/sign-out", "/api/v1/sessions")
"""Below these somebody may be signed out."""


@dataclass(frozen=True)
class Line:
    """One line of the matrix. `route` has no query; a role whose status is None has no such object."""

    text: str
    method: str
    route: str
    query: str
    about: str
    statuses: dict[str, int | None]


def lines() -> Iterator[Line]:
    for text in MATRIX.splitlines():
        if not text.strip() or text.startswith("#"):
            continue
        head, *blocks = text.split("|")
        method, address, about, nobody = head.split()
        employees, staff = (block.split() for block in blocks)
        words = [
            nobody,
            *(employees * 5 if len(employees) == 1 else employees),
            *(staff * 3 if len(staff) == 1 else staff),
        ]
        route, _, query = address.partition("?")
        statuses = {role: None if word == "-" else int(word) for role, word in zip(ROLES, words, strict=True)}
        yield Line(f"{method} {address} {about}", method, route, query, about, statuses)


LINES = tuple(lines())


def routes_of(routes: Any, prefix: str = "") -> Iterator[str]:
    """Method and path of every route, those of included routers too."""
    for route in routes:
        if hasattr(route, "original_router"):
            yield from routes_of(route.original_router.routes, prefix + route.include_context.prefix)
        for method in getattr(route, "methods", None) or ():
            if method != "HEAD":
                yield f"{method} {prefix}{route.path}"


@dataclass(frozen=True)
class Row:
    """A stored record, as the store would hand it over."""

    connection: str
    entity: str
    record: Record
    stream: str = "list"
    changed_at: datetime = NOW


class MatrixHub(Hub):
    """A hub over an empty database whose snapshot is made once, from records at hand."""

    built: Snapshot

    def snapshot(self) -> Snapshot:
        return self.built

    def fresh_snapshot(self) -> Snapshot:
        return self.built


def company() -> Iterator[Row]:
    def person(number: str, name: str, **more: Any) -> Row:
        skills = (SkillClaim(label="Python", level=3), SkillClaim(label="Yodelling"))
        said = {"work_email": f"{name.split()[0].lower()}@tonic.example", "country": "SE", "skills": skills} | more
        record = Person(source_id=number, employee_id=number, name=name, **said)
        return Row("hr", "person", record)

    wished = (SkillClaim(label="SQL", level=2), SkillClaim(label=WISH, stance="wants_to_learn"))
    boss = NUMBERS["manager"]
    yield person(OTHER, "Oda Nobel", title="Keeper of the Seal", skills=wished, manager_id=boss, country="DE")
    yield person(NEAR, "Siv Near", skills=wished, manager_id=boss)
    for role, number in NUMBERS.items():
        place = "NO" if role == SCOPED else "SE"
        yield person(
            number, f"{role.capitalize()} Actor", manager_id=None if role == "manager" else boss, country=place
        )

    def owned(kind: type[Any], source_id: str, number: str | None, **more: Any) -> Row:
        owner = None if number is None else PersonRef(scheme="employee_id", value=number)
        asks = (Requirement(label="Python", importance="teaches" if kind is Mentorship else "essential"),)
        record = kind(source_id=source_id, title=f"Work {source_id}", owner=owner, requirements=asks, **more)
        return Row("work", record.entity, record)

    yield owned(Mentorship, "mentor", NUMBERS["mentor"], seats=2)
    yield owned(Project, "owner", NUMBERS["owner"])
    yield owned(Job, "hiring", NUMBERS["hiring"], posted_at=NOW)
    yield owned(Mentorship, "other", OTHER, seats=2)
    yield owned(Mentorship, "near", NEAR, seats=2)
    yield owned(Project, "nobodys", None)


OWN = {"mentor": "work:mentorship:mentor", "owner": "work:project:owner", "hiring": "work:job:hiring"}
OPPORTUNITY = {
    "other": "work:mentorship:other",
    "near": "work:mentorship:near",
    "nobodys": "work:project:nobodys",
}


@dataclass
class World:
    """One application, and a browser for each role."""

    hub: MatrixHub
    app: Any
    opened: ExitStack
    clients: dict[str, TestClient] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    kept: dict[str, str] = field(default_factory=dict)
    level: int = 0

    def actor(self, number: str) -> tuple[Actor, Claims]:
        role = next((role for role, known in NUMBERS.items() if known == number), "")
        groups = (GROUPS[role],) if role in GROUPS else ()
        claims = Claims(ISSUER, number, employee_id=number, groups=groups)
        return actor_behind(self.hub, claims), claims

    def start_session(self, number: str) -> sessions.Started:
        actor, claims = self.actor(number)
        started = sessions.start(actor, self.hub, claims)
        sessions.acknowledge(actor, self.hub)
        return started

    def sign_in(self, role: str) -> None:
        """Gives a role's browser a session, and the token that its forms have."""
        if role not in self.clients:
            client = TestClient(
                self.app,
                client=("127.0.0.1", 50_000),
                base_url="http://localhost:8080",
                follow_redirects=False,
                raise_server_exceptions=False,
            )
            # Within its context a client keeps one event loop instead of starting a thread for each request.
            self.clients[role] = self.opened.enter_context(client)
        if role == "nobody":
            self.tokens[role] = TOKEN
            return
        self.clients[role].cookies.clear()
        self.clients[role].cookies.set(SESSION, self.start_session(NUMBERS[role]).key)
        page = self.clients[role].get("/account").text
        self.tokens[role] = re.search(r'name="token" value="([^"]+)"', page)[1]

    def receipt(self, number: str) -> str:
        if number not in self.kept:
            self.kept[number] = receipts.keep(OPERATOR, self.hub, "for_you", number, in_words=worded).id
        return self.kept[number]

    def new_task(self) -> str:
        with self.hub.database.writing() as transaction:
            task_id = enqueue(transaction, "greet", secrets.token_hex(8), requested_by=OTHER, person_id=OTHER_PERSON)
        return str(task_id)

    def values(self, line: Line, role: str) -> dict[str, str]:
        """What stands in the place of parameters: things that are there, made anew where the request may end them."""
        whose = NUMBERS.get(role, OTHER) if line.about == "own" else NEAR if line.about == "near" else OTHER
        opportunity = OWN.get(role, OPPORTUNITY["other"]) if line.about == "own" else OPPORTUNITY.get(line.about, "")
        text = f"{line.route}?{line.query} {json.dumps(BODIES.get(f'{line.method} {line.route}', {}))}"
        self.level = self.level % 5 + 1
        values = {
            "person": f"hr:person:{whose}",
            "opportunity_id": opportunity,
            "level": str(self.level),
            "connection": "hr",
            "round_id": "999999" if line.about == "nobodys" else "1",
            "pair_id": "999999",
            "token_id": "999999",
            "record_id": "999999",
            "hold_id": "999999",
            "run_id": "999999",
            "given": "integration_engineer" if role == "engineer" else "hr_operations",
            "step": next((step for room, step in STEPS.items() if room in line.route), "publish"),
            "change": "pin",
            "decision": "999999",
        }
        if "{receipt_id}" in text:
            values["receipt_id"] = self.receipt(whose)
        if "{correction_id}" in text:
            made = people.correct(OPERATOR, self.hub, "Python", whose, level=self.level)
            values["correction_id"] = str(made.id)
        if "{decision}" in text and "requirements" in line.route:
            for level in (1, 2):  # what is decided so already is not decided again
                wanted = [requirements.RequirementWanted(skill="SQL", ruling="desired", level=level)]
                made_now = requirements.decide(OPERATOR, self.hub, opportunity, wanted)
            values["decision"] = str(made_now[0].id)
        if "{task_id}" in text:
            values["task_id"] = "999999" if line.about == "nobodys" else self.new_task()
        if "{session}" in text:
            values["session"] = str(self.start_session(whose).id)
        return values

    def ask(self, line: Line, role: str) -> Any:
        ends = line.method != "GET" and line.route.startswith(ENDING)
        if role not in self.clients or (ends and role != "nobody"):
            self.sign_in(role)
        values = self.values(line, role)

        def put(text: str, safe: str = "/:") -> str:
            return re.sub(r"\{(\w+)(?::path)?\}", lambda part: quote(values[part[1]], safe=safe), text)

        def fill(value: Any) -> Any:
            if isinstance(value, dict):
                return {name: fill(part) for name, part in value.items()}
            if isinstance(value, list):
                return [fill(part) for part in value]
            if isinstance(value, str):
                return re.sub(r"\{(\w+)\}", lambda part: values[part[1]], value)
            return value

        body = fill(BODIES.get(f"{line.method} {line.route}"))
        sent: dict[str, Any] = {}
        if line.method != "GET":
            if line.route.startswith("/api/"):
                sent = {"headers": {"X-Echo-Hub-Request": "1"}, **({} if body is None else {"json": body})}
            else:
                sent = {"data": {**(body or {}), "token": self.tokens[role]}}
        address = put(line.route) + (f"?{put(line.query, safe='')}" if line.query else "")
        answer = self.clients[role].request(line.method, address, **sent)
        if ends and role != "nobody":
            self.sign_in(role)
        if "opt-out" in line.route:  # what others are answered does not depend on it
            matching.opt(OPERATOR, self.hub, values["person"], out=False)
        return answer


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("matrix")
    shutil.copy(sqlite_template, folder)
    signing = SignInSettings(
        method="oidc",
        public_url="http://localhost:8080",
        issuer=ISSUER,
        client_id="hub",
        match_by="employee_id",
        roles={"hr_operations": ("People Ops",), "integration_engineer": ("HR Systems",), "auditor": ("Audit",)},
        scoped_roles=(ScopedRoleSettings(role="hr_operations", groups=(GROUPS[SCOPED],), countries=("SE",)),),
    )
    settings = Settings(
        folder / "echo-hub.toml", folder, None, None, (), serve=ServeSettings(requests_per_minute=0), sign_in=signing
    )
    hub = MatrixHub(settings, load_plugins(no_plugins=True), open_database(None, folder), now=lambda: NOW)
    hub.built = Snapshot.build(tuple(company()), starter(), today=date(2026, 3, 2))
    mentoring.draft(OPERATOR, hub, RoundSettings())
    with ExitStack() as opened:
        opened.callback(hub.close)
        yield World(hub, create_app(hub), opened)


def test_every_route_has_a_line_and_every_line_a_route(world: World) -> None:
    there = set(routes_of(world.app.routes))
    for method in ("development", "proxy"):
        more = {"header": "X-User", "proxies": ("127.0.0.1",)} if method == "proxy" else {}
        other = world.hub.settings.sign_in.model_copy(update={"method": method, **more})
        hub = MatrixHub(replace(world.hub.settings, sign_in=other), world.hub.registry, world.hub.database)
        there |= set(routes_of(create_app(hub).routes))
    written = {f"{line.method} {line.route}" for line in LINES}
    assert there - written - ELSEWHERE == set(), "routes without a line in MATRIX; say by hand who is answered what"
    assert written - there == set(), "lines of MATRIX whose route is gone"
    assert there >= ELSEWHERE


def reason(answer: Any) -> str:
    """The sentence of a problem, from a page or the API."""
    said = re.search(r"<h1>.*?</p>", answer.text, re.DOTALL)
    return said[0] if said else answer.text[:300]


def sees_wishes(role: str, route: str) -> bool:
    """HR operations see what people wish for, auditors what lists and rounds were made from."""
    return role == "hr" or (role == "auditor" and ("receipts" in route or "mentoring" in route))


@pytest.mark.parametrize("line", LINES, ids=[line.text for line in LINES])
def test_each_role_is_answered_as_written_and_told_nothing_that_is_not_for_them(world: World, line: Line) -> None:
    wrong = []
    for role, expected in line.statuses.items():
        if expected is None:
            continue
        answer = world.ask(line, role)
        if answer.status_code != expected:
            wrong.append(f"{role}: {answer.status_code} instead of {expected}, {reason(answer)}")
        if answer.status_code in (401, 403):
            wrong += [f"{role}: the refusal says {text}" for text in TELLING if text in answer.text]
        if answer.status_code == 200 and WISH in answer.text and not sees_wishes(role, line.route):
            wrong.append(f"{role}: the answer says what the other person wishes for")
    assert not wrong, "\n".join(wrong)


COMPANYS = {"GET /api/v1/events"}
"""Routes whose other's rows are the company's all the same: a scope opens none of them."""


@pytest.mark.parametrize("line", LINES, ids=[line.text for line in LINES])
def test_hr_operations_of_a_country_are_answered_as_such_there_and_as_employees_elsewhere(
    world: World, line: Line
) -> None:
    expected = line.statuses["employee"]
    if expected is not None:
        answer = world.ask(line, SCOPED)
        assert answer.status_code == expected, reason(answer)
        if expected == 403:
            assert not [text for text in TELLING if text in answer.text]
        assert WISH not in answer.text
    if line.about == "other":
        there = line.statuses["employee" if f"{line.method} {line.route}" in COMPANYS else "hr"]
        answer = world.ask(replace(line, about="near"), SCOPED)
        assert answer.status_code == there, reason(answer)


def test_people_shows_a_scoped_role_whose_lists_are_open(world: World) -> None:
    world.sign_in(SCOPED)
    links = unquote("".join(re.findall(r'href="[^"]*"', world.clients[SCOPED].get("/people").text)))
    assert "/for-you?person=hr:person:E98" in links
    assert "E99" not in links
    assert "HR operations for Sweden" in world.clients[SCOPED].get("/account").text
    assert "You, for Sweden" in world.clients[SCOPED].get("/access").text


class Offers(HTMLParser):
    """What a page offers: addresses of links, and of forms that change something."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: set[str] = set()
        self.forms: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        said = dict(attributes)
        if tag == "a" and (said.get("href") or "").startswith("/"):
            self.links.add(str(said["href"]).partition("#")[0])
        if tag == "form" and said.get("method") == "post":
            self.forms.add(str(said["action"]))


@pytest.mark.parametrize("role", ["employee", "owner", "hr", "engineer", "auditor", SCOPED])
def test_no_page_offers_a_role_what_would_be_refused(world: World, role: str) -> None:
    world.sign_in(role)
    waiting, seen, refused = deque(["/", "/connections", "/mentoring/1", "/receipts"]), set(), []
    waiting.extend(f"/requirements/{opportunity}" for opportunity in OPPORTUNITY.values())
    starts = set(waiting)
    while waiting and len(seen) < 150:
        address = waiting.popleft()
        # Pages that differ in their filters or in a number are alike.
        shape = re.sub(r"\d+", "", address.partition("?")[0]) + ("?person" if "person=" in address else "")
        if shape in seen:
            continue
        seen.add(shape)
        answer = world.clients[role].get(address)
        if answer.status_code == 403 and address not in starts:
            refused.append(address)
        if answer.is_redirect:
            waiting.append(answer.headers["location"])
            continue
        offers = Offers(answer.text)
        waiting.extend(sorted(offers.links - {"/sign-in"}))
        refused += [f"{form} on {address}" for form in offers.forms if is_refused(role, form)]
    assert not refused
    assert len(seen) > 12


def is_refused(role: str, form: str) -> bool:
    """Whether MATRIX has every such form refused for a role."""
    path, _, query = form.partition("?")
    patterns = {line.route: re.sub(r"\{\w+\}", "[^/]+", line.route) for line in LINES if line.method == "POST"}
    route = next(route for route, pattern in patterns.items() if re.fullmatch(pattern, path))
    about = [line for line in LINES if (line.method, line.route) == ("POST", route)]
    if "person=" in query:
        about = [line for line in about if line.about == "other"]
    if role == SCOPED:  # what they get to see of these is in their country
        role = "hr" if "person=" in query or path.startswith("/requirements") else "employee"
    return all(line.statuses[role] in (403, None) for line in about)
