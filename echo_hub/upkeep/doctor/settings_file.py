"""Mistakes in the settings file: no file, no plug-in, a reference to a secret that leads nowhere, a wrong value."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from echo_hub.settings import Problem
from echo_hub.settings.secrets import REFERENCE
from echo_hub.upkeep.doctor.finding import Finding, wrong


def settings_findings(file: Path, problems: Iterable[Problem]) -> Iterator[Finding]:
    """What reading the file found, each with what to do about it."""
    tables = _tables(file)
    for problem in problems:
        where = f"{file}: {problem.path}"
        if problem.path == "file":
            yield _of_file(file, problem)
        elif problem.of_plugin:
            mend = "Run echo-hub plugins --check, which says what is broken; install it anew or another version."
            yield wrong("plugin.broken", where, problem.text, mend)
        elif problem.path.endswith(".connector"):
            mend = 'Install the plug-in that brings it, such as pip install "echo-hub[all]", or correct the name.'
            yield wrong("plugin.missing", where, problem.text, mend)
        elif REFERENCE.match(str(_value(tables, problem.path))):
            mend = "Set the variable where the hub runs (its unit or container), or correct the name."
            yield wrong("secret.missing", where, problem.text, mend)
        else:
            mend = "Correct it in the file; docs/reference.md and docs/echo-hub.example.toml list every setting."
            yield wrong("settings.wrong", where, problem.text, mend)


def _of_file(file: Path, problem: Problem) -> Finding:
    if not file.exists():
        mend = "Copy docs/echo-hub.example.toml there, or name the right file with --config or ECHO_HUB_CONFIG."
        return wrong("settings.missing", str(file), problem.text, mend)
    if "PermissionError" in problem.text:
        mend = f"Let the user that runs the hub read it, such as chown root:echo-hub {file} && chmod 640 {file}."
        return wrong("settings.unreadable", str(file), problem.text, mend)
    return wrong("settings.unreadable", str(file), problem.text, "Write it as TOML in UTF-8.")


def _tables(file: Path) -> Any:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def _value(tables: Any, path: str) -> Any:
    """What stands at a path of the file; None where nothing does."""
    for part in path.split("."):
        tables = tables.get(part) if isinstance(tables, dict) else None
    return tables
