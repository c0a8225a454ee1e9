"""`echo-hub connections check` for Greenhouse: one probe per permission, each with what to do when it fails."""

from __future__ import annotations

from collections.abc import Iterable

from echo_core.connectors.declaration import CheckResult, StreamContext
from echo_core.connectors.errors import AuthError, HubError, NotPermitted
from echo_hub_greenhouse.board import board_path
from echo_hub_greenhouse.harvest import scope_advice

NEEDED: dict[str, str] = {
    "jobs": "without it no job and no post can be shown",
    "job_posts": "without it there are no jobs to show",
    "job_post_locations": "without it no post can be placed, and none is read",
    "users": "without it nobody is known as the hiring manager of a job",
    "job_hiring_managers": "without it nobody is known as the hiring manager of a job",
    "job_owners": "without it no hiring team is read, hiring managers included",
    "departments": "without it jobs carry no department's name",
    "offices": "without it locations lose the offices' names and countries",
    "job_board_custom_locations": "without it locations from a board's own list stay empty",
}
"""Every list the connector reads, and what is lost without its scope."""


def check(ctx: StreamContext) -> Iterable[CheckResult]:
    """Mint a token and ask each list for one row. Reads nothing but ids."""
    if ctx.config.source == "job_board":
        yield _board(ctx)
        return
    rows = 0
    for resource, loss in NEEDED.items():
        try:
            body = ctx.http.get(resource, params={"per_page": "1", "fields": "id"}).json()
        except NotPermitted:
            yield CheckResult(resource, False, f"Greenhouse refuses {resource}; {loss}", scope_advice(resource))
            continue
        except AuthError as error:
            yield CheckResult(
                "token",
                False,
                error.message,
                "check client_id and client_secret, that the credential is of type Harvest V3 (OAuth), "
                "and that nobody else uses it: a new token ends the one before ([vendor_tokens] lets processes share)",
            )
            return
        except HubError as error:
            yield CheckResult(resource, False, error.message, f"try again; if it stays: {error.error_code}")
            continue
        rows += len(body) if isinstance(body, list) else 0
        yield CheckResult(resource, True, f"{resource} can be read")
    if rows == 0:
        yield CheckResult(
            "acting_user",
            False,
            "every list is empty",
            "make the acting user (acting_user_id, or the credential's service user) a Site Admin",
        )


def _board(ctx: StreamContext) -> CheckResult:
    try:
        body = ctx.http.get(board_path(ctx.config, "jobs")).json()
    except HubError as error:
        return CheckResult("board_posts", False, error.message, "check board_token and board_url")
    posts = body.get("jobs") if isinstance(body, dict) else None
    if not isinstance(posts, list):
        return CheckResult("board_posts", False, "the board's answer holds no list of jobs", "check board_url")
    return CheckResult("board_posts", True, f"the board shows {len(posts)} posts")
