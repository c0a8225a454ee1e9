"""What an operator sets for one Greenhouse connection, and the HTTP settings that follow from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator

if TYPE_CHECKING:
    from echo_core.http.client import HttpSettings

WINDOW_S = 30.0
"""Harvest v3 counts requests in fixed 30 s windows, shared per account, without publishing how many it allows."""


class GreenhouseConfig(BaseModel):
    """One Greenhouse organisation. `source` decides which half of the fields is needed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: Literal["harvest", "job_board"] = Field(
        default="harvest",
        title="Source",
        description="harvest: the authenticated API with internal posts; job_board: the public board, no credential",
    )
    client_id: str | None = Field(
        default=None,
        title="Client id",
        description="Of a 'Harvest V3 (OAuth)' credential from Dev Center > API credentials",
    )
    client_secret: SecretStr | None = Field(
        default=None, title="Client secret", description="Shown once by Greenhouse when the credential is made"
    )
    acting_user_id: int | None = Field(
        default=None,
        title="Acting user id",
        description="Greenhouse user the hub acts for (a Site Admin); empty: the credential's own service user",
    )
    audience: Literal["internal", "all"] = Field(
        default="all",
        title="Audience",
        description="internal: keep posts of internal boards only; all: external posts too, marked as external",
    )
    board_token: str | None = Field(
        default=None,
        title="Board token",
        pattern=r"^[A-Za-z0-9_-]+$",
        description="The board's name in its address, for source = job_board",
    )
    page_size: int = Field(
        default=500, ge=1, le=500, title="Page size", description="Rows per request; Greenhouse refuses more than 500"
    )
    requests_per_window: int = Field(
        default=50,
        ge=1,
        title="Requests per 30 s",
        description="The hub's own limit per 30 s; the account's quota, shared with every other client, may lower it",
    )
    base_url: str = Field(
        default="https://harvest.greenhouse.io/v3/", title="Harvest address", description="Base URL of Harvest v3"
    )
    token_url: str = Field(
        default="https://auth.greenhouse.io/token", title="Token address", description="Where access tokens are minted"
    )
    board_url: str = Field(
        default="https://boards-api.greenhouse.io/v1/",
        title="Job Board address",
        description="Base URL of the Job Board API",
    )
    app_url: str = Field(
        default="https://app.greenhouse.io/",
        title="Application address",
        description="Where your people sign in to Greenhouse; links to jobs and internal posts start with it",
    )

    @field_validator("base_url", "board_url", "app_url")
    @classmethod
    def _ends_with_slash(cls, value: str) -> str:
        return value if value.endswith("/") else value + "/"

    @model_validator(mode="after")
    def _complete(self) -> GreenhouseConfig:
        needed = ("client_id", "client_secret") if self.source == "harvest" else ("board_token",)
        missing = [name for name in needed if not getattr(self, name)]
        if missing:
            raise ValueError(f"source = {self.source!r} needs {' and '.join(missing)}")
        return self


def http_settings(config: GreenhouseConfig) -> HttpSettings:
    """Base URL, authentication and budget for one connection.

    Harvest v3 takes OAuth client credentials: HTTP Basic at the token address, a form body with `grant_type` and
    `sub`. A new token kills the previous one of the same client id, so processes that use one credential have to share
    its token.
    The public job board takes no credential.
    """
    from echo_core.http.client import Budget, HttpSettings  # httpx: only when a connection is used

    budget = Budget(config.requests_per_window, WINDOW_S)
    if config.source == "job_board":
        return HttpSettings(base_url=config.board_url, budget=budget)
    from echo_core.http.auth import ClientCredentials

    assert config.client_id is not None
    assert config.client_secret is not None
    auth = ClientCredentials(
        config.token_url,
        config.client_id,
        config.client_secret,
        body="form",
        client_auth="basic",
        extra={} if config.acting_user_id is None else {"sub": str(config.acting_user_id)},
    )
    return HttpSettings(base_url=config.base_url, auth=auth, budget=budget)
