"""A small invented company that any release can sync: every kind of record, from two connections, without a vendor."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from types import SimpleNamespace
from typing import Any

from pydantic import BaseModel

from echo_core.model import ENTITIES

ANA = {"scheme": "employee_id", "value": "E1"}
SKILLS = [
    {"label": "Python", "level": 4, "asserted_at": "2025-06-01T09:00:00Z"},
    {"label": "SQL", "level_raw": "sehr gut", "asserter": "manager", "evidence": "review"},
    {"label": "Kubernetes", "stance": "wants_to_learn"},
]
RECORDS: dict[str, dict[str, list[dict[str, Any]]]] = {
    "hr": {
        "person": [
            {
                **{"source_id": "w1", "name": "Ana Lind", "employee_id": "E1", "work_email": "ana@example.org"},
                **{"title": "Data Engineer", "job_profile": "Engineer III", "management_level": "IC3", "fte": 0.8},
                **{"manager_id": "w2", "country": "SE", "city": "Stockholm", "teams": ["Lake"], "skills": SKILLS},
                **{"languages": [{"code": "en", "level": 5}, {"code": "sv"}], "hired_on": "2021-02-01"},
                **{"preferences": {"remote": True}, "updated_at": "2026-04-02T08:00:00Z"},
            },
            {
                **{"source_id": "w2", "name": "Ben Okafor", "employee_id": "E2", "is_manager": True},
                **{"skills": [{"label": "Python"}, {"label": "Leadership", "stance": "teaches"}]},
            },
            {"source_id": "w3", "name": "Cem Yıldız", "status": "left", "left_on": "2026-01-31"},
            {"source_id": "w4", "name": "Dana Roy", "worker_type": "contingent", "work_email": "dana@example.org"},
        ],
        "org_unit": [
            {"source_id": "u1", "name": "Acme", "unit_kind": "supervisory"},
            {"source_id": "u2", "name": "Platform", "parent_id": "u1", "external_id": "PLT"},
        ],
        "place": [{"source_id": "p1", "name": "Stockholm HQ", "city": "Stockholm", "country": "SE"}],
    },
    "work": {
        "requisition": [
            {"source_id": "r1", "title": "Engineer", "status": "open", "number": "R-1", "org_unit_ids": ["u2"]},
            {"source_id": "r2", "title": "Analyst", "status": "closed"},
        ],
        "job": [
            {
                **{"source_id": "j1", "title": "Data Engineer", "requisition_id": "r1", "employment_type": "full"},
                **{"requirements": [{"label": "Python", "level": 3}, {"label": "SQL", "importance": "desired"}]},
                **{
                    "countries": ["SE"],
                    "posted_at": "2026-04-01T09:00:00+02:00",
                    "apply_url": "https://example.org/j1",
                },
            },
            {"source_id": "j2", "title": "Analyst", "requisition_id": "r2"},
        ],
        "project": [
            {
                **{"source_id": "x1", "title": "Lake clean-up", "project_kind": "hack", "hours_per_week": 8},
                **{"requirements": [{"label": "SQL"}], "duration_weeks": 6, "seats": 2, "tags": ["data"]},
            }
        ],
        "mentorship": [
            {
                **{"source_id": "m1", "title": "Kubernetes with Ben", "session": "one_off", "seats": 1},
                **{"owner": {"scheme": "employee_id", "value": "E2"}},
                **{"requirements": [{"label": "Kubernetes", "importance": "teaches"}]},
            }
        ],
        "learning_path": [
            {
                **{"source_id": "l1", "title": "Kubernetes basics", "content_kind": "course", "level_raw": "easy"},
                **{"requirements": [{"label": "Kubernetes", "importance": "teaches"}], "minutes": 90},
            }
        ],
        "learning_record": [
            {
                **{"source_id": "c1", "person": ANA, "object_id": "l1", "object_kind": "course", "score": 0.9},
                **{"state": "completed", "completed_at": "2026-02-01T10:00:00Z", "progress": 1.0},
            }
        ],
        "skill_assertion": [
            {"source_id": "a1", "person": ANA, "claim": {"label": "Negotiation", "asserter": "assessment", "level": 2}}
        ],
    },
}
NAMELESS = {"source_id": "w5", "title": "Nobody gave a name"}
"""A record that no strict mapping makes a person of: it waits in quarantine."""


class Raw(BaseModel):
    """What the invented systems send."""

    id: str
    said: dict[str, Any]


def connector(stream: Any, page: Any, name: str, *, named: bool = False) -> Any:
    """A connector over the company.

    Args:
        stream, page: the release's classes of these names.
        name: "hr" or "work".
        named: its mapping was corrected and gives the nameless a name.
    """

    def one(entity: str, records: list[dict[str, Any]]) -> Any:
        rows = [*records, NAMELESS] if entity == "person" else records

        def read(_: Any, window: Any, resume: Any) -> Iterator[Any]:
            yield page([{"id": record["source_id"], "said": record} for record in rows], total=len(rows))

        def made(raw: Raw, _: Any) -> Iterable[Any]:
            said = {"name": "(no name)", **raw.said} if named and entity == "person" else {**raw.said}
            model = ENTITIES[entity]
            if "needs" in model.model_fields and "requirements" in said:  # what requirements were called before
                said["needs"] = said.pop("requirements")
            yield model.model_validate(said)

        return stream(entity, Raw, read, made, (entity,))

    streams = tuple(one(entity, records) for entity, records in RECORDS[name].items())
    return SimpleNamespace(name=name, streams_for=lambda _: streams)
