"""`/api/v1` for decisions: the queue of names, and what people say of their own skills."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import Field

from echo_hub.application import Hub
from echo_hub.services.corrections import correction, person_now
from echo_hub.services.deciding import ChoiceError, Deciding
from echo_hub.services.queue import DecisionView, QueuePage, history_views, queue_page, waiting
from echo_hub.services.views import CorrectionView, PersonView, View
from echo_hub.store.decisions import (
    Action,
    decide,
    decision_history,
    standing_decisions,
    undo_batch,
    undo_decisions,
)
from echo_hub.store.disputes import dispute, undo_dispute
from echo_hub.surfaces.api.problem import IMPOSSIBLE, NO_PERSON
from echo_hub.surfaces.query import RowId

Text = Annotated[str, Field(max_length=500)]
By = Annotated[str, Field(min_length=1, max_length=200, description="Who decides: an employee id or user name")]
ByQuery = Annotated[str, Query(min_length=1, max_length=200, description="Who takes it back")]
Who = Annotated[str, Query(max_length=500, description="Id, employee id, work e-mail or name of the person")]
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

    by: By
    decisions: tuple[Wanted, ...] = Field((), max_length=10_000)
    min_confidence: float | None = Field(None, ge=0, le=1)
    dry_run: bool = Field(False, description="Answer what would be decided, store nothing")


class Decided(View):
    """What was decided, or with `dry_run` would be. `batch` takes it back together."""

    batch: int | None
    names: tuple[str, ...] = Field(description="The names, as sources write them")
    decisions: tuple[DecisionView, ...]


class Undo(View):
    """Decisions to take back: some by number, or a whole batch."""

    by: By
    decisions: tuple[RowId, ...] = Field((), max_length=10_000)
    batch: RowId | None = None


class Correct(View):
    """A person's word about a skill. Without a level: it is not theirs."""

    person: Text = Field(description="Id, employee id, work e-mail or name of the person")
    skill: Text = Field(description="The skill's id or name, or a name on the profile")
    stance: str = Field("has", description="has, wants_to_use, wants_to_learn or avoids")
    level: int | None = Field(None, ge=1, le=5)
    note: Text = ""
    by: By


def decision_routes(hub: Hub) -> APIRouter:
    """The routes for decisions."""
    routes = APIRouter()
    _queue(routes, hub)
    _corrections(routes, hub)
    return routes


def _queue(routes: APIRouter, hub: Hub) -> None:
    @routes.get("/skills/queue", tags=["skills"], summary="Names that wait for a decision")
    def queue(
        offset: Annotated[int, Query(ge=0, le=1_000_000, description="How many to skip")] = 0,
        limit: Annotated[int, Query(ge=1, le=500, description="How many at most")] = 50,
    ) -> QueuePage:
        """Names no skill is near enough to, most used first, with what they might mean and who uses them."""
        return queue_page(hub.snapshot(), standing_decisions(hub.database), limit=limit, offset=offset)

    @routes.get("/skills/queue/decisions", tags=["skills"], summary="What was decided")
    def history(
        name: Annotated[
            str | None, Query(max_length=500, description="Only this name, or the name with this id")
        ] = None,
        limit: Annotated[int, Query(ge=1, le=500, description="How many at most")] = 200,
    ) -> tuple[DecisionView, ...]:
        """Every decision, the latest first; those that were undone or replaced say so."""
        return history_views(decision_history(hub.database, name, limit=limit), standing_decisions(hub.database))

    @routes.post("/skills/queue/decisions", tags=["skills"], summary="Decide", responses=IMPOSSIBLE)
    def make(wanted: Decide) -> Decided:
        """Accepts, maps, creates or rejects names, all or none. What is decided so already is left alone."""
        snapshot = hub.snapshot()
        deciding = Deciding(snapshot)
        choices = [
            choice
            for one in wanted.decisions
            for choice in deciding.choices(
                one.action, one.name, skill=one.skill, broader=one.broader, language=one.language, note=one.note
            )
        ]
        if wanted.min_confidence is not None:
            names = waiting(snapshot, standing_decisions(hub.database))
            choices += deciding.sure_enough(names, wanted.min_confidence)
        if wanted.dry_run:
            return Decided(batch=None, names=tuple(one.label for one in choices), decisions=())
        made = decide(hub.database, choices, by=wanted.by, now=hub.now())
        return Decided(
            batch=made[0].batch if made else None,
            names=tuple(one.choice.label for one in made),
            decisions=tuple(map(DecisionView.of, made)),
        )

    @routes.post("/skills/queue/undo", tags=["skills"], summary="Take decisions back", responses=IMPOSSIBLE)
    def undo(wanted: Undo) -> tuple[DecisionView, ...]:
        """Each name is again what it was before. Only decisions that still count can be taken back."""
        if bool(wanted.decisions) == (wanted.batch is not None):
            raise ChoiceError("Give decisions or a batch to undo, one of the two.")
        by, now = wanted.by, hub.now()
        if wanted.batch is not None:
            undone = undo_batch(hub.database, wanted.batch, by=by, now=now)
        else:
            undone = undo_decisions(hub.database, wanted.decisions, by=by, now=now)
        return tuple(DecisionView.of(one, counts=False) for one in undone)

    @routes.delete(
        "/skills/queue/decisions/{decision}", tags=["skills"], summary="Take a decision back", responses=IMPOSSIBLE
    )
    def undo_one(decision: Number, by: ByQuery) -> DecisionView:
        """The name is again what it was before the decision."""
        (undone,) = undo_decisions(hub.database, [decision], by=by, now=hub.now())
        return DecisionView.of(undone, counts=False)


def _corrections(routes: APIRouter, hub: Hub) -> None:
    @routes.get(
        "/profile", tags=["people"], summary="One person's skills and where they come from", responses=NO_PERSON
    )
    def profile(person: Who) -> PersonView:
        """Every claim behind every skill, and the corrections the person made, up to this moment."""
        return person_now(hub.snapshot(), hub.database, person)

    @routes.post("/corrections", tags=["people"], summary="Correct a skill", responses=NO_PERSON | IMPOSSIBLE)
    def correct(wanted: Correct) -> tuple[CorrectionView, ...]:
        """Says that a skill is not the person's, or at which level it is; answers all their corrections."""
        snapshot = hub.snapshot()
        about = correction(
            snapshot, wanted.person, wanted.skill, stance=wanted.stance, level=wanted.level, note=wanted.note
        )
        dispute(hub.database, about, by=wanted.by, now=hub.now())
        return person_now(snapshot, hub.database, about.person_id).corrections

    @routes.delete(
        "/corrections/{correction_id}", tags=["people"], summary="Take a correction back", responses=IMPOSSIBLE
    )
    def undo(correction_id: Number, by: ByQuery) -> dict[str, str]:
        """What was said before counts again; answers the skill's name."""
        undone = undo_dispute(hub.database, correction_id, by=by, now=hub.now())
        return {"skill": undone.about.skill}
