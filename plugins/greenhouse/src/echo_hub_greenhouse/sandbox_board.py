"""The public Job Board API of the sandbox: boards as given, or made from a company's external posts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from echo_core.testing.sandbox import Reply, Request

Payload = Mapping[str, Any]
_WITH_CONTENT = ("content", "departments", "offices")


class BoardPages:
    """Answers below /v1/boards. A payload given for a board is served as it is, its odd keys included."""

    def __init__(self, boards: Mapping[str, Payload]) -> None:
        self.payloads: dict[str, Payload] = dict(boards)

    def answer(self, request: Request) -> Reply:
        """`/v1/boards/{token}` and its lists. `content=true` adds texts, departments and offices to the posts."""
        _, _, _, token, *rest = request.path.split("/")
        payload = self.payloads.get(token)
        if payload is None:
            return Reply(404, {"status": 404, "error": f"Could not find a job board with token '{token}'"})
        match rest:
            case []:
                return Reply(200, {"name": token, "content": ""})
            case ["jobs"]:
                return Reply(200, payload if request.param("content") == "true" else _bare(payload))
            case ["departments"]:
                return Reply(200, {"departments": _groups(payload, "departments", "No Department")})
            case ["offices"]:
                return Reply(200, {"offices": _groups(payload, "offices", "No Office")})
            case _:
                return Reply(404, {"status": 404, "error": "Resource not found"})


def boards_of(rows: Mapping[str, Sequence[Mapping[str, Any]]], token: str, company: str) -> dict[str, Payload]:
    """The board a company's live external posts make up. Content is escaped once, times carry a local offset."""
    jobs = {job["id"]: job for job in rows["jobs"]}
    departments = {row["id"]: row for row in rows["departments"]}
    offices = {row["id"]: row for row in rows["offices"]}
    places: dict[int, list[str]] = {}
    for row in rows["job_post_locations"]:
        office = offices.get(row["office_id"])
        places.setdefault(row["job_post_id"], []).append(row["plain_text_location"] or (office or {}).get("name") or "")
    posts = []
    for post in rows["job_posts"]:
        if post["internal"] or not post["live"] or not post["active"]:
            continue
        job = jobs[post["job_id"]]
        posts.append(
            {
                "absolute_url": post["public_url"],
                "internal_job_id": job["id"],
                "location": {"name": "; ".join(place for place in places.get(post["id"], ()) if place)},
                "metadata": None,
                "id": post["id"],
                "updated_at": _local(post["updated_at"]),
                "requisition_id": job["requisition_id"],
                "title": post["title"],
                "company_name": company,
                "first_published": _local(post["first_published_at"]),
                "language": post["language"],
                "content": escape(post["content"] or ""),
                "departments": [_node(departments[job["department_id"]])],
                "offices": [{**_node(offices[key]), "location": offices[key]["location"]} for key in job["office_ids"]],
            }
        )
    return {token: {"jobs": posts, "meta": {"total": len(posts)}}}


def _node(row: Mapping[str, Any]) -> dict[str, Any]:
    return {"id": row["id"], "name": row["name"], "child_ids": [], "parent_id": row["parent_id"]}


def _local(stamp: str) -> str:
    return stamp.replace(".000Z", "-00:00")


def _bare(payload: Payload) -> dict[str, Any]:
    posts = [{key: value for key, value in post.items() if key not in _WITH_CONTENT} for post in payload["jobs"]]
    return {**payload, "jobs": posts}


def _groups(payload: Payload, key: str, none: str) -> list[dict[str, Any]]:
    groups: dict[int, dict[str, Any]] = {0: {"id": 0, "name": none, "parent_id": None, "child_ids": [], "jobs": []}}
    for post in payload["jobs"]:
        for group in post.get(key) or [groups[0]]:
            entry = groups.setdefault(group["id"], {**group, "jobs": []})
            entry["jobs"].append({name: post.get(name) for name in ("id", "title", "absolute_url")})
    return list(groups.values())
