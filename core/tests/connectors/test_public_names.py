"""The public face of `echo_core.connectors`: its names are pinned, and importing it stays cheap."""

from __future__ import annotations

import subprocess
import sys

import pytest

import echo_core.connectors

NAMES = [
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


def test_the_exported_names_are_these():
    assert echo_core.connectors.__all__ == NAMES
    assert set(NAMES) <= set(dir(echo_core.connectors))


@pytest.mark.parametrize("name", NAMES)
def test_every_exported_name_is_there(name):
    assert getattr(echo_core.connectors, name) is not None


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="nonsense"):
        echo_core.connectors.nonsense  # noqa: B018 -- looking it up is the test


@pytest.mark.parametrize(
    "statement",
    [
        "import echo_core.connectors",
        "from echo_core.connectors import Connector, Stream, Page, HubError, hookimpl, paging",
        "from echo_core.connectors.loader import load_plugins; load_plugins(environ={'ECHO_HUB_PLUGINS': ''})",
        "import echo_core.connectors.events, echo_core.connectors.hooks",
    ],
)
def test_importing_it_imports_nothing_heavy(statement):
    heavy = ("httpx", "httpcore", "tenacity", "pydantic", "sqlalchemy", "sqlmodel", "numpy", "fastapi", "apscheduler")
    check = f"{statement}\nimport sys; print([name for name in {heavy!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_declaring_a_connector_imports_none_of_its_code():
    check = (
        "from echo_core.connectors import Connector\n"
        "Connector('x', 'X', 'reads', 'no.such:Config', 'no.such:http', 'no.such:streams')\n"
        "print('fine')"
    )
    done = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "fine"
