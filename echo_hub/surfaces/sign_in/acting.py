"""Who acts in a request, for a route to depend on."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from echo_hub.services.actor import Actor
from echo_hub.surfaces.rates import take_from
from echo_hub.surfaces.sign_in.gate import Gate
from echo_hub.surfaces.sign_in.problems import SignInNeededError


def acting(request: Request) -> Actor:
    """Who acts in this request; errors as `Gate.actor`."""
    return _let_in(request, notice=True)


def acting_before_notice(request: Request) -> Actor:
    """The same for pages that somebody may see who has not read the notice yet."""
    return _let_in(request, notice=False)


def _let_in(request: Request, *, notice: bool) -> Actor:
    gate: Gate = request.app.state.gate
    try:
        actor = gate.actor(request, notice=notice)
    except SignInNeededError:
        take_from(request, None)
        raise
    take_from(request, actor.key)
    request.state.actor = actor
    return actor


Acting = Annotated[Actor, Depends(acting)]
ActingBeforeNotice = Annotated[Actor, Depends(acting_before_notice)]
