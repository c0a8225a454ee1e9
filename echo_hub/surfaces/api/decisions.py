"""`/api/v1` for decisions: the queue of names, and what people say of their own skills."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import Field

from echo_hub.services.hub import Hub
from echo_hub.services.intents import people
from echo_hub.services.intents import queue as names
from echo_hub.services.intents.queue import Action
from echo_hub.services.queue import NameDecisionView, QueuePage
from echo_hub.services.views import CorrectionView, PersonView, View
from echo_hub.surfaces.api.problem import IMPOSSIBLE, NO_PERSON
from echo_hub.surfaces.messages.wording import worded
from echo_hub.surfaces.query import Limit, RowId
from echo_hub.surfaces.sign_in.acting import Acting

Text = Annotated[str, Field(max_length=500)]
Whose = Annotated[
    str | None,
    Query(max_length=500, description="Somebody else, for those who may: id, employee id, work e-mail or name"),
]
Number = Annotated[RowId, Path(description="The number a list shows")]


class Wanted(View):
    """What to do with one name. `name` is a queue id, or the name as written: then every source's name of it."""

    name: Text
    action: Action
    skill: Text | None = Field(None, description="map: a skill's id or name; create: the new skill's name")
    broader: Text | None = Field(None, description="create: id or name of a skill above it")
    language: Annotated[str, Field(max_length=35)] | None = Field(None, description="For this language only")
    note: Text = ""


class Decide(View):
    """Decisions to make together, all or none. With `min_confidence`, acceptance of all names that are so sure."""

    decisions: tuple[Wanted, ...] = Field((), max_length=10_000)
    min_confidence: float | None = Field(None, ge=0, le=1)
    dry_run: bool = Field(False, description="Answer what would be decided, store nothing")


class Decided(View):
    """What was decided, or with `dry_run` would be. `batch` takes it back together."""

    batch: int | None
    names: tuple[str, ...] = Field(description="The names, as sources write them")
    decisions: tuple[NameDecisionView, ...]


class Undo(View):
    """Decisions to take back: some by number, or a whole batch."""

    decisions: tuple[RowId, ...] = Field((), max_length=10_000)
    batch: RowId | None = None


class Correct(View):
    """A person's word about a skill. Without a level: it is not theirs."""

    person: Text | None = Field(None, description="Somebody else, for those who may; left out, oneself")
    skill: Text = Field(description="The skill's id or name, or a name on the profile")
    stance: str = Field("has", description="has, wants_to_use, wants_to_learn or avoids")
    level: int | None = Field(None, ge=1, le=5)
    note: Text = ""


def decision_routes(hub: Hub) -> APIRouter:
    """The routes for decisions."""
    routes = APIRouter()
    _queue(routes, hub)
    _corrections(routes, hub)
    return routes


def _queue(routes: APIRouter, hub: Hub) -> None:
    @routes.get("/skills/queue", tags=["skills"], summary="Names that wait for a decision")
    def queue(
        actor: Acting,
        offset: Annotated[int, Query(ge=0, le=1_000_000, description="How many to skip")] = 0,
        limit: Limit = 50,
    ) -> QueuePage:
        """Names no skill is near enough to, most used first, with what they might mean and who uses them."""
        return worded(names.waiting_names(actor, hub, limit=limit, offset=offset))

    @routes.get("/skills/queue/decisions", tags=["skills"], summary="What was decided")
    def history(
        actor: Acting,
        name: Annotated[
            str | None, Query(max_length=500, description="Only this name, or the name with this id")
        ] = None,
        limit: Limit = 200,
    ) -> tuple[NameDecisionView, ...]:
        """Every decision, the latest first; those that were undone or replaced say so."""
        return names.history(actor, hub, name, limit=limit)

    @routes.post("/skills/queue/decisions", tags=["skills"], summary="Decide", responses=IMPOSSIBLE)
    def make(actor: Acting, wanted: Decide) -> Decided:
        """Accepts, maps, creates or rejects names, all or none. What is decided so already is left alone."""
        decided = names.decide_names(
            actor,
            hub,
            [names.NameWanted(**dict(decision)) for decision in wanted.decisions],
            min_confidence=wanted.min_confidence,
            dry_run=wanted.dry_run,
        )
        if wanted.dry_run:
            return Decided(batch=None, names=tuple(planned.label for planned in decided.planned), decisions=())
        made = decided.decisions
        return Decided(
            batch=made[0].batch if made else None, names=tuple(decision.name for decision in made), decisions=made
        )

    @routes.post("/skills/queue/undo", tags=["skills"], summary="Take decisions back", responses=IMPOSSIBLE)
    def undo(actor: Acting, wanted: Undo) -> tuple[NameDecisionView, ...]:
        """Each name is again what it was before. Only decisions that still count can be taken back."""
        return names.undo(actor, hub, wanted.decisions, batch=wanted.batch)

    @routes.delete(
        "/skills/queue/decisions/{decision}", tags=["skills"], summary="Take a decision back", responses=IMPOSSIBLE
    )
    def undo_one(actor: Acting, decision: Number) -> NameDecisionView:
        """The name is again what it was before the decision."""
        (undone,) = names.undo(actor, hub, [decision])
        return undone


def _corrections(routes: APIRouter, hub: Hub) -> None:
    @routes.get("/profile", tags=["people"], summary="My skills and where they come from", responses=NO_PERSON)
    def profile(actor: Acting, person: Whose = None) -> PersonView:
        """Every claim behind every skill, and the corrections the person made, up to this moment."""
        return worded(people.profile(actor, hub, person))

    @routes.post("/corrections", tags=["people"], summary="Correct a skill", responses=NO_PERSON | IMPOSSIBLE)
    def correct(actor: Acting, wanted: Correct) -> tuple[CorrectionView, ...]:
        """Says that a skill is not the person's, or at which level it is; answers all their corrections."""
        people.correct(
            actor, hub, wanted.skill, wanted.person, stance=wanted.stance, level=wanted.level, note=wanted.note
        )
        return worded(people.profile(actor, hub, wanted.person).corrections)

    @routes.delete(
        "/corrections/{correction_id}", tags=["people"], summary="Take a correction back", responses=IMPOSSIBLE
    )
    def undo(actor: Acting, correction_id: Number) -> people.Undone:
        """What was said before counts again; answers the skill's name."""
        return people.undo_correction(actor, hub, correction_id)
