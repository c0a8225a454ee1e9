"""What deciding has in common, whatever is decided: all or none, one event, one way back, and a history."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, TypeVar

from echo_hub.services.access import Permit
from echo_hub.services.errors import ChoiceError, RequestError, UnknownOpportunityError
from echo_hub.services.hub import Hub
from echo_hub.services.people import name_of
from echo_hub.services.recording import recorded
from echo_hub.services.views import View
from echo_hub.services.wrong_items import several_wrong
from echo_hub.snapshot.snapshot import Snapshot
from echo_hub.store.ledger import Decision, Ledger, Made

Wanted = TypeVar("Wanted")


class DecisionView(View):
    """A decision, kept for good; `id` undoes it, `batch` everything that was decided together.

    `decider` is the name of the person behind `decided_by`, where it is one. `counts` is False when it was undone or a
    later one replaced it.
    """

    id: int
    batch: int
    confidence: float | None
    note: str
    decided_by: str
    decider: str
    decided_at: datetime
    undone_by: str | None
    undone_at: datetime | None
    counts: bool


def decision_fields(snapshot: Snapshot, decision: Decision[Any], *, counts: bool) -> dict[str, Any]:
    """The fields of `DecisionView`."""
    return {
        "id": decision.id,
        "batch": decision.batch,
        "confidence": decision.choice.confidence,
        "note": decision.choice.note,
        "decided_by": decision.decided_by,
        "decider": name_of(snapshot, decision.decided_by),
        "decided_at": decision.decided_at,
        "undone_by": decision.undone_by,
        "undone_at": decision.undone_at,
        "counts": counts,
    }


def all_choices(wanted: Iterable[Wanted], choices: Callable[[Wanted], Iterable[Made]]) -> list[Made]:
    """What each of the things wanted comes to.

    Raises:
        UnknownOpportunityError: there is nothing to decide about.
        RequestError: some cannot be done; the message says which and why.
    """
    made: list[Made] = []
    wrong: list[RequestError] = []
    for item in wanted:
        try:
            made += choices(item)
        except UnknownOpportunityError:
            raise
        except RequestError as error:
            wrong.append(error)
    if wrong:
        raise several_wrong(wrong)
    return made


def store_choices(
    permit: Permit, hub: Hub, ledger: Ledger[Made], choices: Sequence[Made], kind: str, object_id: str = ""
) -> list[Decision[Made]]:
    """Stores choices with their event; answers the decisions made. What is decided so already is left alone.

    Args:
        kind, object_id: what the event is about; without an id the batch.
    """
    with recorded(hub, permit, kind, object_id) as entry:
        made = ledger.decide(hub.database, choices, by=permit.actor, now=hub.now())
        entry.happened, entry.details = bool(made), {"decisions": [decision.id for decision in made]}
        if made and not object_id:
            entry.id = str(made[0].batch)
    return made


def take_back(
    permit: Permit, hub: Hub, ledger: Ledger[Made], numbers: Sequence[int], batch: int | None = None
) -> list[Decision[Made]]:
    """Takes decisions back with their event, all or none: some by number, or a whole batch.

    Raises:
        ChoiceError: both or neither of numbers and batch.
        DecisionError: one does not exist or does not count any more.
    """
    if bool(numbers) == (batch is not None):
        raise ChoiceError("Give decisions or a batch to undo, one of the two.")
    with recorded(hub, permit, ledger.label) as entry:
        undone = ledger.undo(hub.database, numbers, batch=batch, by=permit.actor, now=hub.now())
        entry.id, entry.details = str(undone[0].batch), {"decisions": [decision.id for decision in undone]}
    return undone


def counting(ledger: Ledger[Made], hub: Hub, decisions: Iterable[Decision[Made]]) -> list[tuple[Decision[Made], bool]]:
    """Each decision with whether it counts now."""
    standing = {decision.id for decision in ledger.standing(hub.database)}
    return [(decision, decision.id in standing) for decision in decisions]
