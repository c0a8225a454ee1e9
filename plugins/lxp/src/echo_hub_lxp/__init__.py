"""Connector for learning platforms: one engine, and one data record (dialect) per platform."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from echo_core.connectors.declaration import Connector
from echo_core.connectors.hookspecs import hookimpl

__all__ = ["CONNECTOR", "echo_hub_connectors"]

CONNECTOR = Connector(
    name="lxp",
    title="Learning platforms",
    summary="Catalogue, learning paths and completions from Percipio, Degreed or any xAPI learning record store",
    config="echo_hub_lxp.config:LxpConfig",
    http="echo_hub_lxp.connection:http_settings",
    streams="echo_hub_lxp.streams:streams",
    check="echo_hub_lxp.connection:check",
    sandbox="echo_hub_lxp.sandbox:LxpSandbox",
    interval=timedelta(hours=24),
    tags=("lxp", "learning"),
)


@hookimpl
def echo_hub_connectors() -> Iterable[Connector]:
    """The one connector of this distribution."""
    return (CONNECTOR,)
