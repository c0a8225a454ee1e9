"""The tables `[serve]` and `[logging]`: where the hub stands in the network, who may look at it, how it logs."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from echo_hub.settings.sign_in import Network


class ServeSettings(BaseModel):
    """The table `[serve]`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    base_path: str = Field("", pattern=r"^(/[A-Za-z0-9._~-]+)*$", title="Path of the hub behind a proxy, such as /echo")
    proxies: tuple[Network, ...] = Field(
        (), title="Addresses or networks of proxies whose X-Forwarded-For is believed, for logs, limits and metrics"
    )
    requests_per_minute: int = Field(
        1_200, ge=0, title="Requests a minute of one person, and of one address that nobody signed in from; 0: any"
    )
    metrics_from: tuple[Network, ...] = Field((), title="Who may read /metrics besides this machine")
    metrics_token: SecretStr | None = Field(None, min_length=16, title="Whoever sends it as a bearer token may too")


class LoggingSettings(BaseModel):
    """The table `[logging]`: what `serve` writes to standard error."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: Literal["lines", "json"] = Field("lines", title="Lines for people, or one JSON object a line")
    level: Literal["error", "warning", "info"] = Field("error", title="From which weight on; info has every request")
