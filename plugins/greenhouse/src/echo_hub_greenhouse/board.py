"""Reading a public job board: one answer holds everything, no credential, no pages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from echo_core.connectors.declaration import Page, Read, StreamContext, Window
from echo_core.connectors.errors import ConfigError, ContractError
from echo_hub_greenhouse.config import GreenhouseConfig


def board_path(config: GreenhouseConfig, resource: str) -> str:
    """The path of one list of the configured board, below the Job Board API's base URL."""
    return f"boards/{config.board_token}/{resource}"


def read_list(resource: Literal["jobs", "departments", "offices"]) -> Read:
    """`GET /v1/boards/{token}/{resource}`. The list of jobs needs `content=true` for the posts' texts."""

    def read(ctx: StreamContext, window: Window, resume: Any) -> Iterator[Page]:  # noqa: ARG001 -- the contract's
        params = {"content": "true"} if resource == "jobs" else None
        try:
            body = ctx.http.get(board_path(ctx.config, resource), params=params).json()
        except ConfigError as error:
            if error.error_code != "source.not_found":
                raise
            raise ConfigError(
                f"Greenhouse knows no job board {ctx.config.board_token!r}; copy the name from the board's address",
                detail=error.detail,
                code=error.error_code,
            ) from error
        rows = body.get(resource) if isinstance(body, dict) else None
        if not isinstance(rows, list):
            raise ContractError(
                f"The job board {ctx.config.board_token!r} answered without its list of {resource}",
                detail=f"expected an object with a list under {resource!r}, got {type(body).__name__}",
                code="source.key_missing",
            )
        # `meta.total` counts the whole board and is missing from some answers; it only feeds the progress bar.
        meta = body.get("meta")
        total = meta.get("total") if isinstance(meta, dict) else None
        yield Page(records=rows, total=total if resource == "jobs" else None)

    return read
