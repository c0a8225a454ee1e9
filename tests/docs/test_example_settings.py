"""The example settings file is one that works: as it stands, and with every optional line switched on."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from echo_core.connectors.loader import load_plugins
from echo_hub.settings import Settings, read_settings
from echo_hub.settings.alerts import AlertSettings, MailSettings, WebhookSettings
from echo_hub.settings.file import HttpOverrides, HubSettings, MatchingSettings
from echo_hub.settings.serve import LoggingSettings, ServeSettings
from echo_hub.settings.sign_in import SignInSettings
from echo_hub.settings.vendor_tokens import VendorTokenSettings

EXAMPLE = Path(__file__).parents[2] / "docs" / "echo-hub.example.toml"
KEY = "aW52ZW50ZWQtaW52ZW50ZWQtaW52ZW50ZWQtaW52ZW4="
"""32 bytes in Base64."""
OPTION = re.compile(r"^# (?=[a-z_]+ = )", re.MULTILINE)


@pytest.fixture(params=["as it stands", "with every option"])
def text(request: pytest.FixtureRequest) -> str:
    """The file, and the file with its commented settings switched on."""
    written = EXAMPLE.read_text(encoding="utf-8")
    return written if request.param == "as it stands" else OPTION.sub("", written)


@pytest.fixture
def read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Reads a text as the settings file, with an invented value behind every reference in it."""

    def settings(text: str) -> Settings:
        monkeypatch.delenv("ECHO_HUB_DATABASE_URL", raising=False)
        for name in re.findall(r'"env:(\w+)"', text):
            ending = name.rpartition("_")[2]
            values = {"URL": f"https://{name.lower()}.example/", "KEY": KEY}
            pager = f"whsec_{KEY}" if name == "ECHO_HUB_PAGER_SECRET" else None
            monkeypatch.setenv(name, pager or values.get(ending) or f"invented-{name.lower()}")
        file = tmp_path / "echo-hub.toml"
        file.write_text(text, encoding="utf-8")
        return read_settings(file, load_plugins().connectors)

    return settings


def test_every_connection_of_the_example_is_valid(text: str, read: Any) -> None:
    found = read(text)
    assert [(one.name, one.connector.name) for one in found.connections] == [
        ("workday", "workday"),
        ("workday-emea", "workday"),
        ("greenhouse", "greenhouse"),
        ("careers", "greenhouse"),
        ("percipio", "lxp"),
        ("degreed", "lxp"),
        ("lrs", "lxp"),
        ("backstage", "skill_exchange"),
        ("hr-files", "csv_folder"),
    ]
    assert found.people == "workday"
    for one in found.connections:
        assert one.connector.streams_for(one.config), one.name
        assert one.connector.http_settings(one.config).base_url.startswith("https://"), one.name


def test_secrets_of_the_example_are_references_and_are_resolved(text: str, read: Any) -> None:
    password = read(text).connection("workday").config.password
    assert password.get_secret_value() == "invented-workday_password"
    assert "invented-workday_password" not in str(read(text).connection("workday").config)


def test_switching_the_options_on_changes_what_is_read(read: Any) -> None:
    text = OPTION.sub("", EXAMPLE.read_text(encoding="utf-8"))
    found = read(text)
    assert found.database_url.get_secret_value() == "invented-echo_hub_postgres"
    assert found.connection("workday").http.read_timeout_s == 1800.0
    backstage = found.connection("backstage")
    names = [stream.name for stream in backstage.connector.streams_for(backstage.config)]
    assert names == ["people", "teams", "opportunities", "search_opportunities", "experts"]


def test_the_example_names_every_setting_there_is() -> None:
    tables = tomllib.loads(OPTION.sub("", EXAMPLE.read_text(encoding="utf-8")))
    named: dict[str, set[str]] = {}
    for connection in tables["connections"].values():
        named.setdefault(connection["connector"], set()).update(connection["config"])
    for name, connector in load_plugins().connectors.items():
        assert set(connector.config_model().model_fields) - named[name] == set(), name
    assert set(tables["hub"]) == set(HubSettings.model_fields)
    assert set(tables["matching"]) == set(MatchingSettings.model_fields)
    assert set(tables["serve"]) == set(ServeSettings.model_fields)
    assert set(tables["logging"]) == set(LoggingSettings.model_fields)
    assert set(tables["sign_in"]) == set(SignInSettings.model_fields)
    assert set(tables["vendor_tokens"]) == set(VendorTokenSettings.model_fields)
    assert set(tables["alerts"]) == set(AlertSettings.model_fields)
    assert set(tables["alerts"]["mail"]) == set(MailSettings.model_fields)
    assert set(tables["alerts"]["webhooks"][0]) == set(WebhookSettings.model_fields)
    assert set(tables["connections"]["workday"]["http"]) == set(HttpOverrides.model_fields)
