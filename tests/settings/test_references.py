"""References stand where the connector's model has secrets, and the model sees the secrets only."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Annotated, Any, Literal

import pytest
from pydantic import AliasChoices, AliasPath, BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator

from echo_hub.settings import SettingsError, read_settings

SECRET = "correct-horse-battery-staple"


class Inner(BaseModel):
    token: SecretStr


class Basic(BaseModel):
    kind: Literal["basic"]
    user: str
    key: SecretStr


class Public(BaseModel):
    kind: Literal["public"]
    key: str


class Everywhere(BaseModel):
    model_config = ConfigDict(extra="forbid")
    maybe: SecretStr | None = None
    listed: list[SecretStr] = []
    pair: tuple[str, SecretStr] | None = None
    many: tuple[SecretStr, ...] = ()
    by_name: dict[str, SecretStr] = {}
    inner: Inner | None = None
    inners: list[Inner] = []
    inners_by_name: dict[str, Inner] = {}
    aliased: SecretStr | None = Field(None, alias="apiKey")
    chosen: SecretStr | None = Field(None, validation_alias=AliasChoices("one", AliasPath("deep", "two")))
    deep: Any = None
    login: Annotated[Basic | Public, Field(discriminator="kind")] | None = None
    either: Annotated[SecretStr, Field(min_length=8)] | Literal["none"] | None = None


class Strict(BaseModel):
    host: str
    token: SecretStr = Field(max_length=10)

    @field_validator("host")
    @classmethod
    def _known(cls, value: str) -> str:
        if value == "broken":
            raise TypeError("a bug in the plug-in")
        return value


class Talkative(BaseModel):
    token: SecretStr

    @model_validator(mode="after")
    def _tell(self) -> Talkative:
        raise ValueError(f"no vendor takes {self.token.get_secret_value()}")


Read = Callable[..., BaseModel]


@pytest.fixture
def read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Read:
    """read(model, text) -> the configuration `text` makes, with VENDOR_TOKEN set."""
    monkeypatch.setenv("VENDOR_TOKEN", SECRET)

    def settings(model: type[BaseModel], text: str) -> BaseModel:
        file = tmp_path / "echo-hub.toml"
        file.write_text(f'[connections.x]\nconnector = "vendor"\n[connections.x.config]\n{text}\n', encoding="utf-8")
        connector: Any = SimpleNamespace(name="vendor", config_model=lambda: model)
        return read_settings(file, {"vendor": connector}).connection("x").config

    return settings


PLACES = [
    ("maybe", "maybe = {}"),
    ("listed.0", "listed = [{}]"),
    ("pair.1", 'pair = ["open", {}]'),
    ("many.1", 'many = ["env:VENDOR_TOKEN", {}]'),
    ("by_name.a", "by_name = {{ a = {} }}"),
    ("inner.token", "inner = {{ token = {} }}"),
    ("inners.0.token", "inners = [{{ token = {} }}]"),
    ("inners_by_name.a.token", "inners_by_name = {{ a = {{ token = {} }} }}"),
    ("apiKey", "apiKey = {}"),
    ("one", "one = {}"),
    ("deep.two", "deep = {{ two = {} }}"),
    ("login.key", 'login = {{ kind = "basic", user = "hub", key = {} }}'),
    ("either", "either = {}"),
]


def secrets_in(value: Any) -> list[str]:
    if isinstance(value, SecretStr):
        return [value.get_secret_value()]
    if isinstance(value, BaseModel):
        value = dict(value)
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ()
    return [secret for part in parts for secret in secrets_in(part)]


@pytest.mark.parametrize(("path", "text"), PLACES)
def test_a_reference_is_followed_wherever_the_model_has_a_secret(read: Read, path: str, text: str) -> None:
    found = secrets_in(read(Everywhere, text.format('"env:VENDOR_TOKEN"')))
    assert found
    assert set(found) == {SECRET}, path


@pytest.mark.parametrize("value", [f'"{SECRET}"', "8372615243", f'{{ value = "{SECRET}" }}', f'["{SECRET}"]'])
@pytest.mark.parametrize(("path", "text"), PLACES)
def test_a_secret_written_out_is_refused_wherever_the_model_has_one(
    read: Read, path: str, text: str, value: str
) -> None:
    with pytest.raises(SettingsError) as caught:
        read(Everywhere, text.format(value))
    assert [one.path for one in caught.value.problems] == [f"connections.x.config.{path}"]
    assert "holds the secret itself" in str(caught.value)
    assert SECRET not in str(caught.value)
    assert "8372615243" not in str(caught.value)


def test_a_word_that_looks_like_a_reference_stays_where_no_secret_is(read: Read) -> None:
    config = read(Everywhere, 'login = { kind = "public", key = "env:NOT_SET" }\neither = "none"')
    assert isinstance(config, Everywhere)
    assert config.login == Public(kind="public", key="env:NOT_SET")
    assert config.either == "none"


def test_a_secret_that_fails_the_models_own_demand_is_one_line_without_it(read: Read) -> None:
    with pytest.raises(SettingsError) as caught:
        read(Strict, 'host = "a"\ntoken = "env:VENDOR_TOKEN"')
    (problem,) = caught.value.problems
    assert problem.path == "connections.x.config.token"
    assert "at most 10" in problem.text
    assert SECRET not in "".join(traceback.format_exception(caught.value))


def test_the_reference_itself_need_not_meet_the_models_demands(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("A_VERY_LONG_NAME", "short-1")
    config = read(Strict, 'host = "a"\ntoken = "env:A_VERY_LONG_NAME"')
    assert secrets_in(config) == ["short-1"]


def test_a_model_that_quotes_the_secret_is_redacted(read: Read) -> None:
    with pytest.raises(SettingsError, match=r"no vendor takes \[secret\]") as caught:
        read(Talkative, 'token = "env:VENDOR_TOKEN"')
    assert SECRET not in "".join(traceback.format_exception(caught.value))


def test_a_model_that_fails_in_an_unforeseen_way_is_one_line(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHORT", "short-1")
    with pytest.raises(SettingsError, match=r"x\.config: the connector 'vendor' failed to check it \(TypeError\)"):
        read(Strict, 'host = "broken"\ntoken = "env:SHORT"')


def test_a_lost_reference_and_a_wrong_field_are_told_together_and_once(read: Read) -> None:
    with pytest.raises(SettingsError) as caught:
        read(Strict, 'host = 7\ntoken = "env:NOT_SET_ANYWHERE"')
    assert [one.path for one in caught.value.problems] == ["connections.x.config.token", "connections.x.config.host"]


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("token.txt", b"\xff\xfe" + SECRET.encode(), "the file token.txt is not UTF-8 text"),
        (".", None, "cannot read the file ."),
        ("a\\u0000b", None, "is not a path"),
    ],
)
def test_a_file_that_holds_no_text_is_a_clear_problem(
    read: Read, tmp_path: Path, name: str, content: bytes | None, told: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(SettingsError) as caught:
        read(Strict, f'host = "a"\ntoken = "file:{name}"')
    assert told in str(caught.value)
    assert SECRET not in "".join(traceback.format_exception(caught.value))


def test_a_file_with_a_space_in_its_name_is_read(read: Read, tmp_path: Path) -> None:
    (tmp_path / "my token.txt").write_text("short-1\n", encoding="utf-8")
    assert secrets_in(read(Strict, 'host = "a"\ntoken = "file:my token.txt"')) == ["short-1"]


@pytest.mark.parametrize(
    ("url", "refused"),
    [
        (f"postgresql://db.example/hub?user=hub&password={SECRET}", True),
        (f"postgresql://db.example/hub?SSLPassword={SECRET}", True),
        (f"postgresql://hub:a#b/{SECRET}@db.example/hub", True),
        (f"postgresql://:{SECRET}@db.example/hub", True),
        ("postgresql://hub@db.example:5432/hub?sslmode=require", False),
    ],
)
def test_a_database_url_holds_no_password_anywhere(tmp_path: Path, url: str, refused: bool) -> None:
    file = tmp_path / "echo-hub.toml"
    file.write_text(f'[hub]\ndatabase_url = "{url}"\n', encoding="utf-8")
    if refused:
        with pytest.raises(SettingsError, match=r"hub\.database_url: holds a password") as caught:
            read_settings(file, {})
        assert SECRET not in str(caught.value)
    else:
        assert read_settings(file, {}).database_url == SecretStr(url)
