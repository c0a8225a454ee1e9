"""A configured connector: what one `[connections.NAME]` table of the settings becomes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from echo_core.connectors.declaration import Connector
from echo_core.connectors.errors import ConfigError

if TYPE_CHECKING:
    from echo_core.http.client import HttpSettings

RETRY = ("attempts", "base_s")
"""The overrides that belong to the retries."""


def utc_now() -> datetime:
    """The wall clock, aware, UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Connection:
    """A connector with a name and a validated configuration.

    Args:
        name: what people call it, e.g. "greenhouse-us"; never holds a colon.
        config: an instance of the connector's configuration model.
        http: overrides for fields of its `HttpSettings` and of their `Retry`, e.g. {"read_timeout_s": 5.0,
            "attempts": 6}; what is not named stays as the connector set it.
    """

    name: str
    connector: Connector
    config: Any
    http: Mapping[str, Any] = field(default_factory=dict)

    def http_settings(self) -> HttpSettings:
        """The connector's HTTP settings with this connection's overrides.

        Raises:
            ConfigError: an override names no setting.
        """
        settings = self.connector.http_settings(self.config)
        try:
            retry = {name: value for name, value in self.http.items() if name in RETRY}
            others = {name: value for name, value in self.http.items() if name not in RETRY}
            return replace(settings, retry=replace(settings.retry, **retry), **others)
        except TypeError as error:
            raise ConfigError(f"{self.name}: an HTTP override names no setting.", detail=str(error)) from error
