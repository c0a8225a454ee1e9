"""Local edits of imported concepts: kept apart from the import, laid over it whenever the graph is loaded.

A field is "label:<language>" (text), "alias:<language>" (texts, added to those imported), "description" (text) or
"broader" (ids). An edit stays in force when a release changes the same field; that is a conflict, listed by the import
and by `list_edits` until the field is edited again or the edit undone.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, ClassVar, TypeVar

from sqlalchemy import Row, delete, select, update

from echo_core.connectors.errors import HubError
from echo_core.skills.taxonomy.records import Label
from echo_core.text.letters import has_letters_or_digits
from echo_hub.store.aside import SetAside, UnusableError, each, reason, stated
from echo_hub.store.concepts import SHELVES, Concept, Shelf
from echo_hub.store.database import Database, Transaction
from echo_hub.store.light_tables import REVISION
from echo_hub.store.taxonomy_changes import Comparison, Conflict
from echo_hub.store.taxonomy_tables import TAXONOMY_EDIT

C = TypeVar("C", bound=Concept)
Value = str | tuple[str, ...]
KIND = "taxonomy edit"
_FIELDS = ("label", "alias", "description", "broader")
Edits = Mapping[str, Mapping[str, tuple[Value, Value]]]
"""By subject and field: (the value here, what the import said when it was edited)."""


class EditError(HubError):
    """Nothing with that id is imported, or the edit would break the graph."""

    code: ClassVar[str] = "taxonomy.edit"
    who: ClassVar[str] = "HR operations"


@dataclass(frozen=True, slots=True)
class Edit:
    """One edited field. `imported` is what the import says today; `conflict`, that it said another thing before."""

    id: str
    field: str
    value: Value
    imported: Value
    conflict: bool
    edited_by: str
    edited_at: datetime


def edit_concept(database: Database, concept_id: str, fields: Mapping[str, Value], *, by: str, now: datetime) -> None:
    """Lays values over fields of a skill or occupation, in place of earlier edits of them; aliases join earlier ones.

    Raises:
        EditError: unknown or retired id, empty text, or a broader id that does not exist or leads back here.
    """
    with database.writing() as transaction:
        shelf, concept = _stored(transaction, concept_id)
        edits = stored_edits(transaction)
        earlier = edits.get(concept_id, {})
        for field, value in fields.items():
            _check(transaction, shelf, concept, field, value, edits)
            if field.startswith("alias:") and field in earlier:
                value = tuple(dict.fromkeys((*earlier[field][0], *value)))
            edit = {"value": _dump(value), "base": _dump(_value(concept, field)), "edited_at": now, "edited_by": by}
            new = transaction.insert(TAXONOMY_EDIT).values(subject=concept_id, field=field, **edit)
            transaction.execute(new.on_conflict_do_update(index_elements=["subject", "field"], set_=edit))
        graph_moved(transaction)


def undo_edits(database: Database, concept_id: str) -> int:
    """Takes back every edit of a concept; answers how many fields follow the import again."""
    with database.writing() as transaction:
        undone = transaction.execute(delete(TAXONOMY_EDIT).where(TAXONOMY_EDIT.c.subject == concept_id)).rowcount
        if undone:
            graph_moved(transaction)
    return int(undone)


def list_edits(database: Database) -> list[Edit]:
    """Every edit, by id and field."""
    with database.reading() as transaction:
        imported = _edited_concepts(transaction)
        rows = transaction.all(select(TAXONOMY_EDIT).order_by(TAXONOMY_EDIT.c.subject, TAXONOMY_EDIT.c.field))

    def edit(row: Row[Any]) -> Edit:
        today = _value(imported[row.subject], row.field) if row.subject in imported else ""
        conflict = row.subject not in imported or today != _load(row.base)
        value, at = _usable(row.field, row.value), stated(row, "edited_at")["edited_at"]
        return Edit(row.subject, row.field, value, today, conflict, row.edited_by, at)

    return list(each(rows, edit, KIND, _key, None))


def stored_edits(transaction: Transaction, aside: SetAside | None = None) -> Edits:
    """Every edit, for `edited` and `conflicts_with`; `aside` takes those that cannot be laid over anything."""
    edits: dict[str, dict[str, tuple[Value, Value]]] = {}

    def values(row: Row[Any]) -> tuple[str, str, tuple[Value, Value]]:
        return row.subject, row.field, (_usable(row.field, row.value), _load(row.base))

    for subject, field, here_and_base in each(transaction.all(select(TAXONOMY_EDIT)), values, KIND, _key, aside):
        edits.setdefault(subject, {})[field] = here_and_base
    return edits


def graph_moved(transaction: Transaction) -> None:
    """Moves the graph's own revision and that of all data, as the last statements of a transaction that changed it."""
    transaction.execute(update(REVISION).where(REVISION.c.id == 2).values(value=REVISION.c.value + 1))
    transaction.moved()


def edited_sources(transaction: Transaction) -> set[str]:
    """The keys of sources in which something was edited: their credit carries a notice."""
    sources: set[str] = set()
    for shelf in SHELVES:
        concept = shelf.table.c
        is_edited = TAXONOMY_EDIT.c.subject == concept.id
        query = select(concept.source).join(TAXONOMY_EDIT, is_edited).where(concept.retired_at.is_(None)).distinct()
        sources.update(row.source for row in transaction.all(query))
    return sources


def edited(concept: C, edits: Edits) -> C:
    """The concept with its edits laid over it."""
    for field, (value, _) in edits.get(concept.id, {}).items():
        concept = _laid_over(concept, field, value)
    return concept


