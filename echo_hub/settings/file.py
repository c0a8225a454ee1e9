"""`echo-hub.toml`: where the data lies and which systems are connected."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

from echo_core.connectors.declaration import Connector
from echo_core.connectors.redaction import redact
from echo_hub.settings.alerts import AlertSettings
from echo_hub.settings.problems import Problem, SettingsError, choice, from_pydantic
from echo_hub.settings.references import References
from echo_hub.settings.secrets import REFERENCE, SecretMissing, holds_password, resolve_secret
from echo_hub.settings.serve import LoggingSettings, ServeSettings
from echo_hub.settings.sign_in import SignInSettings
from echo_hub.settings.vendor_tokens import VendorTokenSettings

DEFAULT_FILE = "echo-hub.toml"
NAME = re.compile(r"^[a-z0-9][a-z0-9-]{0,62}$")
_Table = TypeVar("_Table", bound=BaseModel)


class HttpOverrides(BaseModel):
    """How patient the hub is with one system; anything unset is the connector's choice."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    connect_timeout_s: float | None = Field(None, gt=0, title="Seconds to wait for a connection")
    read_timeout_s: float | None = Field(None, gt=0, title="Seconds to wait for an answer")
    attempts: int | None = Field(None, ge=1, le=20, title="Tries per request")
    base_s: float | None = Field(None, gt=0, title="Seconds before the first retry, doubled after each")


class HubSettings(BaseModel):
    """The table `[hub]`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    data_dir: Path = Field(Path(".echo-hub"), title="Where the embedded database lies")
    database_url: SecretStr | None = Field(None, title="PostgreSQL instead of the embedded database")
    people: str | None = Field(None, title="The connection whose people are the company's people")
    locale: str = Field(
        "en",
        pattern="^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$",
        title="Language of sentences where the reader asks for none, such as en or pt-BR",
    )


class MatchingSettings(BaseModel):
    """The table `[matching]`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    vectors: str | None = Field(None, pattern="^(own|wordllama|onnx:.+)$", title="own, wordllama or onnx:FOLDER")
    assume_english: bool = Field(True, title="Everyone is taken to understand English")
    moving: bool = Field(True, title="A job at an office abroad is open to people who would move")
    assume_from_titles: bool = Field(True, title="Few skills on a profile: the title counts in part, and says so")
    mentoring_hours_apart: float | None = Field(None, gt=0, le=12, title="Mentors with clocks further away are closed")
    receipts: Literal["asked", "shown"] = Field("asked", title="When a receipt is kept: when asked, or always")


