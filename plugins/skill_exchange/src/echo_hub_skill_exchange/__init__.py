"""People, teams and R&D opportunities from a company's Backstage, with or without Spotify's Skill Exchange plug-in."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from echo_core.connectors import Connector, hookimpl

CONNECTOR = Connector(
    name="skill_exchange",
    title="Skill Exchange (Backstage)",
    summary="People and teams from the Backstage catalog; projects and mentoring by annotation, search and actions",
    config="echo_hub_skill_exchange.config:SkillExchangeConfig",
    http="echo_hub_skill_exchange.streams:http_settings",
    streams="echo_hub_skill_exchange.streams:streams",
    check="echo_hub_skill_exchange.check:check",
    sandbox="echo_hub_skill_exchange.sandbox:BackstageSandbox",
    interval=timedelta(hours=6),
    tags=("projects", "mentoring", "people"),
)
"""The declaration: importing it imports none of the connector's code."""


@hookimpl
def echo_hub_connectors() -> Iterable[Connector]:
    """Offer the Skill Exchange connector to the hub."""
    yield CONNECTOR


__all__ = ["CONNECTOR", "echo_hub_connectors"]
