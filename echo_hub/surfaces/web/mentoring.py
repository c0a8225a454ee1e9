"""The pages of mentoring rounds: draft, review, publish. Every change names the person who decided it."""

from __future__ import annotations

from collections.abc import Callable
from math import isnan, nan
from typing import Annotated, Literal

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from echo_hub.application import Hub
from echo_hub.services import mentoring
from echo_hub.services.mentoring_views import PairView, RoundDetail, RoundSettings
from echo_hub.services.mentoring_words import colleague
from echo_hub.store import mentoring as store
from echo_hub.store.mentoring_rounds import Pair
from echo_hub.surfaces.query import RowId, address
from echo_hub.surfaces.web.forms import TOKEN, Form, Submitted
from echo_hub.surfaces.web.pages import Who, viewer_of
from echo_hub.surfaces.web.rendering import render
from echo_hub.surfaces.words import points

PAIRS = 30
"""Pairs on one page."""
Step = Literal["run", "publish", "withdraw"]
Change = Literal["pin", "unpin", "remove", "end"]


def mentoring_pages(hub: Hub) -> APIRouter:
    """The routes of these pages."""
    routes = APIRouter(include_in_schema=False)

    def by(form: Form) -> str:
        """Who decides: the person whose eyes the page is seen through."""
        viewer = viewer_of(hub, form.one("person"))
        if viewer is None:
            raise HTTPException(403, "A decision needs somebody who makes it. Choose who you are under People first.")
        return viewer.id

    def back(form: Form, round_id: int, place: str = "") -> Response:
        return RedirectResponse(address(f"/mentoring/{round_id}", person=form.one("person")) + place, 303)

    @routes.get("/mentoring")
    def list_rounds(request: Request, person: Who = None) -> Response:
        snapshot = hub.snapshot()
        places = mentoring.capacity(hub.database, snapshot)
        return render(
            request,
            "mentoring.html",
            "mentoring",
            viewer=viewer_of(hub, person),
            token=TOKEN,
            rounds=mentoring.rounds(hub.database),
            name_of=lambda who: colleague(snapshot, who).name,
            mentors=len(places),
            free=sum(one.free for one in places),
            live=sum(one.live for one in places),
            over=[one for one in places if one.over],
            defaults=RoundSettings(),
            departments=sorted({one.org_unit for one in snapshot.people if one.org_unit}),
        )

    @routes.post("/mentoring")
    def draft(form: Submitted) -> Response:
        who = by(form)
        chosen = RoundSettings(
            department=tuple(filter(None, [form.one("department")])),
            time_zone_hours=min(max(_number(form.one("hours")), 0.0), 12.0),
            most_pairs=bool(form.one("most_pairs")),
        )
        title = form.one("title", 200)
        found = mentoring.draft(hub.database, hub.fresh_snapshot(), chosen, title=title, by=who, now=hub.now())
        return back(form, found.round.id)

    @routes.get("/mentoring/{round_id}")
    def one_round(
        request: Request, round_id: RowId, offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0, person: Who = None
    ) -> Response:
        snapshot = hub.snapshot()
        viewer = viewer_of(hub, person)
        found = mentoring.detail(hub.database, snapshot, round_id)

        def at(start: int) -> str:
            return address(f"/mentoring/{round_id}", offset=start or None, person=viewer.id if viewer else None)

        ahead = offset + PAIRS
        return render(
            request,
            "mentoring_round.html",
            "mentoring",
            viewer=viewer,
            token=TOKEN,
            found=found,
            one=found.round,
            pairs=[(pair, sum_of(pair)) for pair in found.pairs[offset:ahead]],
            offset=offset,
            previous=at(max(0, offset - PAIRS)) if offset else None,
            following=at(ahead) if ahead < len(found.pairs) else None,
            waiting=by_reason(found),
            credits=hub.credits(),
            name_of=lambda who: colleague(snapshot, who).name,
        )

    @routes.post("/mentoring/{round_id}/{step}")
    def decide(round_id: RowId, step: Step, form: Submitted) -> Response:
        who, now = by(form), hub.now()
        steps: dict[Step, Callable[[], object]] = {
            "run": lambda: mentoring.redraft(hub.database, hub.fresh_snapshot(), round_id),
            "publish": lambda: mentoring.publish(hub.database, hub.fresh_snapshot(), round_id, by=who, now=now),
            "withdraw": lambda: store.withdraw(hub.database, round_id, by=who, now=now),
        }
        steps[step]()
        return back(form, round_id)

    @routes.post("/mentoring/pairs/{pair_id}/{change}")
    def change(pair_id: RowId, change: Change, form: Submitted) -> Response:
        who, now = by(form), hub.now()
        changes: dict[Change, Callable[[], Pair]] = {
            "pin": lambda: store.pin_pair(hub.database, pair_id, pinned=True, by=who, now=now),
            "unpin": lambda: store.pin_pair(hub.database, pair_id, pinned=False, by=who, now=now),
            "remove": lambda: store.remove_pair(hub.database, pair_id, by=who, now=now),
            "end": lambda: store.end_pair(hub.database, pair_id, by=who, now=now),
        }
        return back(form, changes[change]().round_id, f"#pair-{pair_id}")

    return routes


def sum_of(pair: PairView) -> tuple[list[tuple[str, str]], str]:
    """A pair's score as printed addends (text, points) and their printed sum, which add up exactly."""
    printed, total = points([one.contribution for one in pair.reasons], pair.score)
    return [(one.text, shown) for one, shown in zip(pair.reasons, printed, strict=True)], total


def by_reason(found: RoundDetail) -> list[tuple[str, list[str]]]:
    """Names of the mentees without a mentor by reason, the commonest reason first."""
    told: dict[str, list[str]] = {}
    for one in found.unassigned:
        told.setdefault(one.reason, []).append(one.mentee.name)
    return sorted(((reason, sorted(names)) for reason, names in told.items()), key=lambda one: (-len(one[1]), one[0]))


def _number(text: str) -> float:
    try:
        hours = float(text)
    except ValueError:
        hours = nan
    return RoundSettings().time_zone_hours if isnan(hours) else hours
