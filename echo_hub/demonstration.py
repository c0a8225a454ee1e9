"""A whole company to try the hub on: vendor sandboxes on loopback, a settings file for them, an opened hub."""

from __future__ import annotations

import contextlib
import dataclasses
import logging
import tomllib
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from echo_core.connectors.declaration import load
from echo_core.connectors.loader import load_plugins
from echo_core.skills.taxonomy.starter import starter
from echo_core.testing.company import Colleague, Company
from echo_core.testing.fiction import build_company
from echo_core.testing.sandbox import Faults, SandboxConnection, SandboxServer
from echo_hub.application import Hub
from echo_hub.settings.file import NAME, HttpOverrides
from echo_hub.store.taxonomy import save_taxonomy

log = logging.getLogger(__name__)

PATIENCE: dict[str, float] = {"read_timeout_s": 1.5, "connect_timeout_s": 2.0, "attempts": 10, "base_s": 0.02}
"""Loopback answers at once, so the demo gives up on a hanging answer early and tries again soon."""
PEOPLE = "workday"


@contextlib.contextmanager
def demonstration(
    folder: Path, *, faults: bool = False, seed: int = 7, tell: Callable[[str], None] = log.warning
) -> Iterator[tuple[Hub, Company]]:
    """Serves every installed connector's sandbox and opens a hub connected to all of them. Nothing is synced yet.

    Args:
        folder: where the settings file and the database go.
        faults: the sandboxes have a bad day: refusals, errors, hanging and half answers.
        seed: of the fictional company.
        tell: gets a sentence for every connector whose sandbox cannot be used; the others are served all the same.
    """
    company = build_company(seed, today=datetime.now(UTC).date())
    with contextlib.ExitStack() as stack:
        connections: dict[str, SandboxConnection] = {}
        for connector in load_plugins().connectors.values():
            if connector.sandbox is None:
                continue
            bad_day = Faults.bad_day(seed, hang_s=PATIENCE["read_timeout_s"] + 0.5) if faults else None
            try:
                sandbox = load(connector.sandbox).from_company(company)
                server = stack.enter_context(_served(connector.name, SandboxServer(sandbox, faults=bad_day), tell))
                served = _usable(_with_secret_files(server.connection, folder), connections)
            except Exception as error:  # noqa: BLE001, a plug-in's imitation may raise anything; the others are shown
                tell(f"The demo leaves out {connector.name}: its sandbox cannot be used ({_in_short(error)}).")
                continue
            connections[served.name] = served
        file = folder / "echo-hub.toml"
        file.write_text(settings_text(list(connections.values())), encoding="utf-8")
        with Hub.open(file, lenient=True) as hub:
            for name, problems in hub.settings.unusable.items():
                tell(f"The demo leaves out {name}: the settings of its sandbox cannot be used ({problems[0]}).")
            save_taxonomy(hub.database, starter())
            yield hub, company


@contextlib.contextmanager
def _served(name: str, server: SandboxServer, tell: Callable[[str], None]) -> Iterator[SandboxServer]:
    """The server while the block runs. What its sandbox raised meanwhile is told at the end, and stops nothing."""
    server.start()
    try:
        yield server
    finally:
        server.stop()
        if server.errors:
            tell(f"The sandbox of {name} failed while it was asked ({_in_short(server.errors[0])}).")


def _usable(connection: SandboxConnection, others: Mapping[str, SandboxConnection]) -> SandboxConnection:
    if not NAME.match(connection.name):
        raise ValueError(f"its connection's name {connection.name!r} is none")
    if connection.name in others:
        raise ValueError(f"another sandbox has the connection {connection.name!r} already")
    tomllib.loads(settings_text([connection]))
    return connection


def _in_short(error: Exception) -> str:
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text}"[:300] if text else type(error).__name__


def settings_text(connections: list[SandboxConnection]) -> str:
    """The settings file of the demo, as an operator would write it."""
    lines = [
        "# Written by `echo-hub demo`. Secrets are references; these are invented ones.",
        "[hub]",
        'data_dir = "data"',
    ]
    if any(connection.name == PEOPLE for connection in connections):
        lines.append(f'people = "{PEOPLE}"')
    allowed = set(HttpOverrides.model_fields)
    for connection in connections:
        patience = PATIENCE | {key: value for key, value in connection.http.items() if key in allowed}
        lines += [
            "",
            f"[connections.{connection.name}]",
            f'connector = "{connection.connector}"',
            f"http = {_toml(patience)}",
            f"[connections.{connection.name}.config]",
            *(f"{key} = {_toml(value)}" for key, value in connection.config.items()),
        ]
    return "\n".join(lines) + "\n"


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_toml(item) for item in value) + "]"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_toml(str(key))} = {_toml(item)}" for key, item in value.items()) + " }"
    escaped = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _with_secret_files(connection: SandboxConnection, folder: Path) -> SandboxConnection:
    """The connection with its invented secrets in files, so that any command can use the folder."""
    (folder / "secrets").mkdir(exist_ok=True)
    references = {}
    for name, value in connection.secrets.items():
        file = folder / "secrets" / name
        file.touch(mode=0o600)
        file.write_text(value, encoding="utf-8")
        references[f"env:{name}"] = f"file:secrets/{name}"

    def replaced(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: replaced(item) for key, item in value.items()}
        return references.get(value, value) if isinstance(value, str) else value

    return dataclasses.replace(connection, config=replaced(connection.config), secrets={})


def shown_colleague(company: Company) -> Colleague:
    """The colleague the demo looks at: a backend engineer in the middle of a career, with wishes."""
    return next(
        person
        for person in company.people
        if person.profile == "Backend Engineer"
        and person.grade == 3
        and person.status == "active"
        and person.email
        and len(person.wants) >= 2
    )
