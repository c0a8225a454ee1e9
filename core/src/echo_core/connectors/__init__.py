"""The connector contract: everything a connector's author imports, loaded only when it is used."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from echo_core.connectors.declaration import API_VERSION as API_VERSION
    from echo_core.connectors.declaration import CheckResult as CheckResult
    from echo_core.connectors.declaration import Connector as Connector
    from echo_core.connectors.declaration import Page as Page
    from echo_core.connectors.declaration import Stream as Stream
    from echo_core.connectors.declaration import StreamContext as StreamContext
    from echo_core.connectors.declaration import Window as Window
    from echo_core.connectors.declaration import raw_id as raw_id
    from echo_core.connectors.errors import AuthError as AuthError
    from echo_core.connectors.errors import ConfigError as ConfigError
    from echo_core.connectors.errors import ConnectorBug as ConnectorBug
    from echo_core.connectors.errors import ContractError as ContractError
    from echo_core.connectors.errors import HubError as HubError
    from echo_core.connectors.errors import NotPermitted as NotPermitted
    from echo_core.connectors.errors import RateLimited as RateLimited
    from echo_core.connectors.errors import RecordError as RecordError
    from echo_core.connectors.errors import ResumeExpired as ResumeExpired
    from echo_core.connectors.errors import TransientError as TransientError
    from echo_core.connectors.hookspecs import hookimpl as hookimpl
    from echo_core.http import paging as paging
    from echo_core.http.auth import BasicAuth as BasicAuth
    from echo_core.http.auth import BearerAuth as BearerAuth
    from echo_core.http.auth import ClientCredentials as ClientCredentials
    from echo_core.http.auth import RefreshToken as RefreshToken
    from echo_core.http.backoff import Retry as Retry
    from echo_core.http.budget import Budget as Budget
    from echo_core.http.client import Client as Client
    from echo_core.http.response import Response as Response
    from echo_core.http.settings import ClientStats as ClientStats
    from echo_core.http.settings import HttpSettings as HttpSettings

_HOMES = {
    "connectors.declaration": (
        "API_VERSION",
        "CheckResult",
        "Connector",
        "Page",
        "Stream",
        "StreamContext",
        "Window",
        "raw_id",
    ),
    "connectors.errors": (
        "AuthError",
        "ConfigError",
        "ConnectorBug",
        "ContractError",
        "HubError",
        "NotPermitted",
        "RateLimited",
        "RecordError",
        "ResumeExpired",
        "TransientError",
    ),
    "connectors.hookspecs": ("hookimpl",),
    "http.auth": ("BasicAuth", "BearerAuth", "ClientCredentials", "RefreshToken"),
    "http.backoff": ("Retry",),
    "http.budget": ("Budget",),
    "http.client": ("Client",),
    "http.response": ("Response",),
    "http.settings": ("ClientStats", "HttpSettings"),
}
_HOME = {name: module for module, names in _HOMES.items() for name in names}

__all__ = [
    "API_VERSION",
    "AuthError",
    "BasicAuth",
    "BearerAuth",
    "Budget",
    "CheckResult",
    "Client",
    "ClientCredentials",
    "ClientStats",
    "ConfigError",
    "Connector",
    "ConnectorBug",
    "ContractError",
    "HttpSettings",
    "HubError",
    "NotPermitted",
    "Page",
    "RateLimited",
    "RecordError",
    "RefreshToken",
    "Response",
    "ResumeExpired",
    "Retry",
    "Stream",
    "StreamContext",
    "TransientError",
    "Window",
    "hookimpl",
    "paging",
    "raw_id",
]


def __getattr__(name: str) -> Any:
    """Imports the module behind a name at its first use (PEP 562), so that listing plug-ins stays cheap."""
    if name == "paging":
        return import_module("echo_core.http.paging")
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"echo_core.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
