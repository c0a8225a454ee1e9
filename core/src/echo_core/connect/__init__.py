"""The connector contract: everything a connector's author imports, loaded only when it is used."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from echo_core.connect import paging as paging
    from echo_core.connect.auth import BasicAuth as BasicAuth
    from echo_core.connect.auth import BearerAuth as BearerAuth
    from echo_core.connect.auth import ClientCredentials as ClientCredentials
    from echo_core.connect.auth import RefreshToken as RefreshToken
    from echo_core.connect.backoff import Retry as Retry
    from echo_core.connect.budget import Budget as Budget
    from echo_core.connect.declaration import API_VERSION as API_VERSION
    from echo_core.connect.declaration import CheckResult as CheckResult
    from echo_core.connect.declaration import Connector as Connector
    from echo_core.connect.declaration import Page as Page
    from echo_core.connect.declaration import Stream as Stream
    from echo_core.connect.declaration import StreamContext as StreamContext
    from echo_core.connect.declaration import Window as Window
    from echo_core.connect.declaration import raw_id as raw_id
    from echo_core.connect.errors import AuthError as AuthError
    from echo_core.connect.errors import ConfigError as ConfigError
    from echo_core.connect.errors import ConnectorBug as ConnectorBug
    from echo_core.connect.errors import ContractError as ContractError
    from echo_core.connect.errors import HubError as HubError
    from echo_core.connect.errors import RateLimited as RateLimited
    from echo_core.connect.errors import RecordError as RecordError
    from echo_core.connect.errors import ResumeExpired as ResumeExpired
    from echo_core.connect.errors import TransientError as TransientError
    from echo_core.connect.hookspecs import hookimpl as hookimpl
    from echo_core.connect.http import Client as Client
    from echo_core.connect.http_settings import ClientStats as ClientStats
    from echo_core.connect.http_settings import HttpSettings as HttpSettings
    from echo_core.connect.response import Response as Response

_HOMES = {
    "auth": ("BasicAuth", "BearerAuth", "ClientCredentials", "RefreshToken"),
    "backoff": ("Retry",),
    "budget": ("Budget",),
    "declaration": (
        "API_VERSION",
        "CheckResult",
        "Connector",
        "Page",
        "Stream",
        "StreamContext",
        "Window",
        "raw_id",
    ),
    "errors": (
        "AuthError",
        "ConfigError",
        "ConnectorBug",
        "ContractError",
        "HubError",
        "RateLimited",
        "RecordError",
        "ResumeExpired",
        "TransientError",
    ),
    "hookspecs": ("hookimpl",),
    "http": ("Client",),
    "http_settings": ("ClientStats", "HttpSettings"),
    "response": ("Response",),
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
        return import_module("echo_core.connect.paging")
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
