"""The table [sign_in]: what each method needs, and what no company would want."""

from __future__ import annotations

import pytest

from echo_hub.settings import SettingsError, read_settings

SECRET = "correct-horse-battery-staple"
OIDC = """
[sign_in]
method = "oidc"
public_url = "https://Echo.example/"
issuer = "https://id.example"
client_id = "hub"
client_secret = "env:ECHO_HUB_CLIENT_SECRET"
"""


@pytest.fixture
def read(tmp_path, monkeypatch):
    monkeypatch.setenv("ECHO_HUB_CLIENT_SECRET", SECRET)

    def settings(text):
        (tmp_path / "echo-hub.toml").write_text(text)
        return read_settings(tmp_path / "echo-hub.toml", {}).sign_in

    return settings


def test_without_the_table_there_is_development_sign_in_on_this_machine(read):
    settings = read("")
    assert (settings.method, settings.is_open_to_others, settings.public_host) == ("development", False, None)


def test_a_provider_is_read_with_its_secret_which_is_shown_nowhere(read):
    settings = read(OIDC)
    assert settings.client_secret.get_secret_value() == SECRET
    assert SECRET not in repr(settings)
    assert (settings.public_url, settings.public_host, settings.is_https) == (
        "https://Echo.example",
        "echo.example",
        True,
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[sign_in]\nmethod = "oidc"', "sign_in: the method oidc needs public_url, issuer, client_id too"),
        ('[sign_in]\nmethod = "proxy"', "sign_in: the method proxy needs public_url, header, proxies too"),
        ('[sign_in]\nmethod = "saml"', "sign_in.method: Input should be 'development', 'oidc' or 'proxy'"),
        (OIDC.replace("env:ECHO_HUB_CLIENT_SECRET", SECRET), "sign_in.client_secret: holds the secret itself"),
        (OIDC.replace("ECHO_HUB_CLIENT_SECRET", "NOT_THERE"), "environment variable NOT_THERE is not set"),
        (OIDC.replace("https://id.example", "http://id.example"), "sign_in.issuer: must begin with https://"),
        (OIDC.replace("https://Echo.example/", "http://echo.example"), "sign_in.public_url: must begin with https://"),
        (OIDC.replace("Echo.example/", "echo.example/hub"), "sign_in.public_url: must be an address without a path"),
        (OIDC.replace("https://id.example", "https://u:p@id.example"), "sign_in.issuer: must be an address such as"),
        (OIDC + 'sign_out_url = "https://id.example/a\\nb"', "sign_in.sign_out_url: must be an address such as"),
        (OIDC + 'scopes = ["email"]', "scopes must contain openid"),
        (OIDC + 'proxies = ["0.0.0.0/0"]', "sign_in.proxies.0: names every address there is"),
        (OIDC + 'proxies = ["::/0"]', "sign_in.proxies.0: names every address there is"),
        (OIDC + 'proxies = ["proxy.example"]', "sign_in.proxies.0"),
        (OIDC + 'header = "X Auth"', "sign_in.header"),
        (OIDC + 'roles = { employee = ["x"] }', "sign_in.roles.employee"),
        (OIDC + 'audience = "x"', "sign_in.audience: unknown setting; valid: "),
    ],
)
def test_what_cannot_be_is_said_with_its_place_and_without_the_secret(read, text, told):
    with pytest.raises(SettingsError) as refused:
        read(text)
    assert told in refused.value.message
    assert SECRET not in refused.value.message


def test_groups_give_roles_and_only_those_that_do_are_kept(read):
    settings = read(OIDC + 'roles = { hr_operations = ["HR", "People"], auditor = ["Audit"] }')
    assert settings.roles_of(("People", "Choir")) == ("hr_operations",)
    assert settings.roles_of(("Audit", "HR")) == ("hr_operations", "auditor")
    assert settings.roles_of(()) == ()
    assert settings.telling(("People", "Choir", "Audit")) == ("Audit", "People")


SCOPED = (
    OIDC
    + """
[sign_in.roles]
hr_operations = ["hr-all"]
[[sign_in.scoped_roles]]
role = "hr_operations"
groups = ["hr-sweden"]
countries = ["SE"]
[[sign_in.scoped_roles]]
role = "auditor"
groups = ["audit-tech", "hr-sweden"]
units = ["Tech"]
"""
)


def test_groups_give_a_role_for_some_countries_or_units(read):
    settings = read(SCOPED)
    sweden, tech = settings.scoped_roles
    assert settings.scoped_roles_of(("hr-sweden", "choir")) == (sweden, tech)
    assert settings.scoped_roles_of(("hr-all",)) == ()
    assert settings.roles_of(("hr-sweden",)) == ()
    assert settings.telling(("hr-sweden", "choir", "hr-all")) == ("hr-all", "hr-sweden")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (('countries = ["SE"]', ""), "names no country and no unit"),
        (('countries = ["SE"]', 'countries = ["Sweden"]'), "sign_in.scoped_roles"),
        (('role = "auditor"', 'role = "integration_engineer"'), "Input should be 'hr_operations' or 'auditor'"),
        (('groups = ["hr-sweden"]', "groups = []"), "sign_in.scoped_roles"),
    ],
)
def test_a_scope_that_says_nothing_or_too_much_is_refused(read, change, told):
    with pytest.raises(SettingsError) as refused:
        read(SCOPED.replace(*change))
    assert told in str(refused.value)
