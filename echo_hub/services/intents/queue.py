"""Names of skills that wait for a person, and what people decide about them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from echo_hub.services.access import Permit, allow
from echo_hub.services.actor import Actor
from echo_hub.services.deciding import Deciding
from echo_hub.services.decision_file import read_decisions, write_decisions
from echo_hub.services.decisions import all_choices, counting, store_choices, take_back
from echo_hub.services.hub import Hub
from echo_hub.services.queue import NameDecisionView, QueuePage, items_of, queue_page, waiting
from echo_hub.services.views import InWords, View
from echo_hub.store.name_decisions import NAMES, Action, NameChoice, name_history

__all__ = [
    "Action",
    "Decided",
    "NameWanted",
    "Planned",
    "apply_table",
    "decide_names",
    "export",
    "history",
    "undo",
    "waiting_names",
]


class NameWanted(View):
    """What to do with one name. `name` is a queue id, or the name as written: then every source's name of it.

    `skill` is for map a skill's id or name, for create the new skill's name; `broader`, for create, a skill above it.
    """

    name: str
    action: str
    skill: str | None = None
    broader: str | None = None
    language: str | None = None
    note: str = ""


class Planned(View):
    """What would be decided about one name."""

    action: Action
    label: str
    skill_id: str | None
    skill: str | None
    confidence: float | None


class Decided(NamedTuple):
    """What was planned, and the decisions made of it: none in a dry run, or where all was decided so already."""

    planned: tuple[Planned, ...]
    decisions: tuple[NameDecisionView, ...]


def waiting_names(actor: Actor, hub: Hub, *, limit: int = 50, offset: int = 0) -> QueuePage:
    """One page of the names no skill is near enough to, most used first."""
    allow(actor, "queue.read")
    return queue_page(hub.snapshot(), NAMES.standing(hub.database), limit=limit, offset=offset)


def history(actor: Actor, hub: Hub, name: str | None = None, *, limit: int = 200) -> tuple[NameDecisionView, ...]:
    """Every decision, the latest first; only about one name (or its queue id) when it is given."""
    allow(actor, "queue.read")
    snapshot, decisions = hub.snapshot(), name_history(hub.database, name, limit=limit)
    return tuple(
        NameDecisionView.of(snapshot, decision, counts=counts) for decision, counts in counting(NAMES, hub, decisions)
    )


def export(actor: Actor, hub: Hub, in_words: InWords) -> tuple[str, int]:
    """The whole queue as CSV to fill in, its sentences in words, and how many names it has."""
    allow(actor, "queue.read")
    snapshot = hub.snapshot()
    names = waiting(snapshot, NAMES.standing(hub.database))
    return write_decisions(in_words(items_of(snapshot, names))), len(names)


def decide_names(
    actor: Actor,
    hub: Hub,
    wanted: Sequence[NameWanted] = (),
    *,
    min_confidence: float | None = None,
    dry_run: bool = False,
) -> Decided:
    """Accepts, maps, creates or rejects names, all or none; what is decided so already is left alone.

    Args:
        min_confidence: also accepts every waiting name whose nearest skill is at least so sure.

    Raises:
        ChoiceError, UnknownSkillError: some cannot be done; the message says which and why, and nothing is stored.
    """
    permit = allow(actor, "queue.decide")
    snapshot = hub.snapshot()
    deciding = Deciding(snapshot)
    choices = all_choices(
        wanted,
        lambda item: deciding.choices(
            item.action, item.name, skill=item.skill, broader=item.broader, language=item.language, note=item.note
        ),
    )
    if min_confidence is not None:
        choices += deciding.sure_enough(waiting(snapshot, NAMES.standing(hub.database)), min_confidence)
    return _store(permit, hub, choices, dry_run=dry_run)


def apply_table(actor: Actor, hub: Hub, file: bytes, *, dry_run: bool = False) -> Decided:
    """Makes the decisions of a filled-in table (a CSV file as it is), all or none.

    Raises:
        ChoiceError: lists every row that cannot be done.
    """
    permit = allow(actor, "queue.decide")
    return _store(permit, hub, read_decisions(file, Deciding(hub.snapshot())), dry_run=dry_run)


def undo(
    actor: Actor, hub: Hub, decisions: Sequence[int] = (), *, batch: int | None = None
) -> tuple[NameDecisionView, ...]:
    """Takes decisions back, all or none: some by number, or a whole batch.

    Raises:
        ChoiceError: both or neither of numbers and batch.
        DecisionError: one does not exist or does not count any more.
    """
    permit = allow(actor, "queue.undo")
    undone = take_back(permit, hub, NAMES, decisions, batch)
    snapshot = hub.snapshot()
    return tuple(NameDecisionView.of(snapshot, decision, counts=False) for decision in undone)


def _store(permit: Permit, hub: Hub, choices: Sequence[NameChoice], *, dry_run: bool) -> Decided:
    made = [] if dry_run else store_choices(permit, hub, NAMES, choices, NAMES.label)
    planned = tuple(
        Planned(
            action=choice.action,
            label=choice.label,
            skill_id=choice.skill_id,
            skill=choice.skill,
            confidence=choice.confidence,
        )
        for choice in choices
    )
    snapshot = hub.snapshot()
    return Decided(planned, tuple(NameDecisionView.of(snapshot, decision) for decision in made))
