"""The configuration: what it refuses, what it derives."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pydantic import BaseModel, SecretStr, ValidationError

from echo_core.connectors import HttpSettings
from echo_hub_workday import CONNECTOR
from echo_hub_workday.config import WorkdayConfig

Config = Callable[..., Any]
UUID_TEXT = "5f1d9a52-0c3b-4c57-9a10-2f6f0f0a7c11"


@pytest.mark.parametrize(
    "host",
    [
        "https://wd5-services1.myworkday.com", "wd5.myworkday.com/acme", "evil.example", "myworkday.com.evil.example",
        "xmyworkday.com", "10.0.0.1", "169.254.169.254", "localhost.evil.example", "user@wd5.myworkday.com", "",
        "wd5.myworkday.com:8443",
    ],
)  # fmt: skip
def test_a_host_outside_workday_is_refused(config: Config, host: str) -> None:
    with pytest.raises(ValidationError, match="bare host name"):
        config(host=host)


@pytest.mark.parametrize(
    ("host", "home"),
    [
        ("wd5-services1.myworkday.com", "https://wd5.myworkday.com/acme/d/home.htmld"),
        ("services1.wd503.myworkday.com", "https://wd503.myworkday.com/acme/d/home.htmld"),
        ("impl-services1.wd12.myworkday.com", "https://impl.wd12.myworkday.com/acme/d/home.htmld"),
        ("WD2-impl-services1.workday.com ", "https://wd2-impl.workday.com/acme/d/home.htmld"),
        ("127.0.0.1:8123", "http://127.0.0.1:8123/acme/d/home.htmld"),
    ],
)
def test_addresses_follow_from_host_and_tenant(config: Config, host: str, home: str) -> None:
    settings = config(host=host)
    assert settings.home_url == home
    assert settings.reports_url.endswith("/ccx/service/customreport2/acme/echo_reports/")
    assert settings.token_url == f"{settings.origin}/ccx/oauth2/acme/token"


@pytest.mark.parametrize("name", ["..", ".", "a/b", "a?b", "a b", "", "a%2Fb"])
def test_a_name_cannot_change_the_path(config: Config, name: str) -> None:
    for change in ({"tenant": name}, {"report_owner": name}, {"workers": {"report": name}}):
        with pytest.raises(ValidationError):
            config(**change)


@pytest.mark.parametrize(
    "changes",
    [
        {"password": None},
        {"user": None, "password": None},
        {"client_id": "x"},
        {"user": None, "password": None, "client_id": "x", "client_secret": "y"},
        {"client_id": "x", "client_secret": "y", "refresh_token": "z"},
    ],
)
def test_exactly_one_complete_way_to_sign_in_is_needed(config: Config, changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="client_id, client_secret and refresh_token"):
        config(**changes)


def test_a_client_id_is_tried_as_the_uuid_behind_it_first(config: Config) -> None:
    def forms(client_id: str) -> tuple[str, ...]:
        oauth = {"client_id": client_id, "client_secret": "s", "refresh_token": "r"}
        settings: WorkdayConfig = config(user=None, password=None, **oauth)
        return settings.client_id_forms()

    shown = base64.b64encode(UUID_TEXT.encode()).decode()
    assert forms(shown) == (UUID_TEXT, shown)
    assert forms(UUID_TEXT) == (UUID_TEXT,)
    assert forms("bm90IGEgdXVpZA==") == ("bm90IGEgdXVpZA==",)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"workers": {"columns": {"Worker_Number": "EmployeeID"}}}, "choose from Workday_ID"),
        ({"workers": {"columns": {"Work_Email": "Email_-_Primary_Home"}}}, "private addresses are never read"),
        ({"workers": {"columns": {"Work_Email": "email_PrimaryWorkOrPrimaryHome"}}}, "private addresses"),
        ({"workers": {"constants": {"Workday_ID": "1"}}}, "differs from worker to worker"),
        ({"workers": {"columns": {"City": ""}}}, "is empty"),
        ({"workers": {"slices": [{"format": "csv"}]}}, "format is not a prompt"),
        ({"skills": {"columns": {"City": "City"}}}, "no such column City"),
        ({"values": {"countries": {"HQ": "France"}}}, "ISO 3166-1 alpha-2"),
        ({"values": {"time_zones": {"HQ": "CET+1"}}}, "IANA time zone"),
        ({"values": {"languages": {"Bavarian": "bavarian!"}}}, "BCP 47"),
        ({"values": {"levels": {"Guru": 6}}}, "less than or equal to 5"),
        ({"values": {"date_order": "iso"}}, "month_first"),
        ({"profile_url": "https://x.example/{0.__class__}"}, "may stand in braces"),
        ({"profile_url": "http://x.example/{worker_id}"}, "https"),
        ({"wrokers": {}}, "wrokers"),
    ],
)  # fmt: skip
def test_a_wrong_setting_says_what_would_be_right(config: Config, changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError) as caught:
        config(**changes)
    assert message in str(caught.value)


def test_every_setting_has_a_title_and_a_description() -> None:
    def fields(model: type[BaseModel]) -> Iterator[tuple[str, Any]]:
        for name, info in model.model_fields.items():
            yield f"{model.__name__}.{name}", info
            inner = info.annotation
            if isinstance(inner, type) and issubclass(inner, BaseModel):
                yield from fields(inner)

    every = dict(fields(WorkdayConfig))
    assert len(every) > 25
    assert [name for name, info in every.items() if not (info.title and info.description)] == []


def test_secrets_do_not_show(config: Config) -> None:
    settings = config()
    assert isinstance(settings.password, SecretStr)
    assert "invented-password" not in f"{settings!r} {settings.model_dump_json()}"
    assert "invented-password" not in repr(CONNECTOR.http_settings(settings))


def test_a_long_report_gets_time_and_one_repeat(config: Config) -> None:
    http = CONNECTOR.http_settings(config())
    assert isinstance(http, HttpSettings)
    assert (http.read_timeout_s, http.connect_timeout_s, http.retry.attempts) == (1800.0, 10.0, 2)
    assert http.max_body_bytes == 500_000_000
    assert http.budget is not None
    assert http.budget.requests / http.budget.per_s <= 5
