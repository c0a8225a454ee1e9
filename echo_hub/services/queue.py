"""Names of skills that wait for a person: who uses them, what they might mean, and what was decided."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import replace

from echo_hub.services.decisions import DecisionView, decision_fields
from echo_hub.services.views import Sentence, View
from echo_hub.snapshot.rows import NameKey
from echo_hub.snapshot.skill_graph.names import UnlinkedName
from echo_hub.snapshot.snapshot import Snapshot
from echo_hub.store.name_decisions import Action, NameDecision, NameId

_SAMPLE = 3


class Candidate(View):
    """A skill a name might mean. `confidence` (0..1) is the linker's."""

    skill_id: str
    skill: str
    confidence: float


class QueueItem(View):
    """A name nobody has decided about. `id` can be pasted wherever a name can be given.

    `people` and `opportunities` count its uses; `records` are ids of the first records that use it; `reason` says why
    the hub did not link it.
    """

    id: str
    name: str
    languages: tuple[str, ...]
    scheme: str | None
    external_id: str | None
    people: int
    opportunities: int
    connections: tuple[str, ...]
    records: tuple[str, ...]
    candidates: tuple[Candidate, ...]
    reason: Sentence


class QueuePage(View):
    """Some of the waiting names, most used first, and how many there are."""

    total: int
    offset: int
    items: tuple[QueueItem, ...]


class NameDecisionView(DecisionView):
    """A decision about a name of a skill."""

    item: str
    name: str
    language: str | None
    action: Action
    skill_id: str | None
    skill: str | None

    @classmethod
    def of(cls, snapshot: Snapshot, decision: NameDecision, *, counts: bool = True) -> NameDecisionView:
        """A stored decision."""
        choice = decision.choice
        return cls(
            item=choice.name.short,
            name=choice.label,
            language=choice.name.language or None,
            action=choice.action,
            skill_id=choice.skill_id,
            skill=choice.skill,
            **decision_fields(snapshot, decision, counts=counts),
        )


def waiting(snapshot: Snapshot, standing: Sequence[NameDecision] = ()) -> list[UnlinkedName]:
    """Names that wait, most used first; one that is written in several ways is one name.

    Args:
        standing: the decisions that count now, which the snapshot may not know yet.
    """
    known = {decision.id for decision in snapshot.names.decisions.names}
    newer = {decision.choice.name for decision in standing if decision.id not in known}
    merged: dict[NameId, UnlinkedName] = {}
    for unlinked in snapshot.unlinked:
        before = merged.setdefault(unlinked.name, unlinked)
        if before is not unlinked:
            merged[unlinked.name] = replace(
                before,
                people=before.people + unlinked.people,
                opportunities=before.opportunities + unlinked.opportunities,
                languages=tuple(sorted({*before.languages, *unlinked.languages})),
            )
    names = [unlinked for name, unlinked in merged.items() if name not in newer]
    return sorted(
        names, key=lambda unlinked: (-(unlinked.people + unlinked.opportunities), unlinked.label, unlinked.scheme or "")
    )


def queue_page(
    snapshot: Snapshot, standing: Sequence[NameDecision] = (), *, limit: int = 50, offset: int = 0
) -> QueuePage:
    """One page of the queue, with the records that use each name."""
    names = waiting(snapshot, standing)
    shown = names[offset : offset + limit]
    return QueuePage(total=len(names), offset=offset, items=items_of(snapshot, shown))


def items_of(snapshot: Snapshot, names: Sequence[UnlinkedName]) -> tuple[QueueItem, ...]:
    """Names with everything a person needs to decide about them."""
    uses = _uses(snapshot, {unlinked.name for unlinked in names})
    items = []
    for unlinked in names:
        connections, records = uses[unlinked.name]
        items.append(
            QueueItem(
                id=unlinked.name.short,
                name=unlinked.label,
                languages=unlinked.languages,
                scheme=unlinked.scheme,
                external_id=unlinked.external_id,
                people=unlinked.people,
                opportunities=unlinked.opportunities,
                connections=tuple(sorted(connections)),
                records=tuple(records),
                candidates=tuple(
                    Candidate(skill_id=skill_id, skill=label, confidence=round(confidence, 4))
                    for skill_id, label, confidence in unlinked.candidates
                ),
                reason=Sentence(message=unlinked.reason),
            )
        )
    return tuple(items)


def _uses(snapshot: Snapshot, wanted: Set[NameId]) -> dict[NameId, tuple[set[str], list[str]]]:
    """(connections, first record ids) by name."""
    uses: dict[NameId, tuple[set[str], list[str]]] = {name: (set(), []) for name in wanted}

    def note(name: NameId, connection: str, record: str | None) -> None:
        connections, records = uses[name]
        connections.add(connection)
        if record is not None and len(records) < _SAMPLE and record not in records:
            records.append(record)

    keys = {key: name for key in snapshot.names.links if (name := name_of(key)) in wanted}
    for key, _, connection, record in snapshot.uses_of(keys.keys()):
        note(keys[key], connection, record)
    spelled = {(key.label, key.scheme, key.external_id): name for key, name in keys.items()}
    for listing in snapshot.listings:
        for requirement in listing.record.requirements:
            if (used := spelled.get((requirement.label, requirement.scheme, requirement.external_id))) is not None:
                note(used, listing.connection, listing.id)
    return uses


def spellings(snapshot: Snapshot, text: str) -> list[tuple[NameId, str]]:
    """(id, label) of every name that a queue id or a spelling means, decided or linked ones included."""
    wanted = NameId.of(text).name
    labels: dict[NameId, str] = {}
    for key in snapshot.names.links:
        if key.scheme == "graph":
            continue
        name = name_of(key)
        if text.strip() == name.short or name.name == wanted:
            labels.setdefault(name, key.label)
    return list(labels.items())


def name_of(key: NameKey) -> NameId:
    """By what a decision for every language knows a name."""
    return NameId.of(key.label, None, key.scheme, key.external_id)
