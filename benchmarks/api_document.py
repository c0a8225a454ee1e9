"""Asks the REST API whatever its own document allows and what it forbids: no fault, no status and no shape it does
not tell of.

    uv run python benchmarks/api_document.py [--examples 100] [--seed 1]

prints JSON: the answers by status, and every answer that is not as described. A short run of it is in the suite.
"""

from __future__ import annotations

import argparse
import json
import logging
import tempfile
import warnings
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis import checks
from schemathesis.core.failures import FailureGroup
from schemathesis.generation import GenerationMode

AS = "X-Echo-Hub-As"
STAFF = "hr_operations, integration_engineer, auditor"
CHECKS = [
    checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
]
Known = Mapping[str, Sequence[str]]
"""Values of parameters that lead somewhere, by the parameter's name: what is invented seldom does."""


def run(client: Any, known: Known, *, actors: Sequence[str | None], examples: int, start: int = 1) -> dict[str, Any]:
    """Asks every call of the document, `examples` times with what it allows and as often with what it forbids.

    Args:
        client: of the application, as `fastapi.testclient` makes them.
        actors: as whom, as the header of the development sign-in says it; None: nobody.
        start: the same number asks the same.
    """
    schema = schemathesis.openapi.from_dict(client.get("/api/v1/openapi.json").json())
    statuses: Counter[int] = Counter()
    wrong: dict[str, str] = {}
    for result in schema.get_all_operations():
        operation = result.ok()
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            if mode is GenerationMode.NEGATIVE and not _can_be_wrong(operation):
                continue

            @seed(start)
            @settings(
                max_examples=examples,
                deadline=None,
                database=None,
                phases=[Phase.generate],
                suppress_health_check=[*HealthCheck],
            )
            @given(operation.as_strategy(generation_mode=mode), st.data())
            def ask(case: Any, data: Any) -> None:
                _put_known(case, known, data)
                answer = _answer(client, case, data.draw(st.sampled_from(actors)))
                statuses[answer.status_code] += 1
                try:
                    case.validate_response(answer, checks=CHECKS)
                except FailureGroup as failures:
                    for failure in failures.exceptions:
                        key = f"{case.operation.label} {answer.status_code} {failure.title}"
                        wrong.setdefault(key, f"{failure} {answer.request.url} {answer.request.content[:300]!r}")

            ask()
    return {"statuses": dict(sorted(statuses.items())), "wrong": wrong}


def _can_be_wrong(operation: Any) -> bool:
    """Whether anything can be sent that the document forbids."""
    return bool(operation.body or operation.query or operation.path_parameters)


def _put_known(case: Any, known: Known, data: Any) -> None:
    for parameters in (case.path_parameters, case.query, case.body):
        if not isinstance(parameters, dict):
            continue
        for name in sorted(known.keys() & parameters.keys()):
            if data.draw(st.booleans()):
                parameters[name] = data.draw(st.sampled_from(known[name]))


def _answer(client: Any, case: Any, actor: str | None) -> Any:
    sent = case.as_transport_kwargs(base_url=str(client.base_url))
    headers = {**(sent.pop("headers") or {})} | ({} if actor is None else {AS: actor})
    sent.pop("cookies", None)
    if "data" in sent:
        sent["content"] = sent.pop("data")
    return client.request(headers=headers, **sent)


def main() -> None:
    """The long run, over the demo company."""
    from fastapi.testclient import TestClient

    from echo_hub.demonstration import demonstration, shown_colleague
    from echo_hub.services.actor import OPERATOR
    from echo_hub.services.intents import operations
    from echo_hub.surfaces.web.app import create_app

    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--examples", type=int, default=100)
    arguments.add_argument("--seed", type=int, default=1)
    chosen = arguments.parse_args()
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory() as folder, demonstration(Path(folder), tell=lambda _: None) as (hub, company):
        operations.sync(OPERATOR, hub)
        number = shown_colleague(company).number
        listings = {listing.kind: listing.id for listing in hub.snapshot().listings}
        known = {"person": [number], "opportunity_id": [*listings.values()], "connection": list(hub.settings.names)}
        client = TestClient(
            create_app(hub),
            client=("127.0.0.1", 50_000),
            base_url="http://127.0.0.1:8080",
            follow_redirects=False,
            raise_server_exceptions=False,
        )
        actors = [f"{number}; {STAFF}", number, f"; {STAFF}", None]
        print(json.dumps(run(client, known, actors=actors, examples=chosen.examples, start=chosen.seed), indent=2))


if __name__ == "__main__":
    main()
