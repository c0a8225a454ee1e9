"""Writes docs/reference.md, docs/data.md and docs/access.md from the code: `uv run python docs/make_reference.py`.

A test keeps the pages and the code equal.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import typer
from sqlalchemy import Column
from sqlmodel import SQLModel

import echo_core.connectors
import echo_core.http
import echo_hub.settings
import echo_hub.snapshot
import echo_hub.store
import echo_hub.sync
import echo_hub.upkeep
from echo_core.connectors.declaration import Stream
from echo_core.connectors.errors import HubError
from echo_core.connectors.loader import load_plugins
from echo_hub.services.access_table import access_table
from echo_hub.settings.alerts import AlertSettings, MailSettings, WebhookSettings
from echo_hub.settings.file import HttpOverrides, HubSettings
from echo_hub.settings.serve import LoggingSettings, ServeSettings
from echo_hub.settings.sign_in import ScopedRoleSettings, SignInSettings
from echo_hub.settings.vendor_tokens import VendorTokenSettings
from echo_hub.store.columns import declared
from echo_hub.surfaces.cli.app import app
from echo_hub.surfaces.words import roles_in_words

HERE = Path(__file__).parent
HEAD = "<!-- Written by docs/make_reference.py; change the code, not this page. -->\n\n# {}\n"
ERASED = {
    None: "",
    "row": "the row goes when this person is erased",
    "key": "a random key takes its place when this person is erased",
}


def table(heads: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> str:
    """A Markdown table."""
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    lines += ["| " + " | ".join(" ".join(cell.split()).replace("|", "\\|") for cell in row) + " |" for row in rows]
    return "\n".join(lines)


def commands() -> Iterator[tuple[str, ...]]:
    """Every command with its help and options."""

    def walk(command: click.Command, path: str) -> Iterator[tuple[str, ...]]:
        if isinstance(command, click.Group):
            for name, child in command.commands.items():
                yield from walk(child, f"{path} {name}")
            return
        words = []
        for parameter in command.params:
            if isinstance(parameter, click.Argument):
                words.append(parameter.make_metavar(click.Context(command)))
            else:
                words.append(parameter.opts[0])
        yield f"`{path.strip()}`", " ".join(f"`{word}`" for word in words), (command.help or "").strip()

    yield from walk(typer.main.get_command(app), "echo-hub")


def fields(model: Any) -> Iterator[tuple[str, ...]]:
    """The fields of a settings model."""
    for name, info in model.model_fields.items():
        default = "required" if info.is_required() else "" if info.default is None else f"`{info.default}`"
        secret = " (secret: a reference)" if "Secret" in str(info.annotation) else ""
        yield f"`{name}`", f"{info.title or ''}{secret}", default


def errors() -> Iterator[tuple[str, ...]]:
    """Every error class of the hub with its stable code."""
    for package in (
        echo_core.connectors,
        echo_core.http,
        echo_hub.settings,
        echo_hub.snapshot,
        echo_hub.store,
        echo_hub.sync,
        echo_hub.upkeep,
    ):
        for module in pkgutil.iter_modules(package.__path__, package.__name__ + "."):
            if "migrations" not in module.name:
                importlib.import_module(module.name)
    for room in (
        "echo_hub.jobs",
        "echo_hub.services.access",
        "echo_hub.services.sign_in",
        "echo_hub.surfaces.rates",
        "echo_hub.surfaces.sign_in.problems",
    ):
        importlib.import_module(room)

    def below(kind: type[HubError]) -> Iterator[type[HubError]]:
        for child in kind.__subclasses__():
            if child.__module__.startswith(("echo_core.", "echo_hub.")):
                yield child
                yield from below(child)

    found = {kind.__name__: kind for kind in below(HubError)}
    for kind in sorted(found.values(), key=lambda one: (one.code, one.__name__)):
        first = (kind.__doc__ or "").strip().split("\n\n")[0]
        yield f"`{kind.code}`", first, kind.who


def connectors() -> Iterator[tuple[str, ...]]:
    """The connectors of this project."""
    for name, connector in load_plugins().connectors.items():
        link = f"[plugins/{name}](../plugins/{name}/README.md)"
        yield f"`{name}`", connector.title, connector.summary, link


def page() -> str:
    """The whole page."""
    removal = (Stream.__doc__ or "").strip().split("\n")[0]
    assert removal
    return "\n".join(
        (
            HEAD.format("Reference"),
            "## Commands\n",
            "Every list command takes `--json`. `--config FILE` (or `ECHO_HUB_CONFIG`) chooses the settings file, "
            "`--no-plugins` loads no plug-in, `--verbose` logs.\n",
            table(("Command", "Takes", "Does"), commands()),
            "\n## Settings\n",
            "`[hub]`. `ECHO_HUB_DATABASE_URL` wins over `database_url`.\n",
            table(("Setting", "Meaning", "Default"), fields(HubSettings)),
            "\n`[serve]` and `[logging]`; [operations.md](operations.md) says what they are for.\n",
            table(("Setting", "Meaning", "Default"), fields(ServeSettings)),
            "",
            table(("Setting", "Meaning", "Default"), fields(LoggingSettings)),
            "\n`[sign_in]`; [sign-in.md](sign-in.md) says which to set.\n",
            table(("Setting", "Meaning", "Default"), fields(SignInSettings)),
            "\n`[[sign_in.scoped_roles]]`, one table for each scope:\n",
            table(("Setting", "Meaning", "Default"), fields(ScopedRoleSettings)),
            "\n`[vendor_tokens]`; [operations.md](operations.md#several-processes-one-vendor) says what it is for.\n",
            table(("Setting", "Meaning", "Default"), fields(VendorTokenSettings)),
            "\n`[alerts]`; [operations.md](operations.md#alerts) says what it is for.\n",
            table(("Setting", "Meaning", "Default"), fields(AlertSettings)),
            "\n`[alerts.mail]`:\n",
            table(("Setting", "Meaning", "Default"), fields(MailSettings)),
            "\n`[[alerts.webhooks]]`, one table for each address:\n",
            table(("Setting", "Meaning", "Default"), fields(WebhookSettings)),
            "\n`[connections.NAME]` has `connector`, `config` (see the connector's page) and `http`:\n",
            table(("Setting", "Meaning", "Default"), fields(HttpOverrides)),
            "\n## Connectors\n",
            table(("Connector", "System", "Reads", "Page"), connectors()),
            "\n## Error codes\n",
            "A code may be followed by a finer word; these are the classes.\n",
            table(("Code", "What it means", "Who acts"), errors()),
            "",
        )
    )


def stored_column(column: Column[Any]) -> tuple[str, ...]:
    """A column's purpose, and what is declared of it that is not of its whole table."""
    said, whole = declared(column), column.table.info
    other = [
        f"owner: {said.owner}" if said.owner != whole["owner"] else "",
        f"{said.kept}" if said.kept != whole["kept"] else "",
        ERASED[said.erasure],
    ]
    return f"`{column.name}`", said.purpose or "", "; ".join(filter(None, other))


