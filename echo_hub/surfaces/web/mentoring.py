"""The pages of mentoring rounds: draft, review, publish. Every change is made by whoever is signed in."""

from __future__ import annotations

from collections.abc import Callable
from math import isnan, nan
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from echo_hub.services.access import allows
from echo_hub.services.hub import Hub
from echo_hub.services.intents import mentoring
from echo_hub.services.intents.mentoring import Change
from echo_hub.services.intents.taxonomy import credit_lines
from echo_hub.services.mentoring_views import PairView, RoundDetail, RoundSettings, RoundView
from echo_hub.surfaces.messages.wording import worded
from echo_hub.surfaces.query import RowId, address
from echo_hub.surfaces.sign_in.acting import Acting
from echo_hub.surfaces.web.forms import Submitted
from echo_hub.surfaces.web.paging import neighbours
from echo_hub.surfaces.web.rendering import render
from echo_hub.surfaces.words import points

PAIRS = 30
"""Pairs on one page."""
Step = Literal["run", "publish", "withdraw"]


def mentoring_pages(hub: Hub) -> APIRouter:
    """The routes of these pages."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/mentoring")
    def list_rounds(request: Request, actor: Acting) -> Response:
        rounds = mentoring.rounds(actor, hub)
        places = mentoring.capacity(actor, hub)
        names = mentoring.decider_names(actor, hub, _deciders(*rounds))
        return render(
            request,
            "mentoring.html",
            "mentoring",
            may_decide=allows(actor, "mentoring.decide"),
            rounds=rounds,
            name_of=names.__getitem__,
            mentors=len(places),
            free=sum(capacity_view.free for capacity_view in places),
            live=sum(capacity_view.live for capacity_view in places),
            over=[capacity_view for capacity_view in places if capacity_view.over],
            defaults=RoundSettings(),
            departments=mentoring.departments(actor, hub),
        )

    @routes.post("/mentoring")
    def draft(actor: Acting, form: Submitted) -> Response:
        chosen = RoundSettings(
            department=tuple(filter(None, [form.text("department")])),
            time_zone_hours=min(max(_number(form.text("hours")), 0.0), 12.0),
            most_pairs=bool(form.text("most_pairs")),
        )
        drafted = mentoring.draft(actor, hub, chosen, title=form.text("title", 200))
        return RedirectResponse(f"/mentoring/{drafted.round.id}", 303)

    @routes.get("/mentoring/{round_id}")
    def one_round(
        request: Request, actor: Acting, round_id: RowId, offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0
    ) -> Response:
        detail = worded(mentoring.round_detail(actor, hub, round_id))
        names = mentoring.decider_names(actor, hub, _deciders(detail.round))

        def at(start: int) -> str:
            return address(f"/mentoring/{round_id}", offset=start or None)

        ahead = offset + PAIRS
        return render(
            request,
            "mentoring_round.html",
            "mentoring",
            may_decide=allows(actor, "mentoring.decide"),
            detail=detail,
            mentoring_round=detail.round,
            pairs=[(pair, sum_of(pair)) for pair in detail.pairs[offset:ahead]],
            offset=offset,
            **neighbours(at, offset, PAIRS, more=ahead < len(detail.pairs)),
            waiting=by_reason(detail),
            credits=credit_lines(actor, hub),
            name_of=names.__getitem__,
        )

    @routes.post("/mentoring/{round_id}/{step}")
    def decide(actor: Acting, round_id: RowId, step: Step, form: Submitted) -> Response:
        del form  # its token was checked when it was read
        steps: dict[Step, Callable[..., RoundDetail]] = {
            "run": mentoring.redraft,
            "publish": mentoring.publish,
            "withdraw": mentoring.withdraw,
        }
        steps[step](actor, hub, round_id)
        return RedirectResponse(f"/mentoring/{round_id}", 303)

    @routes.post("/mentoring/pairs/{pair_id}/{change}")
    def change(actor: Acting, pair_id: RowId, change: Change, form: Submitted) -> Response:
        del form  # its token was checked when it was read
        pair = mentoring.change_pair(actor, hub, pair_id, change)
        return RedirectResponse(f"/mentoring/{pair.round_id}#pair-{pair_id}", 303)

    return routes


def _deciders(*rounds: RoundView) -> frozenset[str]:
    """What is stored of those who drafted or decided about rounds."""
    return frozenset(key for shown_round in rounds for key in (shown_round.created_by, shown_round.decided_by) if key)


def sum_of(pair: PairView) -> tuple[list[tuple[str, str]], str]:
    """A pair's score as printed addends (text, points) and their printed sum, which add up exactly."""
    printed, total = points([reason.contribution for reason in pair.reasons], pair.score)
    return [(reason.text, shown) for reason, shown in zip(pair.reasons, printed, strict=True)], total


def by_reason(detail: RoundDetail) -> list[tuple[str, list[str]]]:
    """Names of the mentees without a mentor by reason, the commonest reason first."""
    told: dict[str, list[str]] = {}
    for mentee in detail.unassigned:
        told.setdefault(mentee.reason.text, []).append(mentee.mentee.name)
    return sorted(
        ((reason, sorted(names)) for reason, names in told.items()),
        key=lambda reason_and_names: (-len(reason_and_names[1]), reason_and_names[0]),
    )


def _number(text: str) -> float:
    try:
        hours = float(text)
    except ValueError:
        hours = nan
    return RoundSettings().time_zone_hours if isnan(hours) else hours
