"""Stored payloads of older releases: which version each entity is at, and the way from any older version to it.

A payload is what the store keeps of a record: a JSON object with every stored field, defaults included. Its version
stands beside it. Raise `payload_version` of an entity, and register the upgrade from the version before, when

- a field is renamed, split, or means something else;
- a field is added that an older payload must not read at its default;
- the default of a field changes that older payloads may lack.

A new field whose default says "nobody stated this", or a changed default of a field that is always written, needs no
new version. Upgrades are pure, take and give plain JSON values, and are written once: none of them may read a model,
which will have moved on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from echo_core.model import ENTITIES

Payload = dict[str, Any]
Upgrade = Callable[[Payload], Payload]

UPGRADES: dict[tuple[str, int], Upgrade] = {}
"""By entity and version: what makes a payload of that version one of the next."""


def upgraded(entity: str, version: int, payload: Payload) -> Payload:
    """The payload as the current version writes it; one of this or of a later version is left as it is.

    Raises:
        KeyError: there is no such entity, or no upgrade from that version.
    """
    for step in range(version, ENTITIES[entity].payload_version):
        payload = UPGRADES[entity, step](payload)
    return payload


# Version 1 left out every field at its default, at every depth. What follows are the defaults of that time, for good.

_nothing = dict.fromkeys
_CLAIM: Payload = {
    **_nothing(("scheme", "external_id", "level", "evidence", "asserted_at", "valid_until")),
    **{"stance": "has", "asserter": "person"},
}
_REQUIREMENT: Payload = {
    **_nothing(("scheme", "external_id", "level")),
    **{"importance": "essential", "origin": "vendor_skill"},
}
_PREFERENCES: Payload = {**_nothing(("hours_per_week", "remote", "starts_from")), "countries": []}
_RECORD: Payload = _nothing(("source_url", "updated_at"))
_OPPORTUNITY: Payload = {
    **_RECORD,
    **_nothing(("location", "remote", "hours_per_week", "starts_on", "ends_on", "posted_at", "seats")),
    **_nothing(("owner", "apply_url")),
    **{"description": "", "status": "open", "languages": [], "org_unit_ids": [], "place_ids": [], "countries": []},
    **{"seats_taken": 0, "needs": [], "tags": []},
}
_DEFAULTS: Mapping[str, Payload] = {
    "person": {
        **_RECORD,
        **{"worker_type": "employee", "status": "active", "languages": [], "skills": [], "preferences": None},
        **_nothing(("employee_id", "human_id", "work_email", "user_name", "title", "job_profile", "management_level")),
        **_nothing(("manager_id", "is_manager", "org_unit_id", "org_unit", "place_id", "location", "city", "country")),
        **_nothing(("time_zone", "hired_on")),
    },
    "org_unit": {**_RECORD, "parent_id": None},
    "place": {**_RECORD, **_nothing(("parent_id", "location", "city", "country"))},
    "requisition": {**_RECORD, "org_unit_ids": [], "place_ids": [], "hiring_manager": None},
    "job": {**_OPPORTUNITY, "requisition_id": None, "audience": "internal", "featured": False},
    "project": {**_OPPORTUNITY, "project_kind": "project"},
    "mentorship": {**_OPPORTUNITY, "direction": "offer", "session": "recurring"},
    "learning_path": {
        **_OPPORTUNITY,
        **_nothing(("provider", "minutes", "level", "retires_on")),
        **{"content_kind": "path", "activity_ids": [], "parents": []},
    },
    "learning_record": {
        **_RECORD,
        **_nothing(("object_title", "success", "completed_at")),
        **{"object_kind": "other", "voided": False},
    },
    "skill_assertion": _RECORD,
}


def _with_defaults(defaults: Payload, payload: Payload) -> Payload:
    """A payload of version 1 with what it left out."""
    full = {**defaults, **payload}
    for name, inner in (("skills", _CLAIM), ("needs", _REQUIREMENT)):
        if name in full:
            full[name] = [{**inner, **item} for item in full[name]]
    for name, inner in (("preferences", _PREFERENCES), ("claim", _CLAIM)):
        if full.get(name) is not None:
            full[name] = {**inner, **full[name]}
    return full


UPGRADES.update({(entity, 1): partial(_with_defaults, defaults) for entity, defaults in _DEFAULTS.items()})


# Version 2 called the skills an opportunity asks for its needs.


def _renamed(payload: Payload) -> Payload:
    return {("requirements" if name == "needs" else name): value for name, value in payload.items()}


UPGRADES.update({(entity, 2): _renamed for entity in ("job", "project", "mentorship", "learning_path")})
