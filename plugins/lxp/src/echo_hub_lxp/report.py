"""Reports that are ordered first and fetched when they are ready."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from echo_core.connectors.errors import ContractError, TransientError
from echo_hub_lxp.field_path import parse
from echo_hub_lxp.paging import items
from echo_hub_lxp.strategies import SubmitPoll

if TYPE_CHECKING:
    from echo_core.http.client import Client


@dataclass(frozen=True, slots=True)
class Patience:
    """How often and how long to ask, in seconds. `pause` waits; tests pass one that does not."""

    every_s: float
    at_most_s: float
    pause: Callable[[float], None]


def order(client: Client, job: SubmitPoll, post: str, bounds: Mapping[str, str]) -> str:
    """Orders a report and returns its id. Ordering twice only makes a second report, so a lost answer is retried.

    Raises:
        ContractError: the answer holds no id.
    """
    answer = client.post(post, json={**job.body, **bounds}, idempotent=True).json()
    job_id = parse(job.id).find(answer) if isinstance(answer, Mapping) else None
    if not isinstance(job_id, str | int) or not str(job_id):
        raise ContractError(
            "The platform took the order for a report but gave it no id.", detail=f"nothing at {job.id}"
        )
    return str(job_id)


def fetch(client: Client, job: SubmitPoll, get: str, number: str, patience: Patience) -> list[Mapping[str, Any]]:
    """Asks until the report is there. The platform answers a status object until then, and the bare list after.

    Raises:
        ContractError: the platform says that the report failed.
        TransientError: it was not ready in time.
    """
    waited_s = 0.0
    address = get.replace("{job}", quote(number, safe=""))
    while True:
        answer = client.get(address).json()
        if isinstance(answer, list):
            return items(answer, "")
        status = parse(job.status).find(answer) if isinstance(answer, Mapping) else None
        if not isinstance(status, str):
            raise ContractError(
                "The platform answered neither a report nor how far it is.",
                detail=f"a list, or text at {job.status}, was expected",
            )
        if status.upper() in job.failed:
            raise ContractError(
                "The platform could not make the report.", detail=f"status {status[:40]}", code="source.report_failed"
            )
        if waited_s >= patience.at_most_s:
            raise TransientError(
                f"The platform's report was not ready after {waited_s:.0f} s; it is asked for again at the next run.",
                detail=f"last status {status[:40]}",
                code="source.report_late",
            )
        # Never zero, or a poll interval of 0 would wait for ever without ever giving up.
        step_s = max(patience.every_s, 0.05)
        patience.pause(step_s)
        waited_s += step_s
