"""Reads records that some release of the hub stored: this one, an older one, or the next one beside it.

Mappings make records strictly; what is stored already is read as well as it can be. Fields that this release does not
know are passed over. A value it cannot read counts as not stated; a new word where it knows a few stands for the most
careful of those, see `UNKNOWN`. Only what leaves a record without something it must have makes it unreadable.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, get_args

from pydantic import ValidationError
from pydantic_core import from_json

from echo_core.model import ENTITIES, Record
from echo_core.model.record import Value
from echo_core.model.upgrades import Payload, upgraded

PASSES = 4
"""How often a payload is mended: leaving one value out may show that another is missing."""

DROP: Final = object()
"""Stands for a word without which the value that holds it says nothing, or something else than was meant."""

UNKNOWN: Mapping[tuple[str, str], object] = {
    ("Person", "worker_type"): "contingent",
    ("Person", "status"): "future",  # neither shown to colleagues nor said to have left
    ("Job", "status"): "paused",
    ("Project", "status"): "paused",
    ("Mentorship", "status"): "paused",
    ("LearningPath", "status"): "paused",
    ("Job", "remote"): None,
    ("Project", "remote"): None,
    ("Mentorship", "remote"): None,
    ("LearningPath", "remote"): None,
    ("Project", "project_kind"): "project",
    ("Mentorship", "session"): "recurring",
    ("Job", "audience"): "external",  # an internal post of the same requisition comes first
    ("Mentorship", "direction"): DROP,
    ("LearningPath", "content_kind"): "other",
    ("LearningPath", "level"): None,
    ("Requisition", "status"): "draft",
    ("HiringTeamMember", "role"): "sourcer",  # who may do nothing more than anybody
    ("LearningRecord", "object_kind"): "other",
    ("LearningRecord", "state"): "in_progress",
    ("SkillClaim", "stance"): DROP,
    ("SkillClaim", "asserter"): "person",
    ("Requirement", "importance"): "desired",
    ("Requirement", "origin"): "spotted",
    ("PersonRef", "scheme"): DROP,
}
"""By model and field: what a word that this release does not know is read as."""


_GIVEN: dict[type[Value], set[str]] = {}


class UnreadableRecordError(ValueError):
    """A stored payload that no reading makes a record of. Says which fields are to blame, never what they hold."""


def read(entity: str, version: int, text: str | bytes) -> Record:
    """The record of a stored payload.

    Args:
        entity: the name of its model in `ENTITIES`.
        version: the payload's own version, as stored beside it.

    Raises:
        KeyError: there is no such entity.
        UnreadableRecordError: it lacks something that this release cannot do without.
    """
    model = ENTITIES[entity]
    if version == model.payload_version:
        try:
            record: Record = model.__pydantic_validator__.validate_json(text, extra="ignore")
            return _light(record)
        except ValidationError:
            pass  # mended below
    return _light(_mended(model, current(entity, version, text)))


def _light(record: Record) -> Record:
    """The same record, without a list of its own of the fields that were given: stored records give all of them.

    pydantic makes a set for every value, which takes more room than most values.
    """
    values: list[Value] = [record]
    while values:
        value = values.pop()
        model = type(value)
        given = _GIVEN.get(model)
        if given is None:
            given = _GIVEN[model] = set(model.model_fields)
        object.__setattr__(value, "__pydantic_fields_set__", given)
        for part in value.__dict__.values():
            if isinstance(part, Value):
                values.append(part)
            elif isinstance(part, tuple):
                values.extend([item for item in part if isinstance(item, Value)])
    return record


def current(entity: str, version: int, text: str | bytes) -> Payload:
    """A stored payload as plain values, upgraded to the current version.

    Raises:
        KeyError: there is no such entity.
        UnreadableRecordError: it is not JSON, or not what an upgrade could make something of.
    """
    try:
        payload = from_json(text)
        if not isinstance(payload, dict):
            raise UnreadableRecordError(f"The stored {entity} is no JSON object.")
        return upgraded(entity, version, payload)
    except UnreadableRecordError:
        raise
    except Exception as error:
        what = f"The stored {entity} of version {version} cannot be read: {type(error).__name__}."
        raise UnreadableRecordError(what) from error


def _mended(model: type[Record], payload: Payload) -> Record:
    for _ in range(PASSES):
        try:
            record: Record = model.__pydantic_validator__.validate_python(payload, extra="ignore")
            return record
        except ValidationError as error:
            problems = error.errors(include_url=False, include_context=False, include_input=False)
        paths = [problem["loc"] for problem in problems]
        emptied: list[list[Any]] = []
        hopeless = [path for path in paths if not _mend(model, payload, path, emptied)]
        if hopeless:
            break
        for items in emptied:
            items[:] = [item for item in items if item is not DROP]
    fields = ", ".join(sorted({".".join(str(part) for part in path if not isinstance(part, int)) for path in paths}))
    raise UnreadableRecordError(f"The stored {model.entity} cannot be read, because of: {fields}.")


def _mend(model: type[Value], payload: Payload, path: Sequence[str | int], emptied: list[list[Any]]) -> bool:
    """Takes the value at this path for its stand-in or out, with as little around it as can be; False if it must stay.

    Items to take out of a list are marked, so that the others keep their places; `emptied` notes such lists.
    """
    if not path:
        return False
    name, rest = path[0], path[1:]
    field = model.model_fields.get(str(name))
    if field is None:
        return False
    value, inner = payload.get(str(name)), value_in(field.annotation)
    if inner is not None and rest and isinstance(value, dict) and _mend(inner, value, rest, emptied):
        return True
    if isinstance(value, list) and rest and isinstance(at := rest[0], int) and at < len(value):
        item = value[at]
        if item is DROP:
            return True
        if not (inner is not None and isinstance(item, dict) and _mend(inner, item, rest[1:], emptied)):
            value[at] = DROP
            emptied.append(value)
        return True
    if name not in payload:
        return False
    stand_in = UNKNOWN.get((model.__name__, str(name))) if isinstance(value, str) else None
    if stand_in is DROP:
        return False
    if stand_in is not None and value != stand_in:
        payload[str(name)] = stand_in
        return True
    if field.is_required():
        return False
    del payload[str(name)]
    return True


def value_in(annotation: Any) -> type[Value] | None:
    """The kind of value that a field holds one or several of; None for plain ones."""
    if isinstance(annotation, type) and issubclass(annotation, Value):
        return annotation
    return next((inner for part in get_args(annotation) if (inner := value_in(part)) is not None), None)
