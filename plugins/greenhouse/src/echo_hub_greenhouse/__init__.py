"""Greenhouse connector: jobs with posts, hiring teams and departments from Harvest v3, or posts from a public board."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from echo_core.connectors.declaration import Connector
from echo_core.connectors.hookspecs import hookimpl

__all__ = ["CONNECTOR", "echo_hub_connectors"]

CONNECTOR = Connector(
    name="greenhouse",
    title="Greenhouse",
    summary="Jobs, job posts and hiring teams from Greenhouse Recruiting (Harvest v3 or a public job board)",
    config="echo_hub_greenhouse.config:GreenhouseConfig",
    http="echo_hub_greenhouse.config:http_settings",
    streams="echo_hub_greenhouse.streams:streams",
    check="echo_hub_greenhouse.check:check",
    sandbox="echo_hub_greenhouse.sandbox:GreenhouseSandbox",
    interval=timedelta(hours=1),
    tags=("ats", "jobs"),
)


@hookimpl
def echo_hub_connectors() -> Iterable[Connector]:
    """The one connector of this distribution."""
    return (CONNECTOR,)
