"""What pages about decisions share: storing what a form asks for, taking it back, and telling what came of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, TypeVar

from fastapi import Depends, Query
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from echo_hub.services.decisions import DecisionView
from echo_hub.services.errors import RequestError, UnknownOpportunityError
from echo_hub.services.wrong_items import sentences
from echo_hub.surfaces.query import RowId, address
from echo_hub.surfaces.web.forms import Form

Wanted = TypeVar("Wanted")
Count = Annotated[int, Query(ge=0, le=1_000_000)]


@dataclass(frozen=True, slots=True)
class _Outcome:
    """How many decisions were made, as which batch, or taken back before the page was shown again."""

    done: Count = 0
    batch: RowId = 0
    undone: Count = 0


Outcome = Annotated[_Outcome, Depends()]


def stored(
    path: str, wanted: Sequence[Wanted], decide: Callable[[Sequence[Wanted]], Sequence[DecisionView]], nothing: str
) -> Response | tuple[str, ...]:
    """Decides and leads back to the page; or sentences that say why nothing was stored, `nothing` where none is wanted.

    Raises:
        UnknownOpportunityError: there is no such page to go back to.
    """
    if not wanted:
        return (nothing,)
    try:
        made = decide(wanted)
    except UnknownOpportunityError:
        raise
    except RequestError as error:
        return sentences(error)
    return RedirectResponse(address(path, done=len(made) or None, batch=made[0].batch if made else None), 303)


def taken_back(path: str, form: Form, undo: Callable[..., Sequence[DecisionView]]) -> Response:
    """Takes back the decision or the batch that a button names, and leads back to the page."""
    number = form.number("decision")
    undone = undo([number]) if number else undo(batch=form.number("batch"))
    return RedirectResponse(address(path, undone=len(undone)), 303)
