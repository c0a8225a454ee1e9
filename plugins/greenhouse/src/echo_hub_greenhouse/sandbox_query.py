"""How Harvest v3 reads a query, for the sandbox: which parameters a list knows, what they select, what it refuses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

Row = dict[str, Any]
MAX_PER_PAGE, DEFAULT_PER_PAGE, MAX_LIST = 500, 100, 50
COMMON = ("cursor", "per_page", "ids", "created_at", "updated_at", "fields")
_BASE = ("id", "created_at", "updated_at")


class RefusedError(ValueError):
    """A query the vendor answers with 422. `entry` is one element of its `errors` list: text or a one-key object."""

    def __init__(self, entry: str | dict[str, str]) -> None:
        super().__init__(str(entry))
        self.entry = entry


@dataclass(frozen=True, slots=True)
class Resource:
    """One list: the fields of its rows and its own filters, name -> (kind, field).

    Kinds: ids and texts (comma lists), number, text, flag, moment, contains (a number in a list field), overlap (one of
    a comma list in a list field), service (users without an e-mail address, hidden unless true), or the allowed values.
    """

    fields: tuple[str, ...]
    filters: Mapping[str, tuple[str | tuple[str, ...], str]]


RESOURCES: dict[str, Resource] = {
    "jobs": Resource(
        (
            *_BASE,
            "name",
            "requisition_id",
            "notes",
            "confidential",
            "status",
            "opened_at",
            "closed_at",
            "is_template",
            "copied_from_id",
            "department_id",
            "office_ids",
            "custom_fields",
        ),
        {
            "status": (("open", "draft", "closed"), "status"),
            "opened_at": ("moment", "opened_at"),
            "closed_at": ("moment", "closed_at"),
            "requisition_id": ("text", "requisition_id"),
            "department_id": ("number", "department_id"),
            "office_id": ("contains", "office_ids"),
            "confidential": ("flag", "confidential"),
        },
    ),
    "job_posts": Resource(
        (
            *_BASE,
            "title",
            "internal",
            "active",
            "live",
            "featured",
            "first_published_at",
            "content",
            "internal_content",
            "language",
            "public_url",
            "demographic_question_set_id",
            "job_id",
            "job_board_id",
            "questions",
        ),
        {
            "job_ids": ("ids", "job_id"),
            "job_board_ids": ("ids", "job_board_id"),
            "active": ("flag", "active"),
            "live": ("flag", "live"),
            "internal": ("flag", "internal"),
            "featured": ("flag", "featured"),
        },
    ),
    "job_post_locations": Resource(
        (*_BASE, "plain_text_location", "office_id", "type", "job_post_id", "custom_location_id"),
        {
            "job_post_ids": ("ids", "job_post_id"),
            "office_ids": ("ids", "office_id"),
            "custom_location_ids": ("ids", "custom_location_id"),
            "type": (("free_text", "office", "custom_list"), "type"),
            "plain_text_location": ("text", "plain_text_location"),
        },
    ),
    "job_board_custom_locations": Resource(
        (*_BASE, "value", "active", "greenhouse_job_board_id"),
        {"greenhouse_job_board_ids": ("ids", "greenhouse_job_board_id"), "active": ("flag", "active")},
    ),
    "departments": Resource(
        (*_BASE, "name", "parent_id", "external_id"),
        {"parent_id": ("number", "parent_id"), "external_id": ("text", "external_id")},
    ),
    "offices": Resource(
        (*_BASE, "name", "parent_id", "external_id", "location", "primary_in_house_contact_user_id"),
        {"parent_id": ("number", "parent_id"), "external_id": ("text", "external_id")},
    ),
    "users": Resource(
        (
            *_BASE,
            "first_name",
            "last_name",
            "name",
            "primary_email",
            "emails",
            "employee_id",
            "deactivated",
            "site_admin",
            "job_title",
            "agency_id",
            "linked_candidate_ids",
            "office_ids",
            "department_ids",
            "interviewer_tags",
            "custom_fields",
        ),
        {
            "agency_ids": ("ids", "agency_id"),
            "office_ids": ("overlap", "office_ids"),
            "department_ids": ("overlap", "department_ids"),
            "linked_candidate_ids": ("overlap", "linked_candidate_ids"),
            "employee_ids": ("texts", "employee_id"),
            "deactivated": ("flag", "deactivated"),
            "primary_email": ("text", "primary_email"),
            "show_service_accounts": ("service", "primary_email"),
        },
    ),
    "job_hiring_managers": Resource(
        (*_BASE, "job_id", "user_id"), {"job_ids": ("ids", "job_id"), "user_ids": ("ids", "user_id")}
    ),
    "job_owners": Resource(
        (*_BASE, "job_id", "user_id", "type", "responsible"),
        {
            "job_ids": ("ids", "job_id"),
            "user_ids": ("ids", "user_id"),
            "type": (("sourcer", "recruiter", "coordinator"), "type"),
        },
    ),
    "user_roles": Resource((*_BASE, "role_type", "name"), {}),
}
"""The lists the connector uses, as the vendor's reference of June 2026 describes them."""