class _ConnectionTable(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    connector: str
    config: dict[str, Any] = Field(default_factory=dict)
    http: HttpOverrides = HttpOverrides()


@dataclass(frozen=True, slots=True)
class ConnectionSettings:
    """One configured system: `config` is validated by its connector, with the secrets in place."""

    name: str
    connector: Connector
    config: BaseModel
    http: HttpOverrides


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything the operator wrote, checked."""

    file: Path
    data_dir: Path
    database_url: SecretStr | None
    people: str | None
    connections: tuple[ConnectionSettings, ...]
    unusable: Mapping[str, tuple[Problem, ...]] = field(default_factory=dict)
    vectors: str | None = None
    matching: MatchingSettings = field(default_factory=MatchingSettings)
    locale: str = "en"
    serve: ServeSettings = field(default_factory=ServeSettings)
    logging: LoggingSettings = field(default_factory=LoggingSettings)
    sign_in: SignInSettings = field(default_factory=SignInSettings)
    vendor_tokens: VendorTokenSettings = field(default_factory=VendorTokenSettings)
    alerts: AlertSettings = field(default_factory=AlertSettings)

    @property
    def names(self) -> tuple[str, ...]:
        """Every configured connection, the unusable ones too."""
        return (*(connection.name for connection in self.connections), *self.unusable)

    def connection(self, name: str) -> ConnectionSettings:
        """The connection with that name.

        Raises:
            SettingsError: there is none, and the message lists those there are; or it cannot be used, and why.
        """
        for connection in self.connections:
            if connection.name == name:
                return connection
        if name in self.unusable:
            raise SettingsError(str(self.file), self.unusable[name])
        known = self.names
        raise SettingsError(
            str(self.file), [Problem(f"connections.{name}", f"no such connection; {choice(name, known)}")]
        )


def read_settings(
    file: Path, connectors: Mapping[str, Connector], *, broken: Mapping[str, str] | None = None, lenient: bool = False
) -> Settings:
    """Reads and checks a settings file.

    A connection whose connector's code is broken is put aside, always: the others go on without it.

    Args:
        file: the TOML file; `data_dir` and `file:` references are relative to its folder.
        connectors: the connectors that are installed and work, by name.
        broken: why a connector (or the plug-in of that name) does not run, by name.
        lenient: a connection that cannot be used is put aside instead of refusing the whole file, for commands that
            only read what is stored.

    Raises:
        SettingsError: one error naming every problem with its path and the valid choices.
    """
    tables = _parse(file)
    tables_known = ("hub", "matching", "serve", "logging", "sign_in", "vendor_tokens", "alerts", "connections")
    problems = [
        Problem(key, f"unknown table; {choice(key, tables_known)}") for key in tables if key not in tables_known
    ]
    hub = _table(HubSettings, "hub", tables, problems)
    matching = _table(MatchingSettings, "matching", tables, problems)
    serve = _with_secrets(ServeSettings, "serve", tables, file.parent, problems)
    logging = _table(LoggingSettings, "logging", tables, problems)
    sign_in = _with_secrets(SignInSettings, "sign_in", tables, file.parent, problems)
    vendor_tokens = _with_secrets(VendorTokenSettings, "vendor_tokens", tables, file.parent, problems)
    alerts = _with_secrets(AlertSettings, "alerts", tables, file.parent, problems)
    connections = []
    unusable: dict[str, tuple[Problem, ...]] = {}
    listed = tables.get("connections", {})
    if not isinstance(listed, dict):
        problems.append(Problem("connections", "must be tables: [connections.NAME]"))
        listed = {}
    for name, table in listed.items():
        checked = _connection(name, table, connectors, broken or {}, file.parent)
        if isinstance(checked, ConnectionSettings):
            connections.append(checked)
        elif lenient or all(problem.of_plugin for problem in checked):
            unusable[name] = tuple(checked)
        else:
            problems += checked
    if hub.people is not None and hub.people not in listed:
        problems.append(Problem("hub.people", f"no such connection; {choice(hub.people, listed)}"))
    database_url = _database_url(hub, file.parent, problems)
    if problems:
        raise SettingsError(str(file), problems)
    return Settings(
        file=file,
        data_dir=(file.parent / hub.data_dir).resolve(),
        database_url=database_url,
        people=hub.people,
        locale=hub.locale,
        connections=tuple(connections),
        unusable=unusable,
        vectors=_from_folder(matching.vectors, file.parent),
        matching=matching,
        serve=serve,
        logging=logging,
        sign_in=sign_in,
        vendor_tokens=vendor_tokens,
        alerts=alerts,
    )


def _parse(file: Path) -> dict[str, Any]:
    try:
        with file.open("rb") as stream:
            return tomllib.load(stream)
    except FileNotFoundError:
        raise SettingsError(
            str(file),
            [Problem("file", "not found; run `echo-hub demo` for a look, or copy docs/echo-hub.example.toml")],
        ) from None
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(str(file), [Problem("file", f"is not valid TOML: {error}")]) from None
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(str(file), [Problem("file", f"cannot be read: {type(error).__name__}")]) from None


def _table(model: type[_Table], name: str, tables: Mapping[str, Any], problems: list[Problem]) -> _Table:
    try:
        return model.model_validate(tables.get(name, {}))
    except ValidationError as error:
        problems += from_pydantic(name, error.errors(), model.model_fields)
        return model()


def _with_secrets(
    model: type[_Table], name: str, tables: Mapping[str, Any], base: Path, problems: list[Problem]
) -> _Table:
    """A table with its secrets in place, also where it cannot be used: then `problems` says why."""
    references = References(base)
    told: list[Problem] = []
    table = _table(model, name, {name: references.resolve(model, tables.get(name, {}), name)}, told)
    problems += references.problems
    problems += [replace(problem, text=references.seen.redact(problem.text)) for problem in told]
    return table


def _from_folder(vectors: str | None, base: Path) -> str | None:
    """A model's folder is relative to the settings file, like every path in it."""
    kind, _, place = (vectors or "").partition(":")
    return f"{kind}:{(base / Path(place).expanduser()).resolve()}" if place else vectors


def _connection(
    name: str, table: Any, connectors: Mapping[str, Connector], broken: Mapping[str, str], base: Path
) -> ConnectionSettings | list[Problem]:
    prefix = f"connections.{name}"
    problems: list[Problem] = []
    if not NAME.match(name):
        problems.append(Problem(prefix, "a name is lower-case letters, digits and dashes, at most 63"))
    try:
        parsed = _ConnectionTable.model_validate(table)
    except ValidationError as error:
        return [*problems, *from_pydantic(prefix, error.errors(), _ConnectionTable.model_fields)]
    connector = connectors.get(parsed.connector)
    if connector is None and parsed.connector in broken:
        why = f"the connector {parsed.connector!r} does not run: {broken[parsed.connector]}"
        return [*problems, Problem(f"{prefix}.connector", why, of_plugin=True)]
    if connector is None:
        return [
            *problems,
            Problem(
                f"{prefix}.connector", f"no working connector of that name; {choice(parsed.connector, connectors)}"
            ),
        ]
    config = _config(connector, parsed.config, f"{prefix}.config", base)
    if isinstance(config, BaseModel) and not problems:
        return ConnectionSettings(name, connector, config, parsed.http)
    return [*problems, *([] if isinstance(config, BaseModel) else config)]


def _config(connector: Connector, data: dict[str, Any], prefix: str, base: Path) -> BaseModel | list[Problem]:
    """The connector's configuration with its secrets in place, or everything that is wrong with it."""
    try:
        model = connector.config_model()
    except (Exception, SystemExit) as error:  # noqa: BLE001 - a plug-in that cannot be imported must stop nothing else
        why = f"the connector {connector.name!r} cannot load its settings ({redact(repr(error))})"
        return [Problem(prefix, why, of_plugin=True)]
    references = References(base)
    own_problems: list[Problem] = []
    config = None
    try:
        config = model.model_validate(references.resolve(model, data, prefix))
    except ValidationError as error:
        # What is said about a reference that led nowhere, or about a secret written out, says nothing more.
        told = [
            detail for detail in error.errors() if not any(detail["input"] is failed for failed in references.failed)
        ]
        own_problems = from_pydantic(prefix, told, model.model_fields)
    except Exception as error:  # noqa: BLE001 - a plug-in's own check may raise anything, and quote the secret in it
        why = f"the connector {connector.name!r} failed to check it ({type(error).__name__})"
        own_problems = [Problem(prefix, why, of_plugin=True)]
    # The model's own words may quote what it was given.
    own_problems = [replace(problem, text=references.seen.redact(problem.text)) for problem in own_problems]
    if config is None or references.problems:
        return [*references.problems, *own_problems]
    return config


def _database_url(hub: HubSettings, base: Path, problems: list[Problem]) -> SecretStr | None:
    """`ECHO_HUB_DATABASE_URL` wins over the file. In the file a URL with a password must be a reference."""
    if from_environment := os.environ.get("ECHO_HUB_DATABASE_URL"):
        return SecretStr(from_environment)
    if hub.database_url is None:
        return None
    text = hub.database_url.get_secret_value()
    if REFERENCE.match(text):
        try:
            return SecretStr(resolve_secret(text, base=base))
        except SecretMissing as error:
            problems.append(Problem("hub.database_url", str(error)))
            return None
    if holds_password(text):
        problems.append(Problem("hub.database_url", "holds a password; write env:NAME, file:PATH or keyring:NAME"))
    return hub.database_url
