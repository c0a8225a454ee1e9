"""The hooks a plug-in may implement. Arguments are only ever added, never removed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import pluggy

if TYPE_CHECKING:
    from echo_core.connectors.declaration import Connector
    from echo_core.model import Record

PROJECT = "echo_hub"
"""pluggy project name and entry point group."""

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


@hookspec
def echo_hub_connectors() -> Iterable[Connector]:  # type: ignore[empty-body]
    """Yield connector declarations. Called once at start; must touch no network, file or environment."""


@hookspec
def echo_hub_map(entity: Record, raw: dict[str, Any], stream: str) -> Record | None:
    """Adjust a mapped entity (a company's custom fields) and return it, or None to leave it.

    Chained plug-in by plug-in in name order. Pure; an exception quarantines that one record, naming the plug-in.
    """


@hookspec
def echo_hub_event(event: object) -> None:
    """Observe a frozen event object. The return value is ignored, exceptions are logged once and swallowed."""


@hookspec
def echo_hub_skill(text: str, language: str | None) -> str | None:
    """Resolve an unknown skill name to the id of a known skill, or None. The first answer wins."""
