"""The settings file: one error lists every problem, and a secret is never in the file nor in the error."""

from __future__ import annotations

import sys
import types
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel, ConfigDict, Field, SecretStr

from echo_core.connectors.declaration import Connector
from echo_hub.settings import SettingsError, read_settings

SECRET = "correct-horse-battery-staple"


class Login(BaseModel):
    model_config = ConfigDict(extra="forbid")
    user: str = Field(title="User")
    password: SecretStr = Field(title="Password")


class Config(BaseModel):
    model_config = ConfigDict(extra="forbid")
    host: str = Field(title="Host")
    page_size: int = Field(100, le=500, title="Page size")
    token: SecretStr | None = Field(None, title="Token")
    login: Login | None = None


@pytest.fixture
def connectors() -> Iterator[dict[str, Connector]]:
    module = types.ModuleType("echo_test_vendor")
    module.Config = Config  # type: ignore[attr-defined]
    sys.modules["echo_test_vendor"] = module
    yield {"vendor": Connector("vendor", "Vendor", "things", config="echo_test_vendor:Config", http="", streams="")}
    del sys.modules["echo_test_vendor"]


def write(folder: Path, text: str) -> Path:
    file = folder / "echo-hub.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_secrets_come_from_the_environment_and_from_files(
    tmp_path: Path, connectors: dict[str, Connector], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VENDOR_TOKEN", SECRET)
    (tmp_path / "password.txt").write_text(SECRET + "2\n")
    file = write(
        tmp_path,
        """
        [connections.main]
        connector = "vendor"
        [connections.main.config]
        host = "vendor.example"
        token = "env:VENDOR_TOKEN"
        login = { user = "hub", password = "file:password.txt" }
        """,
    )
    config = read_settings(file, connectors).connection("main").config
    assert isinstance(config, Config)
    assert config.token is not None
    assert config.login is not None
    assert config.token.get_secret_value() == SECRET
    assert config.login.password.get_secret_value() == SECRET + "2"
    assert SECRET not in repr(config)


def test_one_error_lists_every_problem_with_path_and_choices(tmp_path: Path, connectors: dict[str, Connector]) -> None:
    file = write(
        tmp_path,
        """
        [hubb]
        [hub]
        people = "worky"
        [connections.Main]
        connector = "vendr"
        [connections.second]
        connector = "vendor"
        [connections.second.config]
        page_size = 9000
        hots = "vendor.example"
        """,
    )
    with pytest.raises(SettingsError) as caught:
        read_settings(file, connectors)
    text = str(caught.value)
    assert "hubb: unknown table; did you mean 'hub'?" in text
    assert "hub.people: no such connection" in text
    assert "connections.Main: a name is lower-case" in text
    assert "connections.Main.connector: no working connector of that name; did you mean 'vendor'?" in text
    assert "connections.second.config.host: missing" in text
    assert "connections.second.config.page_size: Input should be less than or equal to 500" in text
    assert "connections.second.config.hots: unknown setting; did you mean 'host'?" in text
    assert len(caught.value.problems) == 7


@pytest.mark.parametrize("extra", ["", 'hots = "x"'])
def test_a_secret_in_the_file_is_refused_with_advice_and_not_repeated(
    tmp_path: Path, connectors: dict[str, Connector], extra: str
) -> None:
    file = write(
        tmp_path,
        f"""
        [connections.main]
        connector = "vendor"
        [connections.main.config]
        host = "vendor.example"
        token = "{SECRET}"
        {extra}
        """,
    )
    with pytest.raises(SettingsError) as caught:
        read_settings(file, connectors)
    assert "connections.main.config.token" in str(caught.value)
    assert "env:NAME" in str(caught.value)
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize(
    ("reference", "told"),
    [
        ("env:NOT_SET_ANYWHERE", "environment variable NOT_SET_ANYWHERE is not set"),
        ("file:nowhere.txt", "cannot read the file nowhere.txt"),
        ("file:empty.txt", "the file empty.txt is empty"),
    ],
)
def test_a_reference_that_leads_nowhere_is_named(
    tmp_path: Path, connectors: dict[str, Connector], reference: str, told: str
) -> None:
    (tmp_path / "empty.txt").touch()
    file = write(
        tmp_path,
        f'[connections.main]\nconnector = "vendor"\nconfig = {{ host = "vendor.example", token = "{reference}" }}\n',
    )
    with pytest.raises(SettingsError, match=told):
        read_settings(file, connectors)


def test_a_database_url_with_a_password_must_be_a_reference(tmp_path: Path) -> None:
    file = write(tmp_path, f'[hub]\ndatabase_url = "postgresql://hub:{SECRET}@db.example/hub"\n')
    with pytest.raises(SettingsError, match=r"hub\.database_url: holds a password") as caught:
        read_settings(file, {})
    assert SECRET not in str(caught.value)


def test_the_environment_decides_the_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ECHO_HUB_DATABASE_URL", "postgresql://db.example/hub")
    settings = read_settings(write(tmp_path, ""), {})
    assert settings.database_url is not None
    assert settings.database_url.get_secret_value() == "postgresql://db.example/hub"
    assert settings.data_dir == (tmp_path / ".echo-hub").resolve()


@pytest.mark.parametrize(("text", "told"), [("[hub", "is not valid TOML"), (None, "not found")])
def test_an_unreadable_file_says_so(tmp_path: Path, text: str | None, told: str) -> None:
    file = tmp_path / "echo-hub.toml" if text is None else write(tmp_path, text)
    with pytest.raises(SettingsError, match=told):
        read_settings(file, {})


def test_an_unknown_connection_lists_those_there_are(tmp_path: Path, connectors: dict[str, Connector]) -> None:
    file = write(tmp_path, '[connections.main]\nconnector = "vendor"\nconfig = { host = "vendor.example" }\n')
    with pytest.raises(SettingsError, match="did you mean 'main'"):
        read_settings(file, connectors).connection("mian")


def test_what_only_reads_can_do_without_a_connection_that_cannot_be_used(
    tmp_path: Path, connectors: dict[str, Connector]
) -> None:
    text = """
        [connections.good]
        connector = "vendor"
        config = { host = "vendor.example" }
        [connections.bad]
        connector = "vendor"
        config = { host = "vendor.example", token = "env:NOT_SET_ANYWHERE" }
        """
    settings = read_settings(write(tmp_path, text), connectors, lenient=True)
    assert settings.names == ("good", "bad")
    assert settings.connection("good").name == "good"
    with pytest.raises(SettingsError, match="NOT_SET_ANYWHERE"):
        settings.connection("bad")


def test_a_connector_whose_settings_cannot_be_imported_puts_aside_its_own_connection(
    tmp_path: Path, connectors: dict[str, Connector]
) -> None:
    connectors["broken"] = Connector("broken", "Broken", "", config="echo_test_nowhere:Config", http="", streams="")
    text = """
        [connections.main]
        connector = "broken"
        [connections.good]
        connector = "vendor"
        config = { host = "vendor.example" }
        [connections.failed]
        connector = "raising"
        """
    settings = read_settings(write(tmp_path, text), connectors, broken={"raising": "ImportError: no module"})
    assert [connection.name for connection in settings.connections] == ["good"]
    with pytest.raises(SettingsError, match=r"connections\.main\.config: the connector 'broken' cannot load"):
        settings.connection("main")
    with pytest.raises(SettingsError, match=r"connections\.failed\.connector: .* does not run: ImportError"):
        settings.connection("failed")