@dataclass(frozen=True, slots=True)
class Query:
    """A query that passed every rule: how many rows, which ones, which of their fields."""

    per_page: int
    keeps: Callable[[Row], bool]
    fields: tuple[str, ...]


def read_query(resource: str, query: Mapping[str, list[str]]) -> Query:
    """The meaning of a query without a cursor.

    Raises:
        RefusedError: an unknown or repeated parameter, a value outside its limits, `created_at` with `updated_at`.
    """
    spec = RESOURCES[resource]
    given: dict[str, str] = {}
    for name, values in query.items():
        if name not in COMMON and name not in spec.filters:
            raise RefusedError({name: "is not a known parameter"})
        if len(values) != 1:
            raise RefusedError({name: "is given more than once"})
        given[name] = values[0]
    if "created_at" in given and "updated_at" in given:
        raise RefusedError("created_at and updated_at cannot be combined.")
    per_page = _number("per_page", given.pop("per_page", str(DEFAULT_PER_PAGE)))
    if per_page > MAX_PER_PAGE:
        raise RefusedError({"per_page": f"`{per_page}` number is greater than: {MAX_PER_PAGE}"})
    if per_page < 1:
        raise RefusedError({"per_page": f"`{per_page}` number is less than: 1"})
    fields = _fields(spec, given.pop("fields", None))
    if resource == "job_posts":
        # The vendor hides deleted posts unless asked for them.
        given.setdefault("active", "true")
    if resource == "users":
        given.setdefault("show_service_accounts", "false")
    tests = [_test(spec, name, value) for name, value in given.items()]
    return Query(per_page, lambda row: all(test(row) for test in tests), fields)


def _fields(spec: Resource, value: str | None) -> tuple[str, ...]:
    if value is None:
        return spec.fields
    names = tuple(value.split(","))
    if len(names) > MAX_LIST:
        raise RefusedError({"fields": f"more than {MAX_LIST} entries"})
    for name in names:
        if name not in spec.fields:
            raise RefusedError({"fields": f"`{name}` is not a known field"})
    return names


def _test(spec: Resource, name: str, value: str) -> Callable[[Row], bool]:
    common: dict[str, tuple[str | tuple[str, ...], str]] = {
        "ids": ("ids", "id"),
        "created_at": ("moment", "created_at"),
        "updated_at": ("moment", "updated_at"),
    }
    kind, field = common.get(name) or spec.filters[name]
    if isinstance(kind, tuple):
        if value not in kind:
            raise RefusedError({name: f"`{value}` is not one of: {', '.join(kind)}"})
        return lambda row: bool(row[field] == value)
    if kind in ("ids", "texts", "overlap"):
        parts = value.split(",")
        if len(parts) > MAX_LIST:
            raise RefusedError({name: f"more than {MAX_LIST} entries"})
        wanted = set(parts) if kind == "texts" else {_number(name, part) for part in parts}
        if kind == "overlap":
            return lambda row: not wanted.isdisjoint(row[field])
        return lambda row: row[field] in wanted
    if kind == "number":
        number = _number(name, value)
        return lambda row: bool(row[field] == number)
    if kind == "contains":
        number = _number(name, value)
        return lambda row: number in (row[field] or ())
    if kind in ("flag", "service"):
        if value not in ("true", "false"):
            raise RefusedError({name: f"`{value}` is not a boolean"})
        if kind == "service":
            return lambda row: value == "true" or row[field] != ""
        return lambda row: bool(row[field]) is (value == "true")
    if kind == "moment":
        return _within(name, field, value)
    return lambda row: bool(row[field] == value)


def _within(name: str, field: str, value: str) -> Callable[[Row], bool]:
    parts = value.split("|")
    if len(parts) not in (2, 4):
        raise RefusedError({name: f"`{value}` is not an operator and a time, or two of each"})
    bounds = [(parts[at], _moment(name, parts[at + 1])) for at in range(0, len(parts), 2)]
    for operator, _ in bounds:
        if operator not in ("gte", "lte", "gt", "lt"):
            raise RefusedError({name: f"`{operator}` is not one of: gte, lte, gt, lt"})

    def test(row: Row) -> bool:
        if not row[field]:
            return False
        at = datetime.fromisoformat(row[field])
        compared = {"gte": at.__ge__, "lte": at.__le__, "gt": at.__gt__, "lt": at.__lt__}
        return all(compared[operator](bound) for operator, bound in bounds)

    return test


def _moment(name: str, text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise RefusedError({name: f"`{text}` is not an ISO 8601 time"}) from None
    if moment.tzinfo is None:
        raise RefusedError({name: f"`{text}` has no time zone"})
    return moment


def _number(name: str, text: str) -> int:
    if not text.isascii() or not text.isdigit():
        raise RefusedError({name: f"`{text}` is not an integer"})
    return int(text)
