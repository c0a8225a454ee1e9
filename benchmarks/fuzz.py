"""Breaks what the imitated vendors answer, row by row, and says what that broke in the hub. Prints JSON.

    uv run --extra semantic python -m benchmarks.fuzz --folder /tmp/fuzz --each 5000
    ECHO_HUB_DATABASE_URL=postgresql://… uv run --extra semantic python -m benchmarks.fuzz --folder /tmp/fuzz-pg

Every round serves the demo company, changes about half of all rows in the answers at random (seeded by the round's
number), syncs every connection from the beginning and builds the snapshot; every fifth round looks at every page. A
row may cost itself, never a list, a snapshot or a page. Run it again with the same folder to go on where it stopped;
with `--seed N --rounds 1` in a new folder a round that found something is repeated.
"""

from __future__ import annotations

import argparse
import copy
import json
import logging
import random
import tempfile
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient

from echo_core.testing.exchange import Reply, Request
from echo_core.testing.sandbox import SandboxServer
from echo_hub.application import Hub
from echo_hub.demonstration import demonstration
from echo_hub.services.actor import OPERATOR
from echo_hub.services.intents import operations
from echo_hub.store.runs import RunReport
from echo_hub.surfaces.sign_in.development import HEADER
from echo_hub.surfaces.web.app import create_app
from echo_hub.sync import limits

STATE = "fuzz.json"
SHARE = 0.5
PAGES_EVERY = 5
STAFF = "; hr_operations, integration_engineer, auditor"
ALLOWED = {None, "source.page_rejected"}
"""How a stream may end when half of its rows are broken. A page without one good row is refused on purpose."""


def nested(depth: int) -> Any:
    """A list in a list in a list."""
    value: Any = "deep"
    for _ in range(depth):
        value = [value]
    return value


PROTOCOL = ("token", "/actions")
"""Ends of paths whose answers are no list of rows: credentials, and what a plug-in offers to be called."""

VALUES: tuple[Any, ...] = (
    *(None, "", " ", "\0", "\ud800", "²", "9" * 5_000, "x" * 60_000, "\u202e\u200bABC", "<script>alert(1)</script>"),
    *("9999-12-31T23:59:59-05:00", "0001-01-01T00:00:00+05:00", "2026-02-30", "=1+1", "???", "💡", "Ä\u0308", "\r\n"),
    *(-1, 0, 1.5, 1e308, 2**63, 10**40, True, False, [], {}, [None], {"id": None}, {"a": {"b": []}}, nested(200)),
)


def mutated(row: dict[str, Any], chance: random.Random) -> Any:
    """A copy of a row with one part of it replaced, missing or doubled; now and then no row at all."""
    if chance.random() < 0.02:
        return chance.choice((None, [], "row", {}, 7))
    changed = copy.deepcopy(row)
    place: Any = changed
    while True:
        keys = list(place) if isinstance(place, dict) else range(len(place))
        key = chance.choice(keys)
        inner = place[key]
        if isinstance(inner, dict | list) and inner and chance.random() < 0.7:
            place = inner
            continue
        kind = chance.random()
        if kind < 0.15:
            del place[key]
        elif kind < 0.25 and isinstance(inner, str):
            place[key] = inner * chance.choice((2, 500)) + chance.choice(("", "\0", "\ud83d"))
        else:
            place[key] = chance.choice(VALUES)
        return changed


class Breaker:
    """Changes the rows of a sandbox's answers; `rows` counts the changed ones by the list they were in."""

    def __init__(self, seed: int) -> None:
        self.rows: Counter[str] = Counter()
        self._chance = random.Random(seed)  # noqa: S311, nothing secret

    def broken(self, request: Request, reply: Reply) -> Reply:
        """The reply with about half of its rows changed; a refusal or a token as it is."""
        if reply.status != 200 or not isinstance(reply.body, dict | list) or request.path.endswith(PROTOCOL):
            return reply
        body = self._walk(reply.body, request.path.rstrip("/").rpartition("/")[2])
        return replace(reply, body=json.dumps(body))  # here, in ASCII: the server could not encode a lone surrogate

    def _walk(self, body: Any, name: str) -> Any:
        if isinstance(body, list):
            return [self._row(row, name) if isinstance(row, dict) and row else row for row in body]
        # Lists of rows stand one or two levels below the top; the rest of an answer is how it is paged.
        return {key: self._walk(part, name) if isinstance(part, list) else part for key, part in body.items()}

    def _row(self, row: dict[str, Any], name: str) -> Any:
        if self._chance.random() >= SHARE:
            return row
        self.rows["a report by number" if len(name) == 32 else name] += 1
        return mutated(row, self._chance)


