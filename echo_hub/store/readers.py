"""What is stored of each record, and who reads it. A field that nobody reads is not listed, and not stored.

Each line says what a field is for, and the module that reads it: of people for the most part the one that takes the
record apart. What only a planned step reads is named with its issue: "later: issue L, …". Uses:

    identity   who is who, who leads whom
    matching   moves a score or opens a gate; every input of the registry of features stands here
    search     found by, filtered by, counted
    views      shown to people
    policy     decides what is listed, and for whom

Before a field is added here, something must read it. What may never be read stands in `REFUSED`.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from echo_core.model import ENTITIES, Language, PersonRef, Preferences, Requirement, SkillClaim
from echo_core.model.record import Value

_FACTS = "snapshot/directory/facts.py"

_OPPORTUNITY = {
    "source_id": "identity: snapshot/catalogue/listing.py",
    "source_url": "views: services/cards.py",
    "updated_at": "search, views: snapshot/catalogue/listing.py",
    "title": "matching, search, views: snapshot/catalogue/requirements.py",
    "description": "matching, search, views: snapshot/catalogue/requirements.py",
    "status": "policy: snapshot/catalogue/visibility.py",
    "languages": "matching, search, views: snapshot/catalogue/listing.py",
    "org_unit_ids": "search, views: snapshot/catalogue/listing.py",
    "place_ids": "matching, search, views: snapshot/catalogue/listing.py",
    "location": "matching, search, views: snapshot/catalogue/locations.py",
    "countries": "matching, search, views: snapshot/catalogue/locations.py",
    "remote": "matching, search, views: snapshot/ranking/columns.py",
    "hours_per_week": "matching, search, views: snapshot/catalogue/listing.py",
    "starts_on": "matching, views: snapshot/ranking/columns.py",
    "ends_on": "policy: snapshot/catalogue/visibility.py",
    "posted_at": "search, views: snapshot/catalogue/listing.py",
    "seats": "matching, views: snapshot/ranking/columns.py",
    "seats_taken": "matching, views: snapshot/ranking/columns.py",
    "owner": "policy, views: snapshot/catalogue/listing.py",
    "apply_url": "views: services/cards.py",
    "requirements": "matching, search, views: snapshot/catalogue/requirements.py",
    "tags": "search: snapshot/search/index.py",
}

READERS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "person": {
            "source_id": f"identity: {_FACTS}",
            "name": f"search, views: {_FACTS}",
            "worker_type": f"views: {_FACTS}",
            "status": f"policy, views: {_FACTS}",
            "employee_id": f"identity, views: {_FACTS}",
            "human_id": f"identity: {_FACTS}",
            "work_email": f"identity, views: {_FACTS}",
            "user_name": f"identity, views: {_FACTS}",
            "title": f"matching, views: {_FACTS}",
            "job_profile": "later: issue L, the occupation behind a title",
            "management_level": "later: issue L, a step up, sideways or down",
            "manager_id": f"identity, policy: {_FACTS}",
            "is_manager": "later: issue O, who leads people",
            "org_unit_id": f"views: {_FACTS}",
            "org_unit": f"views: {_FACTS}",
            "place_id": f"matching, views: {_FACTS}",
            "location": f"matching, views: {_FACTS}",
            "city": f"matching, views: {_FACTS}",
            "country": f"matching, views: {_FACTS}",
            "time_zone": f"policy, views: {_FACTS}",
            "hired_on": f"identity: {_FACTS}",
            "languages": f"matching, views: {_FACTS}",
            "skills": "matching, views: snapshot/rows.py",
            "preferences": f"matching, views: {_FACTS}",
        },
        "org_unit": {
            "source_id": "identity: snapshot/rows.py",
            "name": "search, views: snapshot/catalogue/listing.py",
            "parent_id": "search, views: snapshot/catalogue/listing.py",
        },
        "place": {
            "source_id": "identity: snapshot/rows.py",
            "name": "search, views: snapshot/catalogue/locations.py",
            "parent_id": "matching, search: snapshot/catalogue/locations.py",
            "location": "matching, search: snapshot/catalogue/locations.py",
            "city": "matching, search: snapshot/catalogue/locations.py",
            "country": "matching, search: snapshot/catalogue/locations.py",
        },
        "requisition": {
            "source_id": "identity: snapshot/rows.py",
            "title": "later: issue C, hire to fill; every release requires one",
            "status": "policy: snapshot/catalogue/visibility.py",
            "org_unit_ids": "search, views: snapshot/catalogue/listing.py",
            "place_ids": "matching, search, views: snapshot/catalogue/listing.py",
            "hiring_manager": "policy, views: snapshot/catalogue/listing.py",
        },
        "hiring_team_member": {
            "source_id": "identity: snapshot/rows.py",
            "requisition_id": "policy: snapshot/rows.py",
            "person": "policy, views: snapshot/rows.py",
            "role": "policy: snapshot/rows.py",
            "responsible": "later: issue C, hire to fill",
        },
        "job": {
            **_OPPORTUNITY,
            "requisition_id": "policy: snapshot/catalogue/visibility.py",
            "audience": "policy: snapshot/catalogue/visibility.py",
            "featured": "policy: snapshot/catalogue/visibility.py",
        },
        "project": {
            **_OPPORTUNITY,
            "project_kind": "later: issue D, seats by kind of work",
        },
        "mentorship": {
            **_OPPORTUNITY,
            "direction": "matching, views: snapshot/catalogue/listing.py",
            "session": "later: issue D, an offer is recurring or one-off",
        },
        "learning_path": {
            **_OPPORTUNITY,
            "content_kind": "policy, search, views: snapshot/catalogue/visibility.py",
            "provider": "search: snapshot/search/index.py",
            "minutes": "views: services/cards.py",
            "level": "matching, search, views: snapshot/catalogue/requirements.py",
            "activity_ids": "matching: snapshot/skill_graph/claims.py",
            "parents": "matching: snapshot/catalogue/series.py",
            "retires_on": "policy: snapshot/catalogue/visibility.py",
        },
        "learning_record": {
            "source_id": "identity: snapshot/rows.py",
            "person": "identity: snapshot/rows.py",
            "object_id": "matching: snapshot/rows.py",
            "object_title": "views: snapshot/rows.py",
            "object_kind": "matching: core/src/echo_core/model/learning.py",
            "state": "matching: snapshot/rows.py",
            "success": "matching: snapshot/rows.py",
            "completed_at": "matching: snapshot/rows.py",
            "voided": "matching: snapshot/rows.py",
        },
        "skill_assertion": {
            "source_id": "identity: snapshot/rows.py",
            "person": "identity: snapshot/rows.py",
            "claim": "matching, views: snapshot/rows.py",
        },
        "skill_claim": {
            "label": "matching, views: snapshot/rows.py",
            "scheme": "matching: snapshot/rows.py",
            "external_id": "matching: snapshot/rows.py",
            "stance": "matching, views: snapshot/rows.py",
            "level": "matching, views: snapshot/rows.py",
            "asserter": "matching, views: snapshot/rows.py",
            "evidence": "views: snapshot/rows.py",
            "asserted_at": "matching, views: snapshot/rows.py",
            "valid_until": "policy, views: snapshot/rows.py",
        },
        "requirement": {
            "label": "matching, search, views: snapshot/catalogue/requirements.py",
            "scheme": "matching: snapshot/catalogue/requirements.py",
            "external_id": "matching: snapshot/catalogue/requirements.py",
            "importance": "matching, search, views: snapshot/catalogue/requirements.py",
            "level": "matching, views: snapshot/catalogue/requirements.py",
            "origin": "matching, views: snapshot/catalogue/requirements.py",
        },
        "language": {"code": f"matching, views: {_FACTS}"},
        "preferences": {
            "hours_per_week": "matching, views: snapshot/ranking/columns.py",
            "remote": "matching, views: snapshot/ranking/columns.py",
            "countries": "matching, views: snapshot/ranking/columns.py",
            "starts_from": "matching, views: snapshot/ranking/columns.py",
        },
        "person_ref": {
            "scheme": "identity: snapshot/rows.py",
            "value": "identity: snapshot/rows.py",
        },
    }
)
"""By entity, or by the name of a value inside one, then by field."""

NAMES: Mapping[type[Value], str] = MappingProxyType(
    {
        **{model: entity for entity, model in ENTITIES.items()},
        **{SkillClaim: "skill_claim", Requirement: "requirement"},
        **{Language: "language", Preferences: "preferences", PersonRef: "person_ref"},
    }
)
"""Under which name the list has a model."""

REFUSED: Mapping[str, str] = MappingProxyType(
    {
        "postal_code": "stands for origin and income; a country, a city and a site say where work is",
        "street": "is private",
        "date_of_birth": "is age",
        "gender": "is no matter of work",
        "nationality": "is origin; a right to work is not asked for",
        "pay": "is private; hours and kind of work say what an opportunity is",
        "photo": "shows origin, age and gender",
        "leave_reason": "is health or family",
    }
)
"""What no module may read, and why: not stored, not matched on, under whatever name a source has it."""

_ALIASES = {
    **dict.fromkeys(("postal", "postcode", "zip", "zip_code", "zipcode", "plz"), "postal_code"),
    **dict.fromkeys(("birth_date", "birthday", "age"), "date_of_birth"),
    **dict.fromkeys(("sex", "pronoun", "pronouns"), "gender"),
    **dict.fromkeys(("salary", "compensation"), "pay"),
    **dict.fromkeys(("address", "home_address"), "street"),
}


def check(readers: Mapping[str, Mapping[str, str]]) -> None:
    """Looks through a list like `READERS`.

    Raises:
        ValueError: it has a field that may not be read, whatever for.
    """
    for owner, fields in readers.items():
        for name in fields:
            reason = REFUSED.get(_ALIASES.get(name, name))
            if reason is not None:
                raise ValueError(f"{owner}.{name} may not be stored or matched on: it {reason}.")


check(READERS)
