"""Echo Hub's connector for Workday: people, their skills and languages, from custom reports (RaaS)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from echo_core.connectors.declaration import Connector
from echo_core.connectors.hookspecs import hookimpl

CONNECTOR = Connector(
    name="workday",
    title="Workday",
    summary="People, their skills and languages, from custom reports served as JSON (RaaS)",
    config="echo_hub_workday.config:WorkdayConfig",
    http="echo_hub_workday.access:http_settings",
    streams="echo_hub_workday.streams:streams",
    check="echo_hub_workday.check:check",
    sandbox="echo_hub_workday.sandbox:WorkdaySandbox",
    interval=timedelta(hours=24),
    tags=("hris", "people"),
)
"""The declaration; nothing behind it is imported before a connection is used."""


@hookimpl
def echo_hub_connectors() -> Iterable[Connector]:
    """Offers the Workday connector."""
    yield CONNECTOR


__all__ = ["CONNECTOR", "echo_hub_connectors"]