def conflicts_with(edits: Edits, compared: Comparison) -> Iterator[Conflict]:
    """The edits that a release is at odds with: it changes the same field, or no longer has the concept."""
    for subject, fields in edits.items():
        retired, before = compared.stored.get(subject, (True, ()))
        if subject in compared.removed:
            yield from (
                Conflict(subject, field, _text(here), _text(base), "") for field, (here, base) in fields.items()
            )
        elif subject in compared.changed and not retired:
            old, *_ = (*compared.shelf.readable([(subject, *before)]), None)
            if old is None:  # the release mends what could not be read
                continue
            new = compared.shelf.concept((subject, *compared.changed[subject]))
            for field, (here, _) in fields.items():
                was, now = _value(old, field), _value(new, field)
                if was != now and now != here:
                    yield Conflict(subject, field, _text(here), _text(was), _text(now))


def _stored(transaction: Transaction, concept_id: str) -> tuple[Shelf, Concept]:
    for shelf in SHELVES:
        in_force = shelf.table.c.retired_at.is_(None)
        row = transaction.first(shelf.select().where(shelf.table.c.id == concept_id, in_force))
        if row is not None:
            try:
                return shelf, shelf.concept(tuple(row))
            except Exception as error:
                told = f"{concept_id} is stored wrongly. {reason(error)} Importing its source mends it."
                raise EditError(told) from error
    raise EditError(
        f"Nothing imported has the id {concept_id}. Find ids with: echo-hub skills link NAME;"
        " the built-in starter taxonomy can be edited after: echo-hub skills import starter"
    )


def _edited_concepts(transaction: Transaction) -> dict[str, Concept]:
    concepts: dict[str, Concept] = {}
    for shelf in SHELVES:
        is_edited = shelf.table.c.id.in_(select(TAXONOMY_EDIT.c.subject))
        query = shelf.select().where(shelf.table.c.retired_at.is_(None), is_edited)
        concepts.update((concept.id, concept) for concept in shelf.readable(transaction.all(query)))
    return concepts


def _check(transaction: Transaction, shelf: Shelf, concept: Concept, field: str, value: Value, edits: Edits) -> None:
    texts = (value,) if isinstance(value, str) else value
    if field != "description" and not all(text.strip() for text in texts):
        raise EditError(f"The {field.partition(':')[0]} of {concept.id} cannot be empty.")
    if field.startswith(("label:", "alias:")):
        for text in texts:
            if not has_letters_or_digits(text):
                raise EditError(
                    f"{text!r} cannot name {concept.id}: it has no letter or digit that is seen. Give a name in words."
                )
    if field != "broader":
        return
    rows = transaction.all(shelf.select().where(shelf.table.c.retired_at.is_(None)))
    above = {concept.id: edited(concept, edits).broader for concept in shelf.readable(rows)}
    for parent in texts:
        if parent not in above:
            raise EditError(f"{concept.id} cannot be below {parent}, which is not imported.")
        if concept.id in _all_above(parent, above):
            raise EditError(f"{concept.id} cannot be below {parent}, which is below {concept.id} itself.")


def _all_above(start: str, above: Mapping[str, tuple[str, ...]]) -> set[str]:
    seen, waiting = {start}, [start]
    while waiting:
        fresh = [concept_id for concept_id in above.get(waiting.pop(), ()) if concept_id not in seen]
        seen.update(fresh)
        waiting.extend(fresh)
    return seen


def _value(concept: Concept, field: str) -> Value:
    """What a concept says in a field. Aliases are added, never replaced, so they have no earlier value to lose."""
    name, _, language = field.partition(":")
    if name == "label":
        return next((label.text for label in concept.labels if label.preferred and label.language == language), "")
    if name == "alias":
        return ()
    return concept.description if name == "description" else concept.broader


def _laid_over(concept: C, field: str, value: Value) -> C:
    name, _, language = field.partition(":")
    if isinstance(value, tuple):
        if name == "broader":
            return replace(concept, broader=value)
        have = {label.text for label in concept.labels if label.language == language}
        aliases = tuple(Label(text, language, preferred=False) for text in value if text not in have)
        return replace(concept, labels=(*concept.labels, *aliases))
    if name == "description":
        return replace(concept, description=value)
    before = _value(concept, field)
    # The imported name stays as an alias: people and systems go on using it.
    others = tuple(
        replace(label, preferred=False) if label.preferred and label.language == language else label
        for label in concept.labels
        if label.text != value or label.language != language
    )
    label = value if concept.label == before or (not before and not concept.labels) else concept.label
    return replace(concept, label=label, labels=(Label(value, language, preferred=True), *others))


def _dump(value: Value) -> str:
    return json.dumps(value, ensure_ascii=False)


def _load(text: str) -> Value:
    value: Any = json.loads(text)
    return tuple(value) if isinstance(value, list) else str(value)


def _usable(field: str, stored: str) -> Value:
    """The value of an edit, if it is one that can be laid over such a field."""
    name, value = field.partition(":")[0], _load(stored)
    if name not in _FIELDS:
        raise UnusableError(f"There is no field {field!r} to edit.")
    texts = (value,) if isinstance(value, str) else value
    if isinstance(value, tuple) is not (name in ("alias", "broader")) or not all(type(text) is str for text in texts):
        raise UnusableError(f"It is no value for the field {field!r}.")
    if name in ("label", "alias") and not all(map(has_letters_or_digits, texts)):
        raise UnusableError(f"{_text(value)!r} names nothing: it has no letter or digit that is seen.")
    return value


def _key(row: Row[Any]) -> str:
    return f"{row.subject} {row.field}"


def _text(value: Value) -> str:
    return value if isinstance(value, str) else ", ".join(value)
