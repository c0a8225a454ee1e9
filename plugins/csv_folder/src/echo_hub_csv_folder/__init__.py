"""Echo Hub's connector for a company without an API: people and opportunities from CSV files in a folder."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from echo_core.connectors import Connector, hookimpl

CONNECTOR = Connector(
    name="csv_folder",
    title="CSV files in a folder",
    summary="People and opportunities from CSV files that any system or spreadsheet exports",
    config="echo_hub_csv_folder.config:CsvFolderConfig",
    http=None,
    streams="echo_hub_csv_folder.streams:streams",
    check="echo_hub_csv_folder.check:check",
    interval=timedelta(hours=1),
    tags=("people", "jobs", "projects", "mentoring", "learning"),
)
"""The declaration: importing it imports none of the connector's code."""


@hookimpl
def echo_hub_connectors() -> Iterable[Connector]:
    """Offers the connector."""
    yield CONNECTOR


__all__ = ["CONNECTOR", "echo_hub_connectors"]
