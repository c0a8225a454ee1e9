"""The configuration refuses what cannot work and hides what must stay hidden."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from pydantic import SecretStr, ValidationError

from echo_core.connectors import HttpSettings
from echo_core.http.auth import BasicAuth, BearerAuth, ClientCredentials
from echo_hub_lxp import CONNECTOR
from echo_hub_lxp.config import LxpConfig


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"dialect": "percipio", "token": "t"}, "needs organisation"),
        ({"dialect": "percipio", "organisation": "o"}, "needs token"),
        ({"dialect": "xapi", "user": "u", "password": "p"}, "needs base_url"),
        ({"dialect": "xapi", "base_url": "https://lrs.example"}, "user and password or token or client_id"),
        ({"dialect": "xapi", "base_url": "https://l.example", "client_id": "c", "client_secret": "s"}, "token_url"),
        ({"dialect": "moodle", "token": "t"}, "there are degreed, percipio, xapi"),
        ({"dialect": "percipio", "organisation": "o", "token": "t", "colour": 1}, "colour"),
        (
            {"dialect": "percipio", "organisation": "o", "token": "t", "object_kinds": {"Lab": "lab"}},
            "object_kinds.Lab",
        ),
    ],
)
def test_a_configuration_that_cannot_work_is_refused_with_the_reason(given: dict[str, Any], told: str) -> None:
    with pytest.raises(ValidationError) as caught:
        LxpConfig.model_validate(given)
    assert told in str(caught.value)


def test_every_setting_has_a_title_and_a_description() -> None:
    assert all(info.title and info.description for info in LxpConfig.model_fields.values())


def test_secrets_are_secret(configured: Callable[..., LxpConfig]) -> None:
    for dialect in ("percipio", "degreed", "xapi"):
        config = configured(dialect)
        assert "secret-1" not in repr(config)
        assert "secret-1" not in repr(CONNECTOR.http_settings(config))
    secret = {name for name, info in LxpConfig.model_fields.items() if "SecretStr" in str(info.annotation)}
    assert secret == {"token", "client_secret", "password"}


@pytest.mark.parametrize(
    ("dialect", "base", "way"),
    [
        ("percipio", "https://api.percipio.com/", BearerAuth),
        ("degreed", "https://api.degreed.com/api/v2/", ClientCredentials),
        ("xapi", "https://lrs.example/xapi/", BasicAuth),
    ],
)
def test_each_dialect_brings_its_address_and_way_in(
    configured: Callable[..., LxpConfig], dialect: str, base: str, way: type
) -> None:
    settings: HttpSettings = CONNECTOR.http_settings(configured(dialect))
    assert settings.base_url == base
    assert isinstance(settings.auth, way)


def test_a_store_may_be_entered_with_a_token_instead(configured: Callable[..., LxpConfig]) -> None:
    config = configured("xapi", user=None, password=None, token=SecretStr("t"))
    assert isinstance(CONNECTOR.http_settings(config).auth, BearerAuth)
    assert CONNECTOR.http_settings(config).headers == {"X-Experience-API-Version": "1.0.3"}


def test_listing_the_connector_imports_nothing_heavy() -> None:
    script = (
        "import json, sys, echo_hub_lxp; echo_hub_lxp.echo_hub_connectors(); "
        "heavy = ('httpx', 'pydantic', 'sqlalchemy', 'echo_hub_lxp.engine'); "
        "print(json.dumps([name for name in heavy if name in sys.modules]))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == []


REPORT = ("window", "tombstone", True)
SNAPSHOT = ("none", "snapshot", False)


@pytest.mark.parametrize(
    ("dialect", "changes", "expected"),
    [
        ("percipio", {}, {"catalogue": SNAPSHOT, "completions": REPORT}),
        (
            "percipio",
            {"catalogue": "changes"},
            {"catalogue": ("observed_max", "flagged", False), "completions": REPORT},
        ),
        ("xapi", {}, {"completions": ("window", "tombstone", False)}),
        ("degreed", {}, {"paths": SNAPSHOT, "catalogue": SNAPSHOT, "completions": REPORT}),
    ],
)
def test_each_stream_declares_how_it_learns_of_changes_and_removals(
    configured: Callable[..., LxpConfig], dialect: str, changes: dict[str, Any], expected: dict[str, Any]
) -> None:
    found = CONNECTOR.streams_for(configured(dialect, **changes))
    assert {stream.name: (stream.watermark, stream.removal, stream.optional) for stream in found} == expected
