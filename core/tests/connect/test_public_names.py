"""The public face of `echo_core.connect`: its names are pinned, and importing it stays cheap."""

from __future__ import annotations

import subprocess
import sys

import pytest

import echo_core.connect

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
    assert echo_core.connect.__all__ == NAMES
    assert set(NAMES) <= set(dir(echo_core.connect))


@pytest.mark.parametrize("name", NAMES)
def test_every_exported_name_is_there(name):
    assert getattr(echo_core.connect, name) is not None


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="nonsense"):
        echo_core.connect.nonsense  # noqa: B018 -- looking it up is the test


@pytest.mark.parametrize(
    "statement",
    [
        "import echo_core.connect",
        "from echo_core.connect import Connector, Stream, Page, HubError, hookimpl, paging",
        "from echo_core.connect.registry import load_plugins; load_plugins(environ={'ECHO_HUB_PLUGINS': ''})",
        "import echo_core.connect.events, echo_core.connect.hooks",
    ],
)
def test_importing_it_imports_nothing_heavy(statement):
    heavy = ("httpx", "httpcore", "tenacity", "pydantic", "sqlalchemy", "sqlmodel", "numpy", "fastapi", "apscheduler")
    check = f"{statement}\nimport sys; print([name for name in {heavy!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_declaring_a_connector_imports_none_of_its_code():
    check = (
        "from echo_core.connect import Connector\n"
        "Connector('x', 'X', 'reads', 'no.such:Config', 'no.such:http', 'no.such:streams')\n"
        "print('fine')"
    )
    done = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "fine"
