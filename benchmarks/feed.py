"""One person's list and one opportunity's candidates, every call for somebody or something else. Prints JSON.

    python -m benchmarks.feed --people 100000 --opportunities 10000 [--store FOLDER]

The company is that of `snapshot.py`. `first_answer_ms` is what the first question about candidates (and about everybody
else eligible) costs after a snapshot was built, when it makes what all questions share. `api` and `page` go through the
whole application; `client` is a question that costs nothing, so that the client's own share is known.
"""

from __future__ import annotations

import json
import os
import random
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

from benchmarks.snapshot import NOON, TODAY, company, company_options, timed
from echo_core.connectors.loader import load_plugins
from echo_hub.application import Hub
from echo_hub.services.candidates import also_eligible, candidates
from echo_hub.services.explain import explain
from echo_hub.services.feed import for_you
from echo_hub.services.raises import raises
from echo_hub.services.views import Filters
from echo_hub.settings import Settings
from echo_hub.snapshot import Snapshot, SnapshotHolder, build_snapshot
from echo_hub.store.database import Database
from echo_hub.surfaces.web.app import create_app

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from fastapi.testclient import TestClient

FILTERS = (
    Filters(kind=("job",)),
    Filters(country=("DE",)),
    Filters(remote=("remote",)),
    Filters(hours_max=8),
    Filters(kind=("job", "project"), country=("DE",), language=("de",)),
)
HR_OPERATIONS = "; hr_operations"
"""Who may see everybody's candidates, as the development sign-in reads it from a header."""


class Built(Hub):
    """A hub whose snapshot is made already."""

    made: Snapshot

    def snapshot(self) -> Snapshot:
        """Always the same."""
        return self.made


def cost(run: Callable[[], object]) -> float:
    """Milliseconds of the processor's time for one call."""
    began = time.process_time()
    run()
    return round((time.process_time() - began) * 1000, 1)


def answered(client: TestClient, address: str, who: str) -> None:
    """Asks as somebody; a refusal is no answer to measure.

    Raises:
        ValueError: the hub did not answer with what was asked for.
    """
    answer = client.get(address, headers={"X-Echo-Hub-As": who})
    if answer.status_code != 200:
        raise ValueError(f"{address} answered {answer.status_code}: {answer.text[:200]}")


def measured(database: Database, folder: Path, calls: int, seed: int) -> dict[str, object]:
    """Builds the snapshot and asks it."""
    snapshot = SnapshotHolder(lambda _: build_snapshot(database, today=TODAY), lambda: 0).current()
    draw = random.Random(seed)  # noqa: S311, an invented company
    work = [one for one in snapshot.listings if one.kind in ("job", "project")]
    teaching = [one for one in snapshot.listings if one.kind not in ("job", "project")]

    def anybody() -> str:
        return draw.choice(snapshot.people).id

    hub = Built(Settings(folder / "echo-hub.toml", folder, None, None, ()), load_plugins(no_plugins=True), database)
    hub.made, hub.now = snapshot, lambda: NOON
    client = TestClient(create_app(hub), base_url="http://127.0.0.1:8080", client=("127.0.0.1", 50_000))
    first = {
        "candidates": cost(lambda: candidates(snapshot, work[0].id)),
        "also_eligible": cost(lambda: also_eligible(snapshot, work[0].id)),
    }
    return {
        "people": len(snapshot.people),
        "opportunities": len(snapshot.listings),
        "load": round(os.getloadavg()[0], 1),
        "first_answer_ms": first,
        "feed": timed(lambda _: for_you(snapshot, anybody()), calls),
        "feed_filtered": timed(lambda at: for_you(snapshot, anybody(), FILTERS[at % len(FILTERS)]), calls),
        "client": timed(lambda _: client.get("/static/nothing"), calls // 3),
        "feed_api": timed(lambda _: answered(client, "/api/v1/feed", anybody()), calls // 3),
        "feed_page": timed(lambda _: answered(client, "/for-you", anybody()), calls // 3),
        "candidates_of_work": timed(lambda _: candidates(snapshot, draw.choice(work).id), calls // 2),
        "candidates_of_teaching": timed(lambda _: candidates(snapshot, draw.choice(teaching).id), calls // 2),
        "candidates_page": timed(
            lambda _: answered(client, f"/candidates/{quote(draw.choice(work).id)}", HR_OPERATIONS), calls // 3
        ),
        "also_eligible": timed(lambda _: also_eligible(snapshot, draw.choice(snapshot.listings).id), calls // 2),
        "explanation": timed(lambda _: explain(snapshot, anybody(), draw.choice(snapshot.listings).id), calls),
        "raises": timed(
            lambda _: raises(snapshot, draw.randrange(len(snapshot.people)), draw.choice(work)), calls // 3
        ),
    }


def main() -> None:
    """Runs everything once and prints one JSON object."""
    parser = company_options(__doc__)
    parser.add_argument("--calls", type=int, default=300)
    options = parser.parse_args()
    with company(options) as (database, folder, _):
        print(json.dumps(measured(database, folder, options.calls, options.seed), indent=2))


if __name__ == "__main__":
    main()