def wrong_runs(reports: list[RunReport]) -> list[str]:
    """A line for every stream that ended as no broken row may end it."""
    return [
        f"{report.connection}/{report.stream}: {report.error_code} {report.error_message} {report.error_detail}"
        f"\n{report.error_traceback or ''}"
        for report in reports
        if report.error_code not in ALLOWED
    ]


def wrong_pages(hub: Hub) -> list[str]:
    """A line for every page that does not answer: those without a parameter, and one person and work of each kind."""
    app = create_app(hub)
    snapshot = hub.fresh_snapshot()
    client = TestClient(
        app, headers={HEADER: STAFF}, client=("127.0.0.1", 50_000), base_url="http://127.0.0.1:8080",
        follow_redirects=False, raise_server_exceptions=False,
    )  # fmt: skip
    paths = [path for path, methods in app.openapi()["paths"].items() if "get" in methods and "{" not in path]
    paths += ["/", "/people", "/opportunities", "/search", "/connections", "/taxonomy", "/mentoring", "/operations"]
    people = getattr(snapshot, "people", ())
    paths += [f"/api/v1/people/{person}" for person in list(people)[:3]]
    lines = []
    for path in paths:
        answer = client.get(path)
        if answer.status_code >= 500:
            lines.append(f"GET {path}: {answer.status_code} {answer.text[:200]}")
    return lines


def run(folder: Path, *, each: int, rounds: int | None, seed: int, seconds: float | None = None) -> dict[str, Any]:
    """Rounds until every list had `each` broken rows, or for so many rounds or seconds; the state is in the folder."""
    state_file = folder / STATE
    state: dict[str, Any] = {"rounds": 0, "rows": {}, "syncs": 0, "quarantined": 0, "written": 0, "wrong": []}
    if state_file.exists():
        state = json.loads(state_file.read_text(encoding="utf-8"))
    began = time.monotonic()
    breaker: Breaker | None = None
    answered = SandboxServer.answer
    ratio, limits.MAX_REJECTED_RATIO = limits.MAX_REJECTED_RATIO, 1.0  # half of the rows are bad on purpose
    SandboxServer.answer = lambda self, request: (  # type: ignore[method-assign]  # the whole point
        answered(self, request) if breaker is None else breaker.broken(request, answered(self, request))
    )
    try:
        with demonstration(folder) as (hub, _):
            breaker = Breaker(seed)
            while not _over(state, each, rounds, began, seconds):
                number = state["rounds"]
                breaker = Breaker(seed + number)
                reports = operations.sync(OPERATOR, hub, full=True)
                wrong = wrong_runs(reports)
                try:
                    hub.fresh_snapshot()
                    if number % PAGES_EVERY == 0:
                        wrong += wrong_pages(hub)
                except Exception as error:
                    logging.getLogger(__name__).exception("the snapshot failed")
                    wrong.append(f"snapshot: {type(error).__name__}: {error}")
                rows = Counter(state["rows"]) + breaker.rows
                state |= {"rounds": number + 1, "rows": dict(rows), "syncs": state["syncs"] + len(reports)}
                state["quarantined"] += sum(report.quarantined for report in reports)
                state["written"] += sum(report.written for report in reports)
                state["wrong"] += [f"round {number} (--seed {seed + number}): {line}" for line in wrong]
                state_file.write_text(json.dumps(state, indent=1), encoding="utf-8")
    finally:
        SandboxServer.answer = answered  # type: ignore[method-assign]
        limits.MAX_REJECTED_RATIO = ratio
    return state


def _over(state: dict[str, Any], each: int, rounds: int | None, began: float, seconds: float | None) -> bool:
    if rounds is not None and state["rounds"] >= rounds:
        return True
    if seconds is not None and state["rounds"] and time.monotonic() - began > seconds:
        return True
    return bool(state["rows"]) and min(state["rows"].values()) >= each


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, help="where database and state are kept; made up when not given")
    parser.add_argument("--each", type=int, default=5_000, help="broken rows of every list")
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--seconds", type=float)
    parser.add_argument("--seed", type=int, default=20_261_128)
    options = parser.parse_args()
    folder = options.folder or Path(tempfile.mkdtemp(prefix="echo-hub-fuzz-"))
    folder.mkdir(parents=True, exist_ok=True)
    logging.getLogger("echo_hub").setLevel(logging.ERROR)
    state = run(folder, each=options.each, rounds=options.rounds, seed=options.seed, seconds=options.seconds)
    print(json.dumps(state, indent=2))
    raise SystemExit(1 if state["wrong"] else 0)


if __name__ == "__main__":
    main()