def data_page() -> str:
    """What is stored, table by table and column by column."""
    for module in pkgutil.iter_modules(echo_hub.store.__path__, "echo_hub.store."):
        if module.name.endswith("tables"):
            importlib.import_module(module.name)
    rows = {mapper.local_table.name: mapper.class_ for mapper in SQLModel._sa_registry.mappers}
    parts = [
        HEAD.format("What is stored"),
        "Every table and column of the database: what it is for, who answers for it, how long it is kept. For works "
        "councils, data protection officers and whoever asks what the hub knows. What no record may hold is in "
        "[hr-operations.md](hr-operations.md#what-never-leaves-its-system).\n",
    ]
    for stored in sorted(SQLModel.metadata.tables.values(), key=lambda stored: stored.name):
        about = " ".join((rows[stored.name].__doc__ or "").strip().split("\n\n")[0].split())
        parts += [
            f"## `{stored.name}`\n",
            f"{about}\n",
            f"Owner: {stored.info['owner']}. How long: {stored.info['kept']}.\n",
            table(("Column", "What it is for", "Otherwise than the table"), map(stored_column, stored.columns)),
            "",
        ]
    return "\n".join(parts)


def access_page() -> str:
    """Who may do what, from the table that every request is held against."""
    rights = access_table()
    parts = [
        HEAD.format("Who may do what"),
        "Every request, on a page, over the API or by a command, is held against this table; `/access` and `echo-hub "
        "access` show it with what whoever reads may. What is not in it cannot be done: no manager sees the list, the "
        "profile or the wishes of those who report to them. A role that is given for some countries or units "
        "([sign-in.md](sign-in.md#a-role-for-some-countries-or-units)) counts for people and opportunities there; what "
        "is nobody's takes the role for everybody.\n",
        table(("Role", "Who has it"), ((f"`{role.role}`", role.source) for role in rights.roles)),
        "",
    ]
    for subject in rights.subjects:
        rows = (
            (rule.what, f"`{rule.intent}`", *map(roles_in_words, (rule.general, rule.own, rule.anyone)))
            for rule in subject.rules
        )
        parts += [
            f"## {subject.title}\n",
            table(("To", "Intent", "What is nobody's", "Their own", "Anybody's"), rows),
            "",
        ]
    return "\n".join(parts)


PAGES = {"reference.md": page, "data.md": data_page, "access.md": access_page}

if __name__ == "__main__":
    for name, write in PAGES.items():
        (HERE / name).write_text(write(), encoding="utf-8")
