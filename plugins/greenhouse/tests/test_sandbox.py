"""The sandbox keeps the vendor's documented rules, so that a connector that breaks one fails here first."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest

from echo_core.testing.sandbox import Reply, Request
from echo_hub_greenhouse.sandbox import ADMIN_USER, CLIENT_ID, CLIENT_SECRET, OTHER_USER, GreenhouseSandbox

FORM = ("Content-Type", "application/x-www-form-urlencoded")


def basic(user: str, password: str) -> tuple[str, str]:
    return ("Authorization", "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode())


def mint(sandbox: GreenhouseSandbox, *, user: str = CLIENT_ID, password: str = CLIENT_SECRET, **form: Any) -> Reply:
    body = urlencode({"grant_type": "client_credentials", "sub": ADMIN_USER, **form}).encode()
    return sandbox.handle(Request.parse("POST", "/token", [basic(user, password), FORM], body))


@pytest.fixture
def get(sandbox: GreenhouseSandbox) -> Callable[..., Reply]:
    """`get("/v3/jobs", per_page=2)` with a fresh token of the Site Admin, or the one given."""
    granted: list[str] = []

    def ask(path: str, *, token: str | None = None, **params: Any) -> Reply:
        if token is None and not granted:
            granted.append(mint(sandbox).body["access_token"])
        target = f"{path}?{urlencode(params)}" if params else path
        headers = [("Host", "127.0.0.1:9"), ("Authorization", f"Bearer {token or granted[0]}")]
        return sandbox.handle(Request.parse("GET", target, headers))

    return ask


def next_cursor(reply: Reply) -> str:
    return reply.headers["Link"].split("cursor=")[1].split(">")[0]


def test_the_token_endpoint_answers_as_the_vendors_does(sandbox: GreenhouseSandbox) -> None:
    granted = mint(sandbox)
    assert granted.status == 200
    assert granted.body["expires_at"] == "2026-03-01T13:00:00Z"
    nothing = sandbox.handle(Request.parse("POST", "/token"))
    assert (nothing.status, nothing.body["message"]) == (401, "Unauthorized")
    malformed = mint(sandbox, user="notaclient")
    assert (malformed.status, "client_id=notaclient" in malformed.body["message"]) == (400, True)
    unknown = mint(sandbox, password="wrong")
    assert (unknown.status, unknown.body) == (401, {"error": "invalid_client"})
    assert mint(sandbox, sub="me").status == 400
    no_grant = sandbox.handle(Request.parse("POST", "/token", [basic(CLIENT_ID, CLIENT_SECRET), FORM], b"sub=1"))
    assert (no_grant.status, "grant_type" in no_grant.body["message"]) == (400, True)


def test_a_new_token_ends_the_previous_one(sandbox: GreenhouseSandbox, get: Callable[..., Reply]) -> None:
    first = mint(sandbox).body["access_token"]
    assert get("/v3/jobs", token=first).status == 200
    second = mint(sandbox).body["access_token"]
    assert get("/v3/jobs", token=first).status == 401
    assert get("/v3/jobs", token=second).status == 200


def test_a_bad_or_expired_token_gets_the_observed_401_body(
    get: Callable[..., Reply], clock: Any, sandbox: GreenhouseSandbox
) -> None:
    refused = get("/v3/jobs", token="nonsense")
    assert refused.status == 401
    assert refused.body["errors"] == ["Token could not be decoded. Please ensure your token is from a trusted source."]
    token = mint(sandbox).body["access_token"]
    clock.sleep(3600)
    assert get("/v3/jobs", token=token).status == 401


def test_unknown_routes_are_404_before_authentication(sandbox: GreenhouseSandbox) -> None:
    for path in ("/v3/eeoc", "/v3/jobs/1", "/v1/jobs", "/"):
        reply = sandbox.handle(Request.parse("GET", path))
        assert (reply.status, reply.body) == (404, {"message": "Resource not found"})


def test_a_user_who_is_no_site_admin_and_a_missing_scope_get_403(
    sandbox: GreenhouseSandbox, get: Callable[..., Reply]
) -> None:
    token = mint(sandbox, sub=OTHER_USER).body["access_token"]
    assert get("/v3/jobs", token=token).status == 403
    sandbox.scopes = frozenset(("jobs",))
    token = mint(sandbox).body["access_token"]
    assert [get(path, token=token).status for path in ("/v3/jobs", "/v3/offices")] == [200, 403]


@pytest.mark.parametrize(
    ("path", "params"),
    [
        ("/v3/jobs", {"per_page": 501}),
        ("/v3/jobs", {"per_page": 0}),
        ("/v3/jobs", {"status": "in_process"}),
        ("/v3/jobs", {"page": 2}),
        ("/v3/jobs", {"updated_after": "2026-01-01T00:00:00Z"}),
        ("/v3/jobs", {"updated_at[gte]": "2026-01-01T00:00:00Z"}),
        ("/v3/jobs", {"updated_at": "2026-01-01T00:00:00Z"}),
        ("/v3/jobs", {"updated_at": "after|2026-01-01T00:00:00Z"}),
        ("/v3/jobs", {"updated_at": "gte|2026-01-01T00:00:00"}),
        ("/v3/jobs", {"updated_at": "gte|2026-01-01T00:00:00Z", "created_at": "gte|2026-01-01T00:00:00Z"}),
        ("/v3/jobs", {"fields": "id,salary"}),
        ("/v3/jobs", {"ids": ",".join(str(n) for n in range(51))}),
        ("/v3/job_posts", {"active": "both"}),
        ("/v3/job_post_locations", {"job_post_ids": ",".join(str(n) for n in range(51))}),
        ("/v3/jobs", {"cursor": "made-up"}),
    ],
)
def test_a_query_outside_the_rules_is_422_with_the_reason(
    get: Callable[..., Reply], path: str, params: dict[str, Any]
) -> None:
    reply = get(path, **params)
    assert reply.status == 422
    assert reply.body["message"] == "Unprocessable Content"
    assert len(reply.body["errors"]) == 1


def test_the_per_page_refusal_reads_as_in_the_vendors_guide(get: Callable[..., Reply]) -> None:
    assert get("/v3/jobs", per_page=600).body["errors"] == [{"per_page": "`600` number is greater than: 500"}]


def test_pages_come_newest_id_first_and_the_cursor_travels_alone(get: Callable[..., Reply]) -> None:
    first = get("/v3/jobs", per_page=5)
    ids = [row["id"] for row in first.body]
    assert ids == sorted(ids, reverse=True)
    mixed = get("/v3/jobs", cursor=next_cursor(first), per_page=5)
    assert (mixed.status, mixed.body["errors"]) == (422, ["When passing a cursor, do not include other query params."])
    second = get("/v3/jobs", cursor=next_cursor(first))
    assert max(row["id"] for row in second.body) < min(ids)
    last = get("/v3/jobs", cursor=next_cursor(second))
    assert len(last.body) == 2
    assert "Link" not in last.headers


def test_a_cursor_belongs_to_its_list_and_can_expire(get: Callable[..., Reply], sandbox: GreenhouseSandbox) -> None:
    cursor = next_cursor(get("/v3/jobs", per_page=5))
    assert get("/v3/offices", cursor=cursor).status == 422
    sandbox.expire_cursors()
    assert get("/v3/jobs", cursor=cursor).status == 422


def test_deleted_posts_appear_only_when_asked_for(get: Callable[..., Reply]) -> None:
    default, deleted = get("/v3/job_posts"), get("/v3/job_posts", active="false")
    assert {row["active"] for row in default.body} == {True}
    assert {row["active"] for row in deleted.body} == {False}


def test_fields_narrow_the_rows_to_what_was_asked(get: Callable[..., Reply]) -> None:
    assert {frozenset(row) for row in get("/v3/job_posts", fields="id,title").body} == {frozenset(("id", "title"))}


def test_filters_select_by_status_time_and_parent(get: Callable[..., Reply]) -> None:
    assert {row["status"] for row in get("/v3/jobs", status="draft").body} == {"draft"}
    everything = get("/v3/jobs").body
    edge = everything[0]["updated_at"]
    newer = get("/v3/jobs", updated_at=f"gt|{edge}").body
    older = get("/v3/jobs", updated_at=f"lte|{edge}").body
    assert len(newer) + len(older) == len(everything)
    assert all(row["updated_at"] == edge for row in get("/v3/jobs", updated_at=f"gte|{edge}|lte|{edge}").body)
    job = everything[-2]["id"]
    assert {row["job_id"] for row in get("/v3/job_posts", job_ids=job).body} == {job}


def test_the_fixed_window_limit_reports_itself_and_answers_429(
    sandbox: GreenhouseSandbox, get: Callable[..., Reply], clock: Any
) -> None:
    replies = [get("/v3/offices") for _ in range(76)]
    assert replies[0].headers["X-RateLimit-Limit"] == "75"
    assert replies[74].headers["X-RateLimit-Remaining"] == "0"
    assert replies[75].status == 429
    assert int(replies[75].headers["Retry-After"]) <= 30
    assert int(replies[75].headers["X-RateLimit-Reset"]) > clock()
    clock.sleep(int(replies[75].headers["Retry-After"]))
    assert get("/v3/offices").status == 200


def test_the_board_shows_live_external_posts_with_escaped_content(get: Callable[..., Reply]) -> None:
    bare, full = get("/v1/boards/echodemo/jobs"), get("/v1/boards/echodemo/jobs", content="true")
    assert [post["title"] for post in full.body["jobs"]] == ["Data Engineer"]
    assert "content" not in bare.body["jobs"][0]
    assert full.body["jobs"][0]["content"].startswith("&lt;div class=&quot;")
    assert {row["id"] for row in get("/v1/boards/echodemo/offices").body["offices"]} >= {0}
    assert get("/v1/boards/nobody/jobs").status == 404


def test_nothing_of_the_company_needs_more_than_json(sandbox: GreenhouseSandbox) -> None:
    assert json.loads(json.dumps(sandbox.rows)) == sandbox.rows
