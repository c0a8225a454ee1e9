"""The report suddenly holds a tenth of the people: nobody is removed, and one command decides."""

from __future__ import annotations

import contextlib
import dataclasses
import io
import json
from pathlib import Path

import pytest

from echo_core.testing.company import Company
from echo_core.testing.fiction import build_company
from echo_core.testing.sandbox import SandboxServer
from echo_hub.demonstration import settings_text
from echo_hub.surfaces.cli import main
from echo_hub_workday.sandbox import WorkdaySandbox


def tenth_of(company: Company) -> Company:
    return dataclasses.replace(company, people=company.people[: len(company.people) // 10])


class Operator:
    """Somebody at a terminal with a settings file."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "echo-hub.toml"

    def connect(self, server: SandboxServer, monkeypatch: pytest.MonkeyPatch) -> None:
        for name, value in server.connection.secrets.items():
            monkeypatch.setenv(name, value)
        self.file.write_text(settings_text([server.connection]), encoding="utf-8")

    def __call__(self, *arguments: str, code: int = 0) -> str:
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            assert main(["--config", str(self.file), *arguments]) == code, err.getvalue()
        return out.getvalue() + err.getvalue()

    def people(self) -> int:
        return len(json.loads(self("people", "--limit", "500", "--json")))


@pytest.fixture
def operator(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Operator:
    """300 people are synced; then the report shrinks to a tenth and is synced again."""
    company = build_company(people=300, jobs=5, projects=5, paths=5, mentoring=5)
    operator = Operator(tmp_path)
    with SandboxServer(WorkdaySandbox.from_company(company)) as server:
        operator.connect(server, monkeypatch)
        operator("sync")
    with SandboxServer(WorkdaySandbox.from_company(tenth_of(company))) as server:
        operator.connect(server, monkeypatch)
        said = operator("sync", code=4)
    assert "removals wait for you" in said
    return operator


def test_nobody_is_removed_while_it_waits(operator: Operator) -> None:
    (hold,) = [hold for hold in json.loads(operator("holds", "list", "--json")) if hold["stream"] == "workers"]
    assert hold["would_remove"] > 200
    assert operator.people() > 290
    assert "held" in operator("runs")


def test_refusing_keeps_everybody(operator: Operator) -> None:
    for hold in json.loads(operator("holds", "list", "--json")):
        assert "nothing is removed" in operator("holds", "refuse", str(hold["id"]))
    assert operator.people() > 290
    assert "Nothing waits" in operator("holds", "list")


def test_confirming_removes_them_and_is_done_once(operator: Operator) -> None:
    (hold,) = [hold for hold in json.loads(operator("holds", "list", "--json")) if hold["stream"] == "workers"]
    assert f"{hold['would_remove']} records are removed" in operator("holds", "confirm", str(hold["id"]))
    assert operator.people() < 60
    operator("holds", "confirm", str(hold["id"]), code=1)
